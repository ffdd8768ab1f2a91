"""A second reader of PDFs: pdfium, which is quick, knows places, and sees what pypdf does not.

It says some syllables twice where Chrome made the file, so it is asked where its text is the better
one (:mod:`registry.pdf.quality`). A file or page that it cannot open gives nothing; it never stops
the first reader. What it falls over takes the process with it, so it can be left out
(``Bounds.careful``).
"""

import contextlib
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import pypdfium2

from registry.letter.page import Page
from registry.pdf.layer import Shown, shown
from registry.pdf.layout import laid_out
from registry.pdf.opening import open_pdf
from registry.pdf.repair import legible, repaired
from registry.pdf.view import held_upright

_HYPHEN: Final = "\ufffe"  # pdfium's sign for a hyphen at the end of a line


class Second:
    """One open file, or none."""

    def __init__(self, document: pypdfium2.PdfDocument | None) -> None:
        self._document = document

    @property
    def count(self) -> int:
        """How many pages it finds; 0 if it cannot read the file."""
        return len(self._document) if self._document is not None else 0

    def text(self, number: int) -> str:
        """Give the text of a page, counted from 1; "" when it cannot, or it is rubble."""
        with contextlib.suppress(pypdfium2.PdfiumError), self._leaf(number) as leaf:
            with held_upright(leaf), contextlib.closing(leaf.get_textpage()) as sheet:
                said = sheet.get_text_range()
            text = repaired(said.replace(_HYPHEN, ""))
            return text if legible(text) else ""
        return ""

    def page(self, number: int, text: str, quality: float) -> Page | None:
        """Give a page with the lines of its text; None when it cannot."""
        with contextlib.suppress(pypdfium2.PdfiumError), self._leaf(number) as leaf:
            return laid_out(leaf, number, text, quality)
        return None

    def shows_picture(self, number: int) -> bool:
        """Say whether something is drawn on a page; a page that cannot be opened shows nothing."""
        with contextlib.suppress(pypdfium2.PdfiumError), self._leaf(number) as leaf:
            return any(True for _ in leaf.get_objects(max_depth=1))
        return False

    def shown(self, number: int) -> Shown:
        """Say what of a page is seen; of one that cannot be opened nothing is known."""
        with contextlib.suppress(pypdfium2.PdfiumError), self._leaf(number) as leaf:
            return shown(leaf)
        return Shown(hidden=False, pictured=False)

    @contextlib.contextmanager
    def _leaf(self, number: int) -> Iterator[pypdfium2.PdfPage]:
        """Open a page within the block. Raises PdfiumError."""
        if self._document is None or not 0 < number <= self.count:
            raise pypdfium2.PdfiumError("no such page")
        with contextlib.closing(self._document[number - 1]) as leaf:
            yield leaf


@contextlib.contextmanager
def second_reader(path: Path, *, careful: bool) -> Iterator[Second]:
    """Open a file within the block; ``careful`` leaves it closed."""
    document = None
    if not careful:
        with contextlib.suppress(pypdfium2.PdfiumError):
            document = open_pdf(path)
    try:
        yield Second(document)
    finally:
        if document is not None:
            document.close()
