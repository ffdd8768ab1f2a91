"""A PDF written page by page (ISO 32000-1): each page goes to the file as soon as it is full.

Both faces of Sarabun are embedded whole, with a map back to text, so that what is printed can be
searched and copied; the file is meant as PDF/A-2b (:mod:`registry.pdf.forms.archival`). Places are
in points from the top left corner of the paper, a text's at the top of its line.

Limits: pages are A4; nothing but text, lines and grey boxes; the number of pages is not known
before the last.
"""

import hashlib
import zlib
from collections.abc import Iterable
from datetime import datetime
from pathlib import Path
from typing import BinaryIO, Final

import fontpkg_sarabun

from registry.pdf.forms.archival import colours as srgb
from registry.pdf.forms.archival import metadata
from registry.pdf.forms.face import Face, Piece

_FONTS: Final = Path(fontpkg_sarabun.__file__).parent / "files"
_SHORT: Final = 595.28
_LONG: Final = 841.89
_CMAP: Final = """/CIDInit /ProcSet findresource begin 12 dict begin begincmap
/CIDSystemInfo <</Registry (Adobe) /Ordering (UCS) /Supplement 0>> def
/CMapName /Adobe-Identity-UCS def /CMapType 2 def
1 begincodespacerange <0000> <ffff> endcodespacerange
{}endcmap CMapName currentdict /CMap defineresource pop end end"""


