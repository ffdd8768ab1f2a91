"""Thai that stands in the templates themselves, made breakable once, as they are read.

What :mod:`saraban.web.breaks` does for titles of letters is done here for the words of the pages:
browsers would end a line inside คำตอบ or ส่งต่อ. Only paragraphs are touched, for there stand the
sentences: not their links, labels and buttons, which may be boxes of their own in which a word cut
in pieces would be several. Limit: text in expressions of a template ("…" | num) is not seen; there
stands ``| wbr``.
"""

import re
from collections.abc import Iterator
from typing import Final

from jinja2.ext import Extension
from jinja2.lexer import Token, TokenStream

from saraban.web.breaks import breakable

_THAI: Final = re.compile(r"[\u0e01-\u0e5b]{4,}")
_LEFT: Final = frozenset({"a", "button", "label", "code", "kbd", "select", "svg"})
_PIECES: Final = re.compile(r"(<|>|\"|'|[^<>\"']+)")
_NAME: Final = re.compile(r"/?[a-z][a-z0-9]*")


class Typeset(Extension):
    """The extension of Jinja that does it."""

    def filter_stream(self, stream: TokenStream) -> Iterator[Token]:
        """Give the tokens of one template, those of text with places where a line may end."""
        text = _Text()
        for token in stream:
            if token.type == "data":
                yield Token(token.lineno, "data", text.read(token.value))
            else:
                yield token


class _Text:
    """Where in the HTML one is; a tag may begin in one piece of a template and end in another."""

    def __init__(self) -> None:
        self._in_tag = False
        self._quote = ""
        self._name = ""
        self._paragraph = False
        self._left = ""

    def read(self, data: str) -> str:
        """Give the next piece, its Thai breakable where that is text."""
        return "".join(self._piece(one) for one in _PIECES.findall(data))

    def _piece(self, piece: str) -> str:
        if self._quote:
            self._quote = "" if piece == self._quote else self._quote
        elif self._in_tag:
            self._tag(piece)
        elif piece == "<":
            self._in_tag, self._name = True, ""
        elif self._paragraph and not self._left:
            return _THAI.sub(lambda found: breakable(found[0]), piece)
        return piece

    def _tag(self, piece: str) -> None:
        if piece in {'"', "'"}:
            self._quote = piece
        elif piece == ">":
            self._in_tag = False
            self._entered(self._name)
        elif not self._name and (found := _NAME.match(piece)):
            self._name = found[0]

    def _entered(self, name: str) -> None:
        if name in {"p", "/p"}:
            self._paragraph, self._left = name == "p", ""
        elif not self._left and name in _LEFT:
            self._left = name
        elif self._left and name == f"/{self._left}":
            self._left = ""
