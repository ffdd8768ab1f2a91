"""The form of a pack: one spool file that holds several small letters.

Letters that are ready at the same moment share it, and with it the two fsyncs that make them
durable. It stands in ``new/`` as ``<id>-<letters>.pack``, or ``<id>-<letters>-p3.pack`` when its
letters are urgent; the id is that of its first letter. Inside stands for each letter its envelope,
a line of JSON that tells how many bytes follow, then its raw bytes as received, then an empty
line: so a person can read it with any pager.

A pack is whole or not there at all, since it is renamed into place after its fsync. It is never
changed; who must treat one of its letters apart takes all of them out first
(:mod:`gateway.inbound.tray`).
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Self

from gateway.inbound.envelope import Envelope
from registry.errors import NotUnderstood

MOST: Final = 64
"""Letters in one pack, each of at most 64 KiB."""
PACK: Final = ".pack"
APART: Final = ".apart"
"""Suffix of a pack whose letters are being taken out."""
_NAME: Final = re.compile(r"([a-z2-7]{16})-(\d{1,3})(?:-p([1-3]))?")
_LINE: Final = 1_000_000  # bytes of an envelope, far more than any has
_END: Final = b"\n\n"


@dataclass(frozen=True, slots=True)
class PackName:
    """What the name of a pack tells: its id, how many letters it was made with, their priority."""

    id: str
    letters: int
    priority: int = 0

    def __str__(self) -> str:
        mark = f"-p{self.priority}" if self.priority else ""
        return f"{self.id}-{self.letters}{mark}"

    @classmethod
    def parse(cls, stem: str) -> Self | None:
        """Read the name of a file without its suffix; None for any that is no pack."""
        found = _NAME.fullmatch(stem)
        return found and cls(found[1], int(found[2]), int(found[3] or 0))


class Damaged(NotUnderstood):
    """A pack that cannot be read on; ``at`` is where the part begins that cannot be."""

    def __init__(self, at: int) -> None:
        super().__init__(f"a pack is damaged from byte {at} on")
        self.at = at


def content(letters: Iterable[tuple[Envelope, bytes]]) -> bytes:
    """Give the bytes of a pack; each envelope says how many raw bytes there are."""
    return b"".join(
        part for envelope, raw in letters for part in (envelope.to_json().encode(), raw, _END)
    )


def letters_in(path: Path | str) -> Iterator[tuple[Envelope, int]]:
    """Give each envelope, and where the raw bytes of its letter begin in the file.

    Raises FileNotFoundError, and Damaged at the first letter that cannot be told from the rest.
    """
    with open(path, "rb", buffering=4096) as file:  # noqa: PTH123 - once for every batch there is
        begin = 0
        while line := file.readline(_LINE):
            try:
                envelope = Envelope.from_json(line.decode())
            except (NotUnderstood, UnicodeDecodeError):
                raise Damaged(begin) from None
            at, length = begin + len(line), envelope.raw_bytes
            file.seek(at + length)
            if file.read(len(_END)) != _END:
                raise Damaged(begin)
            yield envelope, at
            begin = at + length + len(_END)
