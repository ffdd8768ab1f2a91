"""Witnesses: what the journal keeps of every row that is evidence beside the line of the book.

Words that were struck out, notes, steps of a matter, deliveries with their history and calls,
verdicts on signatures, and what came with a registered letter: of each such row the journal holds
a digest under the salt of its entry, so that a change by SQL is found and the words stand nowhere
twice. Whoever destroys a row's words and the entry's salt leaves a digest that nobody can guess
from.

No act needs to think of it. While :func:`watching` is open on a session, whatever the session
writes of these tables is noticed, and before the transaction commits one line (``witnessed``) is
written for each entry that was touched. The digest of a letter that is just taking its number
stands in the line that gives the number (:func:`of_letter`): nothing is written besides.

Limit: rows that other means than the session write (``insert_rows``, statements) are not noticed;
nothing writes these tables so, but for letters in a batch. What this proves is
:mod:`registry.proving.witnesses`.
"""

import hashlib
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Any, Final

from sqlalchemy import event, inspect, select
from sqlalchemy.orm import Session

from registry import journal
from registry.batch import batch_of
from registry.canonical import canonical
from registry.digest import plain
from registry.models.books import EntryRow
from registry.models.letters import CorrectionRow, LetterRow, NoteRow
from registry.models.outgoing import CallRow, DeliveryEventRow, DeliveryRow
from registry.models.paper import SignatureRow
from registry.models.work import MovementRow

ACT: Final = "witnessed"
COVERED: Final[dict[type[Any], tuple[str, tuple[str, ...]]]] = {
    NoteRow: ("note", ("entry_id", "letter_id", "at", "by", "text")),
    CorrectionRow: ("correction", ("entry_id", "at", "by", "field", "old", "note_id")),
    MovementRow: ("movement", (
        "entity_id", "entry_id", "kind", "at", "by", "by_for", "to_unit", "to_address", "to_name",
        "text", "answered_at", "answer_letter_id", "undone_at", "undone_by",
    )),
    DeliveryRow: ("delivery", (
        "entry_id", "position", "to_address", "to_name", "to_entity_id", "to_unit", "state", "at",
        "remote_number", "reported_at", "is_copy",
    )),
    DeliveryEventRow: ("event", ("delivery_id", "at", "state", "detail", "by")),
    CallRow: ("call", ("delivery_id", "at", "by", "spoke_to", "result")),
    SignatureRow: ("signature", (
        "letter_id", "position", "kind", "sha256", "intact", "trusted", "whole", "signer", "issuer",
        "signed_at", "time_proven", "detail", "facts", "checked_at",
    )),
    LetterRow: ("letter", (
        "entity_id", "direction", "message_id", "mail_from", "sender", "sender_name", "reply_to",
        "from_entity_id", "clerk", "subject", "text", "letter_number", "dated", "to_text",
        "urgency", "due", "secrecy", "date_header", "accepted_at", "deemed_received_at",
        "original_sha256", "authenticated", "trust",
    )),
}  # fmt: skip
"""The tables that are witnessed: what a row of each is called, and the columns that are covered."""
_INFO: Final = "saraban_witness"
_DIRECT: Final = frozenset({str, int, bool, dict})


def digest_of_row(salt: str, row: Any) -> str:
    """Give the salted SHA-256 (64 hex digits) over what is covered of a row.

    ``row`` is one of the mapped rows of :data:`COVERED`. Nothing and an empty text are the same: a
    row that a batch holds back has no defaults yet.
    """
    kind, names = COVERED[type(row)]
    held = row.__dict__
    values: list[Any] = [kind, row.id]
    for name in names:
        value = held[name] if name in held else getattr(row, name)
        values.append(
            value if type(value) in _DIRECT else plain(value) if value is not None else ""
        )
    text = canonical(values)
    return hashlib.sha256(f"{salt}\n{text}".encode("utf-8", "surrogatepass")).hexdigest()


def name_of(row: Any) -> str:
    """Give the name by which the journal calls a row: ``note 12``, a signature by its letter."""
    signature = isinstance(row, SignatureRow)
    return f"{COVERED[type(row)][0]} {f'{row.letter_id}/{row.position}' if signature else row.id}"


def of_letter(session: Session, salt: str, letter_id: str | None) -> dict[str, Any]:
    """Give the fact of the line that gives a letter its number."""
    if letter_id is None:
        return {}
    batch = batch_of(session)
    row: Any = None
    if batch is not None and batch.holds(letter_id):
        row = next((one for one in reversed(batch.held(LetterRow)) if one.id == letter_id), None)
    signatures: list[SignatureRow] = []
    if row is None:  # it waited, and its signatures were verified meanwhile
        row = session.get(LetterRow, letter_id)
        mine = select(SignatureRow).where(SignatureRow.letter_id == letter_id)
        signatures = list(session.scalars(mine.order_by(SignatureRow.position)))
    told = {"letter": digest_of_row(salt, row)} if row is not None else {}
    found = {name_of(one): digest_of_row(salt, one) for one in signatures}
    return told | ({"signatures": found} if found else {})


@contextmanager
def watching(session: Session) -> Iterator[None]:
    """Notice within the block what is written, and write the witnesses when it ends well."""
    session.info[_INFO] = {}
    yield
    session.flush()
    seen: dict[Any, None] = session.info.pop(_INFO)
    if seen:
        _write(session, list(seen))


def _notice(session: Session, _context: object) -> None:
    """Remember the evidence that a flush wrote."""
    seen: dict[Any, None] | None = session.info.get(_INFO)
    if seen is None:
        return
    for row in session.new:
        if type(row) in COVERED and type(row) is not LetterRow:  # a letter has no number yet
            seen[row] = None
    for row in session.dirty:
        if type(row) in COVERED and _touched(row):
            seen[row] = None


event.listen(Session, "after_flush", _notice)


def _touched(row: Any) -> bool:
    attributes = inspect(row).attrs
    return any(attributes[name].history.has_changes() for name in COVERED[type(row)][1])


def _write(session: Session, seen: list[Any]) -> None:
    """Write one line for each entry, entity by entity as all locks are taken."""
    digests: defaultdict[tuple[int, str], dict[str, str]] = defaultdict(dict)
    times: defaultdict[tuple[int, str], list[datetime]] = defaultdict(list)
    for row in seen:
        entry = _entry_of(session, row) if inspect(row).persistent else None
        if entry is None:
            continue
        place = (entry.entity_id, entry.id)
        digests[place][name_of(row)] = digest_of_row(entry.salt, row)
        times[place] += _times(row)
    told: datetime | None = session.info.get(journal.LAST)
    for place in sorted(digests):
        at = max([*times[place], *([told] if told else [])])
        journal.record(
            session, place[0], ACT, "system", at, place[1], facts={"rows": digests[place]}
        )


def _entry_of(session: Session, row: Any) -> EntryRow | None:
    """Give the entry that a row is evidence of; None for a letter without a number."""
    if isinstance(row, LetterRow | SignatureRow):
        letter_id = row.id if isinstance(row, LetterRow) else row.letter_id
        return session.scalar(select(EntryRow).where(EntryRow.letter_id == letter_id))
    if isinstance(row, DeliveryEventRow | CallRow):
        row = session.get_one(DeliveryRow, row.delivery_id)
    return session.get_one(EntryRow, row.entry_id)


def _times(row: Any) -> list[datetime]:
    names = ("accepted_at",) if isinstance(row, LetterRow) else (
        "at", "answered_at", "undone_at", "reported_at", "checked_at"
    )  # fmt: skip
    return [at for name in names if isinstance(at := getattr(row, name, None), datetime)]
