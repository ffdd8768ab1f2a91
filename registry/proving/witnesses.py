"""The claim of witnesses: what is told beside the books' own lines is what was written down.

Words struck out, notes, steps, deliveries with history and calls, and what came with a registered
letter: each row has the digest that the journal holds of it, none is missing and none was slipped
in (:mod:`registry.witness`).

Rows that were there before the journal held digests have none. How many there were, and up to
which id, stands in the line with which it began (``witnesses-began``): they are counted, so that
none is taken out or slipped in, and that what they say is unproven is told.

What stood beside a line that was moved to the book of secret letters stands beside the new line,
and is witnessed there (:mod:`registry.secret.moves`).
"""

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final, NamedTuple

from sqlalchemy import select
from sqlalchemy.orm import Session

from registry.models.books import EntryRow
from registry.models.evidence import JournalRow
from registry.models.letters import LetterRow
from registry.models.outgoing import CallRow, DeliveryEventRow, DeliveryRow
from registry.models.paper import SignatureRow
from registry.models.people import EntityRow
from registry.proving.problem import Problem, Wrong
from registry.secret.moves import MOVED
from registry.witness import ACT, COVERED, digest_of_row, name_of

BEGAN: Final = "witnesses-began"
_AT_ONCE: Final = 500
_NAMES: Final = {
    "note": "บันทึกท้ายหนังสือ", "correction": "ข้อความเดิมที่ขีดฆ่า", "movement": "การเดินเรื่อง",
    "delivery": "สถานะการส่ง", "event": "ประวัติการส่ง", "call": "บันทึกการโทรติดตาม",
    "letter": "ข้อมูลของหนังสือ", "signature": "ผลตรวจลายมือชื่อดิจิทัล",
}  # fmt: skip
_WRONG: Final[Mapping[str, Wrong]] = {
    "changed": Wrong("{} was changed outside the register", "{}ถูกแก้นอกระบบ"),
    "gone": Wrong("{} was taken out", "{}ถูกนำออกนอกระบบ"),
    "slipped in": Wrong("{} was slipped in", "{}ถูกใส่เข้ามานอกระบบ"),
}
_FEWER: Final = Wrong("{} old rows of {} are missing", "{1}เดิมหายไป {0} รายการ")
_MORE: Final = Wrong("{} rows of {} were slipped in", "{1}ถูกใส่เข้ามานอกระบบ {0} รายการ")


@dataclass(frozen=True, slots=True)
class _Beginning:
    """When an entity's journal began: behind which line; by kind the last id, and how many rows."""

    position: int = 0
    last: Mapping[str, int] = field(default_factory=dict)
    count: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class _Told:
    """What the journal holds of an entry: digests by name, and which line gave it a letter.

    ``left`` are the letters that went on to the book of secret letters.
    """

    digests: dict[str, str] = field(default_factory=dict)
    given: dict[str, int] = field(default_factory=dict)
    left: dict[str, int] = field(default_factory=dict)


class _Found(NamedTuple):
    """One thing beside an entry: good, unproven, or one of what is wrong; ``old`` as rows are."""

    kind: str
    name: str
    state: str
    old: bool = False


def prove_witnesses(session: Session) -> tuple[dict[str, int], list[Problem]]:
    """Give by entity code how many rows are older than the witnesses, and what does not hold."""
    began = _beginnings(session)
    old: Counter[tuple[int, str]] = Counter()
    unproven, problems = Counter[str](), list[Problem]()
    codes = _codes(session)
    wanted = select(EntryRow.id, EntryRow.entity_id, EntryRow.letter_id, EntryRow.salt)
    ordered = wanted.order_by(EntryRow.id).execution_options(yield_per=_AT_ONCE)
    for entries in session.execute(ordered).partitions():
        for entry, one in _compared(session, entries, began):
            old[entry.entity_id, one.kind] += one.old
            if one.state == "unproven":
                unproven[codes[entry.entity_id]] += 1
            if one.state in _WRONG:
                said = _said(one)
                problems.append(Problem("witness", f"entry {entry.id}", *said, entry=entry.id))
    return dict(unproven), problems + list(_of_old(codes, began, old))


def wrong_witnesses(session: Session, entry: EntryRow) -> list[Wrong]:
    """Say what is told beside one entry and is not what was written down."""
    found = _compared(session, [entry], _beginnings(session))
    return [_said(one) for _, one in found if one.state in _WRONG]


def _said(one: _Found) -> Wrong:
    what, thai = _WRONG[one.state]
    return Wrong(what.format(one.name), thai.format(_NAMES[one.kind]))


