"""What must hold of every reader, whatever the bytes: functions that take bytes and assert.

Each says the same three things in its own terms: nothing is raised, nothing is made out of nothing,
and it does not matter in which blocks the bytes come. Any engine that feeds bytes can drive them.
"""

import io
import shutil
import tempfile
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Final

from gateway.inbound.charset import read_text
from gateway.inbound.data import Framing
from gateway.inbound.decode import decoder_for
from gateway.inbound.encoded_words import decode_words
from gateway.inbound.fields import MOST_FIELDS, read_fields
from gateway.inbound.headers import read_heading
from gateway.inbound.names import named
from gateway.inbound.parameters import MOST_PARAMETERS, read_parameters
from gateway.inbound.split import DEEPEST, MOST_PARTS
from gateway.inbound.tnef import SIGNATURE, read_tnef
from gateway.inbound.uuencode import MOST_FILES, taken_apart
from gateway.inbound.zips import MOST_TOLD, list_zip
from tests.gateway.inbound.mails import Reader, shape

Target = Callable[[bytes], None]

LABELS: Final = (
    "", "us-ascii", "utf-8", "windows-874", "tis-620", "iso-8859-11", "iso-8859-1", "utf-7",
    "utf-16", "big5", "iso-2022-kr", "zlib", "no such",
)  # fmt: skip
ENCODINGS: Final = ("base64", "quoted-printable", "7bit", "x-none")


def cut(data: bytes) -> tuple[bytes, list[bytes]]:
    """Take a length off the front and give the rest, whole and in blocks of that length."""
    step, rest = (data[0] % 40 + 1 if data else 1), data[1:]
    return rest, [rest[at : at + step] for at in range(0, len(rest), step)]


def is_clean(*texts: str) -> None:
    """See that these can be stored and printed."""
    for text in texts:
        assert "\x00" not in text
        text.encode("utf-8")


def data_framing(data: bytes) -> None:
    """Only CRLF.CRLF ends DATA; cut anywhere, the same letter and the same rest come out."""
    raw, blocks = cut(data)
    stream = b"\r\n" + raw
    end = stream.find(b"\r\n.\r\n")
    framing, out, fed = Framing(), b"", 0
    for block in blocks:
        if framing.ended:
            break
        out += framing.feed(block)
        fed += len(block)
    assert framing.ended == (end >= 0)
    body = stream[: end + 2] if end >= 0 else stream
    letter = body.replace(b"\r\n.", b"\r\n")[2:]
    if framing.ended:
        assert out == letter
        assert framing.rest == stream[end + 5 : fed + 2]
    else:
        assert letter.startswith(out)
        assert len(letter) - len(out) <= 4


def mime_splitting(data: bytes) -> None:
    """Parts lie in their parent one after another, and bounds hold."""
    with _folder() as folder:
        found = shape(data, folder)
    nodes = list(found.root.walk())
    assert len(nodes) <= MOST_PARTS
    for node in nodes:
        assert 0 <= node.start <= node.end <= len(data)
        position = node.start
        for child in node.children:
            assert position <= child.start <= child.end <= node.end
            position = child.end
        assert _depth(node) <= DEEPEST + 1
    is_clean(*found.defects)


def whole_mail(data: bytes) -> None:
    """Reading never fails, and the original comes back to the last byte."""
    with _folder() as folder:
        mail = Reader(folder).read(data)
    assert not any(defect.startswith("not readable: ") for defect in mail.defects)
    is_clean(mail.subject, mail.text, mail.own_text, mail.sender_name, *mail.defects)
    positions = [part.position for part in mail.parts]
    assert positions == sorted(set(positions))
    for part in mail.parts:
        is_clean(part.name, part.original_name, part.media_type, *part.contents)
        assert 0 < len(part.name.encode()) <= 255


def header(data: bytes) -> None:
    """A header gives clean texts, and never more of them than it has bytes."""
    fields = read_fields(data)
    assert len(fields.items) <= MOST_FIELDS
    heading = read_heading(fields)
    is_clean(heading.subject, *heading.to, *heading.cc, *heading.defects)
    for sender in heading.senders:
        is_clean(sender.name, sender.address)
        assert "@" in sender.address


