"""The text of plain files and HTML: which letters their bytes mean, and tags taken off.

Files carry no label. A byte order mark, bytes that are UTF-8, bytes that are Thai (windows-874, as
Excel saves CSV in Thailand), else Western: in that order.
"""

import codecs
import re
from html.parser import HTMLParser
from pathlib import Path
from typing import Final

from registry.texts.extract import Bounds, Extract, Gathering
from registry.thai.text import tidy

_MARKS: Final = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_HIGH: Final = bytes(range(0x80, 0x100))
_SIGNS: Final = bytes((0x80, 0x85, *range(0x91, 0x98), 0xA0))  # quotation marks, dots, space
_THAI: Final = bytes((*range(0xA1, 0xDB), *range(0xDF, 0xFC))) + _SIGNS
_RUN: Final = re.compile(rb"[\xa1-\xda\xdf-\xfb]{3}")
_MOSTLY: Final = 0.95
_WIDEST: Final = 4  # bytes of a character
_HIDDEN: Final = frozenset({"script", "style", "template", "title"})
_INLINE: Final = frozenset(
    {"a", "b", "i", "u", "em", "strong", "span", "font", "sup", "sub", "small"}
)


def read_plain(path: Path, bounds: Bounds) -> Extract:
    """Read a file of text."""
    return _extract(tidy(_decoded(path, bounds)), bounds)


def read_html(path: Path, bounds: Bounds) -> Extract:
    """Read a page of HTML as a person would see it."""
    words = _Words()
    words.feed(_decoded(path, bounds))
    words.close()
    lines = (" ".join(line.split()) for line in "".join(words.said).split("\n"))
    return _extract(tidy("\n".join(filter(None, lines))), bounds)


def _extract(text: str, bounds: Bounds) -> Extract:
    gathering = Gathering(bounds)
    gathering.add(text)
    return gathering.extract()


def _decoded(path: Path, bounds: Bounds) -> str:
    with path.open("rb") as file:
        data = file.read(bounds.characters * _WIDEST)
    for mark, codec in _MARKS:
        if data.startswith(mark):
            return data.decode(codec, "replace")
    try:
        # A character that the bound cuts in two is no sign of another code.
        return codecs.getincrementaldecoder("utf-8")().decode(data)
    except UnicodeDecodeError:
        return data.decode("cp874" if _is_thai(data) else "cp1252", "replace")


def _is_thai(data: bytes) -> bool:
    """Thai letters stand in runs, Western ones with accents stand alone."""
    high = len(data) - len(data.translate(None, _HIGH))
    thai = len(data) - len(data.translate(None, _THAI))
    return thai >= _MOSTLY * high and bool(_RUN.search(data))


class _Words(HTMLParser):
    """Collects what is seen."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.said: list[str] = []
        self._hidden = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """A tag begins a line, but for those that stand within one."""
        if tag in _HIDDEN:
            self._hidden += 1
        elif tag in {"td", "th"}:
            self.said.append(" ")
        elif tag not in _INLINE:
            self.said.append("\n")

    def handle_endtag(self, tag: str) -> None:
        """It ends."""
        if tag in _HIDDEN:
            self._hidden = max(self._hidden - 1, 0)

    def handle_data(self, data: str) -> None:
        """Characters."""
        if not self._hidden:
            self.said.append(data.replace("\n", " "))
