"""A stamp on a copy: upright in the upper right as shown, off the text; what came stays."""

import hashlib
import io

import pypdfium2
import pytest
from PIL import Image, ImageChops, ImageStat
from pypdf import PdfReader, PdfWriter
from pypdf.generic import (
    DecodedStreamObject,
    FloatObject,
    NameObject,
    NumberObject,
    RectangleObject,
)

from registry.letter.stamp import Stamp
from registry.pdf.signatures import verify_pdf
from registry.pdf.signatures_trust import certificates
from registry.pdf.stamp import COPY, LOCKED, stamped
from registry.pdf.stamp_face import draw_stamp
from registry.texts.extract import Unreadable
from tests.registry.pdf import signing
from tests.registry.texts import papers

STAMP = Stamp("จังหวัดแพร่", "๓๓๗๔", "๓ ต.ค. ๒๕๖๘", "๑๐.๔๒ น.")
PLAIN = papers.saying(b"1 0 0 1 60 600 Tm", b"(Hello) Tj")
MM = 72 / 25.4


def blank(width: float = 595, height: float = 842, content: bytes = b"", **keys) -> bytes:
    """Give one page that shows this."""
    writer = PdfWriter()
    page = writer.add_blank_page(width, height)
    for name, value in keys.items():
        page[NameObject(f"/{name}")] = value
    if content:
        stream = DecodedStreamObject()
        stream.set_data(content)
        page[NameObject("/Contents")] = writer._add_object(stream)
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


@pytest.fixture
def copy(tmp_path):
    """Stamp a PDF; give what is told and the copy."""

    def make(data: bytes, stamp: Stamp = STAMP):
        path = tmp_path / "came.pdf"
        path.write_bytes(data)
        told, more = stamped(path, stamp)
        assert hashlib.sha256(path.read_bytes()).digest() == hashlib.sha256(data).digest()
        return told, (data if told["behind"] else b"") + more

    return make


def drawn(data: bytes) -> Image.Image:
    """Draw the first page, two pixels to the unit."""
    document = pypdfium2.PdfDocument(data)
    picture = document[0].render(scale=2).to_pil().convert("RGB")
    document.close()
    return picture


def blue(data: bytes) -> tuple[float, float, float, float]:
    """Give the box of what is blue on the first page, in mm from the top left as shown."""
    red, _, blue_ = drawn(data).split()
    box = ImageChops.subtract(blue_, red).point(lambda level: 255 if level > 60 else 0).getbbox()
    assert box
    return tuple(side / 2 / MM for side in box)


@pytest.mark.parametrize("turned", [0, 90, 180, 270])
def test_it_stands_upright_in_the_upper_right_however_the_page_is_turned_and_cropped(copy, turned):
    page = blank(
        700, 900, Rotate=NumberObject(turned), CropBox=RectangleObject((40, 150, 560, 880))
    )
    told, made = copy(page)
    assert told == {"behind": True, "signed": False, "moved": False}
    left, top, right, bottom = blue(made)
    wide = (520 if turned % 180 == 0 else 730) / MM
    assert (right - left, bottom - top) == pytest.approx((50, 25), abs=0.8)
    assert (wide - right, top) == pytest.approx((8, 6), abs=1)


def test_its_words_can_be_read_and_searched_in_the_copy(copy):
    _, made = copy(PLAIN)
    text = PdfReader(io.BytesIO(made)).pages[0].extract_text()
    for words in ("แพร่", "๓๓๗๔", "เลขรับ", "วันที่", "เวลา", "Hello"):
        assert words in text


def test_it_gives_way_to_what_is_printed_in_the_corner(copy):
    told, made = copy(blank(content=b"0 g 400 740 170 90 re f"))
    assert told["moved"]
    _, top, right, bottom = blue(made)
    assert right * MM < 400 or top * MM > 842 - 740
    assert bottom * MM < 842 / 2


FULL = b"0 g " + b"".join(b"0 %d 900 6 re f " % y for y in range(0, 900, 12))


@pytest.mark.parametrize("turned", [0, 90, 180, 270])
def test_a_full_page_has_its_stamp_on_a_strip_above_it_and_nothing_is_covered(copy, turned):
    page = blank(
        700, 900, FULL, Rotate=NumberObject(turned), CropBox=RectangleObject((40, 150, 560, 880))
    )
    told, made = copy(page)
    assert told["moved"]
    before, after = drawn(page), drawn(made)
    high = after.height - before.height
    assert after.width == before.width
    assert high / 2 / MM == pytest.approx(34, abs=1)
    shown = after.crop((0, high, after.width, after.height))
    for part in ((0, 0, after.width, 48), (0, 0, *before.size)):  # edges fall between two pixels
        other = ImageChops.difference(shown.crop(part), before.crop(part))
        assert max(ImageStat.Stat(other).mean) < 25
    left, top, right, bottom = blue(made)
    assert (right - left, bottom - top) == pytest.approx((50, 25), abs=0.8)
    assert (after.width / 2 / MM - right, top) == pytest.approx((8, 6), abs=1)
    text = PdfReader(io.BytesIO(made)).pages[0].extract_text()
    assert "๓๓๗๔" in text
    assert "เพิ่มแถบนี้" in text


