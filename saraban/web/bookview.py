"""Which part of which book a page was asked for: read from its address, and made into addresses.

``?year=2568&month=10`` or ``?day=3 ต.ค. 2568``, ``&series=circular``, ``&unit=fin``, ``&from=51``.
Digits may be Thai. What is not understood is left out, so an address that somebody typed leads to
a page all the same; the book of secret letters is only for those who may read them.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Final
from urllib.parse import quote, urlencode

from sqlalchemy.orm import Session

from registry.books import booklines
from registry.clock import buddhist_year
from registry.errors import NotFound, NotUnderstood
from registry.letter.book import Book, Series
from registry.numbering import BookKey
from registry.thai.dates import long_date, parse_date
from registry.thai.numerals import to_arabic
from saraban.web.viewer import Act
from saraban.web.visit import Visit

LINES: Final = 50
"""Lines of a page."""
_ERA: Final = 543
_OURS: Final = (str(Book.RECEIVED), str(Book.SENT))
Years = Mapping[int, list[str]]


@dataclass(frozen=True, slots=True)
class View:
    """A part of a book: numbers ``first``…``last``, of which a page begins at ``start``.

    ``month`` is its first day, ``day`` a single day; both None for the whole year. ``years`` are
    those of the book, newest first, with their series.
    """

    key: BookKey
    years: Years
    month: date | None
    day: date | None
    first: int
    last: int
    start: int

    @property
    def path(self) -> str:
        """The address of the book."""
        return f"/books/{quote(self.key.book, safe='')}"

    @property
    def query(self) -> str:
        """What names this part in an address."""
        told: dict[str, str | int] = {"year": self.key.year}
        if self.key.unit_code:
            told["unit"] = self.key.unit_code
        if self.key.series != Series.ORDINARY:
            told["series"] = self.key.series
        if self.day:
            told["day"] = self.day.isoformat()
        elif self.month:
            told["month"] = self.month.month
        return urlencode(told)

    @property
    def of(self) -> str:
        """What part it is, in Thai."""
        if self.day:
            return f"วันที่ {long_date(self.day)}"
        if self.month:
            return f"เดือน{long_date(self.month).split(' ', 1)[1]}"
        return f"ปี {self.key.year}"

    def at(self, number: int) -> "View":
        """Give the whole year's part with the page that holds a number."""
        page = self.first + (number - self.first) // LINES * LINES
        return replace(self, start=max(self.first, page))

    @property
    def before(self) -> int:
        """Where the page before begins; 0 for none."""
        return max(self.first, self.start - LINES) if self.start > self.first else 0

    @property
    def after(self) -> int:
        """Where the next page begins; 0 for none."""
        return self.start + LINES if self.start + LINES <= self.last else 0


def read_view(session: Session, visit: Visit, book: str) -> View:
    """Read from a request what it asks for. Raises NotFound for a book there is not, NotAllowed."""
    asked = visit.request.query_params
    books = booklines.books(session, visit.entity.id)
    unit, name = asked.get("unit", "").casefold(), _name(book)
    years = books.get((unit, name), {})
    if not years and (unit or name not in _OURS):
        raise NotFound("no such book", thai="ไม่มีทะเบียนเล่มนี้")
    day = _day(asked.get("day", ""))
    year = day.year + _ERA if day else _number(asked.get("year", ""), 2400, 2799)
    year = year or buddhist_year(visit.now)
    series = asked.get("series", "")
    series = series if series in tuple(Series) else str(Series.ORDINARY)
    if series == Series.SECRET:
        visit.must(Act.READ_SECRET)
    month = None if day else _number(asked.get("month", ""), 1, 12)
    key = BookKey(visit.entity.id, unit, name, series, year)
    first_day = date(year - _ERA, month, 1) if month else None
    first, last = _run(session, key, first_day, day)
    view = View(key, years, first_day, day, first, last, first)
    wanted = _number(asked.get("from", ""), 1, 10**9)
    if wanted is not None:
        return view.at(min(max(wanted, first), max(last, first)))
    return view if month or day else view.at(max(last, first))


def number_asked(text: str) -> tuple[int | None, int | None]:
    """Read ``๒๒๓๑``, ``2231/2568`` or ``ว 12``: the number and the year, None for what is not."""
    plain = to_arabic(text).strip().removeprefix("รับ").removeprefix("ส่ง").strip(" /วลับ.")
    number, _, year = plain.partition("/")
    return _number(number.strip(), 1, 10**9), _number(year.strip(), 2400, 2799)


def _run(session: Session, key: BookKey, month: date | None, day: date | None) -> tuple[int, int]:
    if day:
        return booklines.numbers_of(session, key, day, day + timedelta(days=1))
    if month:
        return booklines.numbers_of(session, key, month, booklines.next_month(month))
    return booklines.ends(session, key)


def _name(book: str) -> str:
    try:
        return str(Book(book))
    except NotUnderstood as error:
        raise NotFound("no such book", thai="ไม่มีทะเบียนเล่มนี้") from error


def _number(text: str, low: int, high: int) -> int | None:
    plain = to_arabic(text)
    if not plain.isdecimal() or not plain.isascii() or len(plain) > 10:
        return None
    return int(plain) if low <= int(plain) <= high else None


def _day(text: str) -> date | None:
    try:
        found = parse_date(text[:100]) if text else None
    except NotUnderstood:
        return None
    return found if found and 2400 <= found.year + _ERA <= 2799 else None
