"""Pictures that came as letters are stamped too: on a PDF of their size, sheet by sheet."""

import io

import pypdfium2
import pytest
from PIL import Image, ImageDraw

from registry.pdf.pictured import BROKEN, TOO_LARGE
from registry.pdf.sight import sheet_of
from registry.pdf.stamp import stamped
from registry.texts.extract import Unreadable
from tests.registry.pdf.test_stamp import MM, STAMP, blank, blue, copy
from tests.registry.texts.scans import as_file, drawn

__all__ = ["copy"]


@pytest.fixture
def made(tmp_path):
    """Stamp a picture's bytes; give the PDF."""

    def make(data: bytes, kind: str = "image/jpeg") -> bytes:
        path = tmp_path / "came"
        path.write_bytes(data)
        told, pdf = stamped(path, STAMP, kind)
        assert (told["behind"], told["signed"], path.read_bytes()) == (False, False, data)
        return pdf

    return make


def sizes(data: bytes) -> list[tuple[int, int]]:
    """Give width and height of each page, in whole millimetres."""
    document = pypdfium2.PdfDocument(data)
    found = [tuple(round(side / MM) for side in leaf.get_size()) for leaf in document]
    document.close()
    return found


def sheet(wide: float, high: float, dpi: int = 100) -> Image.Image:
    """Give a white sheet of so many millimetres with lines of print below its head."""
    picture = Image.new("L", (round(wide / 25.4 * dpi), round(high / 25.4 * dpi)), 255)
    draw = ImageDraw.Draw(picture)
    for at in range(round(picture.height * 0.3), picture.height - 20, 20):
        draw.rectangle((20, at, picture.width - 20, at + 6), fill=0)
    return picture


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "TIFF", "WEBP"])
def test_a_scan_of_a_page_bears_its_stamp_in_the_corner_of_a_page_of_its_size(made, kind):
    pdf = made(as_file(kind, sheet(210, 297), dpi=100), f"image/{kind.lower()}")
    [(wide, high)] = sizes(pdf)
    assert (wide, high) == pytest.approx((210, 297), abs=1)
    left, top, right, bottom = blue(pdf)
    assert (right - left, bottom - top) == pytest.approx((50, 25), abs=1)
    assert (wide - right, top) == pytest.approx((8, 6), abs=1.5)


def test_every_sheet_of_a_fax_is_there_and_the_first_is_stamped(made):
    fax = [sheet(210, 297).convert("1"), sheet(210, 297).convert("1"), sheet(297, 210)]
    pdf = made(as_file("TIFF", *fax, dpi=100), "image/tiff")
    assert sizes(pdf) == [(210, 297), (210, 297), (297, 210)]


def test_a_fax_with_half_as_many_lines_down_as_dots_across_has_its_shape(made, tmp_path):
    picture = sheet(210, 297, dpi=200)
    out = io.BytesIO()
    squashed = picture.resize((picture.width, picture.height // 2))
    squashed.save(out, "TIFF", dpi=(200, 100))
    assert sizes(made(out.getvalue(), "image/tiff")) == [(210, 297)]
    seen = sheet_of(tmp_path / "came", "image/tiff", 1)
    assert (seen.width / MM, seen.height / MM) == pytest.approx((210, 297), abs=1)
    assert seen.image.height / seen.image.width == pytest.approx(297 / 210, abs=0.01)


def test_a_jpeg_is_taken_in_as_it_is_and_a_turned_one_is_set_upright(made):
    upright = as_file("JPEG", sheet(210, 297), dpi=100)
    scan = upright[upright.index(b"\xff\xda") :]
    assert scan in made(upright)
    lying, out = sheet(210, 297).rotate(90, expand=True), io.BytesIO()
    turned = Image.Exif()
    turned[0x0112] = 6  # the camera was held so that it must be turned to the right
    lying.save(out, "JPEG", dpi=(100, 100), exif=turned)
    assert sizes(made(out.getvalue())) == [(210, 297)]


@pytest.mark.parametrize(("wide", "high"), [(841, 1189), (594, 420)])
def test_a_stamp_is_five_centimetres_wide_on_a_plan_however_large(made, wide, high):
    pdf = made(as_file("PNG", sheet(wide, high, dpi=72), dpi=72), "image/png")
    left, _, right, _ = blue(pdf)
    assert (right - left) == pytest.approx(50, abs=1)


def test_on_a_small_sheet_it_takes_no_more_than_its_share(made, copy):
    pdf = made(as_file("PNG", sheet(75, 55, dpi=150), dpi=150), "image/png")
    left, _, right, _ = blue(pdf)
    assert (right - left) == pytest.approx(0.6 * 75, abs=1.5)
    _, card = copy(blank(20 * MM, 200 * MM))
    left, _, right, _ = blue(card)
    assert (right - left) == pytest.approx(0.6 * 20, abs=1)


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "RGB", "RGBA", "CMYK", "I;16"])
def test_pictures_of_every_mode_keep_paper_white_and_ink_dark(made, mode):
    ink = Image.new("RGBA", (300, 400), (0, 0, 0, 0))
    ImageDraw.Draw(ink).rectangle((0, 200, 300, 400), fill=(0, 0, 0, 255))
    white = Image.alpha_composite(Image.new("RGBA", ink.size, "white"), ink).convert("L")
    made_so = {"LA": ink.convert("LA"), "RGBA": ink, "I;16": _sixteen(white)}
    picture = made_so.get(mode) or white.convert(mode)
    kind = "TIFF" if mode == "CMYK" else "PNG"
    page = pypdfium2.PdfDocument(made(as_file(kind, picture), f"image/{kind.lower()}"))
    shown = page[0].render(scale=0.5).to_pil().convert("L")
    page.close()
    low, high = shown.getpixel((20, shown.height - 20)), shown.getpixel((20, 20))
    assert (low < 40, high > 215) == (True, True)


def _sixteen(picture: Image.Image) -> Image.Image:
    return Image.frombytes("I;16", picture.size, b"".join(bytes((v, v)) for v in picture.tobytes()))


def test_what_is_too_large_or_broken_says_so(made):
    with pytest.raises(Unreadable, match=TOO_LARGE):
        made(as_file("PNG", Image.new("1", (12_000, 12_000))), "image/png")
    whole = as_file("JPEG", drawn("เรื่อง"))
    for data in (b"", b"\xff\xd8\xff rubble", whole[: len(whole) // 3]):
        with pytest.raises(Unreadable, match=BROKEN):
            made(data)
