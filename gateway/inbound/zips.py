"""What a zip says it holds: names and sizes from its central directory, nothing ever unpacked.

An officer sees the names before anybody opens the file, and what is wrong with it: a password, an
archive in the archive, names that lead out of their folder, entries that lie over each other, far
more bytes than such a file could honestly hold (APPNOTE.TXT 4.3 and 4.5). Sizes are what the zip
claims; nothing is decompressed, so that no bomb can go off here.

Bounds: 10,000 entries are looked at, 200 names are told.
"""

import os
import re
import struct
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from itertools import pairwise
from typing import BinaryIO, Final

from gateway.inbound.charset import clean, read_text
from registry.letter.enclosure import human_size, safe_name
from registry.thai.numerals import to_thai

MOST_ENTRIES: Final = 10_000
MOST_TOLD: Final = 200

_TAIL: Final = 66_000  # a comment of 65,535 bytes, the end record and the locator of zip64
_BOMB_TIMES: Final = 100
_BOMB_BYTES: Final = 10_000_000
_LONGEST_NAME: Final = 120
_MOST_NAME: Final = 1000  # bytes of a name that are read
_MOST_EXTRAS: Final = 20
_UNKNOWN_32: Final = 0xFFFFFFFF
_HEAD: Final = struct.Struct("<4s4xH10xIIHHH8xI")
_LOCAL_HEAD: Final = 30
_ENCRYPTED, _UTF8 = 0x1, 0x800
_ARCHIVE: Final = re.compile(
    r"\.(?:zip|rar|7z|gz|tgz|bz2|xz|tar|cab|arj|iso|jar|zst)$", re.IGNORECASE
)
_OUTSIDE: Final = re.compile(r"^(?:[a-zA-Z]:|[/\\])|(?:^|[/\\])\.\.(?:[/\\]|$)")

_ALARMS: Final = {
    "encrypted": ("zip with files behind a password", "มีไฟล์ที่ต้องใช้รหัสผ่าน"),
    "outside": (
        "zip with names that lead out of its folder",
        "มีชื่อไฟล์ที่ชี้ออกนอกโฟลเดอร์ ไม่ควรแตกไฟล์",
    ),
    "overlap": ("zip whose entries lie over each other", "รายการไฟล์ซ้อนทับกัน ไม่ควรแตกไฟล์"),
    "bomb": (
        f"zip that unpacks to more than {_BOMB_TIMES} times its size",
        f"แตกแล้วใหญ่กว่าเดิมเกิน {to_thai(str(_BOMB_TIMES))} เท่า ไม่ควรแตกไฟล์",
    ),
    "many": (f"zip with more than {MOST_ENTRIES} entries", "มีรายการไฟล์มากผิดปกติ ไม่ควรแตกไฟล์"),
    "damaged": ("zip that cannot be listed", "อ่านรายการในไฟล์ไม่ได้ ไฟล์อาจเสียหายหรือขาดตอน"),
}


@dataclass(frozen=True, slots=True)
class Listing:
    """Short Thai lines for officers, the alarms first; and the alarms in English."""

    lines: tuple[str, ...]
    defects: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Entry:
    name: str
    flags: int
    packed: int
    size: int
    offset: int
    name_bytes: int


class _Damaged(ValueError):
    """The directory is not where it should be, or not what it should be."""


def list_zip(file: BinaryIO) -> Listing:
    """List a zip that can be sought in; never raises but for the disk."""
    whole = file.seek(0, os.SEEK_END)
    alarms: dict[str, None] = {}
    entries: list[_Entry] = []
    try:
        for entry in _entries(file, whole):
            if len(entries) == MOST_ENTRIES:
                alarms["many"] = None
                break
            entries.append(entry)
    except (_Damaged, struct.error):
        alarms["damaged"] = None
    alarms |= dict.fromkeys(_wrong(entries, whole))
    told = [_ALARMS[alarm] for alarm in alarms]
    lines = (_summary(entries), *(thai for _, thai in told), *_names(entries))
    return Listing(lines, tuple(english for english, _ in told))


def names_in(file: BinaryIO) -> Iterator[str]:
    """Give the names of all entries as far as they can be read; never raises but for the disk."""
    whole = file.seek(0, os.SEEK_END)
    with suppress(_Damaged, struct.error):
        for entry in _entries(file, whole):
            yield entry.name


def _wrong(entries: list[_Entry], whole: int) -> Iterator[str]:
    if any(entry.flags & _ENCRYPTED for entry in entries):
        yield "encrypted"
    if any(_OUTSIDE.search(entry.name) for entry in entries):
        yield "outside"
    places = sorted((e.offset, e.offset + _LOCAL_HEAD + e.name_bytes + e.packed) for e in entries)
    if any(end > after for (_, end), (after, _) in pairwise(places)):
        yield "overlap"
    total = sum(entry.size for entry in entries)
    if total > _BOMB_BYTES and total > _BOMB_TIMES * whole:
        yield "bomb"