def _compared(
    session: Session, entries: Sequence[Any], began: Mapping[int, _Beginning]
) -> Iterator[tuple[Any, _Found]]:
    told, rows = _journal(session, entries), _rows(session, entries)
    for entry in entries:
        start = began.get(entry.entity_id, _Beginning())
        for one in _of_entry(entry, told[entry.id], rows[entry.id], start):
            yield entry, one


def _of_entry(entry: Any, told: _Told, rows: Sequence[Any], start: _Beginning) -> Iterator[_Found]:
    for row in rows:
        kind, name = COVERED[type(row)][0], name_of(row)
        if kind == "letter":
            old = told.given.get(row.id, 0) <= start.position
        else:
            old = row.id <= start.last.get(kind, 0)
        digest = told.digests.pop(name, None)
        state = "unproven" if old else "slipped in"
        if digest is not None:
            state = "good" if digest == digest_of_row(entry.salt, row) else "changed"
        yield _Found(kind, name, state, old)
    for name in told.digests:
        kind, _, ref = name.partition(" ")
        mine = kind not in {"letter", "signature"} or ref.partition("/")[0] == entry.letter_id
        if mine:  # a number may be taken back from its letter
            yield _Found(kind, name, "gone")
    for ref, position in told.left.items():
        if position <= start.position:  # it was counted as old, and still is one
            yield _Found("letter", f"letter {ref}", "good", old=True)


def _journal(session: Session, entries: Sequence[Any]) -> defaultdict[str, _Told]:
    """Collect what the journal holds of these entries; what it says last counts."""
    wanted = select(
        JournalRow.entry_id, JournalRow.letter_id, JournalRow.position, JournalRow.act,
        JournalRow.facts,
    ).where(
        JournalRow.entry_id.in_([entry.id for entry in entries]),
        JournalRow.act.in_(["registered", "used", ACT, MOVED]),
    )  # fmt: skip
    found: defaultdict[str, _Told] = defaultdict(_Told)
    for line in session.execute(wanted.order_by(JournalRow.entity_id, JournalRow.position)):
        told = found[line.entry_id]
        if line.act == MOVED:
            found[line.entry_id] = _Told(left=told.given)
        elif line.act == ACT:
            told.digests.update(line.facts["rows"])
        elif line.letter_id:
            told.given[line.letter_id] = line.position
            if digest := line.facts.get("letter"):
                told.digests[f"letter {line.letter_id}"] = digest
            told.digests.update(line.facts.get("signatures", {}))
    return found


def _rows(session: Session, entries: Sequence[Any]) -> defaultdict[str, list[Any]]:
    """Fetch all that stands beside these entries, by entry."""
    ids = [entry.id for entry in entries]
    by_letter = {entry.letter_id: entry.id for entry in entries if entry.letter_id}
    found: defaultdict[str, list[Any]] = defaultdict(list)
    for table in COVERED:
        if table is LetterRow:
            for row in session.scalars(select(table).where(table.id.in_(by_letter))):
                found[by_letter[row.id]].append(row)
        elif table is SignatureRow:
            for row in session.scalars(select(table).where(table.letter_id.in_(by_letter))):
                found[by_letter[row.letter_id]].append(row)
        elif table in {DeliveryEventRow, CallRow}:
            pairs = select(table, DeliveryRow.entry_id).join(
                DeliveryRow, DeliveryRow.id == table.delivery_id
            )
            for row, entry_id in session.execute(pairs.where(DeliveryRow.entry_id.in_(ids))):
                found[entry_id].append(row)
        else:
            for row in session.scalars(select(table).where(table.entry_id.in_(ids))):
                found[row.entry_id].append(row)
    return found


def _beginnings(session: Session) -> dict[int, _Beginning]:
    wanted = select(JournalRow).where(JournalRow.act == BEGAN).order_by(JournalRow.id)
    return {
        row.entity_id: _Beginning(row.position, row.facts["last"], row.facts["count"])
        for row in session.scalars(wanted)
    }


def _codes(session: Session) -> dict[int, str]:
    return {row.id: row.code for row in session.execute(select(EntityRow.id, EntityRow.code))}


def _of_old(
    codes: Mapping[int, str], began: Mapping[int, _Beginning], old: Counter[tuple[int, str]]
) -> Iterator[Problem]:
    """Count the rows from before: as many must be there as were then."""
    for entity_id, start in began.items():
        for kind, count in start.count.items():
            more = old[entity_id, kind] - count
            if more:
                wrong = (_MORE if more > 0 else _FEWER).of(abs(more), kind)
                thai = (_MORE if more > 0 else _FEWER).of(abs(more), _NAMES[kind]).thai
                where, owner = f"journal of entity {entity_id}", codes.get(entity_id, "")
                yield Problem("witness", where, wrong.what, thai, entity=owner)
