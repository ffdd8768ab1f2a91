"""What a file is, by its bytes: libmagic looks at the beginning, the claim breaks ties.

libmagic comes with Python's packages (pylibmagic), so no Debian package is needed. A Magic object
is not safe between threads: each thread has its own. Where libmagic sees only a container or
nothing at all, a claimed type that such bytes may well have is believed.
"""

import threading
from typing import Final

import pylibmagic  # noqa: F401 - brings libmagic, and must come before magic

# isort: split
import magic

ENOUGH: Final = 64 * 1024  # bytes of a file's beginning that are worth looking at

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
_threads = threading.local()


def media_type(head: bytes, claimed: str) -> str:
    """Return the media type of a file that begins with these bytes; ``claimed`` by its mail.

    Empty and unrecognisable files are application/octet-stream unless the claim is better.
    """
    found = _magic().from_buffer(head[:ENOUGH]) if head else ""
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
