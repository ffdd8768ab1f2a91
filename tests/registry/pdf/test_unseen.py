"""Lines that a person does not see fill no register, and keep no scan from being looked at."""

import io
from collections.abc import Callable
from pathlib import Path

import fontpkg_sarabun
import pytest
from fpdf import FPDF
from fpdf.enums import TextMode
from PIL import Image

from registry.letter.paper import HIGH, PaperField
from registry.paper.read import read_pages
from registry.pdf.layer import SURE
from registry.pdf.read import read_pdf
from registry.texts.extract import Bounds, Extract

_FONT = Path(fontpkg_sarabun.__file__).parent / "files" / "Sarabun-Regular.ttf"
_WIDE, _HIGH = 595.0, 842.0
_WORD = "ขอเรียนให้ทราบว่ากรมได้กำหนดจัดการประชุมประจำปีของจังหวัด"
_LETTER = (
    (90.0, 120.0, "กรมส่งเสริมการปกครองท้องถิ่น"),
    (270.0, 150.0, "๑๖ กันยายน ๒๕๖๒"),
    (90.0, 180.0, "เรื่อง การประชุมประจำปีของจังหวัด"),
    (90.0, 205.0, "เรียน ผู้ว่าราชการจังหวัดแพร่"),
    *((90.0, 240.0 + 22 * at, _WORD) for at in range(14)),
    (300.0, 570.0, "ขอแสดงความนับถือ"),
)

Lay = Callable[[FPDF], None]


def blank() -> FPDF:
    out = FPDF(unit="pt")
    out.add_font("letter", fname=str(_FONT))
    out.add_page(format=(_WIDE, _HIGH))
    out.set_font("letter", size=14)
    return out


def write(out: FPDF, *lines: tuple[float, float, str]) -> None:
    for left, down, text in lines:
        out.text(left, down, text)


def picture(out: FPDF) -> None:
    """Lay a sheet of paper over the whole page."""
    data = io.BytesIO()
    Image.new("L", (300, 424), 250).save(data, "JPEG")
    out.image(data, 0, 0, _WIDE, _HIGH)


def strips(out: FPDF) -> None:
    """Lay it in ten strips, as some scanners do."""
    for at in range(10):
        data = io.BytesIO()
        Image.new("L", (300, 42), 250).save(data, "JPEG")
        out.image(data, 0, at * _HIGH / 10, _WIDE, _HIGH / 10)


def no_ink(out: FPDF, *lines: tuple[float, float, str]) -> None:
    with out.local_context(text_mode=TextMode.INVISIBLE):
        write(out, *lines)


def nearly_clear(out: FPDF, *lines: tuple[float, float, str]) -> None:
    with out.local_context(fill_opacity=0.05):
        write(out, *lines)


def white(out: FPDF, *lines: tuple[float, float, str]) -> None:
    out.set_text_color(255)
    write(out, *lines)
    out.set_text_color(0)


def pale(out: FPDF, *lines: tuple[float, float, str]) -> None:
    out.set_text_color(240, 245, 250)
    write(out, *lines)
    out.set_text_color(0)


def white_outline(out: FPDF, *lines: tuple[float, float, str]) -> None:
    out.set_draw_color(255)
    with out.local_context(text_mode=TextMode.STROKE):
        write(out, *lines)
    out.set_draw_color(0)


def tiny(out: FPDF, *lines: tuple[float, float, str]) -> None:
    out.set_font_size(1)
    write(out, *lines)
    out.set_font_size(14)


UNSEEN = [no_ink, nearly_clear, white, pale, white_outline, tiny]


def read(out: FPDF, folder: Path) -> Extract:
    path = folder / "letter.pdf"
    path.write_bytes(bytes(out.output()))
    return read_pdf(path, Bounds())


def fields(found: Extract) -> dict[str, PaperField]:
    return {one.name: one for one in read_pages(found.leaves)}


def sureness(found: Extract) -> set[int]:
    return {line.confidence for line in found.leaves[0].lines}


