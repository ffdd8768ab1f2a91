"""What stands in the columns of forms 13 and 14: one wording for pages, print and files.

The columns are those of the regulation's forms (ข้อ 38 and 43), in their order. What the form has
no column for - urgency, a void number, one that was reserved, a letter that waited over a day or
was asked back - stands under หมายเหตุ. Text is in Arabic digits; who shows it makes them Thai.
"""

import re
from collections.abc import Iterator
from typing import Final

from registry.books.booklines import Line
from registry.letter.book import Book, Series
from registry.numbering import BookKey
from registry.thai.dates import short_date
from registry.thai.numerals import to_arabic, to_thai

FIELDS: Final = (
    "number", "letter_number", "dated", "from_text", "to_text", "subject", "action", "note",
)  # fmt: skip
"""Names of the columns, in the order of the form."""
_ADDRESS: Final = re.compile(r"((?:https?://|www\.)[!-~]+|[\w.+-]+@[\w-]+\.[\w.-]+)", re.ASCII)
_NUMBER: Final = {"received": "เลขทะเบียนรับ", "sent": "เลขทะเบียนส่ง"}


def heads(book: str) -> tuple[str, ...]:
    """Give the heads of the columns, one for each of :data:`FIELDS`."""
    number = _NUMBER.get(book, "เลขที่")
    return (number, "ที่", "ลงวันที่", "จาก", "ถึง", "เรื่อง", "การปฏิบัติ", "หมายเหตุ")


def title(key: BookKey) -> str:
    """Give the title of a book's pages: ทะเบียนหนังสือรับ, and the series if not the first."""
    heading = Book(key.book).heading
    return heading if key.series == Series.ORDINARY else f"{heading} {Series(key.series).thai}"


def number_of(line: Line, series: str) -> str:
    """Give the number as people say it, with ว or ลับ in front."""
    if series == Series.SECRET:
        return f"ลับ {line.number}"
    return f"ว {line.number}" if line.circular else str(line.number)


def cells(line: Line, series: str) -> dict[str, str]:
    """Give the text of each column."""
    return {
        "number": number_of(line, series),
        "letter_number": line.letter_number,
        "dated": to_arabic(short_date(line.dated)) if line.dated else "",
        "from_text": line.from_text,
        "to_text": line.to_text,
        "subject": line.subject,
        "action": action(line),
        "note": " · ".join((*remarks(line), *filter(None, (line.note,)))),
    }


def action(line: Line) -> str:
    """Say what was done with a letter: where it was sent, and each step since; no ``;`` in Thai."""
    sent = line.action.replace("; ", ", ")
    return ", ".join(filter(None, (sent, *line.steps)))


def remarks(line: Line) -> Iterator[str]:
    """Say what the form has no column for."""
    if line.urgency:
        yield line.urgency
    if line.redacted:
        yield f"ชั้นความลับ {line.secrecy}"
    if line.state == "void":
        by = f" โดย {line.void_by}" if line.void_by and not line.redacted else ""
        yield f"ยกเลิกเลข{f': {line.void_reason}' if line.void_reason else ''}{by}"
    if line.state == "reserved":
        yield f"จองเลขไว้{f' โดย {line.reserved_for}' if line.reserved_for else ''}"
    if line.was_reserved:
        yield "ใช้เลขที่จองไว้"
    if line.recalled:
        yield line.recalled
    if line.came_before:
        yield f"เข้าระบบ {to_arabic(short_date(line.came_before))}"


def struck(line: Line, field: str) -> list[str]:
    """Give the values of a column that were struck out, oldest first."""
    old = [one.old for one in line.struck if one.field == field and one.old]
    return [one if isinstance(one, str) else to_arabic(short_date(one)) for one in old]


def in_digits(text: str, *, thai: bool) -> str:
    """Write the figures of a text the one way or the other; addresses (URLs, mail) keep theirs."""
    if not thai:
        return to_arabic(text)
    parts = _ADDRESS.split(text)  # every second one is an address
    return "".join(part if at % 2 else to_thai(part) for at, part in enumerate(parts))
