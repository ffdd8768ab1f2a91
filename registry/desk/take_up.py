"""Taking a letter in hand: its row, held, and in the state that the act needs.

Two officers who press Accept together meet here: the second waits for the first, then hears who
it was. What is held is the head of the entity's journal, the first lock of every act; a lock on
the letter besides would only give two acts a chance to wait for each other.
"""

from sqlalchemy import select
from sqlalchemy.orm import Session

from registry import directory, journal
from registry.desk.authority import must_register
from registry.errors import Conflict, NotFound
from registry.letter.entity import Officer
from registry.models.letters import LetterRow

_DONE = {
    "sent": ("has been sent", "ออกเลขและส่งแล้ว"),
    "returned": ("has been returned", "ส่งคืนผู้ร่างแล้ว"),
    "withdrawn": ("has been withdrawn", "เรียกคืนแล้ว"),
}


def take_up(session: Session, letter_id: str) -> LetterRow:
    """Give a draft that nobody else can act on now.

    Raises NotFound; Conflict that names who has already accepted, returned or withdrawn it.
    """
    letter = held(session, letter_id)
    if letter.state == "draft":
        return letter
    did, thai = _DONE.get(letter.state, (f"is {letter.state}", "ไม่ใช่ร่างที่รอออกเลข"))
    by = letter.facts.get("done_by", "")
    raise Conflict(
        f"letter {letter_id} {did} by {by or 'the system'}",
        thai=f"หนังสือฉบับนี้{thai}" + (f" โดย {by}" if by else ""),
    )


def held(session: Session, letter_id: str) -> LetterRow:
    """Hold an outgoing letter until the transaction ends, and read it afresh; raise NotFound."""
    mine = (LetterRow.id == letter_id) & (LetterRow.direction == "out")
    entity_id = session.scalar(select(LetterRow.entity_id).where(mine))
    if entity_id is None:
        raise NotFound(f"no outgoing letter {letter_id}", thai="ไม่พบร่างหนังสือส่งฉบับนี้")
    journal.lock_head(session, entity_id)
    return session.get_one(LetterRow, letter_id, populate_existing=True)


def held_incoming(session: Session, letter_id: str, by: str) -> tuple[LetterRow, Officer]:
    """Hold an incoming letter, read it afresh, and give it with the officer who acts on it.

    Raises NotFound; NotAllowed for anybody but the entity's officers.
    """
    found = session.get(LetterRow, letter_id)
    if found is None or found.direction != "in":
        raise NotFound(f"no incoming letter {letter_id}", thai="ไม่พบหนังสือรับฉบับนี้")
    officer = must_register(session, directory.entity_by_id(session, found.entity_id), by)
    journal.lock_head(session, found.entity_id)
    return session.get_one(LetterRow, letter_id, populate_existing=True), officer


def note_facts(letter: LetterRow, **facts: object) -> None:
    """Add facts to a letter; the JSON is replaced whole, or the change would not be seen."""
    letter.facts = {**letter.facts, **facts}
