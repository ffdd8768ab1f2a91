"""Spreadsheets as rows: merged cells, Thai encodings, and files that are none."""

import zipfile
from datetime import date

import pytest

from registry.importing import sheet
from registry.importing.sheet import Unreadable, read
from tests.registry.importing.books import workbook

DAY = date(2025, 8, 3)


def test_merged_cells_have_their_value_in_each_cell(tmp_path):
    rows = [
        ("ทะเบียนรับ", None, None),
        ("เลข", "วันที่", "เรื่อง"),
        (1, DAY, "ก"),
        (2, None, "ข"),
    ]
    path = workbook(tmp_path / "a.xlsx", rows, ["A1:C1", "B3:B4"]).rename(tmp_path / "a")
    found = read(path)
    assert found[0].cells == ("ทะเบียนรับ",) * 3
    assert [row.cells[1] for row in found[2:]] == [DAY] * 2
    assert [row.number for row in found] == [1, 2, 3, 4]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp874"])
def test_csv_is_read_in_the_encodings_of_thai_offices(tmp_path, encoding):
    path = tmp_path / "a.csv"
    path.write_bytes("เลขรับ;เรื่อง\r\n๑;ขอเชิญ\r\n\r\n๒;ประชุม\r\n".encode(encoding))
    assert [(row.number, row.cells) for row in read(path)] == [
        (1, ("เลขรับ", "เรื่อง")), (2, ("๑", "ขอเชิญ")), (4, ("๒", "ประชุม")),
    ]  # fmt: skip


def test_an_empty_file_has_no_rows(tmp_path):
    path = tmp_path / "a.csv"
    path.write_bytes(b"")
    assert read(path) == []


@pytest.mark.parametrize(
    "body", [b"PK\x03\x04 no zip", b"a\x00b,c", b"\xd0\xcf\x11\xe0 xls" + b"\0" * 20]
)
def test_what_is_no_spreadsheet_is_refused_with_words(tmp_path, body):
    path = tmp_path / "a.xlsx"
    path.write_bytes(body)
    with pytest.raises(Unreadable) as refused:
        read(path)
    assert "โปรดบันทึกเป็น .xlsx" in refused.value.thai


def test_a_bomb_is_refused_before_it_is_unpacked(tmp_path, monkeypatch):
    monkeypatch.setattr(sheet, "_UNPACKED", 1_000_000)
    path = tmp_path / "a.xlsx"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr("xl/worksheets/sheet1.xml", b"0" * 2_000_000)
    with pytest.raises(Unreadable):
        read(path)


def test_entities_that_grow_are_not_expanded(tmp_path):
    good = workbook(tmp_path / "good.xlsx", [("เลขรับ",)])
    bad = tmp_path / "bad.xlsx"
    with zipfile.ZipFile(good) as source, zipfile.ZipFile(bad, "w") as target:
        for one in source.namelist():
            body = source.read(one)
            if one.endswith("sheet1.xml"):
                body = b'<!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]>' + body
            target.writestr(one, body)
    with pytest.raises(Unreadable):
        read(bad)


def test_merged_cells_that_lie_on_each_other_are_refused_before_they_are_spread(tmp_path):
    plain = workbook(tmp_path / "a.xlsx", [(number, DAY, "ก") for number in range(1, 4)])
    merged = b'<mergeCells><mergeCell ref="A1:AN49999"/><mergeCell ref="A2:AN49999"/></mergeCells>'
    path = tmp_path / "b.xlsx"
    with zipfile.ZipFile(plain) as old, zipfile.ZipFile(path, "w") as new:
        for name in old.namelist():
            new.writestr(name, old.read(name).replace(b"</sheetData>", b"</sheetData>" + merged))
    with pytest.raises(Unreadable):
        read(path)
