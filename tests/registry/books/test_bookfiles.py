"""A book for a spreadsheet: real days, text that stays text, no formulas of strangers."""

import csv
import io
from datetime import date

import openpyxl
import pytest

from registry.books.bookfiles import write_book, write_csv, write_xlsx
from registry.corrections import Correction
from tests.registry.lines import RECEIVED, line

FORMULAS = ['=HYPERLINK("http://x","y")', "+1", "-1", "@SUM(A1)", "\tx", "\rx"]


def as_csv(lines, **how) -> list[list[str]]:
    out = io.BytesIO()
    assert write_csv(out, lines, RECEIVED, **how) == len(lines)
    assert out.getvalue().startswith(b"\xef\xbb\xbf")
    return list(csv.reader(io.StringIO(out.getvalue().decode("utf-8-sig"), newline="")))


def as_xlsx(lines):
    out = io.BytesIO()
    assert write_xlsx(out, lines, RECEIVED) == len(lines)
    return openpyxl.load_workbook(io.BytesIO(out.getvalue())).active


def test_csv_has_the_columns_of_the_form_and_the_day():
    head, row = as_csv([line(2231)])
    assert head == [
        "เลขทะเบียนรับ", "วันที่ลงทะเบียน", "ที่", "ลงวันที่", "จาก", "ถึง", "เรื่อง", "การปฏิบัติ", "หมายเหตุ",
    ]  # fmt: skip
    assert row[:4] == ["๒๒๓๑", "๓ ต.ค. ๒๕๖๘", "มท ๐๘๑๐.๗/ว ๓๙๗๔", "๑๖ ก.ย. ๒๕๖๘"]


@pytest.mark.parametrize("text", FORMULAS)
def test_no_cell_of_csv_begins_as_a_formula(text):
    _, row = as_csv([line(subject=text)], thai=False)
    assert row[6] == "'" + text


def test_xlsx_has_real_numbers_and_real_days():
    sheet = as_xlsx([line(2231)])
    assert sheet["A2"].value == 2231
    assert sheet["B2"].value.date() == date(2025, 10, 3)
    assert sheet["D2"].value.date() == date(2025, 9, 16)
    assert "107041E" in sheet["D2"].number_format


@pytest.mark.parametrize("text", FORMULAS[:4])
def test_no_cell_of_xlsx_is_a_formula(text):
    cell = as_xlsx([line(subject=text)])["G2"]
    assert (cell.data_type, cell.value) == ("s", text)


def test_characters_that_xml_cannot_hold_are_left_out():
    assert as_xlsx([line(subject="ก\x00ข\x0bค" + "ง" * 40_000)])["G2"].value.startswith("กขค")


def test_what_was_struck_out_stands_before_what_holds():
    old = Correction("dated", date(2025, 9, 1), line().registered_at, "x@y.z", "")
    _, row = as_csv([line(struck=(old,))], thai=False)
    assert row[3] == "[เดิม: 1 ก.ย. 2568] 16 ก.ย. 2568"


def test_void_reserved_and_late_lines_say_so():
    lines = [
        line(1, state="void", void_reason="ลงซ้ำ", void_by="a@b.c"),
        line(2, state="reserved", reserved_for="d@e.f"),
        line(3, was_reserved=True, urgency="ด่วนที่สุด", came_before=date(2025, 10, 1)),
    ]
    notes = [row[8] for row in as_csv(lines, thai=False)[1:]]
    assert notes == [
        "ยกเลิกเลข: ลงซ้ำ โดย a@b.c", "จองเลขไว้ โดย d@e.f",
        "ด่วนที่สุด · ใช้เลขที่จองไว้ · เข้าระบบ 1 ต.ค. 2568",
    ]  # fmt: skip


@pytest.mark.parametrize("form", ["pdf", "csv"])
def test_a_long_book_is_in_the_file_before_its_last_line_is_read(form):
    """Nothing of it is kept: what was read has been written."""
    out, written = io.BytesIO(), []

    def lines():
        for number in range(1, 301):
            written.append(out.tell())
            yield line(number)

    at = line().registered_at
    write_book(out, form, lines(), RECEIVED, "จังหวัดแพร่", of="ปี 2568", at=at)
    assert 0 < written[100] < written[200] < written[-1]


def test_a_workbook_is_written_as_well_as_the_others():
    out = io.BytesIO()
    at = line().registered_at
    write_book(out, "xlsx", [line()], RECEIVED, "จังหวัดแพร่", of="ปี 2568", at=at)
    assert openpyxl.load_workbook(io.BytesIO(out.getvalue())).active.max_row == 2
