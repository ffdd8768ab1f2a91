"""Raw mails for tests, and a place to read them: a spooled file, a blob store, the real parser."""

import hashlib
import io
from datetime import datetime
from pathlib import Path

from gateway.inbound import rebuild
from gateway.inbound.envelope import Envelope
from gateway.inbound.parse import parse
from gateway.inbound.split import Structure, split
from gateway.inbound.spool import Spooled
from gateway.inbound.window import Window
from registry.blobs import BlobStore
from registry.clock import BANGKOK
from registry.letter.message import Listener, Message, Part
from registry.settings import OfficeSettings

OFFICE_HOUR = datetime(2025, 10, 3, 10, 42, tzinfo=BANGKOK)
HEAD = (
    b"From: saraban@phrae.example\r\nTo: saraban@dla.example\r\nSubject: test\r\n"
    b"Date: Fri, 03 Oct 2025 10:00:00 +0700\r\nMessage-ID: <1@phrae.example>\r\n"
    b"MIME-Version: 1.0\r\n"
)


def crlf(text: str | bytes) -> bytes:
    """A mail written with plain line ends, as it comes over SMTP."""
    raw = text.encode() if isinstance(text, str) else text
    return raw.replace(b"\r\n", b"\n").replace(b"\n", b"\r\n")


def multipart(*parts: bytes, kind: str = "mixed", boundary: str = "B", head: bytes = HEAD) -> bytes:
    """A whole mail (or, without head, one part) of these parts; each has header and body."""
    top = head + f'Content-Type: multipart/{kind}; boundary="{boundary}"\r\n\r\n'.encode()
    mark = b"\r\n--" + boundary.encode()
    return top + b"".join(mark + b"\r\n" + part for part in parts) + mark + b"--\r\n"


def part(body: bytes, content_type: str = "text/plain", **fields: str) -> bytes:
    """One part with its header; ``content_disposition="..."`` becomes a field."""
    lines = [f"Content-Type: {content_type}"]
    lines += [f"{name.replace('_', '-')}: {value}" for name, value in fields.items()]
    return "\r\n".join(lines).encode() + b"\r\n\r\n" + body


class Reader:
    """An office that reads mails below a folder of its own."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.blobs = BlobStore(folder / "blobs")
        self.settings = OfficeSettings()
        self.count = 0

    def spool(self, raw: bytes, **envelope: object) -> Spooled:
        """Lay a mail down as the spool does."""
        self.count += 1
        path = self.folder / f"{self.count}.eml"
        path.write_bytes(raw)
        facts: dict[str, object] = {
            "listener": Listener.MX,
            "accepted_at": OFFICE_HOUR,
            "name": f"test/{self.count}",
            "mail_from": "saraban@phrae.example",
            "recipients": ("saraban@dla.example",),
            "raw_sha256": hashlib.sha256(raw).hexdigest(),
            "raw_bytes": len(raw),
        }
        return Spooled(f"test/{self.count}", path, Envelope(**(facts | envelope)))

    def read(self, raw: bytes, **envelope: object) -> Message:
        """Parse a mail, and see that it can be given back byte for byte."""
        message = parse(self.spool(raw, **envelope), self.blobs, self.settings)
        assert self.original(message) == raw
        return message

    def original(self, message: Message) -> bytes:
        """The raw bytes as the store gives them back."""
        out = io.BytesIO()
        rebuild.write(message.original, self.blobs, out)
        return out.getvalue()

    def content(self, file: Part) -> bytes:
        """The bytes of a file."""
        with self.blobs.open(file.sha256) as opened:
            return opened.read()


def shape(raw: bytes, folder: Path) -> Structure:
    """Split a mail without reading its parts."""
    path = folder / "shape.eml"
    path.write_bytes(raw)
    with Window(path) as window:
        return split(window)
