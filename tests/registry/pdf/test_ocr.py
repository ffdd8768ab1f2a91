"""Pictures of pages are read whichever way they lie, figures included."""

from pathlib import Path

import pytest
from PIL import Image

from registry.letter.page import Page
from registry.pdf.ocr import read_sheet
from registry.pdf.sight import TOO_LARGE, TOO_SMALL, sheet_of, sheets_in
from registry.pdf.tessdata import tessdata
from registry.texts.extract import Unreadable
from tests.registry.texts import papers
from tests.registry.texts.scans import as_file, drawn

NUMBER, SUBJECT = "ที่ มท ๐๘๑๐.๗/ว ๓๙๗๔", "เรื่อง การปรับปรุงคู่มือสำหรับประชาชน"
MODELS = str(tessdata("tha+eng"))


@pytest.fixture(autouse=True)
def one_thread(monkeypatch):
    monkeypatch.setenv("OMP_THREAD_LIMIT", "1")


def read(path: Path, media_type: str, number: int = 1) -> Page:
    return read_sheet(sheet_of(path, media_type, number), number, MODELS, "tha+eng")


def scanned(tmp_path: Path, kind: str, *sheets: Image.Image, dpi: int = 200) -> Path:
    path = tmp_path / f"scan.{kind.lower()}"
    path.write_bytes(as_file(kind, *sheets, dpi=dpi))
    return path


@pytest.mark.parametrize(
    ("dpi", "turn", "askew"), [(150, 0, 1.5), (300, 180, 0.0), (200, 90, -0.7), (300, 270, 0.0)]
)
def test_a_scan_is_read_whichever_way_it_lies(tmp_path: Path, dpi: int, turn: int, askew: float):
    sheet = drawn(NUMBER, SUBJECT, dpi=dpi, turn=turn, askew=askew)
    page = read(scanned(tmp_path, "PDF", sheet, dpi=dpi), "application/pdf")
    assert page.text.splitlines() == [NUMBER, SUBJECT]
    assert (page.source, page.number, page.quality > 0.9) == ("ocr", 1, True)
    assert all(0 < line.confidence <= 100 for line in page.lines)
    first, second = (line.box for line in page.lines)
    order = {0: second.top - first.top, 180: first.top - second.top}
    order |= {90: second.left - first.left, 270: first.left - second.left}
    assert order[turn] > 0.1


def test_each_page_of_a_picture_file_is_read_where_it_stands(tmp_path: Path):
    path = scanned(tmp_path, "TIFF", drawn(NUMBER), drawn(SUBJECT))
    assert sheets_in(path) == 2
    page = read(path, "image/tiff", 2)
    assert page.text == SUBJECT
    assert (page.width, page.height) == pytest.approx((297.6, 170), abs=1)
    assert page.lines[0].box.left == pytest.approx(0.3 * 72 / page.width, abs=0.02)


def test_a_picture_without_letters_has_no_text(tmp_path: Path):
    for sheet in (drawn(), Image.radial_gradient("L").resize((400, 300))):
        page = read(scanned(tmp_path, "PNG", sheet), "image/png")
        assert (page.source, page.lines, page.width > 0) == ("none", (), True)


def test_a_picture_is_measured_before_it_is_opened(tmp_path: Path):
    """One of two billion points, and one within a page, cost nothing."""
    image = b"/Type /XObject /Subtype /Image /Width 60000 /Height 40000 /ColorSpace /DeviceGray "
    drawing = b"/Resources << /XObject << /I 5 0 R >> >> >>"
    bomb = papers.pdf(
        [
            b"<< /Type /Catalog /Pages 2 0 R >>",
            b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
            b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R %s" % drawing,
            papers.stream(b"q 595 0 0 842 0 0 cm /I Do Q"),
            papers.stream(b"x\x9c\x03\x00", image + b"/BitsPerComponent 8 /Filter /FlateDecode "),
        ]
    )
    path = tmp_path / "bomb.pdf"
    path.write_bytes(bomb)
    with pytest.raises(Unreadable, match=TOO_LARGE):
        sheet_of(path, "application/pdf", 1)
    path = tmp_path / "bomb.png"
    Image.new("1", (12_000, 12_000)).save(path)
    with pytest.raises(Unreadable, match=TOO_LARGE):
        sheet_of(path, "image/png", 1)
    with pytest.raises(Unreadable, match=TOO_SMALL):
        sheet_of(scanned(tmp_path, "PNG", Image.new("L", (30, 30))), "image/png", 1)


def test_a_page_that_says_it_is_a_hundred_metres_wide_is_drawn_small(tmp_path: Path):
    path = tmp_path / "wide.pdf"
    huge = papers.saying(b"(wide) Tj").replace(b"[0 0 595 842]", b"[0 0 280000 200000]")
    path.write_bytes(huge)
    image = sheet_of(path, "application/pdf", 1).image
    assert image.width * image.height <= 20_100_000


@pytest.mark.parametrize("data", [b"", b"\xff\xd8\xff", b"II*\0\x08\0\0\0", b"not a picture"])
def test_what_is_no_picture_is_unreadable(tmp_path: Path, data: bytes):
    path = tmp_path / "broken.jpg"
    path.write_bytes(data)
    with pytest.raises(Unreadable):
        sheets_in(path)


def test_models_are_looked_for_where_the_environment_says(tmp_path: Path, monkeypatch):
    monkeypatch.setenv("TESSDATA_PREFIX", str(tmp_path))
    (tmp_path / "xxx.traineddata").touch()
    assert tessdata("xxx") == tmp_path
    assert tessdata("tha+xyz") is None
