"""What is tried: pieces that mean something in any order, noise, good files spoilt."""

import base64
import binascii
from typing import Final

from hypothesis import strategies as st

from tests.fuzz import targets
from tests.gateway.inbound.mails import HEAD, multipart, part
from tests.gateway.inbound.test_zips import by_hand, zipped
from tests.gateway.inbound.tnef_writer import (
    attachment,
    attribute,
    binary,
    message,
    named,
    number,
    properties,
    text8,
    text16,
)  # fmt: skip

THAI: Final = "หนังสือที่ มท ๐๘๐๓"
UU: Final = b"begin 644 a.pdf\r\n" + binascii.b2a_uu(b"x" * 45) + b"`\r\nend\r\n"
WINMAIL: Final = message(
    attachment(b"a.pdf", b"%PDF", text16(0x3707, THAI), text8(0x370E, b"a/b")),
    attachment(b"m", None, binary(0x3701, b"I" * 16 + message(body=b"in"), 0x0D)),
    body=THAI.encode("cp874"),
    those=(named("x", 1), number(0x3FDE, 874), binary(0x1009, b"\x20" * 8 + b"LZFu" + b"a" * 30)),
)
MAIL: Final = multipart(
    part(THAI.encode("cp874") + b"\r\n" + UU, "text/plain; charset=tis-620"),
    part(base64.encodebytes(WINMAIL), "application/ms-tnef", content_transfer_encoding="base64"),
    part(HEAD + b"\r\nhello", "message/rfc822"),
    part(zipped({THAI: b"x"}), 'application/zip; name="=?tis-620?q?=CB=B9?="'),
)

_MIME: Final = [
    HEAD, b"Content-Type: multipart/mixed; boundary=A\r\n", b"Content-Type: message/rfc822\r\n",
    b"Content-Type: multipart/digest; boundary=AB\r\n", b"Content-Type: text/html\r\n", b"\r\n",
    b"\r\n--A\r\n", b"\n--A\n", b"\r\n--AB\r\n", b"\r\n--A--\r\n", b"\r\n--A \t\r\n", b"--A", b"\r",
    b"Content-Transfer-Encoding: base64\r\n", b"aGVsbG8=\r\n", b"=3D=\r\n", b"<p>\xa1", b"\x00",
    b"Content-Transfer-Encoding: quoted-printable\r\n", UU, WINMAIL, b"PK\x05\x06", b" ",
    b'Content-Disposition: attachment; filename="../\xa1\xa2.pdf"\r\n',
]  # fmt: skip
_HEADER: Final = [
    b"From: ", b"To: ", b"Subject: ", b"Date: ", b"Message-ID: ", b"References: ", b"\r\n", b"\n ",
    b"=?utf-8?b?4LiB?=", b"=?windows-874?q?=A1_=A2?=", b"=?tis-620*th?B?ocI=?=", b"=?x?z?y?=",
    b"=?", b"?=", b"a@b.example", b"<a@b.example>", b'"', b"\\", b"(", b")", b",", b";", b":", b"<",
    b">", b"@", b"[1.2.3.4]", THAI.encode(), THAI.encode("cp874"), b"\x00", b"\xe2\x80\xae", b"../",
    b"\xff", b"Fri, 03 Oct 2568 10:00:00 +0700",
]  # fmt: skip
_PARAMETERS: Final = [
    b"a/b", b"; name=", b"; name*0*=utf-8''", b"; name*1*=", b"; name*2=", b"; name*=tis-620''%A1",
    b"%E0%B8%81", b"%", b'"', b"\\", b";", b"=", b"*", b"boundary", b"(", b")", b" ",
    b"=?utf-8?b?4LiB?=",
]  # fmt: skip
_TEXT: Final = [
    THAI.encode(),
    THAI.encode("cp874"),
    b"caf\xe9",
    b"+ADw-",
    b"\xff\xfe",
    b"\x00",
    b"\x1b$)C",
]
_WINMAIL: Final = [
    b"\x00\x00", attribute(1, 0x69007, b"\x6a\x03\x00\x00"), attribute(1, 0x18004, b"x\x00"),
    attribute(2, 0x69002, b"\x00" * 14), attribute(2, 0x18010, THAI.encode("cp874")),
    attribute(2, 0x6800F, b"%PDF"), attribute(2, 0x69005, properties(text16(0x3707, THAI))),
    attribute(2, 0x69005, properties(binary(0x3701, b"I" * 16 + WINMAIL, 0x0D))), b"\x01",
    attribute(1, 0x69003, properties(binary(0x1013, b"<p>x"), text8(0x37, b"s"))), WINMAIL[4:],
    b"\xff" * 4, attribute(1, 0x69003, b"\x02\x00\x00\x00\x1f\x10\x00\x10"),
]  # fmt: skip
_UU: Final = [
    UU,
    b"begin 644 a\r\n",
    b"begin 666 b c\n",
    b"`\n",
    b"end\r\n",
    b"#0V%T\n",
    b"\n",
    b"M" + b"a" * 60,
]
_ZIP: Final = [
    zipped({"a": b"x"}),
    by_hand(b"../\xa1", flags=1, count=2, overlap=True),
    b"PK\x01\x02",
    b"PK\x05\x06",
]
_SMTP: Final = [b"\r\n", b".", b"\r", b"\n", b"\r\n.\r\n", b"\n.\n", b"\r\n..", b"x", b"QUIT\r\n"]


def _spoilt(good: bytes) -> st.SearchStrategy[bytes]:
    """Give this file with some bytes of it changed, or the rest of it gone."""
    place = st.integers(0, len(good) - 1)
    return st.builds(
        _spoil, st.just(good), st.lists(st.tuples(place, st.binary(max_size=4)), max_size=6),
        st.none() | place,
    )  # fmt: skip


def _spoil(good: bytes, changes: list[tuple[int, bytes]], end: int | None) -> bytes:
    data = bytearray(good)
    for at, new in changes:
        data[at : at + len(new)] = new
    return bytes(data[:end])


def _of(pieces: list[bytes], *good: bytes) -> st.SearchStrategy[bytes]:
    mixed = st.lists(st.sampled_from(pieces) | st.binary(max_size=8), max_size=30).map(b"".join)
    return st.one_of(mixed, st.binary(max_size=200), *map(_spoilt, good))


INPUTS: Final[dict[targets.Target, st.SearchStrategy[bytes]]] = {
    targets.data_framing: _of(_SMTP),
    targets.mime_splitting: _of(_MIME, MAIL),
    targets.whole_mail: _of(_MIME, MAIL),
    targets.header: _of(_HEADER, HEAD),
    targets.names: _of(_HEADER),
    targets.parameters: _of(_PARAMETERS),
    targets.charset: _of(_TEXT),
    targets.transfer_encoding: _of([b"aGVsbG8=", b"=\r\n", b"=3D", b"\r\n", b"=", b" ", b"\xff"]),
    targets.winmail: _of(_WINMAIL, WINMAIL[4:]),
    targets.uuencode: _of(_UU),
    targets.zip_listing: _of(_ZIP, *_ZIP[:2]),
}
