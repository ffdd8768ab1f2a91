"""Letters as they came in or are drafted, apart from any number: looked up, listed, resolved.

A letter is one message as one entity has it. What officers and clerks name on the command line
(``REF``) is an id, of a letter or of an entry, or รับ/2231/2568, ส่ง/ว 12/2569.
"""

from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from datetime import date, datetime
from typing import Any, Final

from sqlalchemy import ColumnElement, Select, select
from sqlalchemy.orm import Session

from registry import hanging, shelf
from registry.errors import NotFound
from registry.ids import is_id
from registry.letter.entry import EntryFile, Reference
from registry.letter.message import Original
from registry.letter.reference import EntryRef
from registry.models.books import EntryRow
from registry.models.letters import LetterRow, OriginalRow
from registry.models.people import EntityRow
from registry.withheld import with_files_withheld

_NO_LETTER: Final = "ไม่พบหนังสือฉบับนี้ โปรดตรวจรหัสหรือเลขทะเบียน"


@dataclass(frozen=True, slots=True)
class Letter:
    """One letter, whole; the fields are those of the table, ``entity`` is the entity's code.

    ``direction`` is in or out. ``entry_id`` is None while it has no number.
    """

    id: str
    entity_id: int
    direction: str
    state: str
    spool_name: str | None
    related_entry_id: str | None
    message_id: str | None
    mail_from: str
    sender: str
    sender_name: str
    reply_to: str
    from_entity_id: int | None
    clerk: str
    unit_code: str
    subject: str
    text: str
    letter_number: str
    letter_number_key: str
    dated: date | None
    to_text: str
    urgency: str
    due: datetime | None
    secrecy: str | None
    date_header: datetime | None
    accepted_at: datetime
    deemed_received_at: datetime | None
    original_sha256: str | None
    authenticated: bool
    trust: Mapping[str, Any]
    why_waiting: str
    defects: tuple[str, ...]
    facts: Mapping[str, Any]
    return_reason: str
    entity: str = ""
    entry_id: str | None = None
    enclosures: tuple[EntryFile, ...] = ()
    references: tuple[Reference, ...] = ()
    scan: str = ""
    scan_detail: str = ""

    @property
    def sealed(self) -> bool:
        """Whether it could not be read and nobody has opened it: perhaps it is secret."""
        return is_sealed(self.facts)

    @property
    def unopened(self) -> bool:
        """Whether it waits, is or may be secret, and nobody has opened it by name."""
        return is_unopened(self.state, self.secrecy, self.facts)


_ELSEWHERE: Final = {"entity", "entry_id", "enclosures", "references"}
_COLUMNS: Final = tuple(f.name for f in fields(Letter) if f.name not in _ELSEWHERE)


def get_letter(session: Session, letter_id: str) -> Letter:
    """Give one letter; raise NotFound. Whether its reader is cleared is the caller's to ask."""
    found = _letters(session, select(LetterRow).where(LetterRow.id == letter_id))
    if not found:
        raise NotFound(f"no letter {letter_id}", thai=_NO_LETTER)
    return found[0]


def is_sealed(facts: Mapping[str, Any]) -> bool:
    """Say by the facts of a letter whether it could not be read and nobody has opened it."""
    return bool(facts.get("unread")) and not facts.get("opened_by")


def is_unopened(state: str, secrecy: str | None, facts: Mapping[str, Any]) -> bool:
    """Say of a waiting letter whether it must be opened by name before anything of it is shown."""
    shut = secrecy is not None or bool(facts.get("unread"))
    return state in ("waiting", "secret") and shut and not facts.get("opened_by")


def redact(letter: Letter) -> Letter:
    """Give the letter without anything that a secret letter says or who wrote it."""
    return replace(
        letter, message_id=None, mail_from="", sender="", sender_name="", reply_to="",
        from_entity_id=None, subject="", text="", letter_number="", letter_number_key="",
        dated=None, to_text="", date_header=None, original_sha256=None, trust={}, defects=(),
        facts={}, why_waiting="", return_reason="", enclosures=(), references=(),
    )  # fmt: skip


