"""What the paper says goes where the register shows it: surest first, and never over a person.

A field shows what a person confirmed, else the paper where it was read surely, else the mail. So
the proposals of a letter that waits become the paper's. The line of a letter that was registered
automatically is corrected by "automatic" as an officer corrects it: what stood there stays to be
read, struck out, and the journal has its line (:mod:`registry.corrections`). A field that a person
ever corrected or judged, a line that a person registered or confirmed, and the marks of another
installation that proved who it is, are left alone; so is a closed book.

A letter whose number and day were not known at the door, and stand in the book already, is told
of in its หมายเหตุ and linked as a suggestion, as :mod:`registry.desk.register` does.

A day until which the text wants something, and an order to pass on, are only proposed.
"""

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import Any, Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from registry import entries, journal, paper_fields, relations
from registry.desk.context import Desk
from registry.desk.dated import believable
from registry.desk.duplicate import find_same
from registry.desk.field_standing import INTO
from registry.desk.join_by_paper import complete_references, is_joined, join
from registry.desk.register import AUTOMATIC
from registry.desk.wording import one_line
from registry.errors import Conflict, NotAllowed, NotUnderstood
from registry.letter.grades import Urgency
from registry.letter.number import LetterNumber
from registry.letter.paper import HIGH, PaperField
from registry.models.books import EntryRow
from registry.models.evidence import JournalRow
from registry.models.letters import CorrectionRow, LetterRow
from registry.models.paper import PaperFieldRow
from registry.paper_fields import COLUMNS
from registry.thai.text import fold

REASON: Final = "อ่านจากตัวหนังสือโดยระบบ"


def take(session: Session, desk: Desk, letter: LetterRow, found: Iterable[PaperField]) -> list[str]:
    """Apply what was read of a letter, which is held; give the columns that changed.

    The fields are kept already (:mod:`registry.paper_fields`); those that now stand in the
    register as read are *taken*.
    """
    fields = list(found)
    complete_references(session, letter, fields)
    entry = session.scalar(select(EntryRow).where(EntryRow.letter_id == letter.id))
    judged = _judged_by_people(session, letter)
    wanted = {
        name: value
        for name, value in _wanted(letter, fields).items()
        if name.removesuffix("_key") not in judged
    }
    changed = _change(session, desk, letter, entry, wanted)
    if entry is not None and entry.state == "registered" and entry.secrecy is None:
        if letter.direction == "in" and {"letter_number", "dated"} & set(changed):
            changed += _tell_same(session, desk, letter, entry)
        join(session, letter, entry, fields, by=AUTOMATIC, at=desk.now())
    _note_taken(session, letter, entry, desk.now())
    return changed


def _change(
    session: Session, desk: Desk, letter: LetterRow, entry: EntryRow | None, wanted: dict[str, Any]
) -> list[str]:
    """Change the letter that waits, or the line that was written automatically."""
    if letter.direction != "in" or _is_proven(letter):
        return []
    if entry is not None:
        return _amend(session, desk, entry, wanted) if _is_open(session, entry) else []
    if letter.state != "waiting" or not (changes := _differing(letter, wanted)):
        return []
    for name, value in changes.items():
        setattr(letter, name, value)
    journal.record(
        session, letter.entity_id, "paper-read", "system", desk.now(), letter_id=letter.id,
        facts={"fields": sorted(changes)},
    )  # fmt: skip
    return sorted(changes)


def _amend(session: Session, desk: Desk, entry: EntryRow, wanted: Mapping[str, Any]) -> list[str]:
    theirs = _corrected_by_people(session, entry)
    changes = {
        name: value
        for name, value in _differing(entry, wanted).items()
        if name.removesuffix("_key") not in theirs
    }
    if not changes:
        return []
    try:
        entries.amend(session, entry.id, AUTOMATIC, REASON, at=desk.now(), **changes)
    except (Conflict, NotAllowed):  # its book is closed
        return []
    return sorted(changes)


def _tell_same(session: Session, desk: Desk, letter: LetterRow, entry: EntryRow) -> list[str]:
    """Say of a letter whose number was only read now that it may have come before.

    In its หมายเหตุ, as at the door, and as a link for an officer to confirm.
    """
    twin = None if letter.facts.get("distinct") else find_same(session, entry)
    if twin is None or is_joined(session, entry.id, twin.entry_id, both_ways=True):
        return []
    relations.link(
        session, entry.id, twin.entry_id, twin.relation, "same_number", 80,
        confirmed=False, by=AUTOMATIC, at=desk.now(),
    )  # fmt: skip
    note = "; ".join(filter(None, [entry.note, twin.note]))
    return _amend(session, desk, entry, {"note": note}) if _is_open(session, entry) else []


