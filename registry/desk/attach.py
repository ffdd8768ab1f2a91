"""Two letters of one number: an officer says whether they are the same, before a number is taken.

แนบกับเลขรับเดิม: the second copy (or what replaces the first) is kept under the entry that is there,
takes no number, and its sender hears that entry's number again. คนละฉบับ is
:func:`registry.desk.accept.accept` with ``distinct=True``: it gets a number of its own and no hint
at a double stands in the book.
"""

from collections.abc import Iterable
from typing import Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from registry import entries, journal
from registry.desk.acknowledge import acknowledge
from registry.desk.authority import must_be_cleared
from registry.desk.context import Desk
from registry.desk.duplicate import LookAlike, find_look_alikes
from registry.desk.take_up import held_incoming, note_facts
from registry.errors import Conflict, NotFound
from registry.letter.entry import Entry
from registry.models.books import EntryRow
from registry.models.letters import LetterRow

_DONE: Final = {"registered": "ลงรับแล้ว", "returned": "ส่งคืนแล้ว", "duplicate": "แนบกับเลขรับเดิมแล้ว"}


def look_alikes(session: Session, letter_ids: Iterable[str]) -> dict[str, LookAlike]:
    """Give, for those waiting letters that have one, the entry of the same number and sender."""
    wanted = select(LetterRow).where(
        LetterRow.id.in_(list(letter_ids)), LetterRow.letter_number_key != "",
        LetterRow.dated.is_not(None), LetterRow.from_entity_id.is_not(None),
    )  # fmt: skip
    return find_look_alikes(session, session.scalars(wanted).all())


def attach(session: Session, desk: Desk, letter_id: str, entry_id: str, by: str) -> Entry:
    """Keep a waiting letter under an entry that is there already, and give that entry.

    Raises NotFound; NotAllowed; Conflict, that says by whom, when it waits no more.
    """
    letter, officer = held_incoming(session, letter_id, by)
    must_be_cleared(officer, letter_id, secret=letter.secrecy or letter.state == "secret")
    if letter.state != "waiting":
        raise Conflict(
            f"letter {letter_id} is {letter.state}",
            thai=f"หนังสือฉบับนี้{_DONE.get(letter.state, 'ไม่ได้รอลงรับ')}"
            f" โดย {letter.facts.get('done_by') or 'ระบบ'}",
        )
    entry = session.get(EntryRow, entry_id)
    if entry is None or entry.entity_id != letter.entity_id or entry.state != "registered":
        raise NotFound(f"no entry {entry_id} to attach to", thai="ไม่พบเลขรับเดิมที่จะแนบ")
    letter.state, letter.why_waiting, letter.related_entry_id = "duplicate", "", entry.id
    note_facts(letter, done_by=officer.email)
    session.flush()
    journal.record(
        session, letter.entity_id, "attached", officer.email, desk.now(), entry.id, letter.id
    )
    acknowledge(
        session, desk, letter, "registered", entry_id=entry.id, once=f"attached:{letter.id}"
    )
    return entries.get(session, entry.id, cleared=True)
