"""The mail server of the demonstration's agencies: whatever is sent to a person becomes a file.

It stands for the Exchange or Postfix that an agency already has. Each mail is written to
``mailboxes/<address>/<number>.eml`` and can be opened with any mail client.
"""

import email
import email.policy
import socket
from email.message import EmailMessage
from pathlib import Path

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session


class Mailboxes:
    """The folder of mailboxes, and the server that fills it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.port = _free_port()
        self._server = Controller(
            self, hostname="127.0.0.1", port=self.port, data_size_limit=100_000_000
        )

    def start(self) -> None:
        """Begin to take mail in."""
        self._server.start()

    def stop(self) -> None:
        """Take no more mail in."""
        self._server.stop()

    async def handle_DATA(self, _server: SMTP, _session: Session, envelope: Envelope) -> str:  # noqa: N802
        """Write the mail into the mailbox of every recipient."""
        content = envelope.content
        assert isinstance(content, bytes)
        for recipient in envelope.rcpt_tos:
            box = self.folder / recipient.casefold()
            box.mkdir(parents=True, exist_ok=True)
            draft = box / "next.tmp"
            draft.write_bytes(content)
            draft.rename(box / f"{len(list(box.glob('*.eml'))) + 1:03d}.eml")
        return "250 2.0.0 delivered"

    def mails(self, address: str) -> list[EmailMessage]:
        """Read a mailbox, oldest first."""
        files = sorted((self.folder / address).glob("*.eml"))
        return [_read(file.read_bytes()) for file in files]


def _read(raw: bytes) -> EmailMessage:
    message = email.message_from_bytes(raw, policy=email.policy.default)
    assert isinstance(message, EmailMessage)
    return message


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return int(listener.getsockname()[1])
