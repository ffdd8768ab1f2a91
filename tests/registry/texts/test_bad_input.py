"""PDFs as bad programs write them: wrong tables of characters, fonts left out, filters in a row."""

import io
import re
import zlib
from base64 import a85encode
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from pypdf import PdfWriter
from pypdf.generic import DecodedStreamObject, NameObject

from registry.pdf.picture import picture_of
from registry.pdf.read import read_pdf
from registry.pdf.tessdata import tessdata
from registry.settings import ReadingSettings
from registry.texts.extract import Bounds, Extract
from registry.texts.reader import FileReader
from saraban.demo.typeset import typeset_text
from tests.registry.texts import papers

Read = Callable[..., Extract]
LETTER = Path("tests/samples/letters/phrae-w4971.txt").read_text(encoding="utf-8")[:1000]
PDF = "application/pdf"
HELLO = b"BT /F1 12 Tf 50 700 Td (Hello) Tj ET"


@pytest.fixture
def read(tmp_path: Path) -> Read:
    """Read these bytes as a file."""

    def read_bytes(data: bytes) -> Extract:
        path = tmp_path / "file.pdf"
        path.write_bytes(data)
        return read_pdf(path, Bounds())

    return read_bytes


@pytest.fixture
def reader() -> Iterator[FileReader]:
    reader = FileReader(ReadingSettings())
    yield reader
    reader.close()


def retold(data: bytes, change: Callable[[bytes], bytes]) -> bytes:
    """Change what the fonts of a PDF say of which character each glyph is (/ToUnicode)."""
    writer = PdfWriter(clone_from=io.BytesIO(data))
    for font in _fonts(writer):
        table = DecodedStreamObject()
        table.set_data(change(font["/ToUnicode"].get_data()))
        font[NameObject("/ToUnicode")] = writer._add_object(table)
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


def _fonts(writer: PdfWriter) -> list[Any]:
    """Give each font of a PDF once."""
    used = [one for page in writer.pages for one in page["/Resources"]["/Font"].values()]
    return list({id(one.get_object()): one.get_object() for one in used}.values())


def shifted(table: bytes) -> bytes:
    """Say of each glyph that it is the Thai letter three further on."""

    def other(found: re.Match[bytes]) -> bytes:
        return b"<0E%02X>" % (0x01 + (int(found[1], 16) + 2) % 0x2E)

    return re.sub(rb"<0[Ee]([0-9A-Fa-f]{2})>(?=\s*(?:<|\n|\]|endbf))", other, table)


def nowhere(table: bytes) -> bytes:
    """Say of each glyph that it is a sign of nobody's (private use)."""
    return re.sub(rb"<0[Ee]([0-9A-Fa-f]{2})>", rb"<F7\1>", table)


@pytest.mark.parametrize("change", [shifted, nowhere])
def test_a_typeset_letter_whose_fonts_lie_is_looked_at_with_eyes(read: Read, change):
    found = read(retold(typeset_text("", LETTER), change))
    assert found.unseen == (1,)
    assert max(page.quality for page in found.leaves) < 0.8


def test_what_eyes_see_counts_and_not_what_the_fonts_say(reader: FileReader, tmp_path):
    path = tmp_path / "file.pdf"
    path.write_bytes(retold(typeset_text("", "ที่ พร ๐๐๒๓.๓/ว ๔๙๗๑\nเรื่อง การปรับปรุงคู่มือ"), shifted))
    found = reader.read(path, PDF)
    assert (found.unseen, "คู่มือ" in found.text) == ((1,), False)
    page, why = reader.look(path, PDF, 1, str(tessdata("tha+eng")))
    assert (page.source, why) == ("ocr", "")
    assert "เรื่อง การปรับปรุงคู่มือ" in page.text
    assert "๔๙๗๑" in page.text


def with_filters(names: bytes, data: bytes) -> bytes:
    return papers.pages(data, b"/Filter [%s] " % names)


@pytest.mark.parametrize(
    ("names", "pack"),
    [
        (b"/ASCII85Decode /FlateDecode", lambda data: a85encode(zlib.compress(data)) + b"~>"),
        (b"/ASCIIHexDecode /FlateDecode", lambda data: zlib.compress(data).hex().encode() + b">"),
        (b"/A85 /AHx /Fl", lambda data: a85encode(zlib.compress(data).hex().encode()) + b"~>"),
        (b"/FlateDecode /FlateDecode", lambda data: zlib.compress(zlib.compress(data))),
    ],
)
def test_a_page_packed_several_times_over_is_read_and_drawn(read: Read, tmp_path, names, pack):
    found = read(with_filters(names, pack(HELLO)))
    assert (found.state, found.text) == ("done", "Hello")
    count, _ = picture_of(tmp_path / "file.pdf", "application/pdf", 1, 160)
    assert count == 1


def bomb() -> bytes:
    """Give bytes that unpack twice over, to ninety megabytes."""
    return zlib.compress(zlib.compress(b" " * 90_000_000, 9), 9)


@pytest.mark.parametrize(
    ("names", "pack"),
    [
        (b"/FlateDecode /FlateDecode", bomb),
        (b"/FlateDecode " * 500, lambda: zlib.compress(HELLO)),
        (b"/NoSuchDecode /FlateDecode", lambda: zlib.compress(HELLO)),
    ],
    ids=["bomb in a bomb", "five hundred filters", "a filter that is none"],
)
def test_filters_that_lead_nowhere_end_in_a_clear_state(reader: FileReader, tmp_path, names, pack):
    data = with_filters(names, pack())
    assert len(data) < 10_000
    path = tmp_path / "file.pdf"
    path.write_bytes(data)
    found = reader.read(path, PDF)
    assert (found.state in {"failed", "none"}, found.text) == (True, "")
    assert not found.detail.isascii()
    path.write_bytes(papers.saying(b"(good) Tj"))
    assert reader.read(path, PDF).text == "good"


def without_fonts(data: bytes) -> bytes:
    """Take the fonts themselves out of a PDF; what is said of their characters stays."""
    writer = PdfWriter(clone_from=io.BytesIO(data))
    for font in _fonts(writer):
        for one in font["/DescendantFonts"]:
            del one.get_object()["/FontDescriptor"]["/FontFile2"]
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


def test_a_letter_without_its_fonts_is_read_and_drawn(read: Read, tmp_path):
    sound = typeset_text("", LETTER)
    words = "".join(read(sound).text.split())
    bare = without_fonts(sound)
    assert (b"/FontFile2" in sound, b"/FontFile2" in bare) == (True, False)
    found = read(bare)
    assert (found.state, "".join(found.text.split()), found.unseen) == ("done", words, ())
    assert picture_of(tmp_path / "file.pdf", "application/pdf", 1, 160)[0] == 1


def test_thai_in_a_font_that_nobody_has_is_read_by_its_bytes(read: Read):
    """Angsana New of old Windows: one byte a character, named as if it were western, not there."""
    font = b"<< /Type /Font /Subtype /TrueType /BaseFont /AngsanaNew /Encoding /WinAnsiEncoding >>"
    text = "เรื่อง การประชุมประจำเดือน ครั้งที่ ๑ ของจังหวัด".encode("cp874").hex().encode()
    data = papers.saying(b"<%s> Tj" % text)
    found = read(data.replace(b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>", font))
    assert found.text == "เรื่อง การประชุมประจำเดือน ครั้งที่ ๑ ของจังหวัด"
