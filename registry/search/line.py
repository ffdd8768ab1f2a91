"""Reading the query line: plain Thai words, for the Thai keyboard has no colon.

    จาก แพร่ · ถึง … · เรื่อง … · ปี 2569 · ทะเบียนรับ · ด่วนที่สุด · รอลงรับ · ลับ
    รับ ๒๒๓๑/๒๕๖๘ · เลขรับ ๑/๖๙ · ลงรับ 1 · มท ๐๘๑๐.๓/ว ๓๙๗๔ · ว 3974 · 2231/2568 · a SHA-256 · an id
    3 ตุลาคม 2562 · เดือนตุลาคม 2562 · ลงวันที่ … · ตั้งแต่ … ถึง … · ก่อน … · หลัง … · "a phrase" · -not

Whatever is none of these is a piece that must stand somewhere in the letter. A line is never an
error: what could not be understood is searched as it stands, and a note says so.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Final

from registry.ids import is_id
from registry.letter import number as numbers
from registry.search.document import Field
from registry.search.folding import key_of
from registry.search.terms import Narrowing, Query, Term
from registry.thai.dates import find_dates
from registry.thai.numerals import to_arabic, to_thai
from registry.thai.text import tidy

_LONGEST: Final = 500  # characters of a line
_MOST: Final = 16  # pieces
_QUOTED: Final = re.compile(r'(?P<not>(?:(?<=\s)|^)[-−–])?["“”«»„](?P<text>[^"“”«»„]*)["“”«»„]')
_QUOTE: Final = re.compile(r'["“”«»„]')
_BOOK: Final = r"(?<![ก-๎])(?:เลข)?(?:ที่)?(?:ทะเบียน)?(?:หนังสือ)?(?:ลง)?(?P<book>รับ|ส่ง)(?:ที่|เลขที่)?"
_ENTRY: Final = re.compile(
    _BOOK + r"\s*/?\s*(?P<circular>ว\.?)?\s*(?P<number>[0-9]{1,9})"
    r"\s*/\s*(?P<year>2[4-7][0-9]{2}|[0-9]{2})(?![0-9/.-])"
)
_OF_BOOK: Final = re.compile(_BOOK + r"(?P<number>[0-9๐-๙]{1,9})?")
_MONTH: Final = re.compile(
    r"(?<![ก-๎])เดือน\s?(?P<said>[ก-๎][ก-๎.]{2,11})\s?(?P<year>[0-9]{4})(?![0-9])"
)
_CIRCULAR: Final = re.compile(r"(?<![ก-๎/])ว\.?\s?(?P<number>[0-9]{1,6})(?![0-9./])")
_WITH_YEAR: Final = re.compile(r"0*(?P<number>[0-9]{1,9})/(?P<year>2[4-7][0-9]{2})")
_YEAR: Final = re.compile(r"(?:ปี)?(?:พ\.?ศ\.?)?(?P<year>[0-9]{2}|[0-9]{4})")
_LIKE_DATE: Final = re.compile(r"[0-9]{1,2}[/-][0-9]{1,2}[/-][0-9]{2,4}")
_URGENCY: Final = ("ด่วนที่สุด", "ด่วนมาก", "ด่วน")
_KINDS: Final = {"รอลงรับ": "waiting", "รอออกเลข": "draft", "ลับ": "secret"}
_BOOKS: Final = {"ทะเบียนรับ": "received", "ทะเบียนส่ง": "sent"}
_WITHIN: Final = {
    "จาก": (Field.FROM,),
    "ถึง": (Field.TO,),
    "เรียน": (Field.TO,),
    "เรื่อง": (Field.SUBJECT,),
    "ไฟล์": (Field.FILES,),
}
_BEFORE_DATE: Final = {"ลงวันที่", "วันที่", "ตั้งแต่", "ถึง", "จนถึง", "ก่อน", "หลัง", "จาก"}


@dataclass(frozen=True, slots=True)
class _Token:
    text: str
    kind: str = "word"  # phrase, word, date, month, number, entry
    negated: bool = False
    day: date | None = None
    mark: str = ""
    start: int = 0


def parse(line: str) -> Query:
    """Read a query line; never fails."""
    notes = []
    line = tidy(line)
    if len(line) > _LONGEST:
        line = line[:_LONGEST]
        notes.append(f"คำค้นยาวเกินไป ใช้เฉพาะ {to_thai(str(_LONGEST))} ตัวอักษรแรก")
    reading = _Reading(list(_tokens(line, notes)), notes)
    reading.read()
    return reading.query()


class _Reading:
    """One pass over the tokens of a line."""

    def __init__(self, tokens: list[_Token], notes: list[str]) -> None:
        self._tokens = tokens
        self._notes = notes
        self._terms: list[Term] = []
        self._without: list[Term] = []
        self._narrowing = Narrowing()

    def query(self) -> Query:
        terms, without = self._terms, self._without
        if len(terms) + len(without) > _MOST:
            terms, without = terms[:_MOST], without[: max(_MOST - len(terms), 0)]
            self._notes.append(f"มีคำค้นมากเกินไป ใช้เฉพาะ {to_thai(str(_MOST))} คำแรก")
        if without and not terms and self._narrowing == Narrowing():
            self._notes.append("มีแต่คำที่ไม่ต้องการ จึงแสดงทุกฉบับที่ไม่มีคำเหล่านี้")
        return Query(tuple(terms), tuple(without), self._narrowing, tuple(self._notes))

    def read(self) -> None:
        place = 0
        while place < len(self._tokens):
            place += self._take(place)

    def _take(self, place: int) -> int:
        """Understand the token here; give how many tokens that took."""
        token = self._tokens[place]
        after = self._tokens[place + 1] if place + 1 < len(self._tokens) else None
        if token.kind == "date":
            before = self._tokens[place - 1].text if place else ""
            self._date(token, before)
        elif token.kind == "month" and not token.negated:
            self._month(token)
        elif token.kind in ("number", "entry") or token.negated or token.kind == "phrase":
            self._piece(token)
        elif after is not None and after.kind == "date" and token.text in _BEFORE_DATE:
            pass  # the date will look back at it
        elif self._narrows(token.text):
            pass
        elif after is not None and not after.negated and self._narrows_by(token, after):
            return 2
        elif not (token.text == "ที่" and after is not None and after.kind == "number"):
            self._piece(token)
        return 1

    def _narrows(self, word: str) -> bool:
        """Understand words that narrow by themselves."""
        if word in _URGENCY:
            self._narrow(urgency=word)
            self._notes.append(f"เฉพาะหนังสือ{word} (ใส่เครื่องหมาย “{word}” เพื่อหาคำนี้ในข้อความ)")
        elif word in _KINDS:
            self._narrow(kind=_KINDS[word])
        elif word in _BOOKS:
            self._narrow(book=_BOOKS[word])
        elif word.startswith("ปี") and (year := _year(word)):
            self._narrow(year=year)
        else:
            return False
        return True

    def _narrows_by(self, token: _Token, after: _Token) -> bool:
        """Understand a word together with the one after it."""
        if token.text == "ปี":
            year = _year(after.text)
            if year is None:
                self._notes.append(f"“{after.text}” ไม่ใช่ปี โปรดพิมพ์เช่น ปี 2569")
                return False
            self._narrow(year=year)
            return True
        of_book = _OF_BOOK.fullmatch(token.text)
        if of_book and after.kind == "word" and to_arabic(after.text).isdecimal():
            self._narrow(book=_BOOKS["ทะเบียน" + of_book["book"]])
            self._piece(after)
            return True
        within = _WITHIN.get(token.text)
        if within is None or after.kind in ("date", "entry") or not key_of(after.text):
            return False
        self._terms.append(Term(key_of(after.text), after.text, within))
        return True

    def _date(self, token: _Token, before: str) -> None:
        day, narrow = token.day, self._narrowing
        assert day is not None
        if token.negated:
            self._without.append(Term("", token.text, mark=f"D{day.isoformat()}"))
        elif before in ("ตั้งแต่", "จาก"):
            self._narrow(since=day)
        elif before in ("ถึง", "จนถึง"):
            self._until(day, narrow)
        elif before == "ก่อน":
            self._narrow(until=day - timedelta(days=1))
        elif before == "หลัง":
            self._narrow(since=day + timedelta(days=1))
        elif before == "ลงวันที่":
            self._narrow(since=day, until=day)
        else:
            self._terms.append(Term("", token.text, mark=f"D{day.isoformat()}"))

    def _month(self, token: _Token) -> None:
        """Narrow to a month; the words may stand in a text as well, so quotes look for those."""
        assert token.day is not None
        last = (token.day.replace(day=28) + timedelta(days=4)).replace(day=1) - timedelta(days=1)
        self._narrow(since=token.day, until=last)
        self._notes.append(
            f"เฉพาะหนังสือของ{token.text} (ใส่เครื่องหมาย “{token.text}” เพื่อหาคำนี้ในข้อความ)"
        )

    def _until(self, day: date, narrow: Narrowing) -> None:
        """Take this as the end of a range; a date that stood alone before it was the beginning."""
        if narrow.since is None and self._terms and self._terms[-1].mark.startswith("D"):
            self._narrow(since=date.fromisoformat(self._terms.pop().mark[1:]))
        self._narrow(until=day)
        since = self._narrowing.since
        if since is not None and since > day:
            self._narrow(since=day, until=since)
            self._notes.append("สลับวันที่ให้แล้ว เพราะวันเริ่มอยู่หลังวันสิ้นสุด")

    def _piece(self, token: _Token) -> None:
        if token.kind == "word" and _LIKE_DATE.fullmatch(to_arabic(token.text)):
            self._notes.append(f"ไม่มีวันที่ “{token.text}” ในปฏิทิน จึงหาตามตัวอักษร")
        key = key_of(token.text)
        term = Term(key, token.text, number=token.mark)
        if token.kind == "entry":
            term = Term("", token.text, mark=token.mark)
        elif token.kind == "word" and (mark := _exact(token.text)):
            term = Term("", token.text, mark=mark)
        elif token.kind == "word":
            term = replace(term, number=_plain_number(key))
        if term.key or term.mark:
            (self._without if token.negated else self._terms).append(term)

    def _narrow(self, **to: object) -> None:
        self._narrowing = replace(self._narrowing, **to)  # type: ignore[arg-type]


def _tokens(line: str, notes: list[str]) -> Iterator[_Token]:
    place = 0
    for found in _QUOTED.finditer(line):
        yield from _unquoted(line[place : found.start()])
        if found["text"].strip():
            yield _Token(found["text"], "phrase", negated=bool(found["not"]))
        place = found.end()
    rest = line[place:]
    if _QUOTE.search(rest):
        notes.append("เครื่องหมายคำพูดไม่ครบคู่ จึงไม่นับเป็นวลี")
        rest = _QUOTE.sub(" ", rest)
    yield from _unquoted(rest)


def _unquoted(text: str) -> Iterator[_Token]:
    place = 0
    for token, end in _special(text):
        if token.start < place:
            continue
        between, is_not = text[place : token.start], False
        if between[-1:] in ("-", "−", "–") and between[-2:-1].strip() == "":
            between, is_not = between[:-1], True
        yield from _words(between)
        yield replace(token, negated=is_not)
        place = end
    yield from _words(text[place:])


def _special(text: str) -> list[tuple[_Token, int]]:
    """Find what is more than one word, or more than a word: numbers, entries, dates."""
    plain, found = to_arabic(text), []
    for one in _ENTRY.finditer(plain):
        book, mark = _BOOKS["ทะเบียน" + one["book"]], "ว" if one["circular"] else ""
        said = f"N{book}/{mark}{int(one['number'])}/{_year(one['year'])}"
        found.append((_Token(one[0], "entry", mark=said, start=one.start()), one.end()))
    for number, start, end in numbers.find(text):
        mark = f"N{key_of(number.key)}"
        found.append((_Token(text[start:end], "number", mark=mark, start=start), end))
    for day, start, end in find_dates(text):
        found.append((_Token(text[start:end], "date", day=day, start=start), end))
    found += [
        (_Token(one[0], "month", day=days[0][0], start=one.start()), one.end())
        for one in _MONTH.finditer(plain)
        if (days := find_dates(f"1 {one['said']} {one['year']}"))
    ]
    for one in _CIRCULAR.finditer(plain):
        mark = f"Nว{int(one['number'])}"
        found.append((_Token(one[0], "number", mark=mark, start=one.start()), one.end()))
    return sorted(found, key=lambda item: (item[0].start, -item[1]))


def _words(text: str) -> Iterator[_Token]:
    for word in text.split():
        bare = word.lstrip("-−–")
        of_book = _OF_BOOK.fullmatch(bare) if bare == word else None
        if of_book and of_book["number"]:
            place = of_book.start("number")
            yield from (_Token(bare[:place]), _Token(bare[place:]))
        elif bare:
            yield _Token(bare, negated=bare != word)


def _exact(word: str) -> str:
    """Give the mark of a digest or an id."""
    plain = word.casefold()
    if re.fullmatch("[0-9a-f]{64}", plain):
        return f"S{plain}"
    return f"I{plain}" if is_id(plain) else ""


def _plain_number(key: str) -> str:
    """Give the mark of a number by itself: 3974 or 2231/2568."""
    if found := _WITH_YEAR.fullmatch(key):
        return f"N{found['number']}/{found['year']}"
    return f"Nn{int(key)}" if key.isascii() and key.isdecimal() and len(key) <= 9 else ""


def _year(text: str) -> int | None:
    found = _YEAR.fullmatch(to_arabic(text))
    if found is None:
        return None
    year = int(found["year"])
    if len(found["year"]) == 2:
        year += 2500
    elif 1900 <= year < 2200:
        year += 543
    return year if 2400 <= year < 2800 else None
