"""winmail.dat: the files and the text that Outlook packed for Outlook (TNEF, [MS-OXTNEF]).

The file is read by offsets: what comes out are spans of it, so that memory is small whatever the
size of an attachment. Attached messages are entered, and their text and files come out beside the
others. No checksum is looked at: a file with one wrong byte is worth more than none.

Bounds: 10,000 attributes, 500 files, messages attached five deep. Nothing is raised: what cannot be
read leaves ``whole`` False with the reason among the ``defects``, and the caller keeps the
winmail.dat itself for a person.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import BinaryIO, Final

from gateway.inbound import mapi
from gateway.inbound.charset import read_text
from gateway.inbound.html_text import html_to_text
from gateway.inbound.lzfu import decompress
from gateway.inbound.mapi import Cursor, Damaged, Span, Value

SIGNATURE: Final = b"\x78\x9f\x3e\x22"
MOST_FILES: Final = 500
DEEPEST: Final = 5

_MOST_ATTRIBUTES: Final = 10_000
_MOST_TEXT: Final = 2_000_000
_MOST_NAME: Final = 2000
_BLOCK: Final = 1 << 18

_CODE_PAGE, _SUBJECT, _BODY, _PROPERTIES = 0x00069007, 0x00018004, 0x0002800C, 0x00069003
_NEW_FILE, _TITLE, _DATA, _FILE_PROPERTIES = 0x00069002, 0x00018010, 0x0006800F, 0x00069005
# MAPI ids: subject, texts in the order of preference, RTF, then those of an attachment
_P_SUBJECT, _P_BODY, _P_HTML, _P_RTF, _P_CODE_PAGE = 0x0037, 0x1000, 0x1013, 0x1009, 0x3FDE
_P_DATA, _P_NAMES, _P_TYPE, _P_CID = 0x3701, (0x3707, 0x3704, 0x3001), 0x370E, 0x3712


@dataclass(frozen=True, slots=True)
class TnefFile:
    """One file: what it is called and said to be, and where its bytes are."""

    name: str
    media_type: str
    content_id: str
    data: Span | bytes

    def blocks(self, file: BinaryIO) -> Iterator[bytes]:
        """Give its bytes out of the winmail.dat they were found in."""
        if isinstance(self.data, bytes):
            yield self.data
            return
        at = self.data.start
        while at < self.data.end:
            block = Span(at, self.data.end).read(file, _BLOCK)
            if not block:
                return
            yield block
            at += len(block)


@dataclass(slots=True)
class Tnef:
    """One message: its subject and text, its files and those of messages attached to it."""

    subject: str = ""
    text: str = ""
    rtf: bytes = b""  # only where there is no other text
    files: list[TnefFile] = field(default_factory=list)
    defects: list[str] = field(default_factory=list)
    whole: bool = True


def read_tnef(file: BinaryIO) -> Tnef:
    """Read a winmail.dat that can be sought in; never raises but for the disk."""
    return _Reader(file).message(Span(0, file.seek(0, 2)), 0)


@dataclass(slots=True)
class _Attachment:
    title: Span | None = None
    data: Span | None = None
    properties: dict[int, Value] = field(default_factory=dict)


class _Reader:
    def __init__(self, file: BinaryIO) -> None:
        self.file = file
        self.attributes = 0
        self.files = 0

    def message(self, span: Span, depth: int) -> Tnef:
        reading = _Message(self, depth)
        try:
            for tag, value in self.walk(span):
                reading.take(tag, value)
        except Damaged as error:
            reading.fail(f"damaged winmail.dat: {error}")
        return reading.result()

    def walk(self, span: Span) -> Iterator[tuple[int, Span]]:
        """Give each attribute's id and the place of its data."""
        if span.read(self.file, 4) != SIGNATURE:
            raise Damaged("no signature")
        cursor = Cursor(self.file, span)
        cursor.take(6)
        while cursor.left and Span(cursor.at, span.end).read(self.file, 16).strip(b"\r\n\x00"):
            self.attributes += 1
            if self.attributes > _MOST_ATTRIBUTES:
                raise Damaged(f"more than {_MOST_ATTRIBUTES} attributes")
            level, tag, length = cursor.unpack("<BII")
            if level not in {1, 2}:
                raise Damaged(f"an attribute of level {level}")
            value = cursor.take(length)
            cursor.take(2)  # the checksum
            yield tag, value


