"""What comes of reading one file's text: the pages, how far the reading came, and why no further.

``state`` is as :class:`registry.models.search.FileTextRow` has it:

======= =============================================================================
done    its text is here, whole or as far as the bounds let (then ``detail`` says so)
none    it holds pictures of pages or nothing: *no text yet*, a later step may read it
failed  broken, behind a password, or it brought the reader down three times
too_big reading it costs more memory or time than a file may
======= =============================================================================

``detail`` is Thai, for the officer who wonders why the file is not found.
"""

import time
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Final, Literal

from registry.letter.page import Page
from registry.thai.numerals import thai_number

State = Literal["done", "none", "failed", "too_big"]

SCAN: Final = "ไฟล์เป็นภาพสแกน ยังไม่มีข้อความให้ค้น"
WAITS: Final = "กำลังรออ่านตัวหนังสือจากภาพ"
NO_LETTERS: Final = "อ่านจากภาพแล้ว ไม่พบตัวหนังสือ"
EMPTY: Final = "ไฟล์ไม่มีข้อความ"
NO_PAGE: Final = "ไม่มีหน้านี้ในไฟล์"


@dataclass(frozen=True, slots=True)
class Extract:
    """The text of one file. ``pages`` are in order, "" for one without text.

    ``leaves`` are the pages that fields are read from, with their lines: the first few, the last.
    ``unseen`` are those, counted from 1, that show something that nobody read yet.
    """

    state: State
    pages: tuple[str, ...] = ()
    detail: str = ""
    leaves: tuple[Page, ...] = ()
    unseen: tuple[int, ...] = ()

    @property
    def text(self) -> str:
        """All pages, a form feed between two."""
        return "\f".join(self.pages)


def to_be_looked_at(extract: Extract, most: int) -> Extract:
    """Say of a file that its pages wait to be looked at: the first ones and the last, if many.

    With ``most`` 0 nobody looks, and it stays as it is.
    """
    if not extract.unseen or most <= 0:
        return replace(extract, unseen=())
    unseen = extract.unseen
    notes = [note for note in extract.detail.split("; ") if note not in {"", SCAN}]
    if len(unseen) > most:
        unseen = (*unseen[: most - 1], unseen[-1])
        notes.append(f"อ่านจากภาพเพียง {thai_number(most)} หน้า")
    return replace(extract, unseen=unseen, detail="; ".join([*notes, WAITS]))


class Unreadable(ValueError):
    """A file that cannot be read, with the reason in Thai."""


@dataclass(frozen=True, slots=True)
class Bounds:
    """How much is read of one file: pages, characters of text, CPU seconds, unpacked bytes.

    ``careful``: only by what has not brought the process down before. ``inner``: files that lie in
    the file are read too, but those with a digest of ``beside``, which are read by themselves.
    """

    pages: int = 2000
    characters: int = 5_000_000
    seconds: float = 60.0
    unpacked: int = 300_000_000
    careful: bool = False
    inner: bool = True
    beside: Sequence[str] = ()


@dataclass(slots=True)
class Gathering:
    """Pages as they are read, until there is enough of them or too little time."""

    bounds: Bounds
    pages: list[str] = field(default_factory=list)
    cut: str = ""
    _characters: int = 0
    _began: float = field(default_factory=time.process_time)

    def add(self, page: str) -> None:
        """Take one page, or as much of it as there is room for."""
        room = self.bounds.characters - self._characters
        self.pages.append(page[:room])
        self._characters += len(page)
        if len(page) > room:
            self.cut = f"อ่านเพียง {thai_number(self.bounds.characters, thousands=True)} ตัวอักษรแรก"

    def is_enough(self) -> bool:
        """Say whether no more is to be read, and keep in mind why."""
        if not self.cut and len(self.pages) >= self.bounds.pages:
            self.cut = f"อ่านเพียง {thai_number(self.bounds.pages, thousands=True)} หน้าแรก"
        if self.pages and not self.cut and time.process_time() - self._began > self.bounds.seconds:
            self.cut = f"ใช้เวลาอ่านนานเกินกำหนด อ่านได้ {thai_number(len(self.pages))} หน้าแรก"
        return bool(self.cut)

    def extract(self, *notes: str, none: str = EMPTY) -> Extract:
        """Give what was gathered; ``none`` says why there is no text if there is none."""
        details = [note for note in (self.cut, *notes) if note]
        if any(map(str.strip, self.pages)):
            return Extract("done", tuple(self.pages), "; ".join(details))
        return Extract("none", ("",) * len(self.pages), "; ".join([none, *details]))