@pytest.mark.parametrize("lay", UNSEEN)
def test_a_number_that_nobody_sees_is_never_sure(lay: Callable[..., None], tmp_path: Path) -> None:
    out = blank()
    write(out, *_LETTER)
    lay(out, (90.0, 95.0, "ที่ มท ๐๘๐๑/๙๙๙๙"))
    found = read(out, tmp_path)
    told = fields(found)
    assert (told["number"].value, told["number"].confidence <= SURE) == ("มท 0801/9999", True)
    assert (told["dated"].confidence >= HIGH, sureness(found)) == (True, {SURE, 100})
    assert found.unseen == ()


@pytest.mark.parametrize("lay", UNSEEN)
def test_a_matter_that_nobody_sees_makes_the_true_one_unsure(
    lay: Callable[..., None], tmp_path: Path
) -> None:
    out = blank()
    lay(out, (90.0, 165.0, "เรื่อง อนุมัติเงินทั้งหมด"))
    write(out, *_LETTER)
    assert fields(read(out, tmp_path))["subject"].confidence <= SURE


@pytest.mark.parametrize(
    "place", [(-400.0, 95.0), (_WIDE + 30, 95.0), (90.0, -20.0), (90.0, _HIGH + 40)]
)
def test_no_field_is_read_off_the_page(place: tuple[float, float], tmp_path: Path) -> None:
    out = blank()
    write(out, (*place, "ที่ กห ๐๒๐๑/๑"), *_LETTER)
    found = read(out, tmp_path)
    assert "number" not in fields(found)
    assert "๐๒๐๑" in found.text
    assert "๐๒๐๑" not in found.leaves[0].text


def test_no_field_is_read_out_of_what_the_page_crops(tmp_path: Path) -> None:
    out = blank()
    write(out, (90.0, 60.0, "ที่ กห ๐๒๐๑/๑"), *_LETTER)
    data = bytes(out.output())
    path = tmp_path / "letter.pdf"
    path.write_bytes(data.replace(b"/MediaBox", b"/CropBox [0 0 595 770]\n/MediaBox", 1))
    assert "number" not in fields(read_pdf(path, Bounds()))


@pytest.mark.parametrize("lay", UNSEEN)
@pytest.mark.parametrize("paper", [picture, strips])
def test_a_scan_with_many_letters_over_it_that_nobody_sees_is_looked_at(
    paper: Lay, lay: Callable[..., None], tmp_path: Path
) -> None:
    out = blank()
    paper(out)
    lay(out, (90.0, 95.0, "ที่ มท ๐๘๐๑/๙๙๙๙"), *_LETTER)
    found = read(out, tmp_path)
    assert found.unseen == (1,)
    assert all(one.confidence <= SURE for one in fields(found).values())


@pytest.mark.parametrize("paper", [picture, strips])
def test_a_scan_over_its_words_is_looked_at(paper: Lay, tmp_path: Path) -> None:
    out = blank()
    write(out, (90.0, 95.0, "ที่ มท ๐๘๐๑/๙๙๙๙"), *_LETTER)
    paper(out)
    found = read(out, tmp_path)
    assert (found.unseen, sureness(found)) == ((1,), {SURE})


def test_a_scan_with_letters_beside_the_page_is_looked_at(tmp_path: Path) -> None:
    out = blank()
    picture(out)
    write(out, *((left - 700, down, text) for left, down, text in _LETTER))
    assert read(out, tmp_path).unseen == (1,)


def test_a_letter_set_on_a_picture_of_its_paper_stays_sure_and_is_not_looked_at(
    tmp_path: Path,
) -> None:
    out = blank()
    picture(out)
    write(out, (90.0, 95.0, "ที่ มท ๐๘๐๑/๙๙๙๙"), *_LETTER)
    found = read(out, tmp_path)
    assert (found.unseen, sureness(found)) == ((), {100})
    assert fields(found)["number"].confidence >= HIGH
