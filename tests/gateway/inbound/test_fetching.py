"""From mailbox to spool: nothing doubled, nothing too early, and no mail stops the next."""

from dataclasses import replace
from datetime import datetime

import pytest

from gateway.inbound import looker
from gateway.inbound.imap import Unfetchable
from registry import letters
from registry.desk.sight import settle_sighting
from registry.sightings import Kind
from tests.gateway.inbound.agency import OFFICER, mail
from tests.servers.clamd import EICAR

DAY = datetime.fromisoformat
PROGRAM = b"MZ" + bytes(58) + b"\x80\0\0\0" + bytes(64) + b"PE\0\0\x4c\x01" + bytes(300)


@pytest.fixture
def box(agency):
    return agency(after="move")


def forbid(box, *types):
    office = box.runtime.office
    attachments = replace(office.attachments, forbidden_types=types)
    box.runtime.office = replace(office, attachments=attachments)


def notices(box):
    """The notices to officers that wait to be sent."""
    rows = box.sql("SELECT to_address, facts FROM outbox WHERE kind = 'notice'")
    return [to for to, facts in rows if "mailbox_sighting" in str(facts)]


def test_after_a_change_of_uidvalidity_nothing_is_registered_or_answered_twice(agency):
    box = agency()
    box.mailbox.deliver(mail())
    box.mailbox.deliver(mail("อีกฉบับ"))
    box.round()
    answers = box.sql("SELECT count(*) FROM outbox")
    box.mailbox.renumber()
    box.mailbox.deliver(mail("ฉบับใหม่"))
    assert box.round()[0] == 1
    assert box.numbers() == [1, 2, 3]
    assert "UIDVALIDITY" in "".join(look.problem for look in box.looks())
    assert box.sql("SELECT count(*) FROM letter WHERE state = 'duplicate'") == [(0,)]
    [(before,)], [(after,)] = answers, box.sql("SELECT count(*) FROM outbox")
    assert after == before + before // 2
    assert all(b"\\Flagged" in flags for flags in box.folder())
    assert box.round() == (0, 0)


def test_a_mailbox_that_moved_brings_no_old_mail_although_it_all_looks_new(agency):
    """The new server says that everything arrived on the day of the move."""
    box = agency(since="2025-10-01")
    box.round()
    old = b"Received: from a by b; Tue, 30 Sep 2025 10:00:00 +0700\r\n" + mail("เก่า")
    new = b"Received: from a by b; Wed, 01 Oct 2025 10:00:00 +0700\r\n" + mail("ใหม่")
    box.sql("UPDATE cursor SET uidvalidity = 1")
    box.mailbox.deliver(old)
    box.mailbox.deliver(new)
    assert [box.round()[0], box.round()[0]] == [1, 0]
    assert len(box.numbers()) == 1


@pytest.mark.parametrize(
    ("arrived", "taken"), [("2025-12-31T16:59:00+00:00", 0), ("2025-12-31T17:00:00+00:00", 1)]
)
def test_the_first_day_begins_at_midnight_in_bangkok(agency, arrived, taken):
    box = agency(since="2026-01-01")
    with box.client() as client:
        client.append("INBOX", mail(), msg_time=DAY(arrived))
    assert box.round()[0] == taken
    assert box.numbers() == [1] * taken


def test_mail_over_the_limit_is_moved_aside_and_officers_are_told(box):
    box.limit(2000)
    box.mailbox.deliver(mail("ใหญ่", size=5000))
    box.mailbox.deliver(mail("เล็ก"))
    assert box.round() == (1, 1)
    [seen] = box.seen()
    assert (seen.kind, seen.subject, seen.sender) == (Kind.REFUSED, "ใหญ่", "saraban@dla.go.th")
    assert "เกินที่รับได้" in seen.detail
    assert len(box.folder("Refused")) == 1
    assert box.folder() == []
    assert OFFICER in notices(box)


def test_where_mail_is_flagged_what_is_refused_gets_a_keyword_and_is_told_once(agency):
    box = agency()
    box.limit(2000)
    box.mailbox.deliver(mail(size=5000))
    box.round()
    box.round()
    assert [b"$Refused" in flags for flags in box.folder()] == [True]
    assert len(box.seen()) == 1


