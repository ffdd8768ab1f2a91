"""One font of a PDF: words shaped by HarfBuzz, and what the file must know of the glyphs used.

Thai marks stand where the font's tables put them. A word is shaped once for each size and then
remembered: the words of a register come again and again. สระอำ is written as its two parts, as in
all that we typeset (docs/decisions/0012), so that text copied out of the file is whole.

Limit: words are shaped one by one, so nothing is kerned across a space or a word's end.
"""

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import uharfbuzz as hb

_SARA_AM: Final = re.compile("([\u0e48-\u0e4b]?)\u0e33")
_MOST: Final = 20_000  # words remembered


@dataclass(frozen=True, slots=True)
class Piece:
    """A shaped word: operators that show it (ISO 32000-1 §9.4.3), and its width in points."""

    operators: bytes
    width: float


class Face:
    """A TrueType font; ``glyphs`` are those that were used, with their text and width (1/1000)."""

    def __init__(self, path: Path) -> None:
        self.data = path.read_bytes()
        self.name = path.stem
        self._face = hb.Face(self.data)
        self._font = hb.Font(self._face)
        self._scale = 1000 / self._face.upem
        self._pieces: dict[tuple[str, float], Piece] = {}
        self.glyphs: dict[int, tuple[str, int]] = {}
        # archives want no glyph that stands for none
        self._lacks = (self._font.get_nominal_glyph(ord("?")) or 0, "?")

    @property
    def ascender(self) -> int:
        """Height of the line above the base line, in 1/1000 of the size."""
        return int(self._font.get_font_extents("ltr").ascender * self._scale)

    @property
    def descender(self) -> int:
        """Depth below the base line, negative, in 1/1000 of the size."""
        return int(self._font.get_font_extents("ltr").descender * self._scale)

    def piece(self, word: str, size: float) -> Piece:
        """Shape a word, or take it as it was shaped before."""
        found = self._pieces.get((word, size))
        if found is None:
            if len(self._pieces) >= _MOST:
                self._pieces.clear()
            found = self._pieces[word, size] = self._shape(word, size)
        return found

    def _shape(self, word: str, size: float) -> Piece:
        text = _SARA_AM.sub("\u0e4d\\1\u0e32", word)
        buffer = hb.Buffer()
        buffer.cluster_level = hb.BufferClusterLevel.CHARACTERS
        buffer.add_str(text)
        buffer.guess_segment_properties()
        buffer.direction = "ltr"
        hb.shape(self._font, buffer)
        show: list[str] = []
        run: list[str] = []
        total = 0
        infos = buffer.glyph_infos
        ends = [*(info.cluster for info in infos[1:]), len(text)]  # a glyph may stand for several
        for info, place, end in zip(infos, buffer.glyph_positions, ends, strict=True):
            known = info.codepoint != 0
            own = self._used(
                *((info.codepoint, text[info.cluster : end]) if known else self._lacks)
            )
            glyph = f"<{info.codepoint if known else self._lacks[0]:04x}>"
            before, advance = (round(v * self._scale) for v in (place.x_offset, place.x_advance))
            after = advance - before - own
            shifted = (f"{-before} " if before else "") + glyph + (f"{-after} " if after else "")
            if place.y_offset:
                rise = place.y_offset * self._scale * size / 1000
                show += [_shown(run), f"{rise:.2f} Ts[{shifted}]TJ 0 Ts"]
                run = []
            else:
                run.append(shifted)
            total += advance
        show.append(_shown(run))
        return Piece("".join(show).encode("ascii"), total * size / 1000)

    def _used(self, glyph: int, text: str) -> int:
        """Note that a glyph is used, and give its width in the file."""
        known = self.glyphs.get(glyph)
        if known is None:
            width = round(self._font.get_glyph_h_advance(glyph) * self._scale)
            known = self.glyphs[glyph] = (text, width)
        return known[1]


def _shown(run: list[str]) -> str:
    return f"[{''.join(run)}]TJ\n" if run else ""
