"""The text of plain files and HTML, whatever code their bytes are in."""

from pathlib import Path

import pytest

from registry.texts.extract import Bounds
from registry.texts.plain import read_html, read_plain

TEXT = "ลำดับ,อำเภอ\n๑,“เมือง” แพร่"


@pytest.mark.parametrize("code", ["utf-8", "utf-8-sig", "utf-16", "cp874"])
def test_thai_is_read_in_each_code_that_offices_use(tmp_path: Path, code: str):
    path = tmp_path / "list.csv"
    path.write_bytes(TEXT.encode(code))
    assert read_plain(path, Bounds()).text == TEXT


def test_western_bytes_are_western(tmp_path: Path):
    path = tmp_path / "note.txt"
    path.write_bytes("café à Genève".encode("cp1252"))
    assert read_plain(path, Bounds()).text == "café à Genève"


def test_a_character_that_the_bound_cuts_is_no_other_code(tmp_path: Path):
    path = tmp_path / "long.txt"
    path.write_text("xก" * 10, encoding="utf-8")
    assert read_plain(path, Bounds(characters=3)).text == "xกx"


def test_any_bytes_are_read_as_something_that_can_be_kept(tmp_path: Path):
    path = tmp_path / "odd.txt"
    path.write_bytes(bytes(range(256)) * 3)
    text = read_plain(path, Bounds()).text
    assert "\x00" not in text
    assert text.encode()


def test_html_is_read_as_a_person_sees_it(tmp_path: Path):
    path = tmp_path / "page.html"
    path.write_text(
        "<html><head><title>x</title><style>p{}</style></head><body><p>เรื่อง<b>ด่วน</b>ที่สุด</p>"
        "<script>alert('x')</script><table><tr><td>ก</td><td>&lt;ข&gt;</td></tr></table><p>จบ",
        encoding="utf-8",
    )
    assert read_html(path, Bounds()).text == "เรื่องด่วนที่สุด\nก <ข>\nจบ"


def test_an_empty_file_has_no_text(tmp_path: Path):
    path = tmp_path / "empty.txt"
    path.write_bytes(b"")
    assert read_plain(path, Bounds()).state == "none"
