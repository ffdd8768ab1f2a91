"""Who may see which letters: entity, unit and clearance, said once and asked everywhere.

A :class:`Reach` is what one person may see. The letters of their entity and no other's; of those
all, or, for clerks and officers who are bound to a unit, the letters of that unit and of the units
below it: kept in its books, given or passed on to it, sent by it; and what they wrote, registered
or reserved themselves, or were asked about (เสนอ). Letters with a marking only when cleared. What
is not sent yet is opened by whoever wrote it and by those who number it.

The rule stands in two forms that a test holds together: as a condition of every question that a
session asks (:func:`limited` for all that a person reads, :func:`gate` for the one thing they
name), and as marks by which letters are indexed (:func:`marks_of`). It is part of the question,
never a sieve behind it: what may not be seen is not counted, costs no further question, and cannot
be told from what is not there.

Limits: acts of :mod:`registry.desk` see everything, for numbers and duplicates are the entity's;
whoever lets a person act asks :func:`gate` first. Core statements on tables are not limited.
"""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Final
from typing import cast as typed

from sqlalchemy import ColumnElement, Table, Text, and_, case, cast, event, exists, or_, select
from sqlalchemy.orm import ORMExecuteState, Session, with_loader_criteria

from registry.accounts.clearance import Clearance, within
from registry.letter.entity import LegalEntity, Officer, Role
from registry.letter.grades import Secrecy
from registry.models.books import EntryRow
from registry.models.evidence import JournalRow
from registry.models.letters import LetterRow
from registry.models.outgoing import DeliveryRow, OutboxRow
from registry.models.people import UnitRow
from registry.models.work import MovementRow

UNIT: Final = "unit"
ENTITY: Final = "entity"
READERS: Final = (UNIT, ENTITY)
"""How far people who are bound to a unit see in an entity."""
_BOUND: Final = frozenset({Role.CLERK, Role.OFFICER})
_NUMBERS: Final = frozenset({Role.OFFICER, Role.SECRET_OFFICER})
_UNSENT: Final = ("draft", "returned", "slip")
_INFO: Final = "saraban_limited"
_UNREAD: Final = '"unread": true'
_OPENED: Final = '"opened_by": "'


@dataclass(frozen=True, slots=True)
class Reach:
    """What somebody may see: of this entity (id) all, or what concerns these units and persons.

    ``cleared`` is for letters of every marking; ``grade`` is the gravest for who is not.
    ``units`` are codes, None for all of the entity; ``persons`` are addresses of mail, folded.
    ``drafts`` are those whose letters are opened before they are sent, None for everybody's.
    """

    entity_id: int
    cleared: bool = False
    units: frozenset[str] | None = None
    persons: frozenset[str] = frozenset()
    drafts: frozenset[str] | None = None
    grade: Secrecy | None = None

    @property
    def clearance(self) -> Clearance:
        """Which marked letters are seen: all (True), none (False), or those up to a grade."""
        return self.cleared or self.grade or False

    @property
    def is_whole(self) -> bool:
        """Whether all ordinary letters of the entity are seen."""
        return self.units is None


def reach_of(
    session: Session, entity: LegalEntity, officer: Officer, principal: Officer | None = None
) -> Reach:
    """Tell what an officer may see, or while standing in for somebody what that one may."""
    who = principal or officer
    cleared, grade = who.cleared, None if who.cleared else who.grade
    persons = frozenset({officer.email, who.email})
    drafts = None if who.role in _NUMBERS else persons
    if not who.unit_code or who.role not in _BOUND or entity.readers == ENTITY:
        return Reach(entity.id, cleared, drafts=drafts, grade=grade)
    units = frozenset(_below(session, entity.id, who.unit_code))
    return Reach(entity.id, cleared, units, persons, drafts, grade)


def sees_draft(reach: Reach, clerk: str) -> bool:
    """Say whether a letter that this person wrote is opened before it is sent."""
    return reach.drafts is None or clerk in reach.drafts


