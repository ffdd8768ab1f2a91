"""A mailbox that is nearly full, that is silent, or that cannot be opened, is told of."""

from datetime import timedelta
from pathlib import Path

import pytest

from registry.sightings import Kind
from tests.gateway.inbound.agency import mail


def kinds(box, *, settled=False):
    return [(one.kind, one.settled_by) for one in box.seen(settled=settled)]


def test_a_mailbox_that_is_nearly_full_is_told_once_for_each_level(agency, old_dovecot):
    box = agency(old_dovecot)
    box.mailbox.deliver(mail(size=62_000))
    box.collector.round()
    box.collector.round()
    [seen] = box.seen()
    assert (seen.kind, "ร้อยละ ๘" in seen.detail) == (Kind.QUOTA, True)
    box.append("INBOX", mail(size=10_000))
    box.collector.round()
    assert sorted(one.key[:2] for one in box.seen()) == ["80", "95"]
    notices = box.sql("SELECT count(*) FROM outbox WHERE facts LIKE '%mailbox_sighting%'")
    assert notices == [(2,)]


def test_a_mailbox_that_has_room_again_closes_the_alarm(agency, old_dovecot):
    box = agency(old_dovecot)
    box.mailbox.deliver(mail(size=62_000))
    box.collector.round()
    with box.client() as client:
        client.select_folder("INBOX")
        client.delete_messages(client.search())
        client.expunge()
    box.collector.round()
    assert (kinds(box), kinds(box, settled=True)) == ([], [(Kind.QUOTA, "system")])


def test_a_server_without_move_gets_its_mail_moved_all_the_same(agency, old_dovecot):
    box = agency(old_dovecot, after="move")
    with box.client() as client:  # somebody else's, which must stay
        client.append("INBOX", mail("ของผู้อื่น", proven=False), flags=[rb"\Deleted"])
    box.mailbox.deliver(mail())
    box.round()
    assert [rb"\Deleted" in flags for flags in box.folder()] == [True]
    assert len(box.folder("Registered")) == 1


def test_silence_for_some_office_hours_is_told_once_and_ends_with_the_next_mail(agency):
    box = agency(alarm_after_hours=4.0)
    box.mailbox.deliver(mail())
    box.round()
    box.clock.advance(timedelta(hours=4))
    box.collector.round()
    box.clock.advance(timedelta(hours=1))
    box.collector.round()
    assert kinds(box) == [(Kind.SILENCE, "")]
    box.mailbox.deliver(mail())
    box.round()
    assert (kinds(box), kinds(box, settled=True)) == ([], [(Kind.SILENCE, "system")])


def test_a_weekend_is_no_silence(agency):
    box = agency(alarm_after_hours=6.0)
    box.mailbox.deliver(mail())
    box.round()
    box.clock.advance(timedelta(days=2))  # from Friday to Sunday
    box.collector.round()
    assert kinds(box) == []


def test_a_mailbox_that_cannot_be_opened_for_an_office_hour_is_told_of(agency):
    box = agency()
    box.round()
    good = Path(box.settings.password_file).read_text(encoding="utf-8")
    Path(box.settings.password_file).write_text("wrong", encoding="utf-8")
    for _ in range(3):
        with pytest.raises(Exception, match=r"(?i)auth"):
            box.collector.round()
        box.clock.advance(timedelta(minutes=40))
    assert kinds(box) == [(Kind.SILENCE, "")]
    Path(box.settings.password_file).write_text(good, encoding="utf-8")
    box.round()
    assert (kinds(box), kinds(box, settled=True)) == ([], [(Kind.SILENCE, "system")])


def test_each_look_leaves_evidence_and_quiet_looks_of_a_half_day_share_a_line(agency):
    box = agency()
    box.round()
    box.round()
    box.clock.advance(timedelta(hours=2))  # 12.42
    box.round()
    box.mailbox.deliver(mail())
    box.round()
    box.round()
    told = [(look.half[1], look.looks, look.found) for look in reversed(box.looks())]
    assert told == [("เช้า", 2, 0), ("บ่าย", 1, 0), ("บ่าย", 1, 1), ("บ่าย", 1, 0)]


def test_looks_that_fail_alike_share_a_line(agency):
    box = agency(folder="Nowhere")
    for _ in range(3):
        with pytest.raises(Exception, match="Nowhere"):
            box.collector.round()
    assert [(look.looks, bool(look.problem)) for look in box.looks()] == [(3, True)]
