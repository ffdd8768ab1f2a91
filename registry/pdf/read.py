"""The text of a PDF, page by page: pypdf, what is meant beside the glyphs, and Thai mended.

A page that pypdf cannot read, or whose text is rubble, counts as a page without text; the others
are read. A file without any text is a scan. Files that only forbid changes open with the empty
password (ISO 32000-1 7.6.3.4); behind a real one they are unreadable.

Costs 20 to 50 ms of CPU a page. pypdf bounds what a stream may unpack to (75 MB) and how deep a
tree of pages may be; what gets past that is the business of the limits of the process
(:mod:`registry.texts.child`). Memory that runs out ends the reading and keeps what was read.
"""

import logging
from pathlib import Path
from typing import Final

from pypdf import PageObject, PdfReader

from registry.pdf.marked import ActualText
from registry.pdf.repair import legible, repaired
from registry.texts.extract import SCAN, Bounds, Extract, Gathering, Unreadable
from registry.thai.numerals import thai_number

LOCKED: Final = "ไฟล์ PDF มีรหัสผ่าน จึงอ่านข้อความไม่ได้"
_BROKEN: Final = "ไฟล์ PDF เสียหายหรือไม่สมบูรณ์ จึงอ่านข้อความไม่ได้"

logging.getLogger("pypdf").setLevel(logging.CRITICAL)  # it would quote what strangers wrote


def read_pdf(path: Path, bounds: Bounds) -> Extract:
    """Read a PDF's text. Raises Unreadable, OSError, MemoryError when nothing could be read."""
    with path.open("rb") as file:
        try:
            document = PdfReader(file)
            opened = not document.is_encrypted or bool(document.decrypt(""))
            count = len(document.pages) if opened else 0
        except (OSError, MemoryError):
            raise
        except Exception as error:
            raise Unreadable(_BROKEN) from error
        if not opened:
            raise Unreadable(LOCKED)
        if count == 0:
            raise Unreadable(_BROKEN)
        return _read_pages(document, count, bounds)


def _read_pages(document: PdfReader, count: int, bounds: Bounds) -> Extract:
    gathering, broken = Gathering(bounds), 0
    for number in range(count):
        if gathering.is_enough():
            break
        try:
            gathering.add(_text_of(document.pages[number]))
        except (OSError, MemoryError) as error:
            if isinstance(error, OSError) or not any(gathering.pages):
                raise
            gathering.cut = f"ไฟล์ใช้หน่วยความจำเกินกำหนด อ่านได้ {thai_number(number)} หน้าแรก"
            break
        except Exception:  # noqa: BLE001 - pypdf raises anything at all on broken pages
            broken += 1
            gathering.add("")
    if broken and broken == len(gathering.pages):
        raise Unreadable(_BROKEN)
    return gathering.extract(*_notes(gathering.pages, broken), none=SCAN)


def _text_of(page: PageObject) -> str:
    text = repaired(page.extract_text(visitor_operand_before=ActualText()))
    return text if legible(text) else ""


def _notes(pages: list[str], broken: int) -> list[str]:
    """Tell of pages that will not be found."""
    blank = sum(not page.strip() for page in pages) - broken
    notes = []
    if broken:
        notes.append(f"{thai_number(broken)} หน้าเสียหาย อ่านไม่ได้")
    if blank and blank + broken < len(pages):
        notes.append(f"{thai_number(blank)} หน้าไม่มีข้อความ")
    return notes
