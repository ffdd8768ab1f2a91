"""The number that a paper bears, held against the one we would give it (design: number first).

An office may write the number on a letter before it is signed. Such a number counts only when
this office reserved it, or when it is exactly the next of its series; a number that is
already given, lies ahead, or contradicts itself makes the letter wait for an officer, with the
reason in Thai. A paper that shows no number takes the next one.

Read are the marks of our own mails, Subject, names of files (``พร 0023.3-ว 32.pdf``, since a name
cannot hold a slash) and the line of the text that begins with ที่. Only numbers under our own
letter code count: all others are those of letters referred to. Limit: what stands only
inside a PDF is not seen here, so "shows no number" is not yet "bears none".
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Final, Self

from sqlalchemy import select
from sqlalchemy.orm import Session

from registry import entries, numbering
from registry.desk.owner import Owner
from registry.desk.read import mark
from registry.desk.subject import is_answer
from registry.letter.message import Message
from registry.letter.number import LetterNumber, SenderCode, find
from registry.models.books import EntryRow
from registry.thai.text import tidy

_SLASH_IN_NAME: Final = re.compile(r"(?<=[0-9๐-๙])\s*[-_∕⁄／]\s*(?=(?:ว\.?\s*)?[0-9๐-๙])")
_NUMBER_LINE: Final = re.compile(r"^\s*(?:เลข)?ที่\s*:?\s*(?=\S)")
_HEAD_LINES: Final = 30


@dataclass(frozen=True, slots=True)
class Paper:
    """What can be read of a letter where its own number may stand."""

    subject: str
    text: str
    names: tuple[str, ...]
    mark: str = ""

    @classmethod
    def of(cls, message: Message) -> Self:
        """Take from a message what :func:`number_on_paper` looks at."""
        names = tuple(part.name for part in message.parts if not part.inline)
        subject = "" if is_answer(message.subject) else message.subject
        return cls(subject, message.own_text, names, mark(message, "letter-number"))


@dataclass(frozen=True, slots=True)
class Verdict:
    """What the number on the paper means: ``why`` (Thai) unless it may be used or there is none.

    ``entry_id`` is the reserved entry it names; ``number`` the number as the paper writes it.
    """

    circular: bool
    number: LetterNumber | None = None
    entry_id: str | None = None
    why: str = ""


def number_on_paper(paper: Paper, own: SenderCode | None) -> LetterNumber | None:
    """Give the number under our own code that the paper shows first, or None."""
    return next(iter(_numbers(paper, own)), None)


def judge(session: Session, owner: Owner, paper: Paper, at: datetime, *, circular: bool) -> Verdict:
    """Say what the letter may be numbered; holds the series, so that "next" stays true."""
    numbers = _numbers(paper, owner.code)
    if not numbers:
        return Verdict(circular)
    number = numbers[0]
    if len(numbers) > 1:
        shown = " และ ".join(one.thai() for one in numbers)
        return Verdict(circular, number, why=f"หนังสือแสดงเลขที่ไม่ตรงกัน: {shown}")
    if circular and not number.circular:
        return Verdict(circular, number, why=f"เลขบนหนังสือ {number.thai()} ไม่มี ว แต่ส่งเป็นหนังสือเวียน")
    return _reserved_or_next(session, owner, number, at)


def contradicts(paper: Paper, owner: Owner, letter_number: str) -> str:
    """Say in Thai why the paper cannot go out under this reserved number; "" when it can."""
    for number in _numbers(paper, owner.code):
        if str(number) != letter_number:
            return f"เลขบนหนังสือ {number.thai()} ไม่ตรงกับเลขที่จองไว้"
    return ""


def _reserved_or_next(
    session: Session, owner: Owner, number: LetterNumber, at: datetime
) -> Verdict:
    key = owner.key(at, circular=number.circular)
    entries.lock(session, {key})
    reserved = session.scalars(
        select(EntryRow.id).where(
            EntryRow.entity_id == owner.entity.id,
            EntryRow.unit_code == owner.book_unit,
            EntryRow.state == "reserved",
            EntryRow.letter_number_key == number.key,
        )
    ).all()
    if len(reserved) == 1:
        return Verdict(number.circular, number, reserved[0])
    following = numbering.next_number(session, key)
    if not reserved and number.number == following:
        return Verdict(number.circular, number)
    why = f"หนังสือแสดงเลขที่ {number.thai()} ซึ่งไม่ได้จองไว้และไม่ใช่เลขถัดไป"
    return Verdict(number.circular, number, why=why)


def _numbers(paper: Paper, own: SenderCode | None) -> list[LetterNumber]:
    """List the different numbers of our own that the paper shows."""
    if own is None:
        return []
    found = (number for words in _places(paper) for number, _, _ in find(tidy(words)))
    return list(dict.fromkeys(number for number in found if _is_own(number, own)))


def _places(paper: Paper) -> Iterator[str]:
    yield from (paper.mark, paper.subject)
    yield from (_SLASH_IN_NAME.sub("/", name, count=1) for name in paper.names)
    lines = tidy(paper.text[:20_000]).split("\n")[:_HEAD_LINES]
    yield from (line for line in lines if _NUMBER_LINE.match(line))


def _is_own(number: LetterNumber, own: SenderCode) -> bool:
    """Take our code, and that of a unit below it: พร 0023.3 under พร 0023."""
    same = (number.code, number.committee) == (own.code, own.committee)
    return same and (number.owner == own.owner or number.owner.startswith(own.owner + "."))
