"""The name of a file in a mail: as the sender gave it, and as it is safe to show.

A name may come as RFC 2231 continuations, as encoded words, as raw bytes, in Content-Disposition
or in Content-Type; the first has precedence (RFC 2183 §2.3). A file without one is called
``เอกสาร-1.pdf`` by its number among the files and its type; an attached mail by its subject.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Final

from gateway.inbound.charset import clean
from gateway.inbound.encoded_words import decode_words
from gateway.inbound.parameters import read_parameters
from gateway.inbound.split import Node
from registry.letter.enclosure import safe_name

_WORD: Final = "เอกสาร"
_SUFFIXES: Final = {
    "application/pdf": ".pdf",
    "application/msword": ".doc",
    "application/rtf": ".rtf",
    "text/rtf": ".rtf",
    "application/vnd.ms-excel": ".xls",
    "application/vnd.ms-powerpoint": ".ppt",
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document": ".docx",
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": ".xlsx",
    "application/vnd.openxmlformats-officedocument.presentationml.presentation": ".pptx",
    "application/vnd.oasis.opendocument.text": ".odt",
    "application/vnd.oasis.opendocument.spreadsheet": ".ods",
    "application/zip": ".zip",
    "application/x-rar": ".rar",
    "application/x-7z-compressed": ".7z",
    "application/vnd.ms-tnef": ".dat",
    "application/pkcs7-mime": ".p7m",
    "application/pkcs7-signature": ".p7s",
    "application/pgp-signature": ".asc",
    "application/json": ".json",
    "application/xml": ".xml",
    "text/xml": ".xml",
    "text/plain": ".txt",
    "text/html": ".html",
    "text/csv": ".csv",
    "text/calendar": ".ics",
    "message/rfc822": ".eml",
    "message/global": ".eml",
    "image/jpeg": ".jpg",
    "image/png": ".png",
    "image/gif": ".gif",
    "image/tiff": ".tif",
    "image/bmp": ".bmp",
    "image/svg+xml": ".svg",
    "audio/mpeg": ".mp3",
    "video/mp4": ".mp4",
}


@dataclass(frozen=True, slots=True)
class Name:
    """``given`` by the mail, "" if none; ``safe`` to show and to save, never empty.

    ``guesses`` tells what had to be guessed to read it.
    """

    given: str
    safe: str
    guesses: tuple[str, ...] = ()


def given_name(node: Node) -> str:
    """The file name the mail gives this part, decoded but not made safe, or ""."""
    return _given(node)[0]


def name_of(node: Node, media_type: str, number: int) -> Name:
    """Name a part that is file ``number`` of its mail (counted from 1)."""
    given, guesses = _given(node)
    if not given.strip() and node.media_type in {"message/rfc822", "message/global"}:
        subject = node.children and decode_words(node.children[0].fields.get("subject"))[0]
        if subject:
            return Name("", safe_name(f"{subject[:120]}.eml"))
    return replace(named(given, (media_type, node.media_type), number), guesses=guesses)


def named(given: str, media_types: Iterable[str], number: int) -> Name:
    """Name a file by what it is called, else by its number and the first type that is known."""
    if given.strip():
        return Name(given, safe_name(given))
    suffix = next((_SUFFIXES[kind] for kind in media_types if kind in _SUFFIXES), "")
    return Name("", f"{_WORD}-{number}{suffix}")


def _given(node: Node) -> tuple[str, tuple[str, ...]]:
    disposition = read_parameters(node.fields.get("content-disposition"))
    if name := disposition.get("filename"):
        return clean(name), disposition.defects
    return clean(node.content.get("name")), ()  # the splitter tells what Content-Type lacks
