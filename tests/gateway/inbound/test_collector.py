"""The collector on a real Dovecot: fetched once, registered, then flagged or moved."""

from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from gateway.inbound.collector import Collector
from gateway.inbound.imap import signed_in
from registry.errors import OutOfOrder
from registry.letters import waiting
from tests.gateway.inbound.agency import mail


@pytest.fixture
def box(agency):
    return agency()


def test_new_mail_is_fetched_registered_and_then_flagged(box):
    box.mailbox.deliver(mail())
    box.mailbox.deliver(mail("อีกฉบับ"))
    assert box.round() == (2, 2)
    assert box.numbers() == [1, 2]
    assert all(b"\\Flagged" in flags and b"\\Seen" not in flags for flags in box.folder())


def test_what_was_fetched_is_not_fetched_again(box):
    box.mailbox.deliver(mail())
    box.round()
    assert box.round() == (0, 0)
    assert box.numbers() == [1]


def test_nothing_is_flagged_before_the_books_have_it(box):
    box.mailbox.deliver(mail())
    assert box.collector.round().fetched == 1
    assert box.collector.mark() == 0
    assert not any(b"\\Flagged" in flags for flags in box.folder())


def test_what_the_books_get_during_a_look_is_waited_for_and_marked_in_the_next(box, monkeypatch):
    """Else nobody would look again before ``poll`` seconds have passed."""
    box.mailbox.deliver(mail())
    with signed_in(box.settings, box.collector.plug) as imap:
        monkeypatch.setattr(box.collector, "_beside", lambda *_: box.work() or [])
        assert box.collector.look(imap).waiting == 1
    assert box.collector.mark() == 1


def test_mail_that_comes_before_the_marking_is_news_afterwards(box, monkeypatch):
    """Else it would lie there until ``poll`` seconds have passed: nobody is told of it twice."""
    box.mailbox.deliver(mail())
    assert box.round() == (1, 1)
    with signed_in(box.settings, box.collector.plug) as imap:
        monkeypatch.setattr(
            box.collector, "_waiting", lambda _: box.mailbox.deliver(mail()) or imap.ask() or 0
        )
        assert box.collector.look(imap, whole=False).fetched == 0
        assert imap.wait(0.0)
        assert box.collector.look(imap, whole=False).fetched == 1


def test_registered_mail_is_moved_where_that_is_set(agency):
    box = agency(after="move", done_folder="ลงทะเบียนแล้ว")
    box.mailbox.deliver(mail())
    assert box.round() == (1, 1)
    assert box.folder() == []
    assert len(box.folder("ลงทะเบียนแล้ว")) == 1


def test_mail_from_before_the_day_set_is_left_alone(agency):
    tomorrow = datetime.now().astimezone() + timedelta(days=2)
    box = agency(since=tomorrow.date().isoformat())
    box.mailbox.deliver(mail())
    assert box.round() == (0, 0)
    assert box.numbers() == []


def test_a_crash_between_spool_and_note_registers_nothing_twice(box):
    """The mail is fetched again, and its bytes are known."""
    box.mailbox.deliver(mail())
    box.round()
    box.sql("DELETE FROM fetched")
    assert box.round()[0] == 0
    assert box.numbers() == [1]


def test_a_sender_that_the_mailbox_did_not_prove_waits(box):
    box.mailbox.deliver(mail(proven=False))
    box.round()
    assert box.numbers() == []
    with box.runtime.database.read() as session:
        assert len(waiting(session, "phrae")) == 1


def test_a_large_mail_comes_in_block_by_block_and_whole(box):
    raw = mail(size=3_500_000)
    box.mailbox.deliver(raw)
    box.collector.round()
    [spooled] = list((box.runtime.spool_dir / "collector" / "new").glob("*.eml"))
    assert spooled.read_bytes() == raw


def test_a_wrong_password_is_an_error_that_names_no_password(box):
    Path(box.settings.password_file).write_text("wrong", encoding="utf-8")
    with pytest.raises(Exception, match=r"(?i)auth") as caught:
        box.collector.round()
    assert "wrong" not in str(caught.value)


def test_a_mailbox_without_a_first_day_is_refused(box):
    with pytest.raises(OutOfOrder, match="since"):
        Collector(box.runtime, replace(box.settings, since=""), box.spool)


def test_plain_imap_is_only_for_this_machine(box):
    settings = replace(box.settings, host="imap.phrae.go.th", tls="none")
    with pytest.raises(OutOfOrder, match="tls"):
        Collector(box.runtime, settings, box.spool).round()