def _is_open(session: Session, entry: EntryRow) -> bool:
    """Say whether nobody but the machine has had a hand in the line."""
    untouched = entry.registered_by == AUTOMATIC and entry.state == "registered"
    return untouched and entry.secrecy is None and not _is_judged(session, entry)


def _wanted(letter: LetterRow, found: list[PaperField]) -> dict[str, Any]:
    """Give the columns that the paper fills surely."""
    wanted: dict[str, Any] = {}
    for one in found:
        if one.position or one.confidence < HIGH or not one.value or one.source == "mail":
            continue
        if one.name == "number":
            wanted |= _number(one.value)
        elif one.name == "dated":
            day = believable(date.fromisoformat(one.value), letter.accepted_at)
            wanted |= {"dated": day} if day is not None else {}
        elif one.name == "urgency":
            wanted |= _urgency(letter, one)
        elif one.name in COLUMNS:
            wanted[COLUMNS[one.name]] = one_line(one.value)
    return wanted


def _number(text: str) -> dict[str, Any]:
    try:
        number = LetterNumber.parse(text)
    except NotUnderstood:
        return {}
    return {"letter_number": str(number), "letter_number_key": number.key}


def _urgency(letter: LetterRow, one: PaperField) -> dict[str, Any]:
    """Take a higher urgency; ด่วนภายใน brings its hour where none is set."""
    here = Urgency.parse(letter.urgency) if letter.urgency else Urgency.NORMAL
    there = Urgency.parse(one.value)
    changes: dict[str, Any] = {"urgency": there.thai} if there > here else {}
    if (due := one.facts.get("due")) and letter.due is None:
        changes["due"] = datetime.fromisoformat(due)
    return changes


def _differing(row: LetterRow | EntryRow, wanted: Mapping[str, Any]) -> dict[str, Any]:
    """Keep what would change something; words that only differ in spaces and figures do not."""
    changes = {}
    for name, value in wanted.items():
        here = getattr(row, name)
        same = fold(here) == fold(value) if isinstance(value, str) and here else here == value
        if not same:
            changes[name] = value
    if "letter_number" not in changes:
        changes.pop("letter_number_key", None)
    return changes


def _is_proven(letter: LetterRow) -> bool:
    """Say whether another installation gave the fields itself, or a person typed them in."""
    marked = bool(letter.facts.get("installation")) and letter.authenticated
    return marked or bool(letter.facts.get("paper"))


def _is_judged(session: Session, entry: EntryRow) -> bool:
    wanted = select(JournalRow.position).where(
        JournalRow.entry_id == entry.id, JournalRow.act == "confirmed"
    )
    return session.scalar(wanted.limit(1)) is not None


def _judged_by_people(session: Session, letter: LetterRow) -> set[str]:
    """Give the columns whose fields a person found right or wrong: a second reading asks nobody."""
    wanted = select(PaperFieldRow.name).where(
        PaperFieldRow.letter_id == letter.id, PaperFieldRow.state.in_(("confirmed", "refused"))
    )
    return {INTO[name] for name in session.scalars(wanted) if name in INTO}


def _corrected_by_people(session: Session, entry: EntryRow) -> set[str]:
    wanted = select(CorrectionRow.field).where(
        CorrectionRow.entry_id == entry.id, CorrectionRow.by != AUTOMATIC
    )
    return set(session.scalars(wanted))


def _note_taken(session: Session, letter: LetterRow, entry: EntryRow | None, at: datetime) -> None:
    shown = entry if entry is not None else letter
    wanted = select(PaperFieldRow).where(
        PaperFieldRow.letter_id == letter.id, PaperFieldRow.state.in_(("proposed", "taken")),
        PaperFieldRow.name.in_(COLUMNS), PaperFieldRow.position == 0,
    )  # fmt: skip
    for row in session.scalars(wanted):
        here = getattr(shown, COLUMNS[row.name])
        text = here.isoformat() if isinstance(here, date) else here or ""
        stands = bool(row.value) and fold(text) == fold(row.value)
        paper_fields.judge(row, "taken" if stands else "proposed", "", at)