def resolve(session: Session, ref: str, entity: str | None = None) -> tuple[str | None, str | None]:
    """Give (letter id, entry id) of what a person named; either may be None, not both.

    Raises NotFound, or NotUnderstood for a text that names nothing.
    """
    if not is_id(ref):
        ref = shelf.find(session, EntryRef.parse(ref), entity)
    pair = select(EntryRow.letter_id, EntryRow.id)
    found = session.execute(pair.where((EntryRow.id == ref) | (EntryRow.letter_id == ref))).first()
    if found is not None:
        return found[0], found[1]
    if session.get(LetterRow, ref) is None:
        raise NotFound(f"no letter or entry {ref}", thai=_NO_LETTER)
    return ref, None


def waiting(session: Session, entity: str | None = None) -> list[Letter]:
    """List the letters that wait for an officer (รอลงรับ), of one entity or all, oldest first."""
    states = ("waiting", "secret")
    return _letters(
        session, _of(entity).where(LetterRow.direction == "in", LetterRow.state.in_(states))
    )


def drafts(session: Session, entity: str | None = None) -> list[Letter]:
    """List the letters that wait to be sent (รอออกเลข), of one entity or all, oldest first."""
    wanted = LetterRow.direction == "out", LetterRow.state == "draft"
    return _letters(session, _of(entity).where(*wanted))


def given_back(session: Session, entity: str, clerk: str, since: datetime) -> list[Letter]:
    """List the drafts of this clerk written since and returned, at most 20, newest first."""
    wanted = select(LetterRow).where(
        _owned(entity), LetterRow.direction == "out", LetterRow.state == "returned",
        LetterRow.clerk == clerk, LetterRow.accepted_at >= since,
    )  # fmt: skip
    return _letters(session, wanted.order_by(LetterRow.id.desc()).limit(20))


def withheld(session: Session, entity: str | None = None) -> list[Letter]:
    """List the letters whose files wait for a scanner or an officer, of one entity or all."""
    wanted = with_files_withheld()
    return _letters(session, wanted if entity is None else wanted.where(_owned(entity)))


def original_of(session: Session, letter_id: str) -> Original:
    """Tell how the raw mail of a letter is kept; raise NotFound for one that came by no mail."""
    wanted = select(OriginalRow).join(LetterRow, LetterRow.original_sha256 == OriginalRow.sha256)
    row = session.scalar(wanted.where(LetterRow.id == letter_id))
    if row is None:
        raise NotFound(f"no original of letter {letter_id}", thai="หนังสือฉบับนี้ไม่มีอีเมลต้นฉบับ")
    return Original(row.sha256, row.bytes, row.form, row.blob, tuple(row.recipe))


def _of(entity: str | None) -> Select[LetterRow]:
    wanted = select(LetterRow).order_by(LetterRow.accepted_at, LetterRow.id)
    if entity is None:
        return wanted
    return wanted.where(_owned(entity))


def _owned(entity: str) -> ColumnElement[bool]:
    return LetterRow.entity_id.in_(select(EntityRow.id).where(EntityRow.code == entity.casefold()))


def _letters(session: Session, wanted: Select[LetterRow]) -> list[Letter]:
    """Make whole letters of the rows, with one query for each thing that hangs on them."""
    rows = list(session.scalars(wanted))
    ids = [row.id for row in rows]
    files, refs = hanging.enclosures(session, ids), hanging.references(session, ids)
    pairs = select(EntryRow.letter_id, EntryRow.id).where(EntryRow.letter_id.in_(ids))
    entries = {row[0]: row[1] for row in session.execute(pairs)}
    codes = {row.id: row.code for row in session.execute(select(EntityRow.id, EntityRow.code))}
    return [
        Letter(
            **{name: getattr(row, name) for name in _COLUMNS} | {"defects": tuple(row.defects)},
            entity=codes[row.entity_id],
            entry_id=entries.get(row.id),
            enclosures=tuple(files[row.id]),
            references=tuple(refs[row.id]),
        )
        for row in rows
    ]
