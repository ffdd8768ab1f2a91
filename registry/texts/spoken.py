"""Listeners to the XML of office documents: they write down what a reader would see.

Each is fed by a parser (:mod:`registry.texts.packed`) and gives its text by ``take``. OOXML keeps
characters in ``t`` elements alone (ECMA-376 17.3.3.31), OpenDocument in all of a paragraph
(OpenDocument 1.3, 5.1). Beyond the given number of characters they listen no more.
"""

from typing import Final, Self

from registry.thai.text import tidy

_PARAGRAPHS: Final = frozenset({"p", "h"})
_CELLS: Final = frozenset({"tc", "table-cell"})
_ROWS: Final = frozenset({"tr", "table-row"})
_BREAKS: Final = {"tab": "\t", "br": "\n", "cr": "\n", "line-break": "\n"}
_HIDDEN: Final = frozenset({"Fallback", "tracked-changes"})  # said twice; struck out
_MOST_SPACES: Final = 50


class _Page:
    """Text in the making, bounded."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._room = most + 1  # one more, so that what is over the bound is seen to be
        self._said: list[str] = []

    def say(self, text: str) -> None:
        """Add these characters while there is room."""
        if self._room > 0 and text:
            self._said.append(text[: self._room])
            self._room -= len(text)

    def take(self) -> str:
        """Give what was said, tidy, and begin anew."""
        lines = "".join(self._said).split("\n")
        self._said.clear()
        return tidy("\n".join(line.rstrip() for line in lines).strip("\n"))


class Prose:
    """Hears Word, PowerPoint and OpenDocument."""

    def __init__(self, most: int, text_in: frozenset[str]) -> None:
        self._page = _Page(most)
        self._text_in = text_in
        self._depth = dict.fromkeys(("text", "cell", "hidden"), 0)

    @classmethod
    def office_open(cls, most: int) -> Self:
        """Listen to OOXML."""
        return cls(most, frozenset({"t"}))

    @classmethod
    def open_document(cls, most: int) -> Self:
        """Listen to OpenDocument."""
        return cls(most, _PARAGRAPHS)

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        """An element begins."""
        self._count(tag, 1)
        if self._depth["hidden"]:
            return
        if tag in _BREAKS:
            self._page.say(_BREAKS[tag])
        elif tag == "s" and self._depth["text"]:
            count = attributes.get("c", "1")
            self._page.say(" " * min(int(count) if count.isdecimal() else 1, _MOST_SPACES))

    def end(self, tag: str) -> None:
        """It ends: a paragraph ends a line, in a cell only a word."""
        self._count(tag, -1)
        if self._depth["hidden"]:
            return
        if tag in _ROWS or (tag in _PARAGRAPHS and not self._depth["cell"]):
            self._page.say("\n")
        elif tag in _CELLS:
            self._page.say("\t")
        elif tag in _PARAGRAPHS:
            self._page.say(" ")

    def data(self, text: str) -> None:
        """Characters."""
        if self._depth["text"] and not self._depth["hidden"]:
            self._page.say(text)

    def take(self) -> str:
        """Give the page so far, and begin another."""
        return self._page.take()

    def _count(self, tag: str, by: int) -> None:
        kinds = (("text", self._text_in), ("cell", _CELLS), ("hidden", _HIDDEN))
        for kind, tags in kinds:
            if tag in tags:
                self._depth[kind] = max(self._depth[kind] + by, 0)


class Strings:
    """Hears the strings that the sheets of one workbook share; ``found`` holds them in order."""

    def __init__(self, most: int) -> None:
        self.found: list[str] = []
        self._room = most
        self._piece: list[str] = []
        self._listens = False

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        """An element begins."""
        if tag == "si":
            self._piece = []
        self._listens = tag == "t"

    def end(self, tag: str) -> None:
        """It ends."""
        self._listens = False
        if tag == "si" and self._room > 0:
            self.found.append("".join(self._piece)[: self._room])
            self._room -= len(self.found[-1]) + 1

    def data(self, text: str) -> None:
        """Characters."""
        if self._listens:
            self._piece.append(text)


class Sheet:
    """Hears one sheet: a row a line, cells between tabs."""

    def __init__(self, strings: list[str], most: int) -> None:
        self._strings = strings
        self._page = _Page(most)
        self._kind = ""
        self._value: list[str] = []
        self._listens = False

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        """An element begins."""
        if tag == "c":
            self._kind, self._value = attributes.get("t", ""), []
        self._listens = tag in {"v", "t"}

    def end(self, tag: str) -> None:
        """It ends."""
        self._listens = False
        if tag == "c" and self._value:
            self._page.say(self._shown("".join(self._value)) + "\t")
        elif tag == "row":
            self._page.say("\n")

    def data(self, text: str) -> None:
        """Characters."""
        if self._listens:
            self._value.append(text)

    def take(self) -> str:
        """Give the sheet."""
        return self._page.take()

    def _shown(self, value: str) -> str:
        if self._kind != "s":
            return value
        at = int(value) if value.isdecimal() else len(self._strings)
        return self._strings[at] if at < len(self._strings) else ""