class Sheet:
    """A PDF in the making; ``width`` and ``height`` are those of the paper, in points.

    ``at`` is when it is made, which the file tells. :meth:`close` writes what comes last.
    """

    def __init__(self, out: BinaryIO, title: str, at: datetime, *, landscape: bool) -> None:
        self.width, self.height = (_LONG, _SHORT) if landscape else (_SHORT, _LONG)
        self.plain, self.bold = (
            Face(_FONTS / "Sarabun-Regular.ttf"),
            Face(_FONTS / "Sarabun-Bold.ttf"),
        )
        self._out, self._at, self._title = out, at, title
        self._offsets: dict[int, int] = {}
        self._place = 0
        self._last = 2  # 1 is the catalog, 2 the tree of pages
        self._pages: list[int] = []
        self._content: list[bytes] = []
        self._fonts = {"F1": self._new(), "F2": self._new()}
        self._write(b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n")

    @property
    def pages(self) -> int:
        """How many pages there are, with the one that is being written."""
        return len(self._pages)

    def new_page(self) -> None:
        """Write the page that is full, and begin another."""
        self._end_page()
        self._pages.append(self._new())

    def show(
        self, x: float, y: float, pieces: Iterable[Piece], size: float, *,
        bold: bool = False, grey: float = 0.0,
    ) -> None:  # fmt: skip
        """Show shaped words one after the other."""
        face = self.bold if bold else self.plain
        base = self.height - y - face.ascender * size / 1000
        head = (
            f"BT {grey:g} g /{'F2' if bold else 'F1'} {size:g} Tf 1 0 0 1 {x:.2f} {base:.2f} Tm\n"
        )
        self._content += [head.encode("ascii"), *(one.operators for one in pieces), b"ET\n"]

    def line(self, x1: float, y1: float, x2: float, y2: float, width: float = 0.5) -> None:
        """Draw a line."""
        top = self.height
        drawn = f"{width:g} w {x1:.2f} {top - y1:.2f} m {x2:.2f} {top - y2:.2f} l S\n"
        self._content.append(drawn.encode("ascii"))

    def box(self, x: float, y: float, width: float, height: float, grey: float) -> None:
        """Fill a box; 0 is black, 1 white."""
        drawn = f"{grey:g} g {x:.2f} {self.height - y - height:.2f} {width:.2f} {height:.2f} re f\n"
        self._content.append(drawn.encode("ascii"))

    def close(self) -> None:
        """Write the last page and all that the file ends with."""
        self._end_page()
        for name, face in (("F1", self.plain), ("F2", self.bold)):
            self._font(self._fonts[name], face)
        kids = " ".join(f"{number} 0 R" for number in self._pages)
        self._object(2, f"<</Type/Pages/Count {len(self._pages)}/Kids[{kids}]>>")
        told, colours = self._new(), self._new()
        self._stream(
            told, metadata(self._title, self._at), "/Type/Metadata/Subtype/XML", pack=False
        )
        self._stream(colours, srgb(), "/N 3")
        self._object(1, "<</Type/Catalog/Pages 2 0 R/Lang(th-TH)"
                        "/ViewerPreferences<</DisplayDocTitle true>>"
                        f"/Metadata {told} 0 R/OutputIntents[<</Type/OutputIntent/S/GTS_PDFA1"
                        "/OutputConditionIdentifier(sRGB)/Info(sRGB)"
                        f"/DestOutputProfile {colours} 0 R>>]>>")  # fmt: skip
        made = self._at.strftime("D:%Y%m%d%H%M%S") + self._at.strftime("%z")[:3] + "'00'"
        title = self._title.encode("utf-16-be", "replace").hex()
        info = self._new()
        self._object(info, f"<</Title<feff{title}>/CreationDate({made})/Producer(saraban)>>")
        self._cross_references(info)

    def _end_page(self) -> None:
        if not self._pages:
            return
        content, page = self._new(), self._pages[-1]
        self._stream(content, b"".join(self._content))
        fonts = "".join(f"/{name} {number} 0 R" for name, number in self._fonts.items())
        self._object(
            page,
            f"<</Type/Page/Parent 2 0 R/MediaBox[0 0 {self.width} {self.height}]"
            f"/Resources<</Font<<{fonts}>>>>/Contents {content} 0 R>>",
        )
        self._content.clear()

    def _font(self, number: int, face: Face) -> None:
        inner, told, file, text = (self._new() for _ in range(4))
        widths = " ".join(f"{glyph}[{w}]" for glyph, (_, w) in sorted(face.glyphs.items()))
        self._object(
            number,
            f"<</Type/Font/Subtype/Type0/BaseFont/{face.name}/Encoding/Identity-H"
            f"/DescendantFonts[{inner} 0 R]/ToUnicode {text} 0 R>>",
        )
        self._object(
            inner,
            f"<</Type/Font/Subtype/CIDFontType2/BaseFont/{face.name}/CIDToGIDMap/Identity"
            f"/CIDSystemInfo<</Registry(Adobe)/Ordering(Identity)/Supplement 0>>"
            f"/FontDescriptor {told} 0 R/DW 600/W[{widths}]>>",
        )
        self._object(
            told,
            f"<</Type/FontDescriptor/FontName/{face.name}/Flags 4/ItalicAngle 0/StemV 80"
            f"/FontBBox[-500 -500 1500 1300]/Ascent {face.ascender}/Descent {face.descender}"
            f"/CapHeight 700/FontFile2 {file} 0 R>>",
        )
        self._stream(file, face.data, f"/Length1 {len(face.data)}")
        self._stream(text, _to_unicode(face).encode("ascii"))

    def _cross_references(self, info: int) -> None:
        start = self._place
        self._write(f"xref\n0 {self._last + 1}\n0000000000 65535 f \n".encode("ascii"))
        for number in range(1, self._last + 1):
            self._write(f"{self._offsets[number]:010d} 00000 n \n".encode("ascii"))
        name = hashlib.md5(repr(self._offsets).encode(), usedforsecurity=False).hexdigest()
        end = (
            f"trailer\n<</Size {self._last + 1}/Root 1 0 R/Info {info} 0 R/ID[<{name}><{name}>]>>\n"
        )
        self._write(f"{end}startxref\n{start}\n%%EOF\n".encode("ascii"))

    def _new(self) -> int:
        self._last += 1
        return self._last

    def _object(self, number: int, body: str) -> None:
        self._offsets[number] = self._place
        self._write(f"{number} 0 obj\n{body}\nendobj\n".encode("ascii"))

    def _stream(self, number: int, data: bytes, more: str = "", *, pack: bool = True) -> None:
        packed = zlib.compress(data, 6) if pack else data
        self._offsets[number] = self._place
        more += "/Filter/FlateDecode" if pack else ""
        head = f"{number} 0 obj\n<</Length {len(packed)}{more}>>\nstream\n"
        self._write(head.encode("ascii") + packed + b"\nendstream\nendobj\n")

    def _write(self, data: bytes) -> None:
        self._out.write(data)
        self._place += len(data)


def _to_unicode(face: Face) -> str:
    """Give the map from glyphs to text (§9.10.3), at most a hundred to a block."""
    pairs = [
        f"<{glyph:04x}> <{text.encode('utf-16-be', 'replace').hex()}>"
        for glyph, (text, _) in sorted(face.glyphs.items())
    ]
    blocks = (pairs[at : at + 100] for at in range(0, len(pairs), 100))
    return _CMAP.format(
        "".join(f"{len(one)} beginbfchar\n" + "\n".join(one) + "\nendbfchar\n" for one in blocks)
    )
