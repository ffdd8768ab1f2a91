"""Words that a scanner laid behind its picture are known for what they are, and never sure."""

import io
from pathlib import Path

import pypdfium2
import pytest
from PIL import Image
from pypdf import PdfReader, PdfWriter, Transformation

from benchmarks.reading.layered import How, as_lines, layered
from registry.letter.paper import HIGH
from registry.paper.read import read_pages
from registry.pdf.layer import SURE, Shown, shown
from registry.pdf.read import read_pdf
from registry.texts.extract import Bounds
from tests.registry.paper import real
from tests.registry.texts import papers
from tests.registry.texts.scans import as_file, drawn

NUMBER = "ที่ มท ๐๘๑๐.๗/ว ๓๙๗๔"


def seen(data: bytes, folder: Path) -> Shown:
    path = folder / "file.pdf"
    path.write_bytes(data)
    document = pypdfium2.PdfDocument(path)
    found = shown(document[0])
    document.close()
    return found


def scan() -> bytes:
    return as_file("PDF", drawn(NUMBER))


def sheets() -> bytes:
    """Give two sheets of A4 with nothing on them, as pictures."""
    return as_file("PDF", *[Image.new("L", (827, 1169), 250)] * 2, dpi=100)


def within_forms(data: bytes) -> bytes:
    """Lay a page, with all that is on it, into a form within another page, half as large."""
    writer = PdfWriter()
    inner = PdfReader(io.BytesIO(data)).pages[0]
    outer = writer.add_blank_page(inner.mediabox.width / 2, inner.mediabox.height / 2)
    outer.merge_transformed_page(inner, Transformation().scale(0.5))
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


@pytest.mark.parametrize(("how", "hidden"), [("unseen", True), ("under", True), ("over", False)])
def test_words_in_no_ink_or_under_a_picture_are_not_seen(
    how: How, hidden: bool, tmp_path: Path
) -> None:
    data = layered(scan(), as_lines(NUMBER), how)
    assert seen(data, tmp_path) == Shown(hidden, pictured=True)
    assert seen(within_forms(data), tmp_path) == Shown(hidden, pictured=True)


def test_words_in_clear_ink_are_not_seen(tmp_path: Path) -> None:
    clear = b"<< /Type /ExtGState /ca 0 >>"
    page = b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R "
    data = papers.pdf([
        b"<< /Type /Catalog /Pages 2 0 R >>", b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        page + b"/Resources << /Font << /F1 5 0 R >> /ExtGState << /G 6 0 R >> >> >>",
        papers.stream(b"/G gs BT /F1 12 Tf 50 700 Td (unseen) Tj ET"),
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>", clear,
    ])  # fmt: skip
    assert seen(data, tmp_path) == Shown(hidden=True, pictured=False)


def test_a_typeset_letter_and_a_bare_scan_have_no_hidden_words(tmp_path: Path) -> None:
    assert seen(real.circular(), tmp_path) == Shown(hidden=False, pictured=False)
    assert seen(scan(), tmp_path) == Shown(hidden=False, pictured=True)


@pytest.mark.parametrize("name", ["phrae-w4971", "dla-w3974"])
def test_nothing_of_a_damaged_layer_is_believed_and_its_page_is_looked_at(
    name: str, tmp_path: Path
) -> None:
    path = tmp_path / "letter.pdf"
    path.write_bytes(layered(sheets(), as_lines(real.damaged(name))))
    found = read_pdf(path, Bounds())
    assert found.unseen == tuple(page.number for page in found.leaves)
    assert {line.confidence for line in found.leaves[0].lines} == {SURE}
    fields = read_pages(found.leaves)
    assert {"dated", "subject", "reference", "owner"} <= {one.name for one in fields}
    assert all(one.confidence < HIGH for one in fields)


def test_the_circulars_damaged_number_is_kept_with_little_confidence(tmp_path: Path) -> None:
    path = tmp_path / "letter.pdf"
    path.write_bytes(layered(sheets(), as_lines(real.damaged("dla-w3974"))))
    [number] = [one for one in read_pages(read_pdf(path, Bounds()).leaves) if one.name == "number"]
    assert (number.value, number.confidence) == ("มา 1810.7/ว 3974", 15)
    assert number.facts["damaged"]


def test_a_typeset_letter_is_not_looked_at(tmp_path: Path) -> None:
    path = tmp_path / "letter.pdf"
    path.write_bytes(real.circular())
    found = read_pdf(path, Bounds())
    assert found.unseen == ()
    assert {line.confidence for line in found.leaves[0].lines} == {100}


def test_a_scan_that_bears_but_a_stamp_in_letters_is_looked_at(tmp_path: Path) -> None:
    path = tmp_path / "letter.pdf"
    path.write_bytes(layered(scan(), as_lines("เลขรับ ๑๒๓๔"), "over"))
    found = read_pdf(path, Bounds())
    assert (found.unseen, found.text) == ((1,), "เลขรับ ๑๒๓๔")
    assert {line.confidence for line in found.leaves[0].lines} == {100}
