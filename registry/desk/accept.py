"""An officer decides on a waiting letter: accepts it, with corrections, or sends it back.

Accepting registers it under the officer's name; so can letters be registered that no program
could read, once somebody has opened them (:mod:`registry.desk.unseal`).

Sending back (ส่งคืน) takes no number; a sender who may be acknowledged hears why. A
letter marked secret is for the officer of secret letters alone; a marking that was none is
corrected by accepting with ``secrecy=None``.

Two officers who press Accept together: one wins, the other hears who it was.
"""

from collections.abc import Callable, Mapping
from typing import Any, Final

from sqlalchemy.orm import Session

from registry import directory, entries, journal
from registry.desk.acknowledge import acknowledge
from registry.desk.authority import must_be_cleared
from registry.desk.context import Desk
from registry.desk.dated import must_not_be_ahead
from registry.desk.found_secret import hide_drafts
from registry.desk.free_secret import free_drafts
from registry.desk.register import register
from registry.desk.take_up import held_incoming, note_facts
from registry.desk.unseal import must_be_open
from registry.desk.wording import one_line
from registry.errors import Conflict, NotFound
from registry.letter.entity import LegalEntity, Officer
from registry.letter.entry import Entry
from registry.letter.grades import Secrecy, Urgency
from registry.letter.number import LetterNumber
from registry.models.letters import LetterRow
from registry.secret import letters as secret_letters
from registry.texts import claims

_FREE: Final = frozenset({"subject", "to_text", "dated", "due"})
_FACTS: Final = frozenset({"from_text", "note", "distinct"})
_DONE: Final = {
    "registered": "ลงรับแล้ว", "returned": "ส่งคืนแล้ว", "withdrawn": "คืนผู้ส่งที่ขอเรียกคืนแล้ว",
    "duplicate": "แนบกับเลขรับเดิมแล้ว",
}  # fmt: skip


def accept(session: Session, desk: Desk, letter_id: str, by: str, **corrections: Any) -> Entry:
    """Register a waiting letter and give its entry.

    ``corrections`` are what the officer read on the paper: subject, letter_number, dated,
    from_text, to_text, urgency, due, secrecy (Thai words), note, unit (code), from_entity
    (code); ``distinct`` says that it is not the letter that it looks like. Raises NotFound,
    NotAllowed, Conflict that says by whom it was done already,
    NotUnderstood for a bad number, word or day, TypeError for a field there is not.
    """
    letter, entity, officer = _take(session, letter_id, by)
    must_not_be_ahead(corrections.get("dated"), desk.now())
    was_marked = letter.secrecy is not None
    for name, value in corrections.items():
        _correct(session, entity, letter, name, value)
    note_facts(letter, done_by=officer.email)
    entry = register(session, desk, letter, officer.email)
    session.flush()
    if letter.secrecy is not None:
        claims.forget(session, letter.id)
        secret_letters.put_down(session, letter.id, "officer", desk.now())
        hide_drafts(session, desk, letter, entry.id, Secrecy(letter.secrecy))
    elif was_marked:
        note_facts(letter, freed_by=officer.email)
        secret_letters.put_down(session, letter.id, "freed", desk.now())
        free_drafts(session, desk, letter, officer.email, "")
    return entries.get(session, entry.id, cleared=True)


def return_letter(
    session: Session, desk: Desk, letter_id: str, by: str, reason: str, *, wrong: bool = False
) -> bool:
    """Send a waiting letter back with a reason; say whether its sender is told by mail.

    ``wrong`` says that the letter is defective or meant for somebody else. Raises as
    :func:`accept` does; ValueError without a reason.
    """
    if not reason.strip():
        raise ValueError("a letter is not sent back without a reason")
    letter, entity, officer = _take(session, letter_id, by)
    letter.state, letter.why_waiting, letter.return_reason = "returned", "", reason.strip()
    note_facts(letter, done_by=officer.email)
    session.flush()
    if letter.secrecy is not None:  # forms with its paper are handed in again
        secret_letters.put_down(session, letter.id, "officer", desk.now())
    act: Any = "wrong" if wrong else "returned"
    journal.record(session, entity.id, act, officer.email, desk.now(), letter_id=letter.id)
    return acknowledge(
        session, desk, letter, act, reason=letter.return_reason, once=f"{act}:{letter.id}"
    )


def _take(session: Session, letter_id: str, by: str) -> tuple[LetterRow, LegalEntity, Officer]:
    """Hold the entity's books, read the letter afresh, and see that this person may act on it."""
    letter, officer = held_incoming(session, letter_id, by)
    entity = directory.entity_by_id(session, letter.entity_id)
    must_be_cleared(officer, letter_id, secret=letter.secrecy or letter.state == "secret")
    if letter.state not in ("waiting", "secret"):
        raise _too_late(letter)
    must_be_open(letter, officer.role)
    return letter, entity, officer


def _too_late(letter: LetterRow) -> Conflict:
    by = letter.facts.get("done_by") or "ระบบ"
    done = _DONE.get(letter.state, "ไม่ได้รอลงรับ")
    return Conflict(
        f"letter {letter.id} is {letter.state}, by {letter.facts.get('done_by') or 'the system'}",
        thai=f"หนังสือฉบับนี้{done} โดย {by}",
    )


def _correct(
    session: Session, entity: LegalEntity, letter: LetterRow, name: str, value: Any
) -> None:
    if name in _FREE:
        setattr(letter, name, one_line(value) if name == "subject" else value)
    elif name in _FACTS:
        note_facts(letter, **{name: value})
    else:
        special = _SPECIAL.get(name)
        if special is None:
            raise TypeError(f"not a field that an officer corrects: {name}")
        for column, corrected in special(session, entity, value).items():
            setattr(letter, column, corrected)


def _number(_session: Session, _entity: LegalEntity, text: str) -> Mapping[str, Any]:
    number = LetterNumber.parse(text) if text else None
    return {
        "letter_number": str(number) if number else "",
        "letter_number_key": number.key if number else "",
    }


def _urgency(_session: Session, _entity: LegalEntity, word: str) -> Mapping[str, Any]:
    urgency = Urgency.parse(word) if word else Urgency.NORMAL
    return {"urgency": "" if urgency is Urgency.NORMAL else urgency.thai}


def _secrecy(_session: Session, _entity: LegalEntity, word: str | None) -> Mapping[str, Any]:
    return {"secrecy": Secrecy.parse(word).thai if word else None}


def _unit(session: Session, entity: LegalEntity, code: str) -> Mapping[str, Any]:
    unit = directory.unit_by_code(session, entity.id, code)
    if unit is None:
        raise NotFound(f"no unit {code}", thai=f"ไม่พบหน่วยงานย่อยรหัส “{code}”")
    return {"unit_code": unit.code}


def _from_entity(session: Session, _entity: LegalEntity, code: str) -> Mapping[str, Any]:
    found = directory.entity_by_code(session, code)
    if found is None:
        raise NotFound(f"no entity {code}", thai=f"ไม่พบหน่วยงานรหัส “{code}”")
    return {"from_entity_id": found.id}


_SPECIAL: Final[Mapping[str, Callable[[Session, LegalEntity, Any], Mapping[str, Any]]]] = {
    "letter_number": _number,
    "urgency": _urgency,
    "secrecy": _secrecy,
    "unit": _unit,
    "from_entity": _from_entity,
}