def test_the_strip_fits_pages_of_any_size_and_unit_and_files_that_are_written_anew(copy):
    _, made = copy(blank(120, 120, FULL))
    assert (drawn(made).width, drawn(made).height > 240) == (240, True)
    _, made = copy(blank(595, 842, FULL, UserUnit=FloatObject(2)))
    assert (drawn(made).height - 2 * 842) / 2 / MM == pytest.approx(17, abs=1)
    data = blank(content=FULL)
    _, made = copy(data[: data.rindex(b"startxref")] + b"startxref\n999999\n%%EOF\n")
    high = drawn(made).height - drawn(data).height
    assert high / 2 / MM == pytest.approx(34, abs=1)
    assert blue(made)[3] * MM * 2 < high - 10


def test_a_page_that_is_dark_all_over_has_its_stamp_on_white(copy):
    _, made = copy(blank(content=b"0.1 g 0 0 595 842 re f"))
    assert drawn(made).height > 2 * 842 + 100


def test_whatever_the_page_leaves_behind_the_stamp_stands_where_it_should(copy):
    _, made = copy(blank(content=b"q 0.1 0 0 0.1 300 300 cm 0 0 10 10 re W n"))
    left, top, right, bottom = blue(made)
    assert (right - left, bottom - top) == pytest.approx((50, 25), abs=0.8)


def test_a_unit_of_the_page_and_a_tiny_page_are_heeded(copy):
    _, made = copy(blank(595, 842, UserUnit=FloatObject(2)))
    left, _, right, _ = blue(made)  # pdfium shows units, not points
    assert (right - left) == pytest.approx(25, abs=0.8)
    _, made = copy(blank(120, 120))
    left, _, right, _ = blue(made)
    assert (right - left) == pytest.approx(0.6 * 120 / MM, abs=1.5)


@pytest.mark.parametrize("algorithm", ["RC4-128", "AES-256"])
def test_a_file_that_only_forbids_changes_is_stamped_and_one_with_a_password_is_not(
    copy, algorithm
):
    def locked(password: str) -> bytes:
        writer = PdfWriter(clone_from=PdfReader(io.BytesIO(PLAIN)))
        writer.encrypt(password, owner_password="owner", algorithm=algorithm)
        out = io.BytesIO()
        writer.write(out)
        return out.getvalue()

    _, made = copy(locked(""))
    assert blue(made)
    with pytest.raises(Unreadable, match=LOCKED):
        copy(locked("user"))


def test_the_copy_of_a_signed_file_says_so_and_still_shows_what_was_signed(copy, tmp_path):
    signed = signing.signed_pdf(PLAIN, signing.somying())
    told, made = copy(signed)
    assert told["signed"]
    assert made.startswith(signed)
    assert "ต้นฉบับลงลายมือชื่อดิจิทัล" in PdfReader(io.BytesIO(made)).pages[0].extract_text()
    path = tmp_path / "copy.pdf"
    path.write_bytes(made)
    [one] = verify_pdf(path, certificates(signing.root().pem), signing.NOW)
    assert (one["intact"], one["whole"], one["facts"]["changed"]) == (True, False, "other")


def test_a_file_with_a_broken_table_is_written_anew_and_rubble_is_refused_in_thai(copy):
    at = PLAIN.rindex(b"startxref")
    told, made = copy(PLAIN[:at] + b"startxref\n999999\n%%EOF\n")
    assert blue(made)
    assert not told["signed"]
    for rubble in (b"%PDF-1.4 nothing", PLAIN[: len(PLAIN) // 3], b""):
        with pytest.raises(Unreadable, match="เสียหาย"):
            copy(rubble)


@pytest.mark.parametrize(
    "office",
    [
        "เทศบาลเมืองแพร่", "กรมส่งเสริมการปกครองท้องถิ่น กระทรวงมหาดไทย",
        "สำนักงานคณะกรรมการป้องกันและปราบปรามการทุจริตแห่งชาติ", "ก" * 200,
    ],
)  # fmt: skip
def test_a_name_of_any_length_stays_within_the_box(office):
    drawn = draw_stamp(Stamp(office, "๑", "๓ ต.ค. ๒๕๖๘", "๑๐.๔๒ น.", COPY))
    document = pypdfium2.PdfDocument(drawn)
    picture = document[0].render(scale=4).to_pil().convert("L")
    document.close()
    scale = 4 * MM
    for x in (0.7, 48.7):  # between the frame and the words
        beside = picture.crop([round(side * scale) for side in (x, 1, x + 0.6, 24)])
        assert beside.getextrema()[0] > 200
