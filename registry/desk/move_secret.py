"""Moving a letter to the book of secret letters (ย้ายไปทะเบียนหนังสือลับ): its old number is void.

Done by the officer of secret letters, for a letter that was registered as an ordinary one and bears
a marking, whoever found it (:mod:`registry.desk.found_secret`). In one transaction the letter gets
the next number of the secret series, its old line keeps number and reason and nothing that it said
(:mod:`registry.secret.moves`), what has not left stays here, and index, texts and pages forget it.
The sender hears the new number, if it may be told anything; who got a copy before is given back to
the officer, who sees to those copies by hand. Other books here that have the letter hide it, and
their officers decide (:func:`registry.desk.found_secret.spread`).

A letter that waits has no number to move: it is held, as any marked letter.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy.orm import Session

from registry import entries
from registry.desk.acknowledge import acknowledge, may_acknowledge
from registry.desk.context import Desk
from registry.desk.found_secret import hide, hide_drafts, mark_with_it, spread
from registry.desk.hold_secret import hidden
from registry.desk.take_up import note_facts
from registry.desk.withdraw_secret import Holder, holders, withdraw
from registry.letter.entry import Entry
from registry.letter.grades import Secrecy
from registry.models.letters import NoteRow
from registry.secret import letters as secret_letters
from registry.secret.moves import move_line
from registry.texts import claims


@dataclass(frozen=True, slots=True)
class Moved:
    """What came of it: the new line, None for a letter that has no number, and who has copies."""

    entry: Entry | None
    holders: Sequence[Holder]


def move(
    session: Session, desk: Desk, letter_id: str, by: str, grade: Secrecy, reason: str
) -> Moved:
    """Move a letter; ``reason`` is kept with the new line, where only the cleared read it.

    Raises NotFound; NotAllowed for anybody but the officer of secret letters; Conflict for a number
    that is void or stands in the secret book already; ValueError without a reason.
    """
    if not reason.strip():
        raise ValueError("a letter is not moved without a reason")
    letter, entry = hidden(session, letter_id, by)
    if entry is None:
        hide(session, desk, letter_id, by, grade)
        return Moved(None, holders(session, letter_id, None))
    have = holders(session, letter_id, entry.id)
    withdraw(session, desk, letter, entry.id, by)
    letter.secrecy = grade.thai
    note_facts(letter, found_secret=None)
    session.flush()
    new = move_line(session, entry.id, grade, by, desk.clock)
    mark_with_it(session, letter, new.id, grade, desk.now())
    note = NoteRow(
        entry_id=new.id, at=desk.now(), by=by, text=f"ย้ายจากทะเบียนทั่วไป: {reason.strip()}"
    )
    session.add(note)
    session.flush()
    claims.forget(session, letter.id)
    secret_letters.put_down(session, letter.id, "moved", desk.now())
    hide_drafts(session, desk, letter, entry.id, grade)  # they answer the old line
    spread(session, letter.id, desk)
    if letter.direction == "in" and may_acknowledge(letter):
        once = f"registered:{new.id}"
        acknowledge(session, desk, letter, "registered", entry_id=new.id, once=once)
    return Moved(entries.get(session, new.id, cleared=True), have)
