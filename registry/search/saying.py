"""What a line was understood to ask, piece by piece, each with the line that is left without it.

So a page can show ``จาก แพร่ ×``: the words for people, and where × leads. A line made here is read
back to the very query it was made of; what a person wrote in another order or spelling may come
out in ours.
"""

from collections.abc import Sequence
from dataclasses import dataclass, fields, replace
from datetime import date
from functools import lru_cache
from typing import Any, Final

from registry.search.document import Field
from registry.search.line import parse
from registry.search.terms import Narrowing, Query, Term
from registry.thai.dates import long_date

_WITHIN: Final = {
    Field.FROM: "จาก", Field.TO: "ถึง", Field.SUBJECT: "เรื่อง", Field.FILES: "ไฟล์",
}  # fmt: skip
BOOKS: Final = {"received": "ทะเบียนรับ", "sent": "ทะเบียนส่ง"}
KINDS: Final = {
    "entry": "มีเลขทะเบียนแล้ว", "waiting": "รอลงรับ", "draft": "รอออกเลข", "reserved": "จองเลขไว้",
    "void": "ยกเลิกเลข", "secret": "ลับ",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Piece:
    """One piece of a query: ``label`` says what it is, ``value`` what for.

    ``rest`` is the line without it. ``name`` is the field of :class:`Narrowing` it narrows to, ""
    for one of the words.
    """

    label: str
    value: str
    rest: str
    name: str = ""


@lru_cache(maxsize=64)
def pieces(line: str) -> tuple[Piece, ...]:
    """Give the pieces of a line in the order of words, unwanted words, and what narrows it."""
    query = parse(line)
    found = []
    for at, term in enumerate(query.terms):
        rest = replace(query, terms=query.terms[:at] + query.terms[at + 1 :])
        found.append(Piece(_label(term), _value(term), say(rest)))
    for at, term in enumerate(query.without):
        rest = replace(query, without=query.without[:at] + query.without[at + 1 :])
        found.append(Piece("ไม่มี", _value(term), say(rest)))
    for one in fields(Narrowing):
        value = getattr(query.narrowing, one.name)
        if value is not None:
            rest = replace(query, narrowing=replace(query.narrowing, **{one.name: None}))
            found.append(Piece(*in_words(one.name, value), say(rest), one.name))
    return tuple(found)


def without(line: str, name: str) -> str:
    """Give the line with nothing in it that narrows by this field of :class:`Narrowing`."""
    return next((one.rest for one in pieces(line) if one.name == name), line)


def in_words(name: str, value: Any) -> tuple[str, str]:
    """Say what a field of :class:`Narrowing` narrows to: a label and a value."""
    if isinstance(value, date):
        return ("ตั้งแต่" if name == "since" else "ถึงวันที่"), long_date(value)
    if name in ("book", "kind"):
        return "เฉพาะ", (BOOKS if name == "book" else KINDS).get(value, value)
    words = {"year": "ปี", "urgency": "เฉพาะ", "unit": "ของ", "entity": "ของ"}
    return ("เฉพาะ", "มีไฟล์") if name == "files" else (words[name], str(value))


def say(query: Query) -> str:
    """Write a line that reads as this query."""
    line = _joined(query, quoted=False)
    if _same(parse(line), query):
        return line
    return _joined(query, quoted=True)


def _joined(query: Query, *, quoted: bool) -> str:
    said = [_said(one, quoted=quoted) for one in query.terms]
    said += [f"-{_said(one, quoted=quoted)}" for one in query.without]
    return " ".join([*said, *_narrowing_said(query.narrowing)])


@lru_cache(maxsize=512)
def _said(term: Term, *, quoted: bool) -> str:
    if term.within:
        within = _WITHIN[term.within[0]]
        whole = f'{within} "{term.shown}"'
        return whole if quoted else _plainest(f"{within} {term.shown}", whole, term)
    whole = f'"{term.shown}"'
    if quoted and not term.mark and not term.number:
        return whole
    return _plainest(term.shown, whole, term)


def _plainest(plain: str, whole: str, term: Term) -> str:
    return plain if parse(plain).terms == (term,) else whole


def _narrowing_said(narrowing: Narrowing) -> Sequence[str]:
    said = []
    if narrowing.book:
        said.append(BOOKS[narrowing.book])
    if narrowing.year:
        said.append(f"ปี {narrowing.year}")
    if narrowing.urgency:
        said.append(narrowing.urgency)
    if narrowing.kind:
        said.append(KINDS[narrowing.kind])
    if narrowing.since:
        said.append(f"ตั้งแต่ {long_date(narrowing.since)}")
    if narrowing.until:
        said.append(f"ถึง {long_date(narrowing.until)}")
    return said


def _same(one: Query, other: Query) -> bool:
    return replace(one, notes=()) == replace(other, notes=())


def _label(term: Term) -> str:
    if term.within:
        return _WITHIN[term.within[0]]
    if term.mark:
        return {"D": "วันที่", "S": "ไฟล์ที่มีรหัส SHA-256", "I": "รหัส"}.get(term.mark[0], "เลข")
    if term.number.startswith("Nn"):
        return "มีเลข"
    return "เลข" if term.number else "มีคำว่า"


def _value(term: Term) -> str:
    return f"{term.shown[:8]}…" if term.mark.startswith("S") else term.shown
