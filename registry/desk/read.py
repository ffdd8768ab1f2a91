"""Reading the register's fields from a mail: number, date, subject, addressee.

The marks that another installation puts on its mails (``X-Saraban-…``) are believed when
the sender is proven and is a legal entity; they say in fields what a person would read.
Otherwise number and date are read from Subject and from the head of the text, the way a
letter prints them (ข้อ 11).

Read from mail, every field is a suggestion that an officer may amend. Quoted history is
never read: its numbers are those of other letters. For the same reason the Subject of
an answer (Re:, ตอบ:) is not asked for a number.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from registry.desk.cite import Citation, find_citations
from registry.desk.dated import believable
from registry.desk.subject import clean_subject, is_answer
from registry.errors import NotUnderstood
from registry.letter.grades import Urgency, UrgencyMark, find_urgency
from registry.letter.message import Message
from registry.letter.number import LetterNumber, find
from registry.thai.dates import find_dates, may_hold_date, parse_date
from registry.thai.text import tidy

HEAD_LINES = 30
NO_SUBJECT = "(ไม่ระบุเรื่อง)"
_MOST_TEXT = 100_000  # characters in which references are looked for
_MOST_REFERENCES = 50

_SUBJECT_LINE = re.compile(r"^\s*เรื่อง\s*:?\s+(\S.*)$")
_TO_LINE = re.compile(r"^\s*(?:กราบเรียน|นมัสการ|เรียน|ถึง)\s*:?\s*(?!มาเพื่อ|เพื่อ)(\S.*)$")
_CITES = re.compile(r"^\s*อ้างถึง")
_FIGURE = re.compile("[0-9๐-๙]")
_WHOLE_LINE = re.compile(r"^\s*(?:เลข)?ที่\s*:?\s*\S")


@dataclass(frozen=True, slots=True)
class Reading:
    """What the mail says of itself; empty strings and None where it says nothing.

    ``number`` is as stored (Arabic digits), ``urgency`` the Thai word or "" for ปกติ,
    ``due`` the aware end of ด่วนภายใน, ``text`` what its writer wrote.
    """

    subject: str
    number: str = ""
    number_key: str = ""
    dated: date | None = None
    to_text: str = ""
    urgency: str = ""
    due: datetime | None = None
    references: tuple[Citation, ...] = ()
    text: str = ""


def read(message: Message, *, believe_marks: bool) -> Reading:
    """Read the fields of a message; never raises, whatever it says."""
    words = message.words if believe_marks else None
    head = _head(message.own_text)
    thai = [line for line in head if not line.isascii()]
    number, written = _number_and_date(message, head, believe_marks=believe_marks)
    dated = believable(written, message.accepted_at)
    urgency = _urgency(message, head if thai else [], believe_marks=believe_marks)
    return Reading(
        subject=_subject(message, head, thai, believe_marks=believe_marks),
        number=str(number) if number else "",
        number_key=number.key if number else "",
        dated=dated,
        to_text=_first(_TO_LINE, [*_head(words or ""), *thai]),
        urgency="" if urgency.urgency is Urgency.NORMAL else urgency.urgency.thai,
        due=urgency.due,
        references=_references(message.own_text if words is None else words, number, dated),
        text=message.text if words is None else words,
    )


def mark(message: Message, name: str) -> str:
    """Give one X-Saraban field by its last words, ``letter-number``; "" when absent."""
    if not message.marks:
        return ""
    marks = {key.lower().removeprefix("x-saraban-"): value for key, value in message.marks.items()}
    return tidy(marks.get(name, "")).strip()


def _head(text: str) -> list[str]:
    return tidy(text[:20_000]).split("\n", HEAD_LINES)[:HEAD_LINES]


def _first(pattern: re.Pattern[str], lines: Iterable[str]) -> str:
    for line in lines:
        if not line.isascii() and (match := pattern.match(line)):  # the words are Thai
            return match[1].strip()[:300]
    return ""


def _subject(message: Message, head: list[str], thai: list[str], *, believe_marks: bool) -> str:
    """Take the mark, else Subject, else the เรื่อง line, the first line, or a file's name."""
    if believe_marks and (said := mark(message, "subject")):
        return said[:1000]
    first = next((stripped for line in head if (stripped := line.strip())), "")
    names = [part.name for part in message.parts if not part.inline]
    choices = [clean_subject(message.subject), _first(_SUBJECT_LINE, thai), first, *names[:1]]
    return next((choice[:1000] for choice in choices if choice), NO_SUBJECT)


def _references(text: str, number: LetterNumber | None, dated: date | None) -> tuple[Citation, ...]:
    return tuple(find_citations(text[:_MOST_TEXT], number, dated)[:_MOST_REFERENCES])


def _number_and_date(
    message: Message, head: list[str], *, believe_marks: bool
) -> tuple[LetterNumber | None, date | None]:
    if believe_marks and (said := mark(message, "letter-number")):
        return _parsed_number(said), _iso(mark(message, "dated"))
    own = _before_references(head)
    if not may_hold_date("\n".join(own)):  # nor, then, a number
        own = []
    subject = [] if is_answer(message.subject) else [tidy(message.subject)]
    for line in subject + own:
        found = find(line)
        if found and (line in subject or _WHOLE_LINE.match(line) or found[0][1] == 0):
            number, _, end = found[0]
            return number, _day_after(line, end) or _date_line(own)
    return None, _date_line(own)


def _before_references(head: list[str]) -> list[str]:
    """Keep the lines above อ้างถึง: numbers below are those of other letters."""
    cut = next(
        (i for i, line in enumerate(head) if not line.isascii() and _CITES.match(line)), len(head)
    )
    return head[:cut]


def _day_after(line: str, end: int) -> date | None:
    return next((day for day, start, _ in find_dates(line) if start >= end), None)


def _date_line(lines: list[str]) -> date | None:
    """Find the line that is a date and nothing else, as a letter prints it."""
    for line in filter(may_hold_date, lines):
        try:
            return parse_date(line)
        except NotUnderstood:
            continue
    return None


def _urgency(message: Message, head: list[str], *, believe_marks: bool) -> UrgencyMark:
    """Take the mark of another installation, else the higher of Subject and letter."""
    if believe_marks and (said := mark(message, "urgency")):
        try:
            return UrgencyMark(Urgency.parse(said), _moment(mark(message, "due")))
        except NotUnderstood:
            pass
    marked = [find_urgency(message.subject), find_urgency("\n".join(head))]
    found = [one for one in marked if one is not None]
    highest = max((one.urgency for one in found), default=Urgency.NORMAL)
    return UrgencyMark(highest, next((one.due for one in found if one.due), None))


def _parsed_number(text: str) -> LetterNumber | None:
    try:
        return LetterNumber.parse(text)
    except NotUnderstood:
        return None


def _moment(text: str) -> datetime | None:
    try:
        at = datetime.fromisoformat(text)
    except ValueError:
        return None
    return at if at.tzinfo else None


def _iso(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None
