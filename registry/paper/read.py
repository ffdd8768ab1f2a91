"""All fields of one paper, and those of a mail read the same way."""

import re
from collections.abc import Iterable, Sequence
from typing import Final

from registry.letter.page import Page
from registry.letter.paper import PaperField
from registry.paper.consonants import hold_to_office, offices_of
from registry.paper.contact import read_contact, read_links
from registry.paper.dated import read_dated, read_dated_below
from registry.paper.doubts import doubted
from registry.paper.due import read_due
from registry.paper.due_in import read_due_in
from registry.paper.grades import read_secrecy, read_urgency
from registry.paper.number import read_number
from registry.paper.number_scan import is_for_many, said_of_itself
from registry.paper.owner import read_owner
from registry.paper.refers import read_enclosures, read_references
from registry.paper.rows import Row, rows_of, rows_of_text
from registry.paper.sheet import Sheet, divide
from registry.paper.signer import read_signer
from registry.paper.stamp import find_stamps
from registry.paper.subject import read_subject, read_to
from registry.paper.task import read_tasks

VERSION: Final = 4
"""Of the rules: letters that older ones read may be read again."""

_ORDER: Final = re.compile(r"คำสั่ง(?!ที่\s*[ก-ฮ]{2}\s)")


def read_pages(pages: Iterable[Page]) -> list[PaperField]:
    """Give the fields of one file's pages, in the order of the letter; never raises."""
    return read_rows(rows_of(pages))


def read_text(text: str) -> list[PaperField]:
    """Give the fields of a mail's text; none has a place."""
    return read_rows(rows_of_text(text))


def read_rows(rows: Sequence[Row]) -> list[PaperField]:
    """Give the fields of a letter's rows."""
    sheet = divide(rows)
    stamps, head = find_stamps(sheet.head)
    dated = read_dated(head) or read_dated_below([*sheet.body, *sheet.foot])
    owner, signer = read_owner(head), read_signer(sheet)
    number = _number(sheet, head, owner, signer)
    due = read_due(sheet.body) or read_due_in(sheet.body, dated)
    return doubted([
        *read_urgency(head), *read_secrecy(sheet), *number, *owner,
        *dated, *read_subject(sheet), *read_to(sheet), *read_references(sheet),
        *read_enclosures(sheet), *due, *read_tasks(sheet.body),
        *signer, *read_contact(sheet), *read_links(rows), *stamps,
    ])  # fmt: skip


def _number(
    sheet: Sheet, head: Sequence[Row], owner: Sequence[PaperField], signer: Sequence[PaperField]
) -> list[PaperField]:
    """Give the number, a scan's held against the office that writes."""
    found = read_number(head, circular=is_for_many(sheet.part("to")))
    below = [*sheet.body, *sheet.foot]
    if not found or found[0].facts.get("damaged"):
        found = said_of_itself(below) or ([] if any(map(_is_order, head)) else found)
    return hold_to_office(found, offices_of(owner, signer, below))


def _is_order(row: Row) -> bool:
    """Say whether this heads คำสั่ง, which has a number of its own and no office's (ข้อ 16)."""
    return _ORDER.match(row.text) is not None
