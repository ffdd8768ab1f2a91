"""Taking entries from the shelf: rows of the books made into whole, frozen values.

A listing costs one query for each kind of thing that hangs on an entry, and a thousand entries a
turn, however many entries it has (:mod:`registry.hanging`). Entries with a secrecy marking come out
redacted unless the reader is cleared: number, times and state stay, since a gap would say more
than the line.

With a key ring the enclosures that left the mail carry the path of their page, ``/l/<token>/<id>``;
whoever prints it puts ``links.public_url`` in front.
"""

from collections.abc import Iterable
from dataclasses import replace
from typing import Final

from sqlalchemy import ColumnElement, Select, case, select
from sqlalchemy.orm import Session

from registry import hanging
from registry.accounts.clearance import Clearance, covers
from registry.errors import NotFound
from registry.ids import is_id
from registry.keys import KeyRing
from registry.letter.entry import Entry
from registry.letter.reference import EntryRef
from registry.models.books import EntryRow
from registry.models.people import EntityRow

_AT_ONCE: Final = 1000
_NOT_THERE: Final = "ไม่พบเลขทะเบียนนี้ โปรดตรวจหน่วยงาน เล่ม เลข และปี"


def get(
    session: Session,
    ref: str,
    entity: str | None = None,
    *,
    keys: KeyRing | None = None,
    cleared: Clearance = False,
) -> Entry:
    """Give one entry, named by id or as รับ/2231/2568 of the entity with this code.

    Raises NotFound; NotUnderstood for a text that names no entry.
    """
    found = [ref] if is_id(ref) else [find(session, EntryRef.parse(ref), entity)]
    rows = list(session.scalars(select(EntryRow).where(EntryRow.id.in_(found))))
    if not rows:
        raise NotFound(f"no entry {ref if is_id(ref) else 'of this number'}", thai=_NOT_THERE)
    return _shown(session, rows, keys, cleared=cleared)[0]


def find(session: Session, ref: EntryRef, entity: str | None) -> str:
    """Give the id of the entry a person named, in the books of the entity with this code.

    ``entity`` may be ``code+unit`` for a unit's own books, or None where one entity alone is
    hosted. A circular is found in either series. Raises NotFound.
    """
    code, _, unit = (entity or "").partition("+")
    owner = EntityRow.code == code.casefold() if code else EntityRow.hosted
    wanted = _ordered(select(EntryRow)).join(EntityRow, EntityRow.id == EntryRow.entity_id)
    wanted = wanted.where(
        owner, EntryRow.unit_code == unit, EntryRow.book == str(ref.book),
        EntryRow.year == ref.year, EntryRow.number == ref.number, _series(ref),
    )  # fmt: skip
    rows = list(session.scalars(wanted))
    if ref.circular:
        rows = [r for r in rows if r.series == "circular"] or [r for r in rows if _is_circular(r)]
    if not rows or (not code and len({row.entity_id for row in rows}) > 1):
        raise NotFound(f"no entry {ref.book}/{ref.number}/{ref.year} there", thai=_NOT_THERE)
    return rows[0].id


def listing(  # noqa: PLR0913 - what narrows a listing
    session: Session,
    entity: str | None = None,
    book: str | None = None,
    year: int | None = None,
    *,
    unit: str | None = None,
    series: str | None = None,
    keys: KeyRing | None = None,
    cleared: Clearance = False,
) -> list[Entry]:
    """Give the entries of a book by series and number; None leaves that open. ``year`` is พ.ศ."""
    wanted = _ordered(select(EntryRow))
    if entity is not None:
        wanted = wanted.join(EntityRow, EntityRow.id == EntryRow.entity_id)
        wanted = wanted.where(EntityRow.code == entity.casefold())
    sieve = {"book": book, "year": year, "unit_code": unit, "series": series}
    for name, value in sieve.items():
        if value is not None:
            wanted = wanted.where(getattr(EntryRow, name) == value)
    entries: list[Entry] = []
    for rows in session.scalars(wanted).partitions(_AT_ONCE):
        entries += _shown(session, rows, keys, cleared=cleared)
    return entries


def redact(entry: Entry) -> Entry:
    """Give the entry without anything that a secret letter says or who wrote it."""
    return replace(
        entry, letter_number="", dated=None, from_text="", to_text="", subject="", action="",
        note="", date_header=None, message_id=None, original_sha256=None, void_reason="",
        references=(), enclosures=(), links=(), deliveries=(),
    )  # fmt: skip


def _shown(
    session: Session, rows: Iterable[EntryRow], keys: KeyRing | None, *, cleared: Clearance
) -> list[Entry]:
    entries = hanging.whole(session, list(rows), keys)
    return [e if covers(cleared, e.secrecy) else redact(e) for e in entries]


def _ordered(wanted: Select[EntryRow]) -> Select[EntryRow]:
    first = case((EntryRow.series == "ordinary", 0), else_=1)
    return wanted.order_by(
        EntryRow.entity_id, EntryRow.unit_code, EntryRow.book, EntryRow.year, first,
        EntryRow.series, EntryRow.number,
    )  # fmt: skip


def _series(ref: EntryRef) -> ColumnElement[bool]:
    if ref.secret:
        return EntryRow.series == "secret"
    return EntryRow.series.in_(["ordinary", "circular"] if ref.circular else ["ordinary"])


def _is_circular(row: EntryRow) -> bool:
    return row.book != "sent" or "/ว" in row.letter_number_key
