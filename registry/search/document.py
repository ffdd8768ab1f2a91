"""The document of one letter: all that it can be found by, folded into one row.

``fields`` holds the keys of what the register says, in the order of :class:`Field`, parted by
FIELD; values of one field are parted by PART. ``body`` is the text of the mail and of each file in
the order of the letter, parted by PART, so that a match tells in which file it stands. ``marks``
are whole words to narrow by, one a line, each begun by a capital that says its kind:

    E entity id, or V while it is not sent · U entity id:unit · P entity id:person, whom it concerns
    (both by :mod:`registry.accounts.access`)
    B book · Y พ.ศ. year · G urgency · H has files
    K entry, waiting or draft; of an entry also reserved or void
    M month of its date · D a date written in it · N a number, in each form that is asked for
    S SHA-256 of the mail or a file · I id · L has files without text
    W a word of one or two letters, by the dictionary's cut: codes of agencies are such

Secret letters, letters that could not be read and that nobody has opened, and what is neither in a
book nor waiting for an officer have no document (:func:`documents` leaves them out).
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from enum import IntEnum
from functools import lru_cache
from typing import Final

from sqlalchemy import or_, select
from sqlalchemy.orm import Session, defer

from registry.accounts import access
from registry.clock import BANGKOK, buddhist_year
from registry.errors import NotUnderstood
from registry.letter.book import Book
from registry.letter.number import LetterNumber
from registry.letters import is_sealed
from registry.models.books import EntryRow
from registry.models.letters import EnclosureRow, LetterRow, ReferenceRow
from registry.models.people import EntityRow
from registry.models.search import FileTextRow
from registry.models.work import MovementRow
from registry.search.folding import FIELD, PART, key_of
from registry.search.words import cut
from registry.thai.dates import find_dates

SEARCHED_STATES: Final = ("waiting", "draft")
"""States in which a letter without a number is found."""
_DATES_WITHIN: Final = 5000  # characters of a text in which dates are looked for


class Field(IntEnum):
    """The fields of a document in their order, which is also that of their weight."""

    NUMBERS = 0
    SUBJECT = 1
    FROM = 2
    TO = 3
    FILES = 4
    REST = 5


@dataclass(frozen=True, slots=True)
class Document:
    """One document; ``ref`` is the letter's id, or that of an entry without a letter."""

    ref: str
    entry_id: str | None
    entity_id: int
    dated: date | None
    marks: str
    fields: str
    cuts: bytes
    body: str


@dataclass(frozen=True, slots=True)
class _File:
    name: str
    sha256: str
    state: str | None
    text: str


def documents(
    session: Session, letters: Collection[str], entries: Collection[str]
) -> list[Document]:
    """Make the documents of these letters and entries as the tables have them now.

    What must not be found ordinarily is left out; the order is that of the ids.
    """
    said = select(EntryRow).where(or_(EntryRow.id.in_(entries), EntryRow.letter_id.in_([*letters])))
    lines = list(session.scalars(said))
    ids = {*letters, *(line.letter_id for line in lines if line.letter_id)}
    unasked = defer(LetterRow.trust), defer(LetterRow.defects)
    rows = session.scalars(select(LetterRow).where(LetterRow.id.in_(ids)).options(*unasked))
    found = {row.id: row for row in rows}
    files, cited = _files(session, ids), _cited(session, ids)
    senders, steps = _senders(session, found.values()), _steps(session, lines)
    pairs: list[tuple[EntryRow | None, LetterRow | None]] = [
        (line, found.get(line.letter_id or "")) for line in lines
    ]
    numbered = {line.letter_id for line in lines}
    pairs += [(None, row) for row in found.values() if row.id not in numbered]
    made = [
        _document(
            line,
            row,
            senders.get(row.id, "") if row else "",
            files[row.id] if row else [],
            cited[row.id] if row else [],
            steps[line.id] if line else [],
        )
        for line, row in pairs
        if is_open(line, row)
    ]
    return sorted(made, key=lambda one: one.ref)


def is_open(line: EntryRow | None, row: LetterRow | None) -> bool:
    """Say whether a line of the books, or a letter without one, is found by its words."""
    if line is not None and line.secrecy is not None:
        return False
    if row is None:
        return line is not None
    if row.secrecy is not None or row.state == "secret" or is_sealed(row.facts):
        return False
    return line is not None or row.state in SEARCHED_STATES


def _senders(session: Session, rows: Collection[LetterRow]) -> dict[str, str]:
    """Give the senders that are in the directory by the letter's id, as they are named there now.

    A letter that waits has no จาก of its own yet; what is renamed later is found by its old name.
    """
    ids = {row.from_entity_id for row in rows if row.from_entity_id}
    wanted = select(EntityRow.id, EntityRow.name).where(EntityRow.id.in_(ids))
    names = {row.id: row.name for row in session.execute(wanted)} if ids else {}
    return {row.id: names[row.from_entity_id] for row in rows if row.from_entity_id in names}


def _document(
    line: EntryRow | None,
    row: LetterRow | None,
    sender: str,
    files: list[_File],
    cited: list[str],
    steps: list[tuple[str, str]],
) -> Document:
    body = PART.join([key_of(row.text if row else ""), *(key_of(one.text) for one in files)])
    fields = _fields(line, row, sender, files, cited)
    marks = {*_marks(line, row), *_numbers(line, row), *_dates(line, row, files)}
    marks |= access.marks_of(line, row, steps)
    marks |= {f"S{one.sha256}" for one in files}
    if any(one.state != "done" for one in files):
        marks.add("L")
    if files:
        marks.add("H")
    cuts, short = cut(fields + PART + body)
    marks |= {f"W{word}" for word in short}
    owner = line or row
    assert owner is not None
    return Document(
        row.id if row else owner.id, line.id if line else None, owner.entity_id, owner.dated,
        "\n".join(sorted(marks)), fields, cuts, body,
    )  # fmt: skip


