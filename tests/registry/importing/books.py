"""Old registers as offices keep them, made for the tests."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from openpyxl import Workbook

HEADING = (
    "เลขทะเบียนรับ", "วันที่รับ", "ที่", "ลงวันที่", "จาก", "ถึง", "เรื่อง", "การปฏิบัติ", "หมายเหตุ"
)  # fmt: skip


def line(number: Any, day: Any = "๓ ส.ค. ๒๕๖๘", subject: str = "ขอเชิญประชุม") -> tuple[Any, ...]:
    """A row of a received book."""
    return (number, day, "มท ๐๘๑๐.๗/ว ๑", "1/8/68", "กรมการปกครอง", "ผวจ.", subject, "", "")


def workbook(path: Path, rows: Sequence[Sequence[Any]], merged: Sequence[str] = ()) -> Path:
    """Write an xlsx file with these rows and merged ranges."""
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    for row in rows:
        sheet.append(list(row))
    for cells in merged:
        sheet.merge_cells(cells)
    book.save(path)
    return path