def _summary(entries: list[_Entry]) -> str:
    files = [entry for entry in entries if not entry.name.endswith("/")]
    inner = sum(bool(_ARCHIVE.search(entry.name)) for entry in files)
    nested = f" ในจำนวนนี้เป็นไฟล์บีบอัด {to_thai(str(inner))} ไฟล์" if inner else ""
    size = human_size(sum(entry.size for entry in files))
    return f"{to_thai(str(len(files)))} ไฟล์ เมื่อแตกแล้วรวม {size}{nested}"


def _names(entries: list[_Entry]) -> Iterator[str]:
    files = [entry for entry in entries if not entry.name.endswith("/")]
    for entry in files[:MOST_TOLD]:
        yield f"{_shown(entry.name)} ({human_size(entry.size)})"
    if len(files) > MOST_TOLD:
        yield f"และอีก {to_thai(str(len(files) - MOST_TOLD))} ไฟล์"


def _shown(name: str) -> str:
    """Give a path without what could mislead an eye or a terminal."""
    folders = [part for part in re.split(r"[/\\]+", name) if part not in {"", ".", ".."}]
    shown = "/".join(safe_name(part) for part in folders) or safe_name("")
    return shown if len(shown) <= _LONGEST_NAME else f"…{shown[-_LONGEST_NAME:]}"


def _entries(file: BinaryIO, whole: int) -> Iterator[_Entry]:
    """Read the central directory from its place, entry by entry."""
    start, left = _directory(file, whole)
    file.seek(start)
    while left:  # by the size: the number of entries wraps at 65,536, and is believed by few
        head = file.read(_HEAD.size)
        if len(head) < _HEAD.size or not head.startswith(b"PK\x01\x02"):
            raise _Damaged("not an entry")
        _, flags, packed, real, names, extras, notes, offset = _HEAD.unpack(head)
        rest = file.read(names + extras + notes)
        left = max(left - len(head) - len(rest), 0)
        extra = _extras(rest[names : names + extras])
        real, packed, offset = _wide(extra.get(0x0001, b""), (real, packed, offset))
        name = _name(rest[: min(names, _MOST_NAME)], extra.get(0x7075, b"")[:_MOST_NAME], flags)
        yield _Entry(name, flags, packed, real, offset, names)


def _directory(file: BinaryIO, whole: int) -> tuple[int, int]:
    """Find where the central directory is: its start and its size."""
    tail_at = max(whole - _TAIL, 0)
    file.seek(tail_at)
    tail = file.read(_TAIL)
    at = tail.rfind(b"PK\x05\x06")
    if at < 0 or len(tail) - at < 22:
        raise _Damaged("no end record")
    (size,) = struct.unpack("<I", tail[at + 12 : at + 16])
    end = tail_at + at
    locator = tail[max(at - 20, 0) : at]
    if len(locator) == 20 and locator.startswith(b"PK\x06\x07"):
        (end,) = struct.unpack("<Q", locator[8:16])
        file.seek(min(end, whole))
        (size,) = struct.unpack("<Q", file.read(56)[40:48])
    # Counted back from the end: a zip behind a program that unpacks it begins later than it says.
    if size > end:
        raise _Damaged("a directory larger than the file")
    return end - size, size


def _extras(data: bytes) -> dict[int, bytes]:
    found: dict[int, bytes] = {}
    at = 0
    while at + 4 <= len(data) and len(found) < _MOST_EXTRAS:
        tag, length = struct.unpack("<HH", data[at : at + 4])
        found.setdefault(tag, data[at + 4 : at + 4 + length])
        at += 4 + length
    return found


def _wide(extra: bytes, values: tuple[int, int, int]) -> tuple[int, int, int]:
    """Take sizes and offset that need 64 bits from where zip64 puts them."""
    wide = [number for (number,) in struct.iter_unpack("<Q", extra[: len(extra) // 8 * 8])]
    size, packed, offset = (
        wide.pop(0) if value == _UNKNOWN_32 and wide else value for value in values
    )
    return size, packed, offset


def _name(data: bytes, unicode_path: bytes, flags: int) -> str:
    """Read a name: said or found to be UTF-8, else Thai by its bytes, else as DOS wrote it."""
    if len(unicode_path) > 5:
        return clean(unicode_path[5:].decode("utf-8", "replace"))
    if flags & _UTF8 or data.isascii():
        return clean(data.decode("utf-8", "replace"))
    reading = read_text(data)
    return clean(data.decode("cp437")) if "iso-8859-1" in reading.guess else reading.text
