"""The text of a PDF, page by page: by pypdf, or by pdfium where that reads better; Thai mended.

A page that pypdf cannot read, or whose text is rubble, counts as a page without text; the others
are read. A file without any text is a scan. Files that only forbid changes open with the empty
password (ISO 32000-1 7.6.3.4); behind a real one they are unreadable.

Costs 20 to 60 ms of CPU a page; behind the fiftieth, where pdfium reads well, 5 ms. pypdf bounds
what a stream may unpack to (75 MB) and how deep a tree of pages may be; what gets past that is the
business of the limits of the process (:mod:`registry.texts.child`). Memory that runs out ends the
reading and keeps what was read. A file that is broken to pypdf is read by pdfium alone.
"""

import logging
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import BinaryIO, Final

from pypdf import PdfReader

from registry.letter.page import Page
from registry.pdf.carried import besides, warning_of
from registry.pdf.ending import is_cut_off
from registry.pdf.inside import commands_seen
from registry.pdf.layout import FIRST
from registry.pdf.marked import ActualText
from registry.pdf.quality import SOUND, better
from registry.pdf.quality import quality as quality_of
from registry.pdf.repair import legible, repaired
from registry.pdf.second import Second, second_reader
from registry.texts.extract import SCAN, Bounds, Extract, Gathering, Unreadable
from registry.thai.numerals import thai_number

LOCKED: Final = "ไฟล์ PDF มีรหัสผ่าน จึงอ่านข้อความไม่ได้"
_BOTH: Final = 50  # pages of a file from the first that are read by both
_USABLE: Final = 0.8  # quality below which a page is looked at with eyes, if it is a picture
_STAMPED: Final = (
    400  # letters that are seen: fewer over a picture may be but what somebody stamped onto a scan
)
_BROKEN: Final = "ไฟล์ PDF เสียหายหรือไม่สมบูรณ์ จึงอ่านข้อความไม่ได้"

logging.getLogger("pypdf").setLevel(logging.CRITICAL)  # it would quote what strangers wrote


def read_pdf(path: Path, bounds: Bounds) -> Extract:
    """Read a PDF's text. Raises Unreadable, OSError, MemoryError when nothing could be read."""
    with path.open("rb") as file, second_reader(path, careful=bounds.careful) as second:
        document = _opened(file)
        count = len(document.pages) if document is not None else second.count
        if count == 0:
            raise Unreadable(_BROKEN)
        extract = _Reading(document, count, bounds, second).extract()
        if document is None and (commands := commands_seen(file)):
            told = (extract.detail, warning_of(commands))
            return replace(extract, detail="; ".join(filter(None, told)))
        return extract


def _opened(file: BinaryIO) -> PdfReader | None:
    """Open a file for the first reader; None when it is broken to it. Raises Unreadable."""
    if is_cut_off(file):
        return None
    try:
        document = PdfReader(file)
        opened = not document.is_encrypted or bool(document.decrypt(""))
        if opened and len(document.pages) == 0:
            return None
    except (OSError, MemoryError):
        raise
    except Exception:  # noqa: BLE001 - pypdf raises anything at all on broken files
        return None
    if not opened:
        raise Unreadable(LOCKED)
    return document


class _Reading:
    """One file while it is read, page by page, by the first reader and the second."""

    def __init__(
        self, document: PdfReader | None, count: int, bounds: Bounds, second: Second
    ) -> None:
        self._document, self._count, self._second = document, count, second
        self._gathering = Gathering(bounds)
        self._qualities: list[float] = []
        self._broken = 0

    def extract(self) -> Extract:
        """Read all pages, or as many as there may be. Raises Unreadable, OSError, MemoryError."""
        gathering = self._gathering
        for number in range(1, self._count + 1):
            if gathering.is_enough():
                break
            try:
                self._take(number)
            except MemoryError:
                if not any(gathering.pages):
                    raise
                read = thai_number(number - 1)
                gathering.cut = f"ไฟล์ใช้หน่วยความจำเกินกำหนด อ่านได้ {read} หน้าแรก"
                break
        pages = gathering.pages
        if self._broken and self._broken == len(pages):
            raise Unreadable(_BROKEN)
        notes = _notes(pages, self._broken)
        if self._document is not None:
            told, texts = besides(self._document, gathering.bounds)
            notes += told
            for text in texts:
                gathering.add(text)
        extract = gathering.extract(*notes, none=SCAN)
        return replace(extract, leaves=tuple(self._leaves()), unseen=tuple(self._unseen()))

    def _take(self, number: int) -> None:
        """Read one page by both, and keep the better reading; of a long file by the quick one."""
        second = self._second.text(number)
        if number > _BOTH and (well := quality_of(second)) >= SOUND:
            text, quality, broken = second, well, False
        else:
            first, broken = self._first(number)
            text, quality = better(first, second)
        self._broken += broken and not text
        self._gathering.add(text)
        self._qualities.append(quality)

    def _first(self, number: int) -> tuple[str, bool]:
        """Give what pypdf reads, and whether the page is broken to it."""
        if self._document is None:
            return "", True
        try:
            page = self._document.pages[number - 1]
            text = repaired(page.extract_text(visitor_operand_before=ActualText()))
        except (OSError, MemoryError):
            raise
        except Exception:  # noqa: BLE001 - pypdf raises anything at all on broken pages
            return "", True
        return (text if legible(text) else ""), False

    def _unseen(self) -> Iterator[int]:
        """Give the pages whose text is none or rubble, though they show something.

        And of those that fields are read from the ones that are pictures with words behind or over
        them.
        """
        laid_out = self._laid_out()
        for number, quality in enumerate(self._qualities, 1):
            rubble = quality < _USABLE and self._second.shows_picture(number)
            if rubble or (number in laid_out and self._is_scan(number)):
                yield number

    def _is_scan(self, number: int) -> bool:
        shown = self._second.shown(number)
        return shown.hidden or (shown.pictured and shown.plain < _STAMPED)

    def _laid_out(self) -> list[int]:
        last = len(self._qualities)
        return sorted({*range(1, min(FIRST, last) + 1), last})

    def _leaves(self) -> Iterator[Page]:
        """Give the pages that fields are read from, as far as they were read."""
        for number in self._laid_out():
            text, quality = self._gathering.pages[number - 1], self._qualities[number - 1]
            if (page := self._second.page(number, text, quality)) is not None:
                yield page


def _notes(pages: list[str], broken: int) -> list[str]:
    """Tell of pages that will not be found."""
    blank = sum(not page.strip() for page in pages) - broken
    notes = []
    if broken:
        notes.append(f"{thai_number(broken)} หน้าเสียหาย อ่านไม่ได้")
    if blank and blank + broken < len(pages):
        notes.append(f"{thai_number(blank)} หน้าไม่มีข้อความ")
    return notes
