"""The facts of a letter as a mail shows them: Thai, in Thai digits, each on one clean line.

Made from an entry of a book, or from a letter that has no entry yet. Of a letter with a secrecy
marking, and of one that could not be read and that nobody has opened, only numbers and times are
shown, whatever the template asks for: notices and acknowledgements are read by more people than
the letter is meant for.
"""

import re
from dataclasses import dataclass, replace
from datetime import date, datetime

from gateway.outbound.template import one_line
from registry.clock import BANGKOK
from registry.letter.book import Book, ReceiveNumber
from registry.letter.entry import Entry, Reference
from registry.letter.times import came_outside_hours
from registry.letter.workdays import CLOSING
from registry.letters import Letter
from registry.thai.dates import long_date, thai_time
from registry.thai.numerals import to_thai


@dataclass(frozen=True, slots=True)
class Head:
    """What stands at the top of a mail about a letter; everything may be ""."""

    receive_number: str = ""  # เลขรับ ๒๒๓๑/๒๕๖๘
    number: str = ""  # ที่, without the word
    dated: str = ""
    subject: str = ""
    sender: str = ""
    to: str = ""
    urgency: str = ""
    registered: str = ""  # day and time
    arrived: str = ""
    deemed: str = ""  # when it counts as received, where that is later than it arrived
    due: str = ""
    references: tuple[str, ...] = ()


def of_entry(entry: Entry) -> Head:
    """Return the head of a line of a book."""
    received = entry.book == Book.RECEIVED
    number = ReceiveNumber(entry.number, entry.year).thai() if received else ""
    open_facts = Head(
        number=to_thai(one_line(entry.letter_number)),
        dated=_day(entry.dated),
        subject=one_line(entry.subject),
        sender=one_line(entry.from_text),
        to=one_line(entry.to_text),
        references=_references(entry.references),
    )
    return replace(
        Head() if entry.secrecy else open_facts,
        receive_number=number,
        urgency=_urgency(entry.urgency),
        registered=moment(entry.registered_at),
        arrived=moment(entry.accepted_at),
        deemed=_deemed(entry) if received else "",
        due=deadline(entry.due),
    )


def of_letter(letter: Letter) -> Head:
    """Return the head of a letter that is in no book yet."""
    open_facts = Head(
        number=to_thai(one_line(letter.letter_number)),
        dated=_day(letter.dated),
        subject=one_line(letter.subject),
        sender=one_line(letter.sender_name or letter.sender),
        to=one_line(letter.to_text),
        references=_references(letter.references),
    )
    return replace(
        Head() if letter.secrecy or letter.sealed else open_facts,
        urgency=_urgency(letter.urgency),
        arrived=moment(letter.accepted_at),
        deemed=_deemed(letter),
        due=deadline(letter.due),
    )


def moment(at: datetime | None) -> str:
    """Return ``๓ ตุลาคม ๒๕๖๘ เวลา ๑๐.๔๖ น.``, or "" for no time."""
    if at is None:
        return ""
    return f"{long_date(at.astimezone(BANGKOK).date())} เวลา {thai_time(at)}"


def deadline(at: datetime | None) -> str:
    """Return the day until which something is to be done, with the hour only if one was given.

    Who names a day means the end of its office hours; nobody wrote that hour, so it is not told.
    """
    if at is None:
        return ""
    local = at.astimezone(BANGKOK)
    return _day(local.date()) if local.time() == CLOSING else moment(at)


def _deemed(one: Entry | Letter) -> str:
    """Return when a letter counts as received, "" where that is when it came."""
    later = came_outside_hours(one.accepted_at, one.deemed_received_at)
    return moment(one.deemed_received_at) if later else ""


def _day(day: date | None) -> str:
    return long_date(day) if day else ""


def _urgency(word: str) -> str:
    return "" if word == "ปกติ" else one_line(word)


def _references(references: tuple[Reference, ...]) -> tuple[str, ...]:
    lines = [one_line(reference.text) for reference in references if reference.text.strip()]
    if len(lines) < 2:
        return tuple(lines)
    return tuple(to_thai(f"{place}. ") + _bare(line) for place, line in enumerate(lines, start=1))


def _bare(line: str) -> str:
    """Return the line without the number it may already carry."""
    return re.sub(r"^[0-9๐-๙]{1,2}[.)]\s*", "", line)
