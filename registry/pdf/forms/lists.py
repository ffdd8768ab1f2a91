"""Forms 16, 19, 20 and 25 as ruled lists on A4, and form 17 as slips to be cut and signed.

The heads stand on every page, with whose list it is, of which part of which book, and its sheet's
number (แผ่นที่). Under form 25 stands room for the committee that looks at it (ข้อ 67).
"""

from collections.abc import Callable, Iterable
from datetime import date, datetime
from typing import BinaryIO, Final

from registry.books.bookform import in_digits
from registry.books.listforms import Cell, ListForm
from registry.clock import BANGKOK
from registry.pdf.forms.lines import Row, Run, lay
from registry.pdf.forms.sheet import Sheet
from registry.pdf.forms.table import Column, Table
from registry.thai.dates import long_date, short_date, thai_time

_LEFT: Final = 32.0
_TOP: Final = 28.0
_SIZE: Final = 10.0
_SLIP: Final = 196.0  # points that a slip is high
_SMALLER: Final = (9.0, 8.0, 7.0)  # points of what is too long for its lines
_NOTHING: Final = "ไม่มีรายการในช่วงที่เลือก"
_SIGNED: Final = ("ประธานกรรมการ", "กรรมการ", "กรรมการ")


def print_list(
    out: BinaryIO, rows: Iterable[tuple[Cell, ...]], form: ListForm, office: str, *,
    of: str, at: datetime, thai: bool = True,
) -> int:  # fmt: skip
    """Write a form as a PDF and give how many pages it has."""
    sheet = Sheet(out, f"{form.title} {office}", at, landscape=form.landscape)
    if form.number == "17":
        _slips(sheet, rows, form, office, thai=thai)
    else:
        _ruled(sheet, rows, form, (office, of), at, thai=thai)
    sheet.close()
    return sheet.pages


def _ruled(
    sheet: Sheet, rows: Iterable[tuple[Cell, ...]], form: ListForm, whose: tuple[str, str],
    at: datetime, *, thai: bool,
) -> None:  # fmt: skip
    width = sheet.width - 2 * _LEFT
    columns = [Column(head, share * width) for head, share in form.columns]

    def above() -> float:
        return _head(sheet, form, whose, at, thai=thai)

    table = Table(sheet, columns, above, left=_LEFT, bottom=sheet.height - 34, size=_SIZE)
    empty = True
    for row in rows:
        empty = False
        table.row([[Run(in_digits(_text(value), thai=thai))] for value in row])
    if empty:
        table.band(_NOTHING)
    end = table.close()
    if form.number == "25" and not empty:
        _committee(sheet, end, above)


def _head(
    sheet: Sheet, form: ListForm, whose: tuple[str, str], at: datetime, *, thai: bool
) -> float:
    """Begin a page: the form's title, whose it is, and which sheet."""
    sheet.new_page()
    right = sheet.width - _LEFT
    _middle(sheet, form.title, _TOP, 15, bold=True)
    office, of = whose
    _middle(sheet, in_digits(f"{office} · {of}", thai=thai), _TOP + 22, 10.5)
    number = sheet.plain.piece(in_digits(f"แผ่นที่ {sheet.pages}", thai=thai), 9.5)
    sheet.show(right - number.width, _TOP + 2, [number], 9.5)
    if form.number == "25":
        day = sheet.plain.piece(in_digits(f"วันที่ {long_date(at.date())}", thai=thai), 9.5)
        sheet.show(right - day.width, _TOP + 18, [day], 9.5)
    form_word = sheet.plain.piece(in_digits(f"แบบที่ {form.number}", thai=thai), 9.5)
    sheet.show(_LEFT, _TOP + 2, [form_word], 9.5)
    foot = in_digits(f"พิมพ์เมื่อ {long_date(at.date())} {thai_time(at)}", thai=thai)
    sheet.show(_LEFT, sheet.height - 28, [sheet.plain.piece(foot, 8)], 8, grey=0.35)
    return _TOP + 44


def _middle(sheet: Sheet, text: str, top: float, size: float, *, bold: bool = False) -> None:
    piece = (sheet.bold if bold else sheet.plain).piece(text, size)
    sheet.show((sheet.width - piece.width) / 2, top, [piece], size, bold=bold)


