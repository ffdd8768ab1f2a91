"""HTML to the text a person would read, without running, fetching or rendering anything.

A tokenizer of one pass: tags go, blocks become lines, table cells are set apart, what browsers do
not show (script, style, title, comments) is dropped. Quoted history in <blockquote> gets the ``>``
that plain mail has, so that :mod:`gateway.inbound.bodies` can tell it from the answer. The result
is text, never markup: whoever prints it on a page must escape it.
"""

import html
import re
from typing import Final

from registry.letter.grades import find_secrecy

_MARKUP: Final = re.compile(r"<(?=[a-zA-Z/!?])")  # any other < is text
_TAG: Final = re.compile(r"<(/?)([a-zA-Z][a-zA-Z0-9:-]{0,30})")
_SPACE: Final = re.compile(r"[ \t\r\n\f\xa0\u200b\ufeff]+")
_HIDDEN: Final = frozenset({"script", "style", "title", "template", "svg"})
_LINES: Final = frozenset(
    {"br", "p", "div", "tr", "li", "ul", "ol", "table", "h1", "h2", "h3", "h4", "h5", "h6", "hr"}
    | {"pre", "section", "article", "header", "footer", "dl", "dt", "dd", "center", "address"}
)
_PARAGRAPHS: Final = frozenset({"p", "table", "h1", "h2", "h3", "h4", "hr"})


def html_to_text(source: str) -> str:
    """Return the readable text of an HTML body; never raises, linear in its length."""
    writer = _Writer()
    at = 0
    while at < len(source):
        markup = _MARKUP.search(source, at)
        writer.text(source[at : markup.start() if markup else len(source)])
        if not markup:
            break
        at = _markup(source, markup.start(), writer)
    return writer.result()


def _markup(source: str, start: int, writer: "_Writer") -> int:
    """Handle what begins with ``<`` here and return where to go on."""
    if source.startswith("<!--", start):
        return _after(source, "-->", start)
    tag = _TAG.match(source, start)
    if not tag:
        return _after(source, ">", start)
    closing, name = bool(tag[1]), tag[2].lower()
    end = _after(source, ">", tag.end())
    if name in _HIDDEN and not closing:
        close = re.compile(f"</{name}", re.IGNORECASE).search(source, end)
        return _after(source, ">", close.start()) if close else len(source)
    writer.tag(name, closing=closing)
    return end


def _after(source: str, mark: str, start: int) -> int:
    found = source.find(mark, start)
    return len(source) if found < 0 else found + len(mark)


class _Writer:
    """Collects words into lines, and knows how deep in quotation it is."""

    def __init__(self) -> None:
        self._lines: list[str] = []
        self._line: list[str] = []
        self._begun = 0  # where in the line a cell began
        self._quoted = 0

    def text(self, raw: str) -> None:
        if raw:
            self._line.append(html.unescape(raw))

    def tag(self, name: str, *, closing: bool) -> None:
        if name in {"td", "th"}:
            self._cell(closing=closing)
        elif name == "blockquote":
            self._break()
            self._quoted = max(self._quoted + (-1 if closing else 1), 0)
        elif name in _LINES:
            self._break(empty=name == "br" and not closing)
            if name in _PARAGRAPHS and self._lines and self._lines[-1].strip("> "):
                self._put("")

    def _cell(self, *, closing: bool) -> None:
        """Set cells apart; one that is nothing but a marking of secrecy is a line of its own."""
        cell = _SPACE.sub(" ", "".join(self._line[self._begun :])).strip()
        if "บ" in cell and find_secrecy("", [cell]):
            del self._line[self._begun :]
            self._break()
            self._put(cell)
        if not closing:
            self._line.append(" ")
        self._begun = len(self._line)

    def result(self) -> str:
        self._break()
        return re.sub(r"\n{3,}", "\n\n", "\n".join(self._lines)).strip()

    def _break(self, *, empty: bool = False) -> None:
        line = _SPACE.sub(" ", "".join(self._line)).strip()
        self._line.clear()
        self._begun = 0
        if line or empty:
            self._put(line)

    def _put(self, line: str) -> None:
        self._lines.append(f"{'>' * min(self._quoted, 9)} {line}" if self._quoted else line)