class _Message:
    """One message while it is read."""

    def __init__(self, reader: _Reader, depth: int) -> None:
        self.reader = reader
        self.depth = depth
        self.tnef = Tnef()
        self.charset = ""
        self.plain: dict[int, Span] = {}
        self.properties: dict[int, Value] = {}
        self.attachments: list[_Attachment] = []

    def take(self, tag: int, span: Span) -> None:
        if tag == _CODE_PAGE:
            page = Cursor(self.reader.file, span).number()
            self.charset = "utf-8" if page == 65001 else f"cp{page}"
        elif tag in {_SUBJECT, _BODY}:
            self.plain.setdefault(tag, span)
        elif tag == _PROPERTIES:
            self.properties = mapi.read_properties(self.reader.file, span)
        elif tag == _NEW_FILE:
            self.new_file()
        elif tag in {_TITLE, _DATA, _FILE_PROPERTIES} and self.attachments:
            self.of_file(self.attachments[-1], tag, span)

    def new_file(self) -> None:
        self.reader.files += 1
        if self.reader.files > MOST_FILES:
            raise Damaged(f"more than {MOST_FILES} files")
        self.attachments.append(_Attachment())

    def of_file(self, attachment: _Attachment, tag: int, span: Span) -> None:
        if tag == _TITLE:
            attachment.title = span
        elif tag == _DATA:
            attachment.data = span
        else:
            attachment.properties = mapi.read_properties(self.reader.file, span)

    def fail(self, defect: str) -> None:
        self.tnef.whole = False
        self.tnef.defects.append(defect)

    def result(self) -> Tnef:
        tnef = self.tnef
        tnef.subject = self.text(self.properties.get(_P_SUBJECT), _MOST_NAME) or self.text(
            self.plain.get(_SUBJECT), _MOST_NAME
        )
        tnef.text = self.body()
        rtf = self.properties.get(_P_RTF)
        if rtf and not tnef.text:
            tnef.rtf = decompress(rtf.span.read(self.reader.file, _MOST_TEXT), _MOST_TEXT)
        for attachment in self.attachments:
            self.finish(attachment)
        return tnef

    def body(self) -> str:
        plain = self.text(self.properties.get(_P_BODY), _MOST_TEXT) or self.text(
            self.plain.get(_BODY), _MOST_TEXT
        )
        if plain.strip():
            return plain
        page = self.properties.get(_P_CODE_PAGE)
        charset = f"cp{Cursor(self.reader.file, page.span).number()}" if page else self.charset
        charset = charset.replace("cp65001", "utf-8")
        return html_to_text(self.text(self.properties.get(_P_HTML), _MOST_TEXT, charset))

    def finish(self, attachment: _Attachment) -> None:
        told = attachment.properties
        content = told.get(_P_DATA)
        if content and content.kind == mapi.OBJECT:
            self.object(
                attachment, Span(min(content.span.start + 16, content.span.end), content.span.end)
            )
            return
        data = attachment.data or (content.span if content else None)
        if data is None:
            if self.tnef.whole:  # else the damage took it
                self.fail("a file in winmail.dat without content")
            return
        kind, cid = (self.text(told.get(tag), _MOST_NAME) for tag in (_P_TYPE, _P_CID))
        self.tnef.files.append(TnefFile(self.name(attachment), kind.lower(), cid.strip("<>"), data))

    def object(self, attachment: _Attachment, span: Span) -> None:
        """Take in what follows the interface id of an object: a message, or a file of OLE."""
        name = self.name(attachment)
        if span.read(self.reader.file, 4) != SIGNATURE:
            self.tnef.files.append(TnefFile(name, "application/octet-stream", "", span))
        elif self.depth >= DEEPEST:
            self.fail(f"messages in winmail.dat deeper than {DEEPEST}")
        else:
            self.attached(self.reader.message(span, self.depth + 1), name)

    def attached(self, inner: Tnef, name: str) -> None:
        title = inner.subject or name
        if inner.text.strip():
            text = inner.text.encode("utf-8", "replace")
            self.tnef.files.append(TnefFile(f"{title}.txt", "text/plain", "", text))
        elif inner.rtf:
            self.tnef.files.append(TnefFile(f"{title}.rtf", "application/rtf", "", inner.rtf))
        self.tnef.files += inner.files
        self.tnef.defects += inner.defects
        self.tnef.whole = self.tnef.whole and inner.whole

    def name(self, attachment: _Attachment) -> str:
        named = (self.text(attachment.properties.get(tag), _MOST_NAME) for tag in _P_NAMES[:1])
        title = self.text(attachment.title, _MOST_NAME)
        others = (self.text(attachment.properties.get(tag), _MOST_NAME) for tag in _P_NAMES[1:])
        return next((name for name in (*named, title, *others) if name), "")

    def text(self, value: Value | Span | None, most: int, charset: str | None = None) -> str:
        """Read a string: of 16 bits, or of the code page of the message; "" if there is none."""
        if value is None:
            return ""
        wide = isinstance(value, Value) and value.kind == mapi.TEXT_16
        span = value.span if isinstance(value, Value) else value
        data = span.read(self.reader.file, most)
        if wide:
            return read_text(data[: len(data) & ~1], "utf-16-le").text.strip("\x00")
        reading = read_text(
            data.partition(b"\x00")[0], self.charset if charset is None else charset
        )
        if reading.guess:
            self.tnef.defects.append(f"winmail.dat: {reading.guess}")
        return reading.text
