"""An office with one collected mailbox on a real Dovecot, for the tests of the collector.

The mails that come are real ones by their Authentication-Results; the worker's rounds are run by
the test itself, so that each test decides what the books have by when.
"""

import os
from dataclasses import replace
from email.message import EmailMessage
from pathlib import Path

from imapclient import IMAPClient

from gateway.inbound.collector import Collector
from gateway.inbound.pickup import pickup_of
from gateway.inbound.spool import Spool
from gateway.service import Runtime
from gateway.settings import CollectorSettings
from registry import rounds, sightings
from registry.accounts import people
from registry.clock import FrozenClock
from registry.entries import listing
from registry.letter.entity import Role
from registry.sightings import Sighting
from saraban.config.load import load
from saraban.installing import FirstEntity
from tests.founding import founded
from tests.servers.dovecot import Dovecot, Mailbox

DLA, PHRAE = "saraban@dla.go.th", "saraban@phrae.go.th"
OFFICER = "officer@phrae.go.th"


def prepare(folder: Path, clock: FrozenClock) -> None:
    """Make the office of จังหวัดแพร่, which knows one department, in this folder."""
    first = FirstEntity("phrae", "จังหวัดแพร่", "phrae.go.th", "พร ๐๐๒๓")
    loaded = load(founded(folder, "saraban.test", first), {})
    runtime = Runtime(loaded.office, loaded.gateway, clock)
    with runtime.database.write() as session:
        people.add_entity(
            session, code="dla", name="กรมส่งเสริมฯ", address=DLA, at=clock.now(),
            letter_code="มท ๐๘๑๐",
        )  # fmt: skip
        people.add_officer(session, 1, email=OFFICER, role=Role.OFFICER, at=clock.now())
    runtime.close()


class Agency:
    """The office of จังหวัดแพร่, its mailbox, and the collector that reads it."""

    def __init__(
        self, home: Path, clock: FrozenClock, dovecot: Dovecot, **settings: object
    ) -> None:
        loaded = load(home / "saraban.toml")
        self.clock = clock
        self.runtime = Runtime(loaded.office, loaded.gateway, clock)
        self.dovecot = dovecot
        self.mailbox: Mailbox = dovecot.add_mailbox()
        password = home / "imap.password"
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
        self.spool = Spool(self.runtime.spool_dir, "collector", clock)
        self.collector = Collector(self.runtime, self.settings, self.spool)

    def close(self) -> None:
        """Let go of spool and database."""
        self.spool.close()
        self.runtime.close()

    def limit(self, max_message_bytes: int) -> None:
        """Take in no larger mail."""
        gateway = self.runtime.gateway
        smtp = replace(gateway.smtp, max_message_bytes=max_message_bytes)
        self.runtime.gateway = replace(gateway, smtp=smtp)

    def work(self) -> None:
        """Let the worker enter what lies in the spool."""
        pickup = pickup_of(self.runtime)
        while pickup.round():
            pass

    def round(self) -> tuple[int, int]:
        """One look of the collector, the worker, and the marking."""
        fetched = self.collector.round().fetched
        self.work()
        return fetched, self.collector.mark()

    def numbers(self) -> list[int]:
        """Give the receive numbers in the book."""
        with self.runtime.database.read() as session:
            return [entry.number for entry in listing(session, "phrae", "received")]

    def seen(self, *, settled: bool = False) -> list[Sighting]:
        """Give the sightings that are open, or those that are settled."""
        with self.runtime.database.read() as session:
            return sightings.listing(session, settled=settled)

    def looks(self) -> list[rounds.Round]:
        """Give the evidence of looks, newest first."""
        with self.runtime.database.read() as session:
            return rounds.listing(session)

    def sql(self, text: str) -> list[tuple[object, ...]]:
        """Ask or change the database directly."""
        with self.runtime.database.write() as session:
            done = session.connection().exec_driver_sql(text)
            return [tuple(row) for row in done] if done.returns_rows else []

    def client(self) -> IMAPClient:
        """Sign in to the mailbox as the agency's own program would."""
        client = IMAPClient("127.0.0.1", self.dovecot.port, ssl=False)
        client.login(self.mailbox.username, self.mailbox.password)
        return client

    def folder(self, name: str = "INBOX") -> list[tuple[bytes, ...]]:
        """The flags of every mail in a folder."""
        with self.client() as client:
            client.select_folder(name, readonly=True)
            return list(client.get_flags(client.search()).values())

    def append(self, folder: str, raw: bytes) -> None:
        """File a mail in a folder, as a mail program does with what it sent."""
        with self.client() as client:
            client.append(folder, raw)


def mail(
    subject: str = "ขอส่งรายงาน",
    *,
    proven: bool = True,
    size: int = 0,
    content: bytes = b"",
    filename: str = "แผน.pdf",
    sender: str = DLA,
    to: str = PHRAE,
    **fields: str,
) -> bytes:
    """Make a letter from a department, as the mailbox's server would have written it down."""
    message = EmailMessage()
    if proven:
        domain = sender.rpartition("@")[2]
        message["Authentication-Results"] = f"mx.phrae.go.th; dkim=pass header.d={domain}"
    message["From"], message["To"], message["Subject"] = sender, to, subject
    message["Message-ID"] = f"<{os.urandom(8).hex()}@dla.go.th>"
    for name, value in fields.items():
        message[name.replace("_", "-")] = value
    message.set_content("เรียน ผู้ว่าราชการจังหวัดแพร่\n")
    if content := content or os.urandom(size):
        message.add_attachment(content, maintype="application", subtype="pdf", filename=filename)
    return f"Return-Path: <{sender}>\r\n".encode() + message.as_bytes().replace(b"\n", b"\r\n")