def names(data: bytes) -> None:
    """A name is one clean line, and safe on any system."""
    text, guesses = decode_words(data)
    is_clean(text, *guesses)
    assert len(text) <= 8 * len(data)
    assert not set(text) & set("\r\n\u2028\u2029")
    safe = named(text, (), 1).safe
    assert 0 < len(safe.encode()) <= 255
    assert not set(safe) & set('/\\:*?"<>|\r\n\u202e')


def parameters(data: bytes) -> None:
    """Parameters are clean, few, and made of what stands in the field."""
    found = read_parameters(data)
    assert len(found.parameters) <= MOST_PARAMETERS
    is_clean(*found.parameters.values(), *found.defects)
    assert sum(map(len, found.parameters.values())) <= 8 * len(data)


def charset(data: bytes) -> None:
    """Text comes out clean whatever the label, and every guess is said."""
    label = LABELS[data[0] % len(LABELS)] if data else ""
    reading = read_text(data[1:], label)
    is_clean(reading.text, reading.guess)
    assert len(reading.text) <= 8 * len(data)
    if "\ufffd" in reading.text and "\ufffd".encode() not in data and "16" not in label:
        assert reading.guess


def transfer_encoding(data: bytes) -> None:
    """Blocks may be cut anywhere: the same bytes come out, never more than went in."""
    encoding = ENCODINGS[data[0] % len(ENCODINGS)] if data else ""
    raw, blocks = cut(data[1:])
    whole = _decoded(encoding, [raw])
    assert _decoded(encoding, blocks) == whole
    assert len(whole) <= len(raw)


def winmail(data: bytes) -> None:
    """Files lie in the winmail.dat: together they are not larger than it is."""
    file = io.BytesIO(SIGNATURE + data)
    found = read_tnef(file)
    files = [b"".join(one.blocks(file)) for one in found.files]
    texts = sum(one.media_type == "text/plain" for one in found.files)
    assert sum(map(len, files)) <= 20 * len(data) + 100 * texts
    is_clean(found.subject, found.text, *(one.name for one in found.files), *found.defects)
    assert found.whole or found.defects


def uuencode(data: bytes) -> None:
    """Text and files are what was there, whatever the blocks."""
    raw, blocks = cut(data)
    text, files = _apart(blocks)
    assert (text, files) == _apart([raw])
    assert len(text) + sum(map(len, files)) <= len(raw)
    assert len(files) <= MOST_FILES
    assert files or text == raw


def zip_listing(data: bytes) -> None:
    """A listing is short and clean, and says so when there is none."""
    found = list_zip(io.BytesIO(data))
    assert len(found.lines) <= MOST_TOLD + 10
    is_clean(*found.lines, *found.defects)
    assert all(len(line) < 300 for line in found.lines)


def _decoded(encoding: str, blocks: list[bytes]) -> bytes:
    decoder = decoder_for(encoding)
    return b"".join([*map(decoder.feed, blocks), decoder.finish()])


def _depth(node: object) -> int:
    depth = 0
    while (node := getattr(node, "parent", None)) is not None:
        depth += 1
    return depth


class _Taken(bytearray):
    def write(self, data: bytes, /) -> None:
        self.extend(data)

    def close(self, *, whole: bool) -> None:
        """See that a file is told whole or not, once."""
        assert isinstance(whole, bool)


def _apart(blocks: Iterable[bytes]) -> tuple[bytes, list[bytes]]:
    files: list[_Taken] = []

    def open_file(name: bytes) -> _Taken:
        assert name
        files.append(_Taken())
        return files[-1]

    text = b"".join(taken_apart(blocks, open_file))
    return text, [bytes(one) for one in files]


class _folder:  # noqa: N801 - used like a function
    """A folder in memory where there is one: thousands of mails pass through it."""

    def __enter__(self) -> Path:
        memory = Path("/dev/shm")
        self.path = Path(tempfile.mkdtemp(prefix="fuzz-", dir=memory if memory.is_dir() else None))
        return self.path

    def __exit__(self, *_: object) -> None:
        shutil.rmtree(self.path)
