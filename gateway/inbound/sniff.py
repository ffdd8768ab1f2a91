"""What a file is, by its bytes: libmagic looks at the beginning, the claim breaks ties.

libmagic comes with Python's packages (pylibmagic), so no Debian package is needed. A Magic object
is not safe between threads: each thread has its own. Where libmagic sees only a container or
nothing at all, a claimed type that such bytes may well have is believed.

libmagic takes milliseconds for a file, also for one of three bytes. Of a mail that brings hundreds
it is asked for the first hundred (:class:`Sniffer`); the others are known by how their kind begins.
"""

import threading
from typing import Final

import pylibmagic  # noqa: F401 - brings libmagic, and must come before magic

# isort: split
import magic

ENOUGH: Final = 64 * 1024  # bytes of a file's beginning that are worth looking at

MOST_SURE: Final = 100  # files of one mail that libmagic is asked for

_VAGUE: Final = frozenset({"application/octet-stream", "text/plain", "application/x-empty", ""})
_ZIPPED: Final = (
    "application/vnd.openxmlformats-",
    "application/vnd.oasis.opendocument.",
    "application/epub+zip",
    "application/vnd.ms-",
    "application/hwp+zip",
)
_OLE: Final = ("application/msword", "application/vnd.ms-", "application/x-ole-storage")
_NEVER_BELIEVED: Final = frozenset({"application/octet-stream", "application/x-download", ""})
_WOULD_BE_SEEN: Final = (
    "application/pdf",
    "application/zip",
    "application/x-dosexec",
    "image/jpeg",
    "image/png",
    "image/gif",
    "image/tiff",
    "multipart/",
    "message/partial",
)
_BEGINNINGS: Final = (
    (b"%PDF-", "application/pdf"),
    (b"PK\x03\x04", "application/zip"),
    (b"PK\x05\x06", "application/zip"),
    (b"\x89PNG\r\n\x1a\n", "image/png"),
    (b"\xff\xd8\xff", "image/jpeg"),
    (b"GIF8", "image/gif"),
    (b"II*\x00", "image/tiff"),
    (b"MM\x00*", "image/tiff"),
    (b"MZ", "application/x-dosexec"),
    (b"\x7fELF", "application/x-executable"),
    (b"#!", "text/x-shellscript"),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "application/x-ole-storage"),
    (b"Rar!\x1a\x07", "application/x-rar"),
    (b"7z\xbc\xaf\x27\x1c", "application/x-7z-compressed"),
    (b"\x1f\x8b", "application/gzip"),
)
_PAGES: Final = (b"<!doctype html", b"<html", b"<head", b"<script")
_BINARY: Final = bytes({*range(32), 127} - set(b"\t\n\f\r\x1b"))
_GLANCE: Final = 512  # bytes that tell text from what is none
_threads = threading.local()


class Sniffer:
    """Says what the files of one mail are; with ``all_sure`` libmagic is asked for every one."""

    def __init__(self, *, all_sure: bool = False) -> None:
        self._all_sure = all_sure
        self.seen = 0

    def media_type(self, head: bytes, claimed: str) -> str:
        """As :func:`media_type`."""
        self.seen += 1
        if self._all_sure or self.seen <= MOST_SURE:
            return media_type(head, claimed)
        return _weighed(_by_beginning(head), claimed)


def media_type(head: bytes, claimed: str) -> str:
    """Return the media type of a file that begins with these bytes; ``claimed`` by its mail.

    Empty and unrecognisable files are application/octet-stream unless the claim is better.
    """
    return _weighed(_magic().from_buffer(head[:ENOUGH]) if head else "", claimed)


def _by_beginning(head: bytes) -> str:
    """Give the kind that begins so, else whether it looks like text; "" for an empty file."""
    for beginning, kind in _BEGINNINGS:
        if head.startswith(beginning):
            return kind
    glance = head[:_GLANCE]
    if glance.lstrip().lower().startswith(_PAGES):
        return "text/html"
    plain = len(glance.translate(None, _BINARY)) == len(glance)
    return ("text/plain" if plain else "application/octet-stream") if head else ""


def _weighed(found: str, claimed: str) -> str:
    """Let the claim break ties."""
    if found == "application/zip" and claimed.startswith(_ZIPPED):
        return claimed
    if found in {"application/x-ole-storage", "application/CDFV2"} and claimed.startswith(_OLE):
        return claimed
    if found in _VAGUE and _fits(found, claimed):
        return claimed
    return "application/octet-stream" if found in {"", "application/x-empty"} else found


def _fits(found: str, claimed: str) -> bool:
    """Whether a vague finding leaves room for the claim; what libmagic would know, it is not."""
    if claimed in _NEVER_BELIEVED or claimed.startswith(_WOULD_BE_SEEN):
        return False
    if found == "text/plain":
        return claimed.startswith(("text/", "message/")) or claimed.endswith(("+json", "+xml"))
    return not claimed.startswith("text/")


def _magic() -> "magic.Magic":
    if not hasattr(_threads, "magic"):
        _threads.magic = magic.Magic(mime=True)
    found: magic.Magic = _threads.magic
    return found
