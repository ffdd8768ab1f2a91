"""What a search shows of a letter: the line of the register, and the places that matched.

Rows are read from the books, not from the index, and looked at once more: a letter that has become
secret since the index was brought up to date is not shown.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from registry.letter.book import Book
from registry.models.books import EntryRow
from registry.models.letters import EnclosureRow, LetterRow
from registry.models.people import EntityRow
from registry.models.search import FileTextRow, SearchDocRow, SearchDueRow
from registry.search.document import is_open
from registry.search.places import Span, excerpt, spans
from registry.search.terms import Query

_MOST_DUE: Final = 2000  # changes that the index has not followed, the newest


@dataclass(frozen=True, slots=True)
class Match:
    """One place that matched, as it was written.

    ``where`` is number, subject, from, to, note, name (of a file), text (of the mail) or file (in
    its text); ``file`` names the file for the last and for name. ``spans`` are (start, end) in
    ``text``, which for the two last is an excerpt.
    """

    where: str
    text: str
    spans: tuple[Span, ...]
    file: str = ""


@dataclass(frozen=True, slots=True)
class Hit:
    """One letter that was found; ``entry_id`` is None while it has no number.

    ``place`` is รับ/2231/2568, or "" without a number. ``state`` is registered, reserved, void,
    waiting or draft; ``at`` is when it was registered, or came.
    """

    letter_id: str | None
    entry_id: str | None
    entity: str
    unit: str
    place: str
    letter_number: str
    dated: date | None
    from_text: str
    to_text: str
    subject: str
    urgency: str
    secrecy: str | None
    state: str
    at: datetime
    matches: tuple[Match, ...] = ()


def hits_of(session: Session, refs: Sequence[str], query: Query) -> list[Hit]:
    """Make the hits of these refs, in their order; what may not be shown any more is left out."""
    said = or_(EntryRow.letter_id.in_(refs), EntryRow.id.in_(refs))
    lines = {row.letter_id or row.id: row for row in session.scalars(select(EntryRow).where(said))}
    letters = {
        row.id: row for row in session.scalars(select(LetterRow).where(LetterRow.id.in_(refs)))
    }
    codes = {row.id: row.code for row in session.execute(select(EntityRow.id, EntityRow.code))}
    senders = _senders(session, letters.values())
    keys = list(dict.fromkeys(term.key for term in query.terms if term.key))
    files = _files(session, refs) if keys else {}
    made = []
    for ref in refs:
        line, row = lines.get(ref), letters.get(ref)
        if not is_open(line, row):
            continue
        sender = senders.get(ref, "")
        matches = tuple(_matches(line, row, sender, files.get(ref, []), keys))
        hit = of_entry(line, codes, matches) if line else None
        made.append(hit or _of_letter(row, codes, sender, matches))
    return made


def still_open(session: Session, refs: Sequence[str]) -> list[str]:
    """Give those of the refs that the books show openly now, whatever the index says."""
    said = or_(EntryRow.letter_id.in_(refs), EntryRow.id.in_(refs))
    lines = {row.letter_id or row.id: row for row in session.scalars(select(EntryRow).where(said))}
    rows = {row.id: row for row in session.scalars(select(LetterRow).where(LetterRow.id.in_(refs)))}
    return [ref for ref in refs if is_open(lines.get(ref), rows.get(ref))]


def not_followed(session: Session) -> list[int]:
    """Give the documents of letters that became secret just now and are still in the index."""
    due = select(SearchDueRow.ref).order_by(SearchDueRow.id.desc()).limit(_MOST_DUE).subquery()
    marked = or_(LetterRow.secrecy.is_not(None), LetterRow.state == "secret")
    letters = select(LetterRow.id).join(due, due.c.ref == LetterRow.id).where(marked)
    lines = select(EntryRow.id, EntryRow.letter_id).join(due, due.c.ref == EntryRow.id)
    refs = set(session.scalars(letters))
    for row in session.execute(lines.where(EntryRow.secrecy.is_not(None))):
        refs.add(row.letter_id or row.id)
    wanted = select(SearchDocRow.doc).where(SearchDocRow.ref.in_(refs))
    return sorted(session.scalars(wanted)) if refs else []


def of_entry(line: EntryRow, codes: Mapping[int, str], matches: tuple[Match, ...] = ()) -> Hit:
    """Make the hit of a line of a book."""
    mark = "ว " if line.series == "circular" else "ลับ " if line.series == "secret" else ""
    return Hit(
        line.letter_id, line.id, codes[line.entity_id], line.unit_code,
        f"{Book(line.book).thai}/{mark}{line.number}/{line.year}", line.letter_number, line.dated,
        line.from_text, line.to_text, line.subject, line.urgency, line.secrecy, line.state,
        line.registered_at, matches,
    )  # fmt: skip


def _of_letter(
    row: LetterRow | None, codes: Mapping[int, str], sender: str, matches: tuple[Match, ...]
) -> Hit:
    assert row is not None
    return Hit(
        row.id, None, codes[row.entity_id], row.unit_code, "", row.letter_number, row.dated,
        sender, row.to_text, row.subject, row.urgency, None, row.state,
        row.accepted_at, matches,
    )  # fmt: skip


def _senders(session: Session, rows: Collection[LetterRow]) -> dict[str, str]:
    """Give the senders of letters by id: as the directory names them, else as the mail does."""
    ids = {row.from_entity_id for row in rows if row.from_entity_id}
    wanted = select(EntityRow.id, EntityRow.name).where(EntityRow.id.in_(ids))
    names = {row.id: row.name for row in session.execute(wanted)} if ids else {}
    return {
        row.id: names.get(row.from_entity_id or 0) or row.sender_name or row.sender for row in rows
    }


def _matches(
    line: EntryRow | None,
    row: LetterRow | None,
    sender: str,
    files: list[tuple[str, str]],
    keys: list[str],
) -> Iterator[Match]:
    """Give the places in the register's fields, and of each piece not seen there one in a text."""
    unseen = set(keys)
    for where, text, file in _fields(line, row, sender, files):
        if text and (found := spans(text, keys)):
            unseen -= {key for key in unseen if spans(text, [key])}
            yield Match(where, text, tuple(found), file)
    for where, text, file in _texts(row, files):
        here = [key for key in unseen if spans(text, [key])]
        if here:
            unseen -= set(here)
            cut, inside = excerpt(text, spans(text, here))
            yield Match(where, cut, tuple(inside), file)