def _committee(sheet: Sheet, end: float, above: Callable[[], float]) -> None:
    """Leave room for those who sign a list of what is to be destroyed."""
    top = end + 30
    if top + 50 > sheet.height - 40:
        top = above() + 20
    width = (sheet.width - 2 * _LEFT) / len(_SIGNED)
    for at, word in enumerate(_SIGNED):
        x = _LEFT + at * width
        dots = sheet.plain.piece("." * 44, _SIZE)
        sheet.show(x + (width - dots.width) / 2, top, [dots], _SIZE)
        said = sheet.plain.piece(word, _SIZE)
        sheet.show(x + (width - said.width) / 2, top + 18, [said], _SIZE)


def _slips(
    sheet: Sheet, rows: Iterable[tuple[Cell, ...]], form: ListForm, office: str, *, thai: bool
) -> None:
    """Set slips of half the paper's width, each with its dotted lines."""
    wide = (sheet.width - 2 * _LEFT) / 2
    rows_high = int((sheet.height - 2 * _TOP) // _SLIP)
    at = 0
    for row in rows:
        if at % (2 * rows_high) == 0:
            sheet.new_page()
        place = at % (2 * rows_high)
        x, y = _LEFT + place % 2 * wide, _TOP + place // 2 * _SLIP
        _slip(sheet, (x, y, wide), form, office, [in_digits(_text(v), thai=thai) for v in row])
        at += 1
    if not at:
        sheet.new_page()
        _middle(sheet, f"{form.title} {office}", _TOP, 15, bold=True)
        _middle(sheet, _NOTHING, _TOP + 40, _SIZE)


def _slip(
    sheet: Sheet, place: tuple[float, float, float], form: ListForm, office: str, values: list[str]
) -> None:
    x, y, wide = place
    right, foot = x + wide, y + _SLIP
    for x1, y1, x2, y2 in ((x, y, right, y), (x, foot, right, foot), (x, y, x, foot),
                           (right, y, right, foot)):  # fmt: skip
        sheet.line(x1, y1, x2, y2, 0.4)
    inner, room = x + 10, wide - 20
    for text, top, size, bold in ((form.title, y + 8, 12.0, True), (office, y + 27, 9.5, False)):
        face = sheet.bold if bold else sheet.plain
        piece = face.piece(text, size)
        sheet.show(x + (wide - piece.width) / 2, top, [piece], size, bold=bold)
    number, to, subject, day, time, taker = values
    _filled(sheet, inner, y + 46, room, "ที่", number)
    _filled(sheet, inner, y + 65, room, "ถึง", to, lines=2)
    _filled(sheet, inner, y + 101, room, "เรื่อง", subject, lines=2)
    _filled(sheet, inner, y + 140, room * 0.58, "รับวันที่", day)
    _filled(sheet, inner + room * 0.62, y + 140, room * 0.38, "เวลา", time)
    _filled(sheet, inner, y + 164, room, "ผู้รับ", taker)


def _filled(
    sheet: Sheet, x: float, y: float, wide: float, word: str, value: str, *, lines: int = 1
) -> None:  # fmt: skip
    """Set a word and its value over lines, smaller where it is long, cut with … where too long."""
    piece = sheet.bold.piece(word, _SIZE)
    sheet.show(x, y, [piece], _SIZE, bold=True)
    left = piece.width + 6
    size, rows = _small_enough(sheet, value, wide - left, lines)
    for at in range(lines):
        top = y + at * 17
        if at < len(rows) and rows[at].pieces:
            sheet.show(x + left, top + _SIZE - size, rows[at].pieces, size)
        sheet.line(x + left, top + 14, x + wide, top + 14, 0.25)


def _small_enough(sheet: Sheet, value: str, wide: float, lines: int) -> tuple[float, list[Row]]:
    """Give the largest size at which a value takes so many lines, and these."""
    for size in (_SIZE, *_SMALLER):
        rows = lay(sheet.plain, size, [Run(value)], wide)
        if len(rows) <= lines:
            return size, rows
    while len(rows) > lines:
        value = value[:-1]
        rows = lay(sheet.plain, size, [Run(f"{value}…")], wide)
    return size, rows


def _text(value: Cell) -> str:
    if isinstance(value, datetime):
        local = value.astimezone(BANGKOK)
        return f"{short_date(local.date())} {thai_time(local)}"
    if isinstance(value, date):
        return short_date(value)
    return str(value)
