"""The printed book: the form's columns, heads on each page, text that can be read back."""

import io
from collections.abc import Iterable
from datetime import datetime, timedelta

import pypdf

from registry.books.booklines import Line
from registry.clock import BANGKOK
from registry.corrections import Correction
from registry.pdf.forms.book import print_book
from tests.registry.lines import RECEIVED, line

AT = datetime(2025, 10, 6, 9, 0, tzinfo=BANGKOK)


def printed(lines: Iterable[Line], **how) -> list[str]:
    """Print lines and give the text of each page."""
    out = io.BytesIO()
    pages = print_book(out, lines, RECEIVED, "จังหวัดแพร่", of="ปี 2568", at=AT, **how)
    found = pypdf.PdfReader(io.BytesIO(out.getvalue())).pages
    assert len(found) == pages
    return [page.extract_text() for page in found]


def test_a_page_has_the_title_the_office_and_the_heads_of_form_13():
    [page] = printed([line()])
    for word in ("ทะเบียนหนังสือรับ", "จังหวัดแพร่", "ปี ๒๕๖๘", "ลงวันที่", "การปฏิบัติ", "หมายเหตุ"):
        assert word in page


def test_the_day_of_registering_stands_once_over_its_lines():
    later = line(3, registered_at=line().registered_at + timedelta(days=1))
    [page] = printed([line(1), line(2), later])
    assert page.count("วันที่ ๓ ตุลาคม ๒๕๖๘") == 1
    assert page.count("วันที่ ๔ ตุลาคม ๒๕๖๘") == 1


def test_every_page_of_a_long_book_has_the_heads_and_no_line_is_lost():
    pages = printed(line(n, letter_number=f"ที่{n}จบ") for n in range(1, 101))
    assert len(pages) > 4
    assert all("การปฏิบัติ" in page and "หน้า" in page for page in pages)
    text = "".join(pages).replace("\n", "")
    assert all(f"ที่{n}จบ".translate(str.maketrans("0123456789", "๐๑๒๓๔๕๖๗๘๙")) in text
               for n in range(1, 101))  # fmt: skip


def test_tone_marks_and_sara_am_can_be_copied_out():
    [page] = printed([line(subject="น้ำท่วม ก่ำ ญี่ปุ่น ปู่")])
    assert "นํ้าท่วม" in page.replace("\n", "")  # สระอำ as its two parts
    assert "ญี่ปุ่น" in page.replace("\n", "")


def test_digits_are_arabic_where_the_reader_likes_them_so():
    [page] = printed([line(2231)], thai=False)
    assert "2231" in page
    assert "๒" not in page


def test_a_line_longer_than_a_page_goes_on_there():
    subject = " ".join(f"คำที่{n}" for n in range(900))
    pages = printed([line(subject=subject), line(2)], thai=False)
    assert len(pages) > 1
    assert "คำที่899".replace("ำ", "ํา") in "".join(pages).replace("\n", "")


def test_what_has_no_place_to_break_is_cut_and_not_lost():
    [page] = printed([line(from_text="x" * 300)])
    assert page.replace("\n", "").count("x") == 300


def test_a_void_number_says_why_and_a_correction_shows_both_values():
    old = Correction("subject", "เรื่องที่ผิด", AT, "officer@phrae.go.th", "พิมพ์ผิด")
    [page] = printed(
        [line(1, state="void", void_reason="ลงซ้ำ", void_by="x@y.z"), line(2, struck=(old,))]
    )
    assert "ยกเลิกเลข" in page
    assert "เรื่องที่ผิด" in page


def test_a_struck_number_stands_apart_from_the_one_that_holds_and_neither_is_broken():
    old = Correction("letter_number", "มท 0309.2/999", AT, "officer@phrae.go.th", "")
    [page] = printed([line(letter_number="มท 0309.2/1001", struck=(old,))])
    assert "มท ๐๓๐๙.๒/๙๙๙" in page
    assert "มท ๐๓๐๙.๒/๑๐๐๑" in page
    assert "๙๙๙มท" not in page


def test_letters_without_a_glyph_and_control_characters_do_no_harm():
    [page] = printed([line(subject="漢字 \x00\x07 (เรื่อง) \\ 🙂 %PDF endstream")])
    assert "endstream" in page


def test_an_empty_part_says_that_it_is_empty():
    assert "ไม่มีรายการ" in printed([])[0]


def test_a_row_of_some_lines_is_not_cut_between_two_pages():
    pages = printed(
        line(n, subject=f"เริ่ม{n} " + "เรื่องยาวมาก " * 12 + f"จบ{n}") for n in range(1, 40)
    )
    assert len(pages) > 3
    for page in pages:
        said = "".join(page.split())
        assert said.count("เริ่ม") == said.count("จบ")


def test_a_book_names_the_form_that_it_is():
    assert "แบบที่ ๑๓" in printed([line()])[0]
