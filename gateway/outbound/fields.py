"""Header fields as bytes: the one place where text from people becomes a line of a mail.

Promises: a field has no CR, LF or NUL but those of its own folding, is ASCII, and no line of it is
longer than 998 octets (RFC 5322 §2.1.1). Only the local part of an address may be UTF-8 (RFC 6532);
a mail to such an address leaves where SMTPUTF8 is offered, and nowhere else. A value that could
break out of its field is refused with :class:`UnsafeField`, never repaired: whoever composes cleans
the text first. Python's own header writer is not used, since releases before 3.11.15 let line
breaks through.

Text that is not ASCII becomes encoded words (RFC 2047) of at most 75 octets, cut between
characters and never before a tone mark. File names are written twice: ``filename*`` (RFC 2231) on
one line, as programs that cannot join continuations demand, and an ASCII name for those that
know no RFC 2231 at all. A domain in Thai is written as its A-label.
"""

import base64
import re
import unicodedata
from collections.abc import Iterable, Iterator
from typing import Final
from urllib.parse import quote

from registry.errors import NotUnderstood, SarabanError
from registry.letter.address import Address, local_and_domain

_LINE: Final = 76
_NAME: Final = re.compile(r"[!-9;-~]{1,60}")
_PLAIN: Final = re.compile(r"[ -~]*")
_TOKEN: Final = re.compile(r"[A-Za-z0-9!#$&+.^_-]+")
_MEDIA_TYPE: Final = re.compile(r"[A-Za-z0-9!#$&+.^_-]+/[A-Za-z0-9!#$&+.^_-]+")
_MESSAGE_ID: Final = re.compile(r"<[!-;=?-~]{1,900}>")
_SHORTEST_WORD: Final = 12


class UnsafeField(SarabanError):
    """A value that may not stand in a header field: it could end the field and begin another."""

    thai = "ข้อความในหัวจดหมายมีอักขระที่ส่งทางอีเมลไม่ได้ โปรดแก้ชื่อเรื่องหรือชื่อไฟล์แล้วส่งใหม่"


def text_field(name: str, value: str) -> bytes:
    """Return ``name: value`` for free text such as a subject. Raises UnsafeField."""
    _check(name, value)
    words = value.split(" ")
    plain = _PLAIN.fullmatch(value) and "=?" not in value and value == value.strip()
    if plain and max(map(len, words)) < _LINE:
        return _fold(name, words)
    return _fold(name, _encoded_words(value, len(name) + 2))


def address_field(name: str, addresses: Iterable[Address]) -> bytes:
    """Return an address list field, one address a line. Raises UnsafeField."""
    words: list[str] = []
    for address in addresses:
        if words:
            words[-1] += ","
        _check(name, address.name)
        words += [*_phrase(address.name, len(name) + 2), f"<{mail_address(address.email)}>"]
    return _fold(name, words, charset="utf-8")


def id_field(name: str, ids: Iterable[str]) -> bytes:
    """Return Message-ID, In-Reply-To or References. Raises UnsafeField for what is no msg-id."""
    ids = list(ids)
    for one in ids:
        if not _MESSAGE_ID.fullmatch(one):
            raise UnsafeField(f"{name} would hold what is no message id")
    return _fold(name, ids)


def usable_ids(ids: Iterable[str | None]) -> list[str]:
    """Return those that may stand in an id field, each once; mail from outside has all kinds."""
    return list(dict.fromkeys(one for one in ids if one and _MESSAGE_ID.fullmatch(one)))


def content_fields(media_type: str, name: str, ascii_name: str, *, inline: bool) -> list[bytes]:
    """Return Content-Type and Content-Disposition of a file, with its name in both forms.

    A media type that is malformed, or composite (message/*, multipart/*: those may not be
    base64, RFC 2046 §5.2.1), becomes application/octet-stream. Raises UnsafeField.
    """
    _check("filename", name)
    if not _MEDIA_TYPE.fullmatch(media_type) or media_type.lower().startswith(
        ("message/", "multi")
    ):
        media_type = "application/octet-stream"
    kind = "inline" if inline else "attachment"
    return [
        _line(f'Content-Type: {media_type}; name="{_quotable(ascii_name)}"'),
        _line(f"Content-Disposition: {kind}; {_file_name(name)}"),
    ]


def mail_address(email: str) -> str:
    """Return the address as it is written to, its domain ASCII; raise UnsafeField if it is none.

    Where the local part is not ASCII, SMTPUTF8 alone can carry it (RFC 6531 §3.1).
    """
    try:
        local, domain = local_and_domain(email)
    except NotUnderstood as error:
        raise UnsafeField("not an address that can be written to", thai=error.thai) from error
    return f"{local}@{domain}"


def _check(name: str, value: str) -> None:
    if not _NAME.fullmatch(name):
        raise UnsafeField("the name of a header field is malformed")
    if any(unicodedata.category(char) in ("Cc", "Cs", "Zl", "Zp") for char in value):
        raise UnsafeField(f"a control character would stand in {name}")


def _encoded_words(text: str, used: int) -> list[str]:
    """Cut the text into encoded words; the first has less room, after the field's name."""
    words, chunk, room = [], "", max((_LINE - used - 12) // 4 * 3, _SHORTEST_WORD)
    for cluster in _clusters(text):
        if chunk and len((chunk + cluster).encode()) > room:
            words.append(_encoded_word(chunk))
            chunk, room = "", 45
        chunk += cluster
    return [*words, _encoded_word(chunk)]


def _clusters(text: str) -> Iterator[str]:
    """Give each character with the marks on it; a heap of more than 6 marks is cut."""
    cluster = ""
    for char in text:
        if cluster and (not unicodedata.category(char).startswith("M") or len(cluster) > 6):
            yield cluster
            cluster = ""
        cluster += char
    if cluster:
        yield cluster


def _encoded_word(text: str) -> str:
    return f"=?utf-8?B?{base64.b64encode(text.encode()).decode()}?="


def _phrase(name: str, used: int) -> list[str]:
    if not name:
        return []
    if _PLAIN.fullmatch(name) and "=?" not in name and len(name) < _LINE - used:
        return [f'"{_quotable(name)}"']
    return _encoded_words(name, used)


def _quotable(text: str) -> str:
    _check("name", text)
    if not _PLAIN.fullmatch(text):
        raise UnsafeField("an ASCII name is not ASCII")
    return text.replace("\\", "\\\\").replace('"', '\\"')


def _file_name(name: str) -> str:
    if _PLAIN.fullmatch(name) and name == name.strip():
        return f'filename="{_quotable(name)}"'
    return f"filename*=utf-8''{quote(name, safe='')}"


def _fold(name: str, words: list[str], charset: str = "ascii") -> bytes:
    """Join the words of a value, folding before a word that would pass the line."""
    lines, line = [], f"{name}:"
    for word in words:
        if len(line) + 1 + len(word) > _LINE and line.strip() and line != f"{name}:":
            lines.append(line)
            line = ""
        line += f" {word}"
    return b"".join(_line(one, charset) for one in [*lines, line])


def _line(text: str, charset: str = "ascii") -> bytes:
    raw = text.encode(charset)
    if len(raw) > 998:
        raise UnsafeField("a line of a header would be longer than 998 octets")
    return raw + b"\r\n"