def _fields(
    line: EntryRow | None,
    row: LetterRow | None,
    sender: str,
    files: list[_File],
    cited: list[str],
) -> str:
    values: dict[Field, list[str]] = defaultdict(list)
    if line is not None:
        mark = "ว" if line.series == "circular" else ""
        values[Field.NUMBERS] = [
            line.letter_number, f"{Book(line.book).thai}/{mark}{line.number}/{line.year}",
        ]  # fmt: skip
        values[Field.SUBJECT] = [line.subject]
        values[Field.FROM], values[Field.TO] = [line.from_text], [line.to_text]
        values[Field.REST] = [line.action, line.note, line.void_reason]
    if row is not None:
        values[Field.NUMBERS].append(row.letter_number)
        values[Field.SUBJECT].append(row.subject)
        values[Field.FROM] += [sender, row.sender_name, row.sender]
        values[Field.TO].append(row.to_text)
        values[Field.FILES] = [one.name for one in files]
        values[Field.REST] += cited
    return FIELD.join(PART.join(_keys(values[field])) for field in Field)


def _keys(values: Iterable[str]) -> list[str]:
    return [key for key in dict.fromkeys(map(key_of, dict.fromkeys(values))) if key]


def _marks(line: EntryRow | None, row: LetterRow | None) -> Iterator[str]:
    for one in (line, row):
        if one is None:
            continue
        yield f"I{one.id}"
        if one.original_sha256:
            yield f"S{one.original_sha256}"
    first = line or row
    assert first is not None
    if line is None and row is not None and access.is_unsent(row):
        yield access.unsent_mark(row.entity_id)
        yield access.unsent_mark(row.entity_id, row.clerk)
    else:
        yield access.owner_mark(first.entity_id)
    if first.urgency:
        yield f"G{first.urgency}"
    if first.dated:
        yield f"M{first.dated:%Y-%m}"
    if line is not None:
        yield from ("Kentry", f"B{line.book}", f"Y{line.year}")
        if line.state != "registered":
            yield f"K{line.state}"
    elif row is not None:
        yield f"K{row.state}"
        yield f"Y{buddhist_year(row.accepted_at.astimezone(BANGKOK))}"


def _numbers(line: EntryRow | None, row: LetterRow | None) -> Iterator[str]:
    if line is not None:
        mark = "ว" if line.series == "circular" else ""
        yield f"N{line.book}/{mark}{line.number}/{line.year}"
        yield f"N{line.number}/{line.year}"
        yield f"Nn{line.number}"
    for number in {one.letter_number for one in (line, row) if one is not None}:
        yield from _forms(number)


@lru_cache(maxsize=500)
def _forms(number: str) -> tuple[str, ...]:
    """Give the marks of a letter number in each form that is asked for."""
    if not number:
        return ()
    try:
        read = LetterNumber.parse(number)
    except NotUnderstood:
        return (f"N{key_of(number)}",)
    running = f"N{'ว' if read.circular else 'n'}{read.number}"
    return f"N{key_of(number)}", f"N{key_of(read.key)}", running


def _dates(line: EntryRow | None, row: LetterRow | None, files: list[_File]) -> Iterator[str]:
    days = {one.dated for one in (line, row) if one is not None and one.dated}
    texts = [line.subject] if line is not None else []
    if row is not None:
        texts += [row.subject, row.text, *(one.text for one in files)]
    for text in dict.fromkeys(texts):
        days.update(day for day, _start, _end in find_dates(text[:_DATES_WITHIN]))
    return (f"D{day.isoformat()}" for day in days)


def _files(session: Session, letters: Collection[str]) -> defaultdict[str, list[_File]]:
    found: defaultdict[str, list[_File]] = defaultdict(list)
    wanted = (
        select(
            EnclosureRow.letter_id, EnclosureRow.name, EnclosureRow.sha256, FileTextRow.state,
            FileTextRow.text,
        )
        .outerjoin(FileTextRow, FileTextRow.sha256 == EnclosureRow.sha256)
        .where(EnclosureRow.letter_id.in_(letters), EnclosureRow.role != "decoration")
        .order_by(EnclosureRow.letter_id, EnclosureRow.position)
    )  # fmt: skip
    for letter_id, name, sha256, state, text in session.execute(wanted):
        found[letter_id].append(_File(name, sha256, state, text or ""))
    return found


def _steps(
    session: Session, lines: Collection[EntryRow]
) -> defaultdict[str, list[tuple[str, str]]]:
    """Give unit and address of each step of these entries by which somebody else got them."""
    found: defaultdict[str, list[tuple[str, str]]] = defaultdict(list)
    table = MovementRow
    wanted = select(table.entry_id, table.to_unit, table.to_address)
    wanted = wanted.where(table.entry_id.in_([line.id for line in lines]))
    for entry_id, unit, address in session.execute(wanted):
        found[entry_id].append((unit, address))
    return found


def _cited(session: Session, letters: Collection[str]) -> defaultdict[str, list[str]]:
    found: defaultdict[str, list[str]] = defaultdict(list)
    wanted = select(ReferenceRow.letter_id, ReferenceRow.text, ReferenceRow.number)
    wanted = wanted.where(ReferenceRow.letter_id.in_(letters)).order_by(ReferenceRow.position)
    for letter_id, text, number in session.execute(wanted):
        found[letter_id] += [text, number]
    return found
