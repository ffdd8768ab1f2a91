"""Sent is compared with the sent book, Junk is watched; both are only read."""

import pytest

from registry.desk.sight import settle_sighting
from registry.errors import Conflict, NotAllowed
from registry.ids import new_id
from registry.models.letters import LetterRow
from registry.sightings import Kind
from tests.gateway.inbound.agency import DLA, OFFICER, PHRAE, mail

CITIZEN = "somchai@example.org"


@pytest.fixture
def box(agency):
    return agency(sent_folder="Sent", junk_folder="Junk")


def sent(subject="ขอเชิญประชุม", *, to=DLA, **fields):
    return mail(subject, proven=False, sender=PHRAE, to=to, **fields)


def message_id(raw):
    return next(line for line in raw.decode().splitlines() if "Message-ID" in line).split()[1]


def know(box, raw, *, direction="out"):
    """Let the books have a letter of this Message-ID."""
    with box.runtime.database.write() as session:
        session.add(
            LetterRow(
                id=new_id(), entity_id=1, direction=direction, state="sent",
                message_id=message_id(raw), accepted_at=box.clock.now(),
            )
        )  # fmt: skip


def test_what_was_sent_without_a_number_is_seen_once(box):
    box.append("Sent", sent())
    box.round()
    box.round()
    [seen] = box.seen()
    assert (seen.kind, seen.subject, seen.recipients) == (
        Kind.UNREGISTERED, "ขอเชิญประชุม", (DLA,),
    )  # fmt: skip
    assert seen.kind.thai == "ส่งแล้วแต่ยังไม่ลงทะเบียนส่ง"


def test_what_the_books_know_is_not_flagged(box):
    raw = sent()
    know(box, raw)
    box.append("Sent", raw)
    box.round()
    assert box.seen() == []


def test_mail_that_this_system_sent_is_not_flagged_where_the_server_files_it(box):
    """An acknowledgement leaves under the agency's name and lands in its Sent folder."""
    box.mailbox.deliver(mail())
    box.round()
    [(given,), *_] = box.sql("SELECT message_id FROM outbox WHERE kind = 'acknowledgement'")
    raw = sent("แจ้งเลขรับ")
    box.append("Sent", raw.replace(message_id(raw).encode(), str(given).encode()))
    box.round()
    assert box.seen() == []


@pytest.mark.parametrize(
    "raw",
    [
        sent("ภายใน", to="somjai@phrae.go.th"),
        sent("คำตอบถึงกล่องกลาง", to="saraban+dla@phrae.go.th"),
        sent("ไม่อยู่", Auto_Submitted="auto-replied"),
    ],
    ids=["colleague", "tag", "vacation"],
)
def test_what_stayed_in_the_house_or_a_machine_wrote_is_not_flagged(box, raw):
    box.append("Sent", raw)
    box.round()
    assert box.seen() == []


def test_a_sighting_closes_by_itself_when_the_mail_is_registered_later(box):
    raw = sent()
    box.append("Sent", raw)
    box.round()
    know(box, raw)
    box.round()
    assert box.seen() == []
    assert [one.settled_by for one in box.seen(settled=True)] == ["system"]


def test_what_was_sent_before_the_first_day_is_left_alone(agency):
    box = agency(since="2100-01-01", sent_folder="Sent", junk_folder="Junk")
    box.append("Sent", sent())
    box.append("Junk", mail())
    box.round()
    assert box.seen() == []


def test_a_subject_marked_secret_is_not_kept(box):
    box.append("Sent", sent("ลับมาก – คำสั่ง", to=CITIZEN))
    box.round()
    assert [one.subject for one in box.seen()] == [""]


def test_a_sender_of_the_directory_in_junk_is_seen_and_others_are_not(box):
    box.append("Junk", mail("ด่วน"))
    box.append("Junk", mail("คำสั่ง", sender=OFFICER))
    box.append("Junk", mail("ถูกรางวัล", sender="prize@example.org"))
    box.round()
    assert [(one.kind, one.sender) for one in box.seen()] == [
        (Kind.JUNK, DLA), (Kind.JUNK, OFFICER),
    ]  # fmt: skip
    assert box.numbers() == []


def test_a_letter_that_is_taken_out_of_junk_closes_its_sighting(box):
    raw = mail()
    box.append("Junk", raw)
    box.round()
    box.mailbox.deliver(raw)
    box.round()
    box.round()
    assert box.seen() == []
    assert box.numbers() == [1]


def test_watched_folders_are_only_read(box):
    box.append("Sent", sent())
    box.append("Junk", mail())
    before = box.folder("Sent"), box.folder("Junk")
    box.round()
    assert (box.folder("Sent"), box.folder("Junk")) == before


def test_after_a_change_of_uidvalidity_what_was_seen_is_not_seen_twice(box):
    box.append("Sent", sent())
    box.round()
    with box.runtime.database.write() as session:
        settle_sighting(session, box.runtime.desk, box.seen()[0].id, by=OFFICER)
    box.sql("UPDATE cursor SET uidvalidity = 1 WHERE folder = 'Sent'")
    box.round()
    assert box.seen() == []


def test_a_folder_that_is_not_there_is_told_and_stops_nothing(agency):
    box = agency(sent_folder="Gesendet")
    box.mailbox.deliver(mail())
    assert box.round() == (1, 1)
    assert [look.problem for look in box.looks()] == ["เปิดโฟลเดอร์ Gesendet ไม่ได้"]


def test_settling_is_an_act_of_the_entitys_officer(box):
    box.append("Sent", sent())
    box.round()
    [seen] = box.seen()
    desk = box.runtime.desk
    with box.runtime.database.write() as session, pytest.raises(NotAllowed):
        settle_sighting(session, desk, seen.id, by="stranger@phrae.go.th")
    with box.runtime.database.write() as session:
        assert settle_sighting(session, desk, seen.id, by=OFFICER).settled_by == OFFICER
    with box.runtime.database.write() as session, pytest.raises(Conflict):
        settle_sighting(session, desk, seen.id, by=OFFICER)
    assert box.sql("SELECT actor FROM journal WHERE act = 'sighting-settled'") == [(OFFICER,)]
