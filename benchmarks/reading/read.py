"""Reading the corpus by the project's own functions, and keeping what the slow ones found.

OCR takes seconds a page, so its pages are kept beside the scan, in a folder named by the digest of
the sources that made them: after a change they are read anew, and the rules for fields can be
measured again within a minute.
"""

import hashlib
import json
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Final

import pypdfium2

from benchmarks.reading.scan import scan
from registry.letter.page import Page
from registry.pdf.ocr import read_sheet
from registry.pdf.sight import sheet_of
from registry.texts.extract import Bounds
from registry.texts.kinds import read_file

MODELS: Final = "/usr/share/tesseract-ocr/5/tessdata/"
_FIRST: Final = 3
_SOURCES: Final = (
    "ocr.py",
    "second_look.py",
    "sight.py",
    "upright.py",
    "whiten.py",
    "heard.py",
    "strip.py",
    "votes.py",
    "pieces.py",
    "glyphs.py",
    "digits*.py",
    "digits.npz",
)
_PDF: Final = "application/pdf"


@dataclass(slots=True)
class Clock:
    """How many pages were read in how many seconds of this process."""

    pages: int = 0
    seconds: float = 0.0

    def took(self, begun: float, pages: int) -> None:
        """Add pages that were read since then."""
        self.seconds += time.process_time() - begun
        self.pages += pages

    @property
    def pace(self) -> float:
        """Pages a second."""
        return self.pages / self.seconds if self.seconds else 0.0


@dataclass(slots=True)
class Reader:
    """Reads PDFs of the corpus; ``digital`` and ``scanned`` say how fast."""

    digital: Clock = field(default_factory=Clock)
    scanned: Clock = field(default_factory=Clock)

    def typeset(self, pdf: Path) -> list[Page]:
        """Give the pages of a PDF that has text."""
        begun = time.process_time()
        leaves = list(read_file(pdf, _PDF, Bounds()).leaves)
        self.digital.took(begun, len(leaves))
        return leaves

    def has_read(self, pdf: Path, dots: int) -> bool:
        """Say whether the scan was read before, by the same sources."""
        return _kept(pdf, dots).exists()

    def scan(self, pdf: Path, dots: int) -> list[Page]:
        """Give the pages of a PDF as they are read off its scan."""
        scanned = pdf.with_name(f"{pdf.stem}-{dots}.pdf")
        if not scanned.exists():
            scan(pdf, scanned, dots)
        kept = _kept(pdf, dots)
        if not kept.exists():
            begun = time.process_time()
            pages = list(self._seen(scanned))
            told = {
                "seconds": time.process_time() - begun,
                "pages": [page.as_list() for page in pages],
            }
            kept.parent.mkdir(exist_ok=True)
            kept.write_text(json.dumps(told, ensure_ascii=False), encoding="utf-8")
        told = json.loads(kept.read_text(encoding="utf-8"))
        self.scanned.pages += len(told["pages"])
        self.scanned.seconds += told["seconds"]
        return [Page.of(page) for page in told["pages"]]

    def _seen(self, scanned: Path) -> Iterator[Page]:
        document = pypdfium2.PdfDocument(scanned)
        count = len(document)
        document.close()
        for number in range(1, min(count, _FIRST) + 1):
            yield read_sheet(sheet_of(scanned, _PDF, number), number, MODELS, "tha+eng")


def _kept(pdf: Path, dots: int) -> Path:
    return pdf.parent / f"read-{_digest()}" / f"{pdf.stem}-{dots}.json"


@cache
def _digest() -> str:
    import registry.pdf

    folder = Path(registry.pdf.__path__[0])
    paths = sorted(path for shape in _SOURCES for path in folder.glob(shape))
    return hashlib.sha256(b"".join(path.read_bytes() for path in paths)).hexdigest()[:10]
