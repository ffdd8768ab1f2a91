"""The table of enclosures: what it calls the files, how it prints sizes, and its QR code."""

from datetime import date

import pytest

from gateway.outbound.table import Row, Table, qr_png


@pytest.mark.parametrize(
    ("size", "words"),
    [
        (0, "๐ ไบต์"),
        (34_000, "๓๔.๐ KB"),
        (25_000_000, "๒๕.๐ MB"),
        (40_123_456, "๔๐.๑ MB"),
        (1_234_000_000, "๑.๒ GB"),
    ],
)
def test_sizes_are_in_mb_of_a_million_bytes(size, words):
    assert Row(1, "ก.pdf", size, by_link=False).thai_size == words


def test_the_letter_itself_is_not_called_an_enclosure():
    letter, annex = Row(1, "ก", 1, by_link=False, is_letter=True), Row(2, "ข", 1, by_link=True)
    assert Table((letter,)).heading == "ตัวหนังสือ ๑ ไฟล์"
    assert Table((annex,)).heading == "สิ่งที่ส่งมาด้วย ๑ ไฟล์"
    assert Table((letter, annex)).heading == "ตัวหนังสือและสิ่งที่ส่งมาด้วย ๒ ไฟล์"


def test_pictures_of_the_text_are_counted_apart():
    assert Table((), pictures=2).thai_pictures == "๒"
    assert Table(()).thai_pictures == ""


def test_the_last_day_of_the_page_is_a_thai_date():
    table = Table((), "https://x.example/l/1", date(2035, 10, 1))
    assert table.thai_until == "๑ ตุลาคม ๒๕๗๘"
    assert Table(()).thai_until == ""


def test_the_qr_code_is_a_small_picture():
    picture = qr_png("https://files.phrae.example/l/gmeubqkheqd7jcczl2buoenly4")
    assert picture.startswith(b"\x89PNG\r\n\x1a\n")
    assert len(picture) < 2000
