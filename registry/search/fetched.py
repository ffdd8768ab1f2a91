"""The postings that one search works with: each is fetched once, however many passes ask for it.

A search goes through the index several times – numbers, fields, texts, the total, near spellings –
and asks for the same grams of the same segments again and again. What was fetched is kept until the
search is over, and so is what was reckoned from it, since the total goes the way of the last pass
once more: a few megabytes for a line of many words. So a search sees one state of a segment.
"""

from collections import defaultdict
from collections.abc import Sequence

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from registry.models.search import SearchDocRow, SearchSegmentRow
from registry.search import bits, segments
from registry.search.engine import postings, postings_between

Pack = tuple[int, bytes]
"""A packed set: how many it holds, and its bytes."""


class Fetched:
    """What the index says, as far as it was asked; ``segments`` are the newest first.

    ``reckoned`` holds what :mod:`registry.search.candidates` made of it: by plan and segment.
    """

    def __init__(self, session: Session) -> None:
        self.segments: Sequence[SearchSegmentRow] = segments.ready(session)
        self.reckoned: dict[object, dict[int, int]] = {}
        self._session = session
        self._packs: dict[int, dict[bytes, Pack | None]] = defaultdict(dict)
        self._either: dict[tuple[bytes, bytes, int], int] = {}
        self._tail: Sequence[tuple[int, int]] | None = None
        self._counts: dict[bytes, int] = {}

    def top(self) -> int:
        """Give a number above that of every document."""
        return (self._session.scalar(select(func.max(SearchDocRow.doc))) or 0) + 1

    def tail(self) -> Sequence[tuple[int, int]]:
        """Give number and entity of the documents that are in no segment yet, the newest first."""
        if self._tail is None:
            newest, table = self.segments[0].hi if self.segments else -1, SearchDocRow
            wanted = select(table.doc, table.entity_id).where(table.doc > newest)
            rows = self._session.execute(wanted.order_by(table.doc.desc()))
            self._tail = [(row[0], row[1]) for row in rows]
        return self._tail

    def counts(self, grams: Sequence[bytes]) -> dict[bytes, int]:
        """Say how many documents of the largest segment bear each of these grams."""
        new = [gram for gram in grams if gram not in self._counts]
        if new and self.segments:
            largest = max(self.segments, key=lambda one: one.level)
            self._counts |= dict.fromkeys(new, 0)
            self._counts |= {row[1]: row[2] for row in postings(self._session, [largest.id], new)}
        return self._counts

    def packs(self, places: Sequence[int], grams: Sequence[bytes]) -> dict[int, list[Pack]]:
        """Give the sets of all these grams, for each of the segments that has every one of them."""
        self._fetch(places, grams)
        found = {}
        for place in places:
            held = self._packs[place]
            mine = [pack for gram in grams if (pack := held[gram]) is not None]
            if len(mine) == len(grams):
                found[place] = mine
        return found

    def any_of(self, places: Sequence[int], grams: Sequence[bytes]) -> dict[int, int]:
        """Give for each segment, as a bitmap, the documents that bear one of these grams."""
        self._fetch(places, grams)
        return {
            place: bits.either([pack for gram in grams if (pack := self._packs[place][gram])])
            for place in places
        }

    def between(self, places: Sequence[int], low: bytes, high: bytes) -> dict[int, int]:
        """Give the same for all grams from ``low`` up to, not including, ``high``."""
        if new := [place for place in places if (low, high, place) not in self._either]:
            packs: dict[int, list[Pack]] = {place: [] for place in new}
            for place, members, docs in postings_between(self._session, new, low, high):
                packs[place].append((members, docs))
            self._either |= {(low, high, place): bits.either(packs[place]) for place in new}
        return {place: self._either[low, high, place] for place in places}

    def _fetch(self, places: Sequence[int], grams: Sequence[bytes]) -> None:
        """Fetch what is not here yet; nearly always all grams lack the same segments."""
        lacking: dict[tuple[int, ...], list[bytes]] = defaultdict(list)
        for gram in grams:
            if new := tuple(place for place in places if gram not in self._packs[place]):
                lacking[new].append(gram)
        for new, those in lacking.items():
            for place in new:
                self._packs[place].update(dict.fromkeys(those))
            for place, gram, members, docs in postings(self._session, new, those):
                self._packs[place][gram] = members, docs
