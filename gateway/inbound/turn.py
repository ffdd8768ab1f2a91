"""Whose turn it is: which letters of the spool are worked on next, when more wait than can be.

The rule. Urgent letters go first, the most urgent before the others, each rank by age. Of the rest
three places in four go to the oldest, so that nobody waits for ever; every fourth goes to the
newest, so that who writes today hears today, though a backlog of hours lies before them. Where all
fit, age alone decides.

Memory does not grow with the backlog: the folders are read through, and no more than a few thousand
names are held at a time.
"""

import os
from collections.abc import Callable, Iterator
from contextlib import suppress
from itertools import islice
from pathlib import Path
from typing import Final

from gateway.inbound.pack import APART, PACK, PackName

AT_ONCE: Final = 2048
"""Names given by one look at the spool."""
_NEWEST: Final = 4  # one place in so many goes to the newest
_MARKS: Final = {".p1": 1, ".p2": 2, ".p3": 3}

Place = tuple[str, str]  # id, which sorts by time, or name of a pack; process


def next_names(
    root: Path, resting: Callable[[str], bool] = lambda _: False, most: int = AT_ONCE
) -> list[str]:
    """Give the names of at most this many letters and packs, in the order in which to work on them.

    A pack counts as one. ``resting`` says of the name of a letter that it is not to be given now.
    """
    crowd = _Crowd(most)
    urgent: dict[int, _Crowd] = {rank: _Crowd(most) for rank in _MARKS.values()}
    for process, letter, suffix in _files(root):
        if resting(f"{process}/{letter}"):
            continue
        if suffix in (PACK, APART) and (pack := PackName.parse(letter)):
            urgent.get(pack.priority, crowd).add((letter, process))
        elif suffix == ".json":
            crowd.add((letter, process))
        elif suffix in _MARKS and (root / process / "new" / f"{letter}.json").exists():
            urgent[_MARKS[suffix]].add((letter, process))
    first = [place for rank in (3, 2, 1) for place in urgent[rank].oldest()]
    order = dict.fromkeys((*first, *crowd.fairly()))
    return [f"{process}/{letter}" for letter, process in islice(order, most)]


class _Crowd:
    """The oldest and the newest of very many, in bounded memory."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._places: list[Place] = []

    def add(self, place: Place) -> None:
        self._places.append(place)
        if len(self._places) >= 4 * self._most:
            self._thin_out()

    def oldest(self) -> list[Place]:
        self._thin_out()
        return self._places

    def fairly(self) -> Iterator[Place]:
        """Give them in the order of the rule."""
        self._places.sort()
        if len(self._places) <= self._most:
            yield from self._places
            return
        self._thin_out()
        oldest, newest = iter(self._places), reversed(self._places)
        while True:
            yield from islice(oldest, _NEWEST - 1)
            yield from islice(newest, 1)
            self._most -= _NEWEST
            if self._most <= 0:
                return

    def _thin_out(self) -> None:
        self._places.sort()
        if len(self._places) > 2 * self._most:
            self._places = self._places[: self._most] + self._places[-self._most :]


def _files(root: Path) -> Iterator[tuple[str, str, str]]:
    """Give process, letter and suffix of every file in a folder ``new``."""
    with suppress(FileNotFoundError), os.scandir(root) as processes:
        for process in processes:
            with (
                suppress(FileNotFoundError, NotADirectoryError),
                os.scandir(f"{process.path}/new") as letters,
            ):
                for one in letters:
                    letter, dot, suffix = one.name.partition(".")
                    yield process.name, letter, dot + suffix
