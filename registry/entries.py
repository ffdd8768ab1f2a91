"""The entries of the books: made here and nowhere else, changed here and nowhere else.

:func:`write` takes the number, writes the line of the register and the line of the journal in the
caller's transaction: all of them stand or none. A change of a register field leaves a journal line
that names the digest before and after, so that a history can be proven though no content is kept
twice. A void keeps number, reason and person; no entry is ever deleted (ข้อ 38 and 43).

Locks are taken in one order: the heads of the journals by entity, then the counters by key.
:func:`lock` does so for a batch; a transaction that touches one entity needs no call.
Reading is :mod:`registry.shelf`; its functions are named here too.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, fields
from datetime import date, datetime
from typing import Any, Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from registry import corrections, journal, numbering, witness
from registry.batch import add, held_of, row_of
from registry.books import closing
from registry.clock import Clock
from registry.digest import digest_of, digest_of_files
from registry.errors import Conflict, NotFound
from registry.ids import new_id, random_bytes
from registry.letter.number import LetterNumber
from registry.models.books import EntryRow
from registry.models.letters import EnclosureRow, NoteRow
from registry.numbering import BookKey
from registry.shelf import find, get, listing, redact

__all__ = [
    "BookKey", "EntryFields", "OldEntry", "amend", "digest_of", "find", "get", "listing", "lock",
    "redact", "take_back", "take_over", "use", "void", "write",
]  # fmt: skip

_NOT_AMENDABLE: Final = frozenset({"numbered", "state"})


@dataclass(frozen=True, slots=True)
class EntryFields:
    """What a new line of a book says besides its number; the columns of forms 13 and 14 first.

    ``numbered`` makes the letter's own number (ที่) from the number taken, for letters that we
    send; it then stands in place of ``letter_number``. ``state`` is registered or reserved.
    """

    letter_number: str = ""
    letter_number_key: str = ""
    dated: date | None = None
    from_text: str = ""
    to_text: str = ""
    subject: str = ""
    urgency: str = ""
    secrecy: str | None = None
    action: str = ""
    note: str = ""
    due: datetime | None = None
    closed: datetime | None = None
    date_header: datetime | None = None
    accepted_at: datetime | None = None
    deemed_received_at: datetime | None = None
    message_id: str | None = None
    original_sha256: str | None = None
    from_entity_id: int | None = None
    reserved_for: str = ""
    state: str = "registered"
    numbered: Callable[[int], LetterNumber] | None = None


@dataclass(frozen=True, slots=True)
class OldEntry:
    """A line of a register kept elsewhere: ``row`` is where it stood there, 0 for nowhere.

    ``void`` is the reason for which the number is void, "" for one that is not; the state of its
    fields is then reserved, as of every number that is voided before it has a letter.
    """

    number: int
    at: datetime
    row: int
    content: EntryFields
    void: str = ""


_FIELDS: Final = tuple(field.name for field in fields(EntryFields))


def write(
    session: Session,
    key: BookKey,
    letter_id: str | None,
    content: EntryFields,
    by: str,
    at: datetime | Clock,
) -> EntryRow:
    """Take the next number of the series and write its line; the one way an entry is made.

    ``by`` is an officer's e-mail, or "automatic". With a clock for ``at`` the year is that of the
    moment the number is taken, whatever the key says.
    """
    journal.lock_head(session, key.entity_id)
    taken = numbering.take_number(session, key, at)
    place = {"book": key.book, "series": key.series, "year": taken.year, "number": taken.number}
    row = row_of(
        EntryRow, id=new_id(), letter_id=letter_id, entity_id=key.entity_id,
        unit_code=key.unit_code, registered_at=taken.at, registered_by=by, void_reason="",
        void_by="", given_to="", salt=random_bytes(4).hex(), **place,
        **_columns(content, taken.number),
    )  # fmt: skip
    row.digest = digest_of(row)
    add(session, row)
    _journal(session, row, row.state, by, taken.at, place | _kept(session, row.salt, letter_id))
    return row


def take_over(
    session: Session, key: BookKey, lines: Iterable[OldEntry], by: str, at: datetime, import_id: int
) -> None:
    """Write the lines of a register kept elsewhere, whose numbers the counter has passed.

    The caller holds the journal's head and has moved the counter (:mod:`registry.importing`); the
    numbers are consecutive and their times never go back.
    """
    for line in lines:
        place = {"book": key.book, "series": key.series, "year": key.year, "number": line.number}
        row = row_of(
            EntryRow, id=new_id(), letter_id=None, entity_id=key.entity_id,
            unit_code=key.unit_code, registered_at=line.at, registered_by=by, void_reason="",
            void_by="", given_to="", salt=random_bytes(4).hex(), **place,
            **_columns(line.content, line.number),
        )  # fmt: skip
        row.digest = before = digest_of(row)
        facts = {"import": import_id, "row": line.row}
        _journal(session, row, row.state, by, at, place | facts)
        if line.void:
            row.state, row.void_reason, row.void_by = "void", line.void, by
            row.digest = digest_of(row)
            _journal(session, row, "void", by, at, {"before": before})
        add(session, row)


def lock(session: Session, keys: set[BookKey]) -> None:
    """Lock what a batch of registrations will need, in the one order everybody keeps."""
    for entity_id in sorted({key.entity_id for key in keys}):
        journal.lock_head(session, entity_id)
    numbering.lock(session, keys)


def amend(
    session: Session, entry_id: str, by: str, reason: str, *, at: datetime, **changes: Any
) -> EntryRow:
    """Correct fields of an entry; the reason becomes a note, the journal keeps both digests.

    What a reason strikes out is kept (:mod:`registry.corrections`). In a closed book only what
    goes on with the matter may still be written (:mod:`registry.books.closing`).

    ``changes`` are names of :class:`EntryFields`. Raises NotFound, Conflict for a void entry (its
    secrecy alone may change), TypeError for a name that is no field.
    """
    wrong = changes.keys() - (set(_FIELDS) - _NOT_AMENDABLE)
    if wrong:
        raise TypeError(f"not fields of the register: {', '.join(sorted(wrong))}")
    marking = ("void",) if changes.keys() == {"secrecy"} and not reason else ()
    row, note = _held(session, entry_id, "registered", "reserved", *marking), None
    if reason:
        closing.must_allow(session, row, changes)
        note = _note(session, row, by, at, reason)
        corrections.keep(session, row, changes, by=by, at=at, note_id=note)
    facts = {"fields": sorted(changes), "note": note}
    return _change(session, row, "amended", by, at, changes, facts)


def void(session: Session, entry_id: str, by: str, reason: str, *, at: datetime) -> EntryRow:
    """Void an entry, used or only reserved: number, reason and person stay to be seen.

    Raises NotFound; Conflict when it is void already; ValueError without a reason.
    """
    if not reason.strip():
        raise ValueError("a number is not voided without a reason")
    row = _held(session, entry_id, "registered", "reserved")
    closing.must_allow(session, row)
    changes = {"state": "void", "void_reason": reason, "void_by": by}
    return _change(session, row, "void", by, at, changes, {})


def use(
    session: Session, entry_id: str, letter_id: str, by: str, *, at: datetime, **changes: Any
) -> EntryRow:
    """Give a reserved number (จองเลข) to its letter; it keeps its own date, year and time.

    Raises NotFound; Conflict when the number is not reserved any more.
    """
    row = _held(session, entry_id, "reserved")
    closing.must_allow(session, row)
    changes |= {"state": "registered", "letter_id": letter_id}
    return _change(session, row, "used", by, at, changes, _kept(session, row.salt, letter_id))


def take_back(
    session: Session, entry_id: str, by: str, *, at: datetime, **changes: Any
) -> EntryRow:
    """Make the number of a letter that was stopped before it left a reserved one again.

    Raises NotFound; Conflict when the entry is not registered.
    """
    row = _held(session, entry_id, "registered")
    closing.must_allow(session, row)
    changes |= {"state": "reserved", "letter_id": None}
    return _change(session, row, "taken-back", by, at, changes, {})


def _columns(content: EntryFields, number: int) -> dict[str, Any]:
    columns = {name: getattr(content, name) for name in _FIELDS}
    numbered = columns.pop("numbered")
    if numbered is not None:
        letter_number: LetterNumber = numbered(number)
        columns |= {"letter_number": str(letter_number), "letter_number_key": letter_number.key}
    return {
        name: _clean(value) if isinstance(value, str) and "\x00" in value else value
        for name, value in columns.items()
    }


def _clean(value: object) -> object:
    """Take out what PostgreSQL cannot keep in a text; a register has no use for it either."""
    return value.replace("\x00", "") if isinstance(value, str) else value


def _held(session: Session, entry_id: str, *states: str) -> EntryRow:
    """Lock the entry and see that it is in one of these states."""
    row = session.get(EntryRow, entry_id)
    if row is None:
        raise NotFound(f"no entry {entry_id}")
    journal.lock_head(session, row.entity_id)
    session.refresh(row)
    if row.state not in states:
        raise Conflict(
            f"entry {entry_id} is {row.state}",
            thai="เลขทะเบียนนี้ถูกยกเลิกหรือใช้ไปแล้ว โปรดเปิดดูรายการในทะเบียนก่อน",
        )
    return row


def _change(
    session: Session,
    row: EntryRow,
    act: str,
    by: str,
    at: datetime,
    changes: dict[str, Any],
    facts: dict[str, Any],
) -> EntryRow:
    before = row.digest
    for name, value in changes.items():
        setattr(row, name, _clean(value))
    row.digest = digest_of(row)
    session.flush()
    _journal(session, row, act, by, at, {**facts, "before": before})
    return row


def _kept(session: Session, salt: str, letter_id: str | None) -> dict[str, Any]:
    """Give what the journal keeps of a letter when it takes its number."""
    return _files(session, salt, letter_id) | witness.of_letter(session, salt, letter_id)


def _files(session: Session, salt: str, letter_id: str | None) -> dict[str, Any]:
    """Give what the journal keeps of the letter's files: how many, and one digest over them."""
    if letter_id is None:
        return {}
    held = held_of(session, EnclosureRow, letter_id)
    if held is not None:
        rows = sorted((row.position, row.role, row.name, row.bytes, row.sha256) for row in held)
        return {"count": len(rows), "files": digest_of_files(salt, rows)}
    wanted = select(
        EnclosureRow.position, EnclosureRow.role, EnclosureRow.name, EnclosureRow.bytes,
        EnclosureRow.sha256,
    )  # fmt: skip
    files = session.execute(
        wanted.where(EnclosureRow.letter_id == letter_id).order_by(EnclosureRow.position)
    ).all()
    return {"count": len(files), "files": digest_of_files(salt, files)}


def _note(session: Session, row: EntryRow, by: str, at: datetime, text: str) -> int:
    note = NoteRow(entry_id=row.id, at=at, by=by, text=str(_clean(text)))
    session.add(note)
    session.flush()
    return note.id


def _journal(
    session: Session, row: EntryRow, act: str, by: str, at: datetime, facts: dict[str, Any]
) -> None:
    journal.record(
        session, row.entity_id, act, by, at, row.id, row.letter_id, facts, digest=row.digest
    )
