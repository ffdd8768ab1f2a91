"""Finding entries by pieces of words, in Thai, with either kind of digits.

The query is cut at spaces; every piece must stand somewhere in the entry: the letter number,
the parties, the subject, the notes, names of files, references, or the text of the mail. Text
and query are folded alike (:func:`registry.thai.text.fold`), so ๔๙๗๑ finds 4971 and half a word is
enough. An entry's own digest and its SHA-256 are found too.

Limits: this first form reads every entry of the books asked for, one pass a query; it is exact,
and quick up to some ten thousand letters. Secret entries are never looked at.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from registry.hanging import whole
from registry.keys import KeyRing
from registry.letter.entry import Entry
from registry.models.books import EntryRow
from registry.models.letters import EnclosureRow, LetterRow, ReferenceRow
from registry.models.people import EntityRow
from registry.thai.text import fold

_AT_ONCE = 500


@dataclass(frozen=True, slots=True)
class Narrowing:
    """What a search is narrowed to; None leaves it open. ``year`` is พ.ศ., dates are inclusive."""

    entity: str | None = None
    book: str | None = None
    year: int | None = None
    since: date | None = None
    until: date | None = None


def search(
    session: Session, query: str, narrowing: Narrowing, keys: KeyRing | None = None
) -> list[Entry]:
    """Give the entries that hold every piece of the query, the newest first."""
    pieces = [fold(piece) for piece in query.split()]
    pieces = [piece for piece in pieces if piece]
    if not pieces:
        return []
    wanted = _narrowed(narrowing).order_by(EntryRow.registered_at.desc(), EntryRow.id.desc())
    found: list[EntryRow] = []
    for rows in session.scalars(wanted).partitions(_AT_ONCE):
        said = _words(session, rows)
        found += [row for row in rows if all(piece in said[row.id] for piece in pieces)]
    return whole(session, found, keys)


def _narrowed(narrowing: Narrowing) -> Select[EntryRow]:
    wanted = select(EntryRow).where(EntryRow.secrecy.is_(None))
    if narrowing.entity is not None:
        wanted = wanted.join(EntityRow, EntityRow.id == EntryRow.entity_id)
        wanted = wanted.where(EntityRow.code == narrowing.entity.casefold())
    if narrowing.book is not None:
        wanted = wanted.where(EntryRow.book == narrowing.book)
    if narrowing.year is not None:
        wanted = wanted.where(EntryRow.year == narrowing.year)
    if narrowing.since is not None:
        wanted = wanted.where(EntryRow.dated >= narrowing.since)
    if narrowing.until is not None:
        wanted = wanted.where(EntryRow.dated <= narrowing.until)
    return wanted


def _words(session: Session, rows: Sequence[EntryRow]) -> dict[str, str]:
    """Give all that is said in and around each entry, folded, by entry id."""
    letters = {row.letter_id: row.id for row in rows if row.letter_id}
    said: dict[str, list[str]] = {row.id: list(_fields(row)) for row in rows}
    where = list(letters)
    texts = select(LetterRow.id, LetterRow.text).where(LetterRow.id.in_(where))
    names = select(EnclosureRow.letter_id, EnclosureRow.name, EnclosureRow.sha256)
    cited = select(ReferenceRow.letter_id, ReferenceRow.text, ReferenceRow.number)
    for letter_id, text in session.execute(texts):
        said[letters[letter_id]].append(text)
    for letter_id, name, digest in session.execute(names.where(EnclosureRow.letter_id.in_(where))):
        said[letters[letter_id]] += [name, digest]
    for letter_id, text, number in session.execute(cited.where(ReferenceRow.letter_id.in_(where))):
        said[letters[letter_id]] += [text, number]
    return {entry_id: "\n".join(map(fold, parts)) for entry_id, parts in said.items()}


def _fields(row: EntryRow) -> Iterator[str]:
    yield f"{row.number}/{row.year}"
    yield from (row.letter_number, row.letter_number_key, row.from_text, row.to_text, row.subject)
    yield from (row.action, row.note, row.urgency, row.original_sha256 or "", row.id)