def test_mail_tagged_secret_is_refused_where_the_policy_says_so_and_its_subject_kept_back(box):
    office = box.runtime.office
    box.runtime.office = replace(office, secrecy=replace(office.secrecy, policy="refuse"))
    box.mailbox.deliver(mail("ลับที่สุด – แผน"))
    assert box.round() == (0, 0)
    [seen] = box.seen()
    assert (seen.kind, seen.subject) == (Kind.REFUSED, "")
    assert len(box.folder("Refused")) == 1


def test_infected_mail_is_moved_aside(box, clamd):
    gateway = box.runtime.gateway
    box.runtime.gateway = replace(gateway, scan=replace(gateway.scan, clamd=clamd.address))
    box.mailbox.deliver(mail() + EICAR)
    box.mailbox.deliver(mail())
    assert box.round() == (1, 1)
    assert [seen.kind for seen in box.seen()] == [Kind.REFUSED]
    assert box.sql("SELECT scan FROM letter") == [("clean",)]


def test_a_file_of_a_forbidden_type_is_moved_aside_and_officers_are_told_of_the_type(box):
    """By its name, by its bytes whatever its name, and beside mail that is taken."""
    forbid(box, ".exe", "application/x-dosexec")
    box.mailbox.deliver(mail("ชื่อ", content=b"hello", filename="setup.exe"))
    box.mailbox.deliver(mail("ไบต์", content=PROGRAM))
    box.mailbox.deliver(mail("ปกติ", size=200))
    assert box.round() == (1, 1)
    seen = {one.subject: one for one in box.seen()}
    assert {one.kind for one in seen.values()} == {Kind.REFUSED}
    assert "ไฟล์ชนิด .exe " in seen["ชื่อ"].detail
    assert "ไฟล์ชนิด application/x-dosexec " in seen["ไบต์"].detail
    assert len(box.folder("Refused")) == 2
    assert box.folder() == []
    assert notices(box) == [OFFICER, OFFICER]


def test_a_file_of_a_forbidden_type_is_flagged_where_mail_is_and_not_fetched_again(agency):
    box = agency()
    forbid(box, ".exe")
    box.mailbox.deliver(mail(content=b"hello", filename="setup.exe"))
    box.round()
    assert box.round() == (0, 0)
    assert [b"$Refused" in flags for flags in box.folder()] == [True]
    assert len(box.seen()) == 1


def test_a_collected_mail_that_cannot_be_looked_at_comes_in_with_its_files_withheld(
    box, monkeypatch
):
    """The helper is given no time for it; the next one has a new helper."""
    forbid(box, ".exe")
    box.mailbox.deliver(mail(content=b"hello", filename="setup.exe"))
    with monkeypatch.context() as short:
        short.setattr(looker, "PATIENCE", 0.0)
        assert box.round() == (1, 1)
    with box.runtime.database.read() as session:
        [held] = letters.withheld(session)
    assert (held.scan, held.scan_detail) == ("not_scanned", looker.UNSEEN)
    box.mailbox.deliver(mail("อีกฉบับ", content=b"hello", filename="setup.exe"))
    assert box.round() == (0, 0)
    assert len(box.folder("Refused")) == 1


def test_a_mail_that_cannot_be_fetched_stops_no_other_and_is_put_by_in_the_end(agency):
    box = agency(max_tries=2)
    for subject in ("หนึ่ง", "สอง", "สาม"):
        box.mailbox.deliver(mail(subject))
    bad = sorted((box.mailbox.maildir / "new").iterdir())[1]
    bad.chmod(0)
    for _ in range(3):  # this server hangs up over such a mail: once for many, then for itself
        with pytest.raises(Unfetchable):
            box.collector.round()
        box.work()
    assert sorted(box.numbers()) == [1, 2]
    assert [seen.kind for seen in box.seen()] == [Kind.POISON]
    assert OFFICER in notices(box)
    assert box.round() == (0, 0)
    assert sum(b"\\Flagged" in flags for flags in box.folder()) == 2
    [bad] = [path for path in box.mailbox.maildir.rglob(f"{bad.name}*") if path.is_file()]
    bad.chmod(0o600)
    assert box.round() == (0, 0)
    with box.runtime.database.write() as session:
        settle_sighting(session, box.runtime.desk, box.seen()[0].id, by=OFFICER)
    assert box.round()[0] == 1
    assert box.numbers() == [1, 2, 3]
