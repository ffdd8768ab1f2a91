"""Reading อ้างถึง: which earlier letters a letter refers to, and which of our entries they are.

A letter names earlier letters by whose they are, number and date (ข้อ 11), either under the
word อ้างถึง, one or several numbered items, or in its first sentence (ตามหนังสือ … ที่ … ลงวันที่ …).
A copy of a letter listed under สิ่งที่ส่งมาด้วย is found too and says so: it is passed on, not
referred to. The number at the letter's own head is never taken for a reference.

Number *and* date that fit exactly one entry of the office are certain; a number alone
starts again every year and is only a suggestion. Void and secret entries are never found.
Both directions use this: an incoming letter refers to what we sent, ours to what we received.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from registry.letter.number import LetterNumber, find
from registry.models.books import EntryRow
from registry.models.letters import ReferenceRow
from registry.thai.dates import find_dates
from registry.thai.numerals import to_arabic
from registry.thai.text import tidy

CERTAIN: Final = 95
SUGGESTED: Final = 60
_HEAD: Final = re.compile(r"^[ \t]*อ้างถึง[ \t]*:?[ \t]*", re.MULTILINE)
_AFTER_BLOCK: Final = re.compile(
    r"^[ \t]*(?:สิ่งที่ส่งมาด้วย|สิ่งที่แนบ|ตามที่|ตามหนังสือ|ด้วย|เนื่องจาก|เรื่อง|เรียน|จึงเรียน|ขอแสดง)", re.MULTILINE
)
_BLANK: Final = re.compile(r"\n[ \t]*\n(?!\s*[0-9]{1,2}[.)]\s)")
_ITEM: Final = re.compile(r"(?:^|\s)[0-9]{1,2}[.)]\s+(?=[^0-9])")
_LETTER_OF: Final = re.compile(r"(?P<copy>สำเนา)?หนังสือ(?P<whose>(?:(?!หนังสือ)[^0-9]){0,160})$")
_MARKS: Final = re.compile(
    r"ด่วนที่สุด|ด่วนมาก|ด่วน|ลับที่สุด|ลับมาก|ลับ(?=\s)|ราชการ(?=\s)|(?:เลข)?ที่\s*:?\s*$"
)
_DATE_LEAD: Final = re.compile(r"[\s,]*(?:ลงวันที่|ลว\.?|วันที่|เมื่อวันที่)?\s*")
_LONGEST_ITEM: Final = 400


@dataclass(frozen=True, slots=True)
class Citation:
    """One letter that is referred to, as written; ``number`` is None for a resolution or a law.

    ``enclosed``: a copy of it is among the enclosures, the letter is passed on.
    """

    text: str
    entity: str = ""
    number: LetterNumber | None = None
    dated: date | None = None
    enclosed: bool = False


@dataclass(frozen=True, slots=True)
class Cited:
    """A citation and the entry it means, ``score`` 0-100; ``entry_id`` None when we have none."""

    citation: Citation
    entry_id: str | None = None
    score: int = 0

    @property
    def certain(self) -> bool:
        """Whether number and date fit exactly one entry."""
        return self.score >= CERTAIN


def find_citations(text: str) -> list[Citation]:
    """List what a text refers to, in order, each letter once; never raises."""
    plain = tidy(text)
    start, end = _block(plain)
    found = [_item(item) for item in _items(plain[start:end])]
    found += _in_sentences(plain[:start] + "\n\n" + plain[end:])
    return _once(found)


def resolve(session: Session, entity_id: int, citation: Citation) -> Cited:
    """Look the citation up in the books of one entity, sent and received."""
    if citation.number is None:
        return Cited(citation)
    query = select(EntryRow.id, EntryRow.dated).where(
        EntryRow.entity_id == entity_id,
        EntryRow.letter_number_key == citation.number.key,
        EntryRow.state == "registered",
        EntryRow.secrecy.is_(None),
    )
    rows = session.execute(query).all()
    if citation.dated is not None:
        rows = [row for row in rows if row.dated == citation.dated]
    if len(rows) != 1:
        return Cited(citation)
    return Cited(citation, rows[0].id, CERTAIN if citation.dated else SUGGESTED)


def store(
    session: Session, letter_id: str, entity_id: int, citations: Iterable[Citation]
) -> list[Cited]:
    """Write the references of a letter, without the copies it encloses; say what all mean."""
    cited = [resolve(session, entity_id, citation) for citation in citations]
    references = [one for one in cited if not one.citation.enclosed]
    for position, one in enumerate(references):
        session.add(_row(letter_id, position, one))
    return cited


def _block(text: str) -> tuple[int, int]:
    """Give start and end of what stands under อ้างถึง, or twice the same place."""
    head = _HEAD.search(text)
    if head is None:
        return len(text), len(text)
    after = _AFTER_BLOCK.search(text, head.end())
    end = after.start() if after else len(text)
    blank = _BLANK.search(to_arabic(text), head.end(), end)
    return head.end(), blank.start() if blank else end


def _items(block: str) -> list[str]:
    """Cut the block at ๑. ๒. ๓., keeping the digits as written."""
    found = list(_ITEM.finditer(to_arabic(block)))
    starts = [0] + [item.end() for item in found]
    ends = [item.start() for item in found] + [len(block)]
    items = [" ".join(block[start:end].split()) for start, end in zip(starts, ends, strict=True)]
    return [item[:_LONGEST_ITEM] for item in items if item]


def _item(text: str) -> Citation:
    """Read one item under อ้างถึง; it need not be a letter."""
    numbers = find(text)
    if not numbers:
        dates = find_dates(text)
        return Citation(text, dated=dates[0][0] if dates else None)
    number, start, end = numbers[0]
    letter = _LETTER_OF.search(text[:start])
    return Citation(text, _whose(letter), number, _date_behind(text[end:]))


def _in_sentences(text: str) -> list[Citation]:
    flat = " ".join(text.split())
    found, before = [], 0
    for number, start, end in find(flat):
        letter = _LETTER_OF.search(flat[before:start])
        if letter is not None:
            dated, copied = _date_behind(flat[end:]), letter["copy"] is not None
            words = flat[before + letter.start() : end]
            found.append(Citation(words, _whose(letter), number, dated, copied))
        before = end
    return found


def _whose(letter: re.Match[str] | None) -> str:
    name = _MARKS.sub(" ", letter["whose"]) if letter else ""
    return " ".join(name.split())[:300]


def _date_behind(rest: str) -> date | None:
    """Read the date directly behind a number, with or without ลงวันที่."""
    lead = _DATE_LEAD.match(rest)
    at = lead.end() if lead else 0
    for day, start, _end in find_dates(rest[: at + 60]):
        if start <= at + 2:
            return day
    return None


def _once(citations: list[Citation]) -> list[Citation]:
    kept: dict[str, Citation] = {}
    for one in citations:
        key = one.number.key if one.number else one.text
        if key not in kept or (kept[key].dated is None and one.dated is not None):
            kept[key] = one
    return list(kept.values())


def _row(letter_id: str, position: int, one: Cited) -> ReferenceRow:
    number = one.citation.number
    return ReferenceRow(
        letter_id=letter_id,
        position=position,
        text=one.citation.text,
        entity=one.citation.entity,
        number=str(number) if number else "",
        number_key=number.key if number else "",
        dated=one.citation.dated,
        entry_id=one.entry_id if one.certain else None,
    )
