"""Sets of documents of one segment, as they are kept and as they are reckoned with.

A segment is a run of document numbers. A set is kept as a list of 16-bit offsets where that is
shorter, else as a bitmap, one bit a document. Python's whole numbers are the bitmaps reckoned
with: ``&`` over four thousand bytes takes less time than fetching them.
"""

import sys
from array import array
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from typing import Final

_BITS_OF: Final = tuple(
    tuple(bit for bit in range(7, -1, -1) if byte >> bit & 1) for byte in range(256)
)
_BIT: Final = tuple(1 << offset for offset in range(512))
_SPARSE: Final = 100  # members that are quicker taken one by one than looked for byte by byte


def packed(offsets: Sequence[int], span: int) -> bytes:
    """Pack ascending offsets below ``span`` (a multiple of eight, at most 65,536)."""
    if 2 * len(offsets) <= span // 8:
        few = array("H", offsets)
        if sys.byteorder == "big":
            few.byteswap()
        return few.tobytes()
    if span <= len(_BIT):
        return sum(map(_BIT.__getitem__, offsets)).to_bytes(span // 8, "little")
    many = bytearray(span // 8)
    for offset in offsets:
        many[offset >> 3] |= 1 << (offset & 7)
    return bytes(many)


def unpacked(count: int, data: bytes) -> Sequence[int]:
    """Give the offsets, ascending, of a packed set of ``count`` members."""
    if len(data) == 2 * count:
        few = array("H", data)
        if sys.byteorder == "big":
            few.byteswap()
        return few
    return list(descending(int.from_bytes(data, "little")))[::-1]


def joined(parts: Sequence[tuple[int, int, bytes]], span: int) -> tuple[int, bytes]:
    """Put packed sets side by side: (first offset, a multiple of eight; members; packed) each."""
    count = sum(members for _base, members, _data in parts)
    if 2 * count <= span // 8:
        few = [base + one for base, members, data in parts for one in unpacked(members, data)]
        return count, packed(few, span)
    many = bytearray(span // 8)
    for base, members, data in parts:
        if len(data) != 2 * members:
            many[base >> 3 : (base >> 3) + len(data)] = data
            continue
        for one in unpacked(members, data):
            many[(base + one) >> 3] |= 1 << (one & 7)
    return count, bytes(many)


def as_bitmap(count: int, data: bytes) -> int:
    """Give a packed set as a whole number, bit by offset."""
    if len(data) != 2 * count:
        return int.from_bytes(data, "little")
    return _bitmap(unpacked(count, data))


def _bitmap(offsets: Sequence[int]) -> int:
    many = bytearray((max(offsets, default=0) >> 3) + 1)
    for offset in offsets:
        many[offset >> 3] |= 1 << (offset & 7)
    return int.from_bytes(many, "little")


def common(packs: Sequence[tuple[int, bytes]]) -> int:
    """Give what is in all of these packed sets, as a bitmap; there must be one at least."""
    first, *others = sorted(packs, key=lambda pack: pack[0])
    if len(first[1]) != 2 * first[0]:
        found = int.from_bytes(first[1], "little")
        for _count, data in others:
            found &= int.from_bytes(data, "little")
        return found
    few: Sequence[int] = unpacked(*first)
    for count, data in others:
        if not few:
            return 0
        if len(data) == 2 * count:
            few = list(set(few).intersection(unpacked(count, data)))
        else:
            few = [one for one in few if data[one >> 3] >> (one & 7) & 1]
    return _bitmap(few)


def narrowed(found: int, packs: Sequence[tuple[int, bytes]]) -> int:
    """Give what of a bitmap is in all of these packed sets as well."""
    if found.bit_count() > _SPARSE:
        return found & common(packs)
    few = list(descending(found))
    for count, data in packs:
        if len(data) != 2 * count:
            few = [one for one in few if data[one >> 3] >> (one & 7) & 1]
        elif few:
            there = unpacked(count, data)
            few = [one for one in few if there[bisect_left(there, one) % count] == one]
    return _bitmap(few)


def either(packs: Sequence[tuple[int, bytes]]) -> int:
    """Give what is in any of these packed sets, as a bitmap."""
    found, few = 0, set[int]()
    for count, data in packs:
        if len(data) == 2 * count:
            few.update(unpacked(count, data))
        else:
            found |= int.from_bytes(data, "little")
    return found | _bitmap(list(few)) if few else found


def descending(bitmap: int) -> Iterator[int]:
    """Give the offsets of a bitmap, the highest first."""
    if bitmap.bit_count() <= _SPARSE:
        while bitmap:
            offset = bitmap.bit_length() - 1
            yield offset
            bitmap ^= 1 << offset
        return
    data = bitmap.to_bytes((bitmap.bit_length() + 7) // 8, "little")
    for place in range(len(data) - 1, -1, -1):
        if byte := data[place]:
            for bit in _BITS_OF[byte]:
                yield place << 3 | bit
