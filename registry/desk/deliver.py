"""To which unit a received letter goes, and why; and the copies that bring it there.

Tried in this order, the first that finds a unit decides (ข้อ 39 asks that the unit's name
stand under ปฏิบัติ):

1. the unit whose code stands in the address that was written to;
2. the unit whose letter this one answers, by the entry or by its letter code;
3. the unit that เรียน names;
4. the entity's routing rules, by their position;
5. the entity's default unit. An entity without one delivers nothing.

Copies go to every box of the unit, each box once per entry however often it is asked for.
A box that is the entity's own central address is left out: its copy would come in again.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from registry import directory, outbox
from registry.accounts.access import given_to
from registry.desk.context import Desk
from registry.errors import NotUnderstood
from registry.letter.entity import LegalEntity, Unit
from registry.letter.grades import Urgency
from registry.letter.number import LetterNumber
from registry.models.books import EntryRow
from registry.models.letters import LetterRow
from registry.models.outgoing import OutboxRow
from registry.thai.text import fold


@dataclass(frozen=True, slots=True)
class RouteFacts:
    """What the rules look at: a letter's เรื่อง and เรียน, its sender, and what it answers.

    ``sender`` holds code and address of the sender, ``codes`` stand behind the plus of the
    addresses written to, ``answered`` are the entries that it surely or likely answers.
    """

    subject: str = ""
    to_text: str = ""
    sender: tuple[str, ...] = ()
    codes: tuple[str, ...] = ()
    answered: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class RouteHit:
    """A unit that gets the letter; ``why`` is Thai."""

    unit: Unit
    why: str


def choose(session: Session, entity: LegalEntity, facts: RouteFacts) -> list[RouteHit]:
    """Choose the units that get a letter; empty when no rule and no default places it."""
    units = {unit.code: unit for unit in directory.units(session, entity.id)}
    if not units:
        return []
    for step in (
        _by_code(units, facts),
        _by_answered(session, units, facts),
        _by_name(units, facts),
        _by_rule(session, entity, facts),
        _by_default(session, entity),
    ):
        if hits := list({hit.unit.code: hit for hit in step}.values()):
            return hits
    return []


def action(hits: Sequence[RouteHit]) -> str:
    """Give what the register says under การปฏิบัติ; "" when the letter goes nowhere."""
    return "ส่งให้ " + ", ".join(hit.unit.name for hit in hits) if hits else ""


def deliver(session: Session, desk: Desk, entry: EntryRow, hits: Sequence[RouteHit]) -> int:
    """Give an entry to units: a job for every box of theirs that has none for it; count them.

    One that is secret is given to nobody by mail.
    """
    if entry.secrecy is not None:
        return 0
    entry.given_to = given_to(entry.given_to, (hit.unit.code for hit in hits))
    central = directory.entity_by_id(session, entry.entity_id).central_address
    boxes = [(hit, box) for hit in hits for box in hit.unit.boxes if box != central]
    return sum(_copy(session, desk, entry, hit, box) for hit, box in boxes)


def _copy(session: Session, desk: Desk, entry: EntryRow, hit: RouteHit, box: str) -> bool:
    facts = {"unit": hit.unit.code, "delivery": hit.unit.delivery, "why": hit.why}
    job = outbox.enqueue(
        session,
        desk,
        outbox.Kind.COPY,
        entry.entity_id,
        box,
        entry_id=entry.id,
        letter_id=entry.letter_id,
        facts=facts,
        once=f"copy:{entry.id}:{box}"[:120],
        urgency=rank(entry.urgency),
    )
    return job is not None


def deliver_again(session: Session, desk: Desk, entry_id: str) -> int:
    """Send the copies of an entry that have left once more, now with their files; count them.

    A copy that has not left yet takes the files along by itself; of a secret entry none goes.
    """
    if session.get_one(EntryRow, entry_id).secrecy is not None:
        return 0
    left = select(OutboxRow).where(
        OutboxRow.entry_id == entry_id,
        OutboxRow.kind == str(outbox.Kind.COPY),
        OutboxRow.state.in_(("sending", "sent")),
        OutboxRow.once.startswith("copy:"),
    )
    return sum(_again(session, desk, row) for row in session.scalars(left).all())


def _again(session: Session, desk: Desk, row: OutboxRow) -> bool:
    job = outbox.enqueue(
        session,
        desk,
        outbox.Kind.COPY,
        row.entity_id,
        row.to_address,
        entry_id=row.entry_id,
        letter_id=row.letter_id,
        facts={**row.facts, "again": True},
        once=f"cleared:{row.id}",
        urgency=row.urgency,
    )
    return job is not None


def rank(urgency: str) -> int:
    """Give 0 for ปกติ up to 3 for ด่วนที่สุด, of the word that the register keeps."""
    return Urgency.parse(urgency).rank if urgency else 0


def _by_code(units: dict[str, Unit], facts: RouteFacts) -> Iterator[RouteHit]:
    for code in facts.codes:
        if unit := units.get(code.casefold()):
            yield RouteHit(unit, f"ส่งถึงที่อยู่ของ{unit.name} (+{code}) โดยตรง")


def _by_answered(session: Session, units: dict[str, Unit], facts: RouteFacts) -> Iterator[RouteHit]:
    for entry_id in facts.answered:
        if unit := _owner(session, units, entry_id):
            yield RouteHit(unit, f"ตอบหนังสือของ{unit.name}")


def _owner(session: Session, units: dict[str, Unit], entry_id: str) -> Unit | None:
    """Find whose letter it was: the book's unit, the clerk's unit, or that of the letter code."""
    row = session.get(EntryRow, entry_id)
    if row is None:
        return None
    clerks = session.scalar(select(LetterRow.unit_code).where(LetterRow.id == row.letter_id))
    by_code = units.get(row.unit_code) or units.get(clerks or "")
    return by_code or _of_letter_code(units, row.letter_number)


def _of_letter_code(units: dict[str, Unit], number: str) -> Unit | None:
    try:
        code = str(LetterNumber.parse(number).sender)
    except NotUnderstood:
        return None
    return next((unit for unit in units.values() if unit.letter_code == code), None)


def _by_name(units: dict[str, Unit], facts: RouteFacts) -> Iterator[RouteHit]:
    """Take the unit with the longest name that เรียน contains."""
    to_text = fold(facts.to_text)
    named = [unit for unit in units.values() if fold(unit.name) in to_text]
    if named:
        unit = max(named, key=lambda unit: len(unit.name))
        yield RouteHit(unit, f"เรียนถึง{unit.name}")


def _by_rule(session: Session, entity: LegalEntity, facts: RouteFacts) -> Iterator[RouteHit]:
    looked_at = {
        "words": (facts.subject, "เรื่องมีคำว่า"),
        "sender": (" ".join(facts.sender), "ผู้ส่งคือ"),
        "addressed": (facts.to_text, "เรียนมีคำว่า"),
    }
    for route in directory.routes(session, entity.id):
        text, said = looked_at[route.kind]
        fits = (
            fold(route.pattern) in {fold(one) for one in facts.sender}
            if route.kind == "sender"
            else fold(route.pattern) in fold(text)
        )
        if fits:
            yield RouteHit(route.unit, f"กฎข้อ {route.position}: {said} “{route.pattern}”")
            return


def _by_default(session: Session, entity: LegalEntity) -> Iterator[RouteHit]:
    unit = directory.default_unit(session, entity.id)
    if unit is not None:
        yield RouteHit(unit, "ไม่มีกฎที่ตรง จึงส่งหน่วยงานตั้งต้น")
