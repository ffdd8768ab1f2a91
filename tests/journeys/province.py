"""จังหวัดแพร่ with its own mail server around it, and the mailboxes of everybody it writes to.

The agency's server is a plain Postfix. Mail to the central address, tagged or not, goes on to the
system; the boxes of clerks and units stay with the server, and so does, for want of an Internet,
the mail of every other agency. The system sends through the same server.
"""

import email
import email.policy
from collections.abc import Callable
from dataclasses import dataclass
from email.message import EmailMessage
from functools import cache
from pathlib import Path
from typing import Any

from gateway.inbound.tray import Tray
from registry.letter.entry import Entry
from tests.journeys.installation import Installation
from tests.servers.ports import free_port
from tests.servers.postfix import Postfix

CENTRAL = "saraban@phrae.go.th"
UNIT = "local@phrae.go.th"
CLERK = "somjai@phrae.go.th"
OFFICER = "officer@phrae.go.th"
DLA = "saraban@dla.go.th"
NAN = "saraban@nan.go.th"
DLA_NAME = "กรมส่งเสริมการปกครองท้องถิ่น"
PDF = b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n1 0 obj\n<< >>\nendobj\ntrailer\n<< >>\n%%EOF\n"


@dataclass(frozen=True)
class Province:
    """The office and the server beside it."""

    office: Installation
    postfix: Postfix

    def mail(self, address: str, words: str) -> EmailMessage:
        """Wait for a mail in a mailbox whose Subject or text has these words, and give it."""
        found: EmailMessage = self.office.wait(lambda: next(iter(self.mails(address, words)), None))
        return found

    def mails(self, address: str, words: str) -> list[EmailMessage]:
        """Give the mails of a mailbox that have these words, oldest first."""
        read = [_read(raw) for raw in self.postfix.letters(address)]
        return [one for one in read if words in text_of(one)]

    def entry(self, book: str, subject: str, holds: Callable[[Entry], Any] = bool) -> Entry:
        """Wait for the line of a book with this subject, and until something holds of it."""

        def look() -> Entry | None:
            found = (one for one in self.office.entries(book) if one.subject == subject)
            return next((one for one in found if holds(one)), None)

        entry: Entry = self.office.wait(look)
        return entry

    def at_rest(self) -> bool:
        """Say whether nothing is on its way: neither into the books nor out of the house."""
        waiting, _ = Tray(self.office.folder / "spool").waiting()
        return not waiting and not self.office.jobs("queued", "sending")


def stage(folder: Path, postfix: Postfix) -> Province:
    """Make the office and let the server know it; not served yet."""
    office = Installation(folder)
    office.add_entity("dla", DLA_NAME, "dla.go.th", "มท ๐๘๑๐")
    office.add_entity("nan", "จังหวัดน่าน", "nan.go.th", "นน ๐๐๒๓")
    office.add_unit("local", "กลุ่มงานส่งเสริมและพัฒนาท้องถิ่น", UNIT, default=True)
    office.add_officer(CLERK, role="clerk", unit="local")
    office.add_officer(OFFICER, role="officer")
    port = free_port()
    office.settings("smtp", listen=f"127.0.0.1:{port}")
    office.settings("relay", host="127.0.0.1", port=postfix.port, tls="none")
    office.settings("send", retry_first=0.5)
    postfix.route(CENTRAL, port)
    return Province(office, postfix)


@cache
def _read(raw: bytes) -> EmailMessage:
    read = email.message_from_bytes(raw, policy=email.policy.default)
    assert isinstance(read, EmailMessage)
    return read


def text_of(mail: EmailMessage) -> str:
    """Give Subject and text of a mail."""
    body = mail.get_body(("plain",))
    return f"{mail['Subject']}\n{body.get_content() if body else ''}"


def files_of(mail: EmailMessage) -> dict[str, bytes]:
    """Give the attached files by name."""
    return {
        str(part.get_filename()): part.get_payload(decode=True) for part in mail.iter_attachments()
    }
