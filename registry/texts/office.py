"""The text of Word, Excel, PowerPoint and OpenDocument files, as a person would read it.

Paragraphs are lines, cells of a row stand on one line with tabs between, a sheet or a slide is a
page. What was struck out (w:delText, tracked changes) is not read; headers, footers, notes and
comments are. Numbers in sheets are read as they are stored: a date of Excel is its serial number
(ECMA-376 18.17.4), which nobody searches for.
"""

import re
from pathlib import Path
from typing import Final

from registry.texts.extract import Bounds, Extract, Gathering, Unreadable
from registry.texts.packed import BROKEN, Packed, unpacked
from registry.texts.spoken import Prose, Sheet, Strings

_WORD: Final = re.compile(r"word/(?:document|header\d*|footer\d*|footnotes|endnotes|comments)\.xml")
_SLIDE: Final = re.compile(r"ppt/(?:slides/slide|notesSlides/notesSlide)\d+\.xml")
_SHEET: Final = re.compile(r"xl/worksheets/sheet\d+\.xml")
_OPEN_DOCUMENT: Final = "content.xml"
_BODY: Final = "word/document.xml"
_STRINGS: Final = "xl/sharedStrings.xml"
_FIGURES: Final = re.compile(r"(\d+)")


def read_office(path: Path, bounds: Bounds) -> Extract:
    """Read a zipped office document. Raises Unreadable."""
    gathering = Gathering(bounds)
    with unpacked(path, gathering) as packed:
        names = sorted(packed.names, key=_by_number)
        if _OPEN_DOCUMENT in names:
            _gather(packed, gathering, [_OPEN_DOCUMENT], Prose.open_document(bounds.characters))
        elif sheets := [name for name in names if _SHEET.fullmatch(name)]:
            _gather_sheets(packed, gathering, sheets)
        elif _BODY in names:
            pieces = [name for name in names if _WORD.fullmatch(name)]
            _gather_word(packed, gathering, sorted(pieces, key=_BODY.__ne__))
        elif slides := [name for name in names if _SLIDE.fullmatch(name)]:
            _gather(packed, gathering, slides, Prose.office_open(bounds.characters))
        else:
            raise Unreadable(BROKEN)
    return gathering.extract()


def _gather(packed: Packed, gathering: Gathering, names: list[str], prose: Prose) -> None:
    """Read members of which each is a page."""
    for name in names:
        if gathering.is_enough():
            break
        packed.read(name, prose)
        gathering.add(prose.take())


def _gather_word(packed: Packed, gathering: Gathering, names: list[str]) -> None:
    """Read the body, then what stands above, below and beside it, as one page."""
    prose = Prose.office_open(gathering.bounds.characters)
    for name in names:
        packed.read(name, prose)
    gathering.add(prose.take())


def _gather_sheets(packed: Packed, gathering: Gathering, names: list[str]) -> None:
    strings = Strings(gathering.bounds.characters)
    packed.read(_STRINGS, strings)
    for name in names:
        if gathering.is_enough():
            break
        sheet = Sheet(strings.found, gathering.bounds.characters)
        packed.read(name, sheet)
        gathering.add(sheet.take())


def _by_number(name: str) -> list[str]:
    """Order slide10 behind slide9."""
    return [piece.zfill(12) if piece.isdecimal() else piece for piece in _FIGURES.split(name)]
