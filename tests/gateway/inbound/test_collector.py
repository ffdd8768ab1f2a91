"""The collector on a real Dovecot: fetched once, registered, then flagged or moved."""

import os
from dataclasses import replace
from datetime import datetime, timedelta
from email.message import EmailMessage
from pathlib import Path

import pytest
from imapclient import IMAPClient

from gateway.inbound.collector import Collector, recipients_of, return_path
from gateway.inbound.pickup import pickup_of
from gateway.inbound.spool import Spool
from gateway.service import Runtime
from gateway.settings import CollectorSettings
from registry import directory, people
from registry.clock import FrozenClock
from registry.entries import listing
from registry.errors import OutOfOrder
from registry.letters import waiting
from registry.recipients import snapshot
from saraban.config.load import load
from saraban.installing import FirstEntity, install
from tests.servers.dovecot import Dovecot, Mailbox

DLA = "saraban@dla.go.th"


class Box:
    """An office with one collected mailbox."""

    def __init__(
        self, folder: Path, clock: FrozenClock, dovecot: Dovecot, **settings: object
    ) -> None:
        first = FirstEntity("phrae", "จังหวัดแพร่", "phrae.go.th", "พร ๐๐๒๓")
        loaded = load(install(folder, "saraban.test", first), {})
        self.runtime = Runtime(loaded.office, loaded.gateway, clock)
        self.dovecot = dovecot
        self.mailbox: Mailbox = dovecot.add_mailbox()
        password = folder / "imap.password"
        password.write_text(self.mailbox.password + "\n", encoding="utf-8")
        self.settings = replace(
            CollectorSettings(
                entity="phrae", host="127.0.0.1", port=dovecot.tls_port,
                username=self.mailbox.username, password_file=str(password),
                since="2020-01-01", ca_file=str(dovecot.certificate.file),
                authserv_id="mx.phrae.go.th",
            ),
            **settings,
        )  # fmt: skip
        with self.runtime.database.write() as session:
            people.add_entity(
                session, code="dla", name="กรมส่งเสริมฯ", address=DLA, at=clock.now(),
                letter_code="มท ๐๘๑๐",
            )  # fmt: skip
        self.spool = Spool(self.runtime.spool_dir, "collector", clock)
        self.collector = Collector(self.runtime, self.settings, self.spool)

    def round(self) -> tuple[int, int]:
        """One round of the collector, the worker, and the marking."""
        fetched = self.collector.round().fetched
        pickup = pickup_of(self.runtime)
        while pickup.round():
            pass
        return fetched, self.collector.mark()

    def numbers(self) -> list[int]:
        with self.runtime.database.read() as session:
            return [entry.number for entry in listing(session, "phrae", "received")]

    def folder(self, name: str = "INBOX") -> list[tuple[bytes, ...]]:
        """The flags of every mail in a folder."""
        with IMAPClient("127.0.0.1", self.dovecot.port, ssl=False) as client:
            client.login(self.mailbox.username, self.mailbox.password)
            client.select_folder(name, readonly=True)
            return list(client.get_flags(client.search()).values())


def mail(subject: str = "ขอส่งรายงาน", *, proven: bool = True, size: int = 0) -> bytes:
    message = EmailMessage()
    if proven:
        message["Authentication-Results"] = "mx.phrae.go.th; dkim=pass header.d=dla.go.th"
    message["From"], message["To"], message["Subject"] = DLA, "saraban@phrae.go.th", subject
    message["Message-ID"] = f"<{os.urandom(8).hex()}@dla.go.th>"
    message.set_content("เรียน ผู้ว่าราชการจังหวัดแพร่\n")
    if size:
        message.add_attachment(
            os.urandom(size), maintype="application", subtype="pdf", filename="แผน.pdf"
        )
    return b"Return-Path: <saraban@dla.go.th>\r\n" + message.as_bytes().replace(b"\n", b"\r\n")


@pytest.fixture
def box(data_dir, clock, dovecot):
    made = Box(data_dir, clock, dovecot)
    yield made
    made.spool.close()
    made.runtime.close()


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


def test_registered_mail_is_moved_where_that_is_set(data_dir, clock, dovecot):
    box = Box(data_dir, clock, dovecot, after="move", done_folder="ลงทะเบียนแล้ว")
    box.mailbox.deliver(mail())
    assert box.round() == (1, 1)
    assert box.folder() == []
    assert len(box.folder("ลงทะเบียนแล้ว")) == 1
    box.spool.close()
    box.runtime.close()


def test_mail_from_before_the_day_set_is_left_alone(data_dir, clock, dovecot):
    tomorrow = datetime.now().astimezone() + timedelta(days=2)
    box = Box(data_dir, clock, dovecot, since=tomorrow.date().isoformat())
    box.mailbox.deliver(mail())
    assert box.round() == (0, 0)
    assert box.numbers() == []
    box.spool.close()
    box.runtime.close()


def test_a_crash_between_spool_and_note_registers_nothing_twice(box):
    """The mail is fetched again, and the keys of the letter decide."""
    box.mailbox.deliver(mail())
    box.round()
    with box.runtime.database.write() as session:
        session.connection().exec_driver_sql("DELETE FROM fetched")
    assert box.round()[0] == 1
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


def test_tags_of_the_own_address_are_found_in_the_header(box):
    with box.runtime.database.read() as session:
        entity = directory.entity_by_code(session, "phrae")
        known = snapshot(session)
    assert entity is not None
    head = b"Delivered-To: saraban+dla@phrae.go.th\r\nTo: x@else.org, saraban@phrae.go.th\r\n\r\n"
    assert recipients_of(head, entity, known) == ("saraban+dla@phrae.go.th", "saraban@phrae.go.th")
    assert recipients_of(b"To: list@else.org\r\n\r\n", entity, known) == ("saraban@phrae.go.th",)


@pytest.mark.parametrize(
    ("head", "sender"),
    [
        (b"Return-Path: <a@b.org>\r\nFrom: c@d.org\r\n\r\n", "a@b.org"),
        (b"Return-Path: <>\r\nFrom: c@d.org\r\n\r\n", ""),
        (b"From: C <c@d.org>\r\n\r\n", "c@d.org"),
        (b"\r\n", ""),
    ],
)
def test_the_envelope_sender_is_what_the_server_wrote_down(head, sender):
    assert return_path(head) == sender
