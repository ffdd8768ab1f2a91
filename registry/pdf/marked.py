"""What a PDF says beside its glyphs: /ActualText (ISO 32000-1 14.9.4), which pypdf passes over.

Chrome, LibreOffice and typst draw ที่ with glyphs that have no character of their own, and write
what is meant beside them: ``/Span << /ActualText (ที่) >> BDC … EMC``. Without it a tone mark over a
vowel is lost, and half of the words with it. :class:`ActualText` watches pypdf's way through a page
and lays what is written in the place of what is drawn.

Limits: only what stands in the page itself is seen, not property lists named elsewhere
(``/Span /MC0 BDC``) nor the structure tree.
"""

from typing import Any, Final

from pypdf.generic import ArrayObject, TextStringObject

_SHOWS: Final = frozenset({b"Tj", b"TJ", b"'", b'"'})
_UTF16: Final = (b"\xfe\xff", b"\xff\xfe")
_DEEPEST: Final = 100  # marks within marks that are remembered


class ActualText:
    """One page's watcher: pypdf calls it before it obeys an operator."""

    def __init__(self) -> None:
        self._open: list[list[str] | None] = []

    def __call__(self, operator: bytes, operands: list[Any], _cm: Any, _tm: Any) -> None:
        """See one operator; what it would show is replaced where something else is meant."""
        if operator in {b"BDC", b"BMC"}:
            if len(self._open) < _DEEPEST:
                meant = _meant(operands) if operator == b"BDC" else None
                self._open.append(None if meant is None else [meant])
        elif operator == b"EMC":
            if self._open:
                self._open.pop()
        elif operator in _SHOWS and operands:
            self._replace(operator, operands)

    def _replace(self, operator: bytes, operands: list[Any]) -> None:
        """Show what is meant once, at the first glyph; the outermost mark speaks for all in it."""
        meant = next((one for one in self._open if one is not None), None)
        if meant is None:
            return
        shown = TextStringObject(meant[0])
        meant[0] = ""
        operands[-1] = ArrayObject([shown]) if operator == b"TJ" else shown


def _meant(operands: list[Any]) -> str | None:
    """Give the text that stands in a mark's property list."""
    properties = operands[-1] if len(operands) > 1 else None
    said = properties.get("/ActualText") if isinstance(properties, dict) else None
    if isinstance(said, bytes):
        return said.decode("utf-16", "replace") if said[:2] in _UTF16 else None
    return str(said) if isinstance(said, str) else None