@contextmanager
def limited(session: Session, reach: Reach | None) -> Iterator[None]:
    """Let a session find only what is within reach; nothing changes for who sees all."""
    before = session.info.get(_INFO)
    if reach is None or reach.is_whole or reach == before:
        yield
        return
    with _asking(session, _narrowing(reach)):
        session.info[_INFO] = reach
        try:
            yield
        finally:
            session.info[_INFO] = before


def is_limited(session: Session) -> bool:
    """Say whether a session finds only a part of an entity's letters."""
    return session.info.get(_INFO) is not None


@contextmanager
def gate(session: Session, reach: Reach) -> Iterator[None]:
    """Let a session find an entry or letter only where this person may open it.

    What is of another entity, beyond reach or, for a letter, secret, is looked for in the same
    way as what is not there. A secret entry is found: its line shows to everybody, redacted.
    """
    letter: list[ColumnElement[bool]] = [LetterRow.entity_id == reach.entity_id]
    if isinstance(reach.clearance, Secrecy):
        letter.append(within(LetterRow.secrecy, reach.clearance))
    elif not reach.clearance:
        facts = cast(LetterRow.facts, Text)  # as registry.canonical writes them
        sealed = and_(facts.contains(_UNREAD), ~facts.contains(_OPENED))
        letter += [LetterRow.secrecy.is_(None), LetterRow.state != "secret", ~sealed]
    if reach.drafts is not None:
        sent = or_(LetterRow.direction != "out", LetterRow.state.not_in(_UNSENT))
        letter.append(or_(sent, LetterRow.clerk.in_(sorted(reach.drafts))))
    mine = _sieve(EntryRow.entity_id == reach.entity_id)
    options = [
        with_loader_criteria(EntryRow, mine, include_aliases=True),
        with_loader_criteria(LetterRow, _sieve(*letter), include_aliases=True),
    ]
    with limited(session, reach), _asking(session, options):
        yield


def units_of(line: EntryRow | None, letter: LetterRow | None, to: Iterable[str] = ()) -> set[str]:
    """Give the codes of units that a letter concerns; ``to`` are those it was passed on to."""
    found = {one.unit_code for one in (line, letter) if one is not None} | set(to)
    return (found | set(line.given_to.split(",") if line else ())) - {""}


def marks_of(
    line: EntryRow | None, letter: LetterRow | None, steps: Iterable[tuple[str, str]] = ()
) -> set[str]:
    """Give the marks by which a letter is found by those who are bound to a unit.

    ``steps`` are unit and address of each step of its way (:mod:`registry.movements`).
    """
    to = list(steps)
    persons = {address for _, address in to}
    if line is not None:
        persons |= {line.registered_by, line.reserved_for}
    if letter is not None:
        persons.add(letter.clerk)
    owner = line or letter
    assert owner is not None
    units = units_of(line, letter, (unit for unit, _ in to))
    return {unit_mark(owner.entity_id, unit) for unit in units} | {
        person_mark(owner.entity_id, one) for one in persons if "@" in one
    }


def unit_mark(entity_id: int, unit: str) -> str:
    """Give the mark of letters that concern a unit."""
    return f"U{entity_id}:{unit}"


def person_mark(entity_id: int, address: str) -> str:
    """Give the mark of letters that a person wrote, registered or was asked about."""
    return f"P{entity_id}:{address}"


def owner_mark(entity_id: int) -> str:
    """Give the mark of an entity's letters, but of those that are not sent yet."""
    return f"E{entity_id}"


def unsent_mark(entity_id: int, clerk: str = "") -> str:
    """Give the mark of letters that are not sent yet: all of an entity, or those of one clerk."""
    return f"V{entity_id}:{clerk}"


def is_unsent(letter: LetterRow) -> bool:
    """Say whether a letter is one of ours that waits to be numbered and sent."""
    return letter.direction == "out" and letter.state in _UNSENT


def given_to(before: str, units: Iterable[str]) -> str:
    """Give what an entry keeps of the units it was given to: codes with a comma on both sides."""
    codes = dict.fromkeys([*before.strip(",").split(","), *units])
    return "".join(f",{code}" for code in codes if code) + "," if any(codes) else ""