def _fields(
    line: EntryRow | None, row: LetterRow | None, sender: str, files: list[tuple[str, str]]
) -> Iterator[tuple[str, str, str]]:
    if line is not None:
        yield "number", line.letter_number, ""
        yield "subject", line.subject, ""
        yield "from", line.from_text, ""
        yield "to", line.to_text, ""
        yield "note", line.action, ""
        yield "note", line.note, ""
    elif row is not None:
        yield "number", row.letter_number, ""
        yield "subject", row.subject, ""
        for one in dict.fromkeys((sender, row.sender_name, row.sender)):
            yield "from", one, ""
        yield "to", row.to_text, ""
    for name, _text in files:
        yield "name", name, name


def _texts(row: LetterRow | None, files: list[tuple[str, str]]) -> Iterator[tuple[str, str, str]]:
    if row is not None:
        yield "text", row.text, ""
    for name, text in files:
        yield "file", text, name


def _files(session: Session, letters: Collection[str]) -> dict[str, list[tuple[str, str]]]:
    wanted = (
        select(EnclosureRow.letter_id, EnclosureRow.name, FileTextRow.text)
        .outerjoin(FileTextRow, FileTextRow.sha256 == EnclosureRow.sha256)
        .where(EnclosureRow.letter_id.in_(letters), EnclosureRow.role != "decoration")
        .order_by(EnclosureRow.letter_id, EnclosureRow.position)
    )
    found: dict[str, list[tuple[str, str]]] = {}
    for letter_id, name, text in session.execute(wanted):
        found.setdefault(letter_id, []).append((name, text or ""))
    return found
