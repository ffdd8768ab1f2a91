"""Enclosures (สิ่งที่ส่งมาด้วย): the files of a letter, their names and their sizes.

The name a sender gives a file is never a path here. Bytes are stored by digest;
:func:`safe_name` is only for showing, and for the file that an officer saves, on any
system and in any folder.

A megabyte is 1,000,000 bytes wherever this system speaks of one.
"""

import re
import unicodedata
from dataclasses import dataclass
from typing import Final, Literal

from registry.thai.numerals import to_thai
from registry.thai.text import tidy

_UNITS: Final = ("KB", "MB", "GB", "TB")
_LONGEST_NAME: Final = 255  # octets, what ext4, NTFS and object stores take
_LONGEST_SUFFIX: Final = 32
_EDGES: Final = ". "
_INVISIBLE: Final = frozenset({"Cc", "Cf", "Cs", "Cn"})
_FALLBACK: Final = "เอกสาร"
_PATH: Final = re.compile(r"^(?:[a-z]:|\.{0,2})[/\\](?:.*[/\\])?", re.IGNORECASE)
_SEPARATORS: Final = re.compile(r"\s*[/\\|]+\s*")
_NOT_IN_NAMES: Final = re.compile(r'[:*?"<>\s]+')
_DEVICE: Final = re.compile(
    r"(?:con|prn|aux|nul|conin\$|conout\$|(?:com|lpt)[0-9¹²³])(?=\s*(?:\.|$))", re.IGNORECASE
)
_SUFFIX: Final = re.compile(r"(?:\.tar)?\.[^.\s]{1,12}$", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Enclosure:
    """One file of a letter: the letter itself or an enclosure.

    ``bytes`` is the decoded size, ``sha256`` of the decoded bytes. ``media_type`` is what
    the bytes are, ``claimed_type`` what the mail said. ``split``: it left the mail and is
    fetched by its ``url``.
    """

    name: str
    role: Literal["letter", "enclosure"]
    bytes: int
    sha256: str
    media_type: str
    claimed_type: str
    split: bool
    url: str | None = None


def human_size(size: int) -> str:
    """Return a size in bytes for Thai readers: ``๔๐.๐ MB``, ``๙๙๙ ไบต์``."""
    if size < 1000:
        return f"{to_thai(str(size))} ไบต์"
    amount, unit = size / 1000, 0
    while round(amount, 1) >= 1000 and unit < len(_UNITS) - 1:
        amount, unit = amount / 1000, unit + 1
    return f"{to_thai(f'{amount:.1f}')} {_UNITS[unit]}"


def safe_name(name: str) -> str:
    """Return a file name that is safe to show and to save, never empty.

    The folders of a whole path go, a slash inside a name (ว 12/2569) becomes a hyphen. No
    control or bidi characters, no Windows device name, no dot or space at the ends,
    NFC, at most 255 octets of UTF-8; a long name keeps its extension.
    """
    clean = _PATH.sub("", _visible(name))
    clean = _NOT_IN_NAMES.sub(" ", _SEPARATORS.sub("-", clean))
    clean = tidy(clean).strip(_EDGES)
    if _DEVICE.match(clean):
        clean = f"_{clean}"
    return _shorten(clean) or _FALLBACK


def _visible(name: str) -> str:
    plain = " ".join(tidy(name).split())
    return "".join(c for c in plain if unicodedata.category(c) not in _INVISIBLE)


def _shorten(name: str) -> str:
    if len(name.encode()) <= _LONGEST_NAME:
        return name
    found = _SUFFIX.search(name)
    suffix = found[0] if found and len(found[0].encode()) <= _LONGEST_SUFFIX else ""
    stem = name.removesuffix(suffix).encode()[: _LONGEST_NAME - len(suffix.encode())]
    kept = stem.decode(errors="ignore")
    return kept.strip(_EDGES) + suffix