def _below(session: Session, entity_id: int, unit: str) -> set[str]:
    """Give a unit with all that are below it, however deep; a ring ends where it began."""
    wanted = select(UnitRow.code, UnitRow.above).where(UnitRow.entity_id == entity_id)
    above = {row.code: row.above for row in session.execute(wanted)}
    found = {unit}
    while more := {code for code, over in above.items() if over in found} - found:
        found |= more
    return found


@contextmanager
def _asking(session: Session, options: list[Any]) -> Iterator[None]:
    def limit(state: ORMExecuteState) -> None:
        if state.is_select and not state.is_column_load:
            state.statement = state.statement.options(*options)

    event.listen(session, "do_orm_execute", limit)
    try:
        yield
    finally:
        event.remove(session, "do_orm_execute", limit)


@lru_cache(maxsize=256)  # it takes longer to say than to ask
def _narrowing(reach: Reach) -> list[Any]:
    """Give the conditions under which rows are found, for each table that is listed by itself."""
    about = {table: _of_an_entry(table.entry_id, reach) for table in (DeliveryRow, MovementRow)}
    by_either = or_(
        _of_an_entry(JournalRow.entry_id, reach), _of_a_letter(JournalRow.letter_id, reach),
        and_(JournalRow.entry_id.is_(None), JournalRow.letter_id.is_(None)),
    )  # fmt: skip
    mailed = or_(_of_an_entry(OutboxRow.entry_id, reach), _of_a_letter(OutboxRow.letter_id, reach))
    conditions: dict[Any, ColumnElement[bool]] = {
        EntryRow: _entry(EntryRow, reach), LetterRow: _letter(LetterRow, reach), **about,
        JournalRow: by_either, OutboxRow: mailed,
    }  # fmt: skip
    return [
        with_loader_criteria(table, condition, include_aliases=True)
        for table, condition in conditions.items()
    ]


def _entry(line: Any, reach: Reach) -> ColumnElement[bool]:
    """Say whether a line of a book is within reach; cheap questions stand before others."""
    units, persons = sorted(reach.units or ()), sorted(reach.persons)
    letter, step = _other(LetterRow), _other(MovementRow)
    theirs = exists().where(
        letter.id == line.letter_id,
        or_(letter.unit_code.in_(units), letter.clerk.in_(persons)),
    )
    asked = exists().where(
        step.entry_id == line.id, or_(step.to_unit.in_(units), step.to_address.in_(persons))
    )
    return _sieve(
        line.entity_id == reach.entity_id,
        or_(
            line.unit_code.in_(units),
            *(line.given_to.contains(f",{unit},", autoescape=True) for unit in units),
            line.registered_by.in_(persons), line.reserved_for.in_(persons), theirs, asked,
        ),
    )  # fmt: skip


def _letter(letter: Any, reach: Reach) -> ColumnElement[bool]:
    """Say whether a letter is: by itself, by its entry, or by the entry that it is about."""
    numbered, about = _other(EntryRow), _other(EntryRow)
    return _sieve(
        letter.entity_id == reach.entity_id,
        or_(
            letter.unit_code.in_(sorted(reach.units or ())),
            letter.clerk.in_(sorted(reach.persons)),
            exists().where(numbered.letter_id == letter.id, _entry(numbered, reach)),
            exists().where(about.id == letter.related_entry_id, _entry(about, reach)),
        ),
    )


def _sieve(*conditions: ColumnElement[bool]) -> ColumnElement[bool]:
    """Say whether all hold, in words by which no database chooses rows.

    Else it goes through all lines of the entity, since those are named, where a question names a
    few lines by their ids.
    """
    return case((and_(*conditions), 1), else_=0) == 1


def _of_an_entry(column: Any, reach: Reach) -> ColumnElement[bool]:
    line = _other(EntryRow)
    return exists().where(line.id == column, _entry(line, reach))


def _of_a_letter(column: Any, reach: Reach) -> ColumnElement[bool]:
    letter = _other(LetterRow)
    return exists().where(letter.id == column, _letter(letter, reach))


def _other(table: Any) -> Any:
    """Give the columns of a table under a name of its own, which no condition is laid upon."""
    return typed("Table", table.__table__).alias().c
