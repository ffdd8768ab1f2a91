"""Blocks: postings of neighbouring grams in one row, since a row costs more than a posting.

A posting is a gram, how many documents of a segment bear it, and which (:mod:`bits`). Most are of
ten bytes, and a row of a database costs thirty to a hundred besides; so some fifty of them lie side
by side, in the order of their grams, under the last of these. The block that may hold a gram is
the first whose name is not less. No block holds grams of two kinds: so in nearly all of them the
grams have one length, and one is found without reading the others.

The bytes of a block: how long its grams are, or 0 where they differ; the length of a bitmap, which
is what a set of documents takes at most; the lengths of the grams where they differ; the grams; how
many documents each has; the sets. Numbers have two bytes, the lower first.
"""

import struct
from collections.abc import Iterable, Iterator, Sequence
from itertools import accumulate
from typing import Final

BYTES: Final = 900
"""About how long a block is: four fill a page of SQLite, which keeps longer ones apart."""
_HEAD: Final = struct.Struct("<BH")

Posting = tuple[bytes, int, bytes]
"""A gram, how many documents bear it, and which, packed."""
Block = tuple[bytes, int, bytes]
"""The last gram of a block, how many postings are in it, and its bytes."""


def blocks(postings: Iterable[Posting], span: int) -> Iterator[Block]:
    """Lay postings of a segment that covers ``span`` documents into blocks; grams ascend."""
    some: list[Posting] = []
    size, kind = 0, -1
    for posting in postings:
        gram, _count, docs = posting
        size += len(gram) + len(docs) + 2
        if some and (size > BYTES or gram[0] != kind):
            yield _block(some, span)
            some, size = [], len(gram) + len(docs) + 2
        kind = gram[0]
        some.append(posting)
    if some:
        yield _block(some, span)


def postings_in(count: int, data: bytes) -> Iterator[Posting]:
    """Give the postings of a block, in the order of their grams."""
    most, starts, begin = _grams(count, data)
    counts = struct.unpack_from(f"<{count}H", data, begin)
    begin += 2 * count
    grams = (data[starts[place] : starts[place + 1]] for place in range(count))
    ends = accumulate((min(2 * one, most) for one in counts), initial=begin)
    return _zipped(grams, counts, data, list(ends))


def posting_in(count: int, data: bytes, gram: bytes) -> tuple[int, bytes] | None:
    """Give how many documents of a block bear this gram, and which; None if none does."""
    most, starts, begin = _grams(count, data)
    place = _place(data, starts, gram)
    if place is None:
        return None
    counts = struct.unpack_from(f"<{place + 1}H", data, begin)
    begin += 2 * count + sum([min(2 * one, most) for one in counts[:place]])
    return counts[place], data[begin : begin + min(2 * counts[place], most)]


def _block(postings: Sequence[Posting], span: int) -> Block:
    grams, counts, docs = zip(*postings, strict=True)
    lengths = set(map(len, grams))
    width = lengths.pop() if len(lengths) == 1 else 0
    parts = [_HEAD.pack(width if width < 256 else 0, span // 8)]
    if not parts[0][0]:
        parts.append(struct.pack(f"<{len(grams)}H", *map(len, grams)))
    parts += grams
    parts.append(struct.pack(f"<{len(grams)}H", *counts))
    parts += docs
    return grams[-1], len(grams), b"".join(parts)


def _grams(count: int, data: bytes) -> tuple[int, Sequence[int], int]:
    """Give the length of a bitmap, where each gram begins and the last ends, and that end."""
    width, most = _HEAD.unpack_from(data)
    begin = _HEAD.size
    if width:
        end = begin + width * count
        return most, range(begin, end + 1, width), end
    lengths = struct.unpack_from(f"<{count}H", data, begin)
    starts = list(accumulate(lengths, initial=begin + 2 * count))
    return most, starts, starts[-1]


def _place(data: bytes, starts: Sequence[int], gram: bytes) -> int | None:
    """Give which of the grams that begin there this one is."""
    length = len(gram)
    if isinstance(starts, range):
        at = data.find(gram, starts[0], starts[-1]) if length == starts.step else -1
        while at >= 0 and at not in starts:
            at = data.find(gram, at + 1, starts[-1])
        return starts.index(at) if at >= 0 else None
    for place, start in enumerate(starts[:-1]):
        if starts[place + 1] - start == length and data.startswith(gram, start):
            return place
    return None


def _zipped(
    grams: Iterable[bytes], counts: Iterable[int], data: bytes, ends: Sequence[int]
) -> Iterator[Posting]:
    for place, (gram, count) in enumerate(zip(grams, counts, strict=True)):
        yield gram, count, data[ends[place] : ends[place + 1]]
