"""Registering a letter (ลงรับ): its line in the received book, and all that follows from it.

The unit is chosen first, so that the line is written once and whole; then the number is taken,
the last thing that others can wait for. The jobs that name the entry (copies to the unit,
the receipt to the sender) are rows of the same transaction: all of it stands, or none.

The same act serves letters registered at once and letters that an officer accepted: all it
needs is in the letter's row.
"""

from sqlalchemy.orm import Session

from registry import directory, entries, outbox, relations
from registry.clock import buddhist_year
from registry.desk import judge_paper
from registry.desk.acknowledge import acknowledge, may_acknowledge, tell_writer
from registry.desk.context import Desk
from registry.desk.deliver import RouteFacts, RouteHit, action, choose, deliver
from registry.desk.duplicate import LookAlike, find_look_alike
from registry.desk.open_page import open_page
from registry.desk.route import mark_reported
from registry.entries import EntryFields
from registry.letter.book import Book, Series
from registry.letter.entity import LegalEntity
from registry.models.books import EntryRow
from registry.models.letters import LetterRow
from registry.numbering import BookKey

AUTOMATIC = "automatic"
_LIKELY = 80  # score from which an unconfirmed signal may choose the unit


def register(session: Session, desk: Desk, letter: LetterRow, by: str) -> EntryRow:
    """Give the letter its number and entry, deliver it, link it, and tell the sender.

    ``by`` is an officer's e-mail, or ``automatic``. The caller has seen that the letter waits.
    """
    entity = directory.entity_by_id(session, letter.entity_id)
    twin = None if letter.facts.get("distinct") else find_look_alike(session, letter)
    hits = [] if letter.secrecy else choose(session, entity, route_facts(session, letter))
    content = _fields(session, entity, letter, hits, twin)
    entry = entries.write(session, _key(desk, letter), letter.id, content, by, desk.clock)
    letter.state, letter.why_waiting = "registered", ""
    _remember(session, entry)
    _relate(session, desk, letter, entry, twin)
    if by != AUTOMATIC:
        judge_paper.registered(session, letter, entry, desk.now())
    open_page(session, desk, letter)
    deliver(session, desk, entry, hits)
    _tell(session, desk, letter, entry)
    return entry


def route_facts(session: Session, letter: LetterRow) -> RouteFacts:
    """Give what the routing rules look at, of a letter that is in."""
    sender = [letter.sender]
    if letter.from_entity_id is not None:
        sender.append(directory.entity_by_id(session, letter.from_entity_id).code)
    unit = [letter.unit_code] if letter.unit_code else []
    answered = [
        entry_id
        for entry_id, _how, score, certain, _why in letter.facts.get("signals", [])
        if certain or score >= _LIKELY
    ]
    return RouteFacts(
        subject=letter.subject,
        to_text=letter.to_text,
        sender=tuple(sender),
        codes=tuple(unit or letter.facts.get("codes", [])),
        answered=tuple(answered),
    )


def _key(desk: Desk, letter: LetterRow) -> BookKey:
    series = Series.SECRET if letter.secrecy else Series.ORDINARY
    year = buddhist_year(desk.now())
    return BookKey(letter.entity_id, "", Book.RECEIVED, series, year)


def _fields(
    session: Session,
    entity: LegalEntity,
    letter: LetterRow,
    hits: list[RouteHit],
    twin: LookAlike | None,
) -> EntryFields:
    like = letter.facts.get("look_alike", "")
    notes = [letter.facts.get("note", ""), twin.note if twin else "", like]
    return EntryFields(
        letter_number=letter.letter_number,
        letter_number_key=letter.letter_number_key,
        dated=letter.dated,
        from_text=from_text(session, letter),
        to_text=letter.to_text or entity.name,
        subject=letter.subject,
        urgency=letter.urgency,
        secrecy=letter.secrecy,
        action=action(hits),
        note="; ".join(note for note in notes if note),
        due=letter.due,
        date_header=letter.date_header,
        accepted_at=letter.accepted_at,
        deemed_received_at=letter.deemed_received_at,
        message_id=letter.message_id,
        original_sha256=letter.original_sha256,
        from_entity_id=letter.from_entity_id,
    )


def from_text(session: Session, letter: LetterRow) -> str:
    """Give จาก: what an officer wrote, else the entity's name, else the sender's own."""
    if written := letter.facts.get("from_text"):
        return str(written)
    if letter.from_entity_id is not None:
        return directory.entity_by_id(session, letter.from_entity_id).name
    return letter.sender_name or letter.sender


def _remember(session: Session, entry: EntryRow) -> None:
    """Keep the letter's own Message-ID, by which a clerk's answer may name it."""
    if entry.message_id:
        outbox.know_message(session, entry.entity_id, entry.message_id, entry.id, "received")


def _relate(
    session: Session, desk: Desk, letter: LetterRow, entry: EntryRow, twin: LookAlike | None
) -> None:
    """Link the entry with those that it belongs to, surely or as a suggestion."""
    by, at = entry.registered_by, desk.now()
    for other, how, score, certain, _why in letter.facts.get("signals", []):
        book = session.get_one(EntryRow, other).book
        relation = "answers" if book == Book.SENT else "cites"
        relations.link(
            session, entry.id, other, relation, how, score, confirmed=certain, by=by, at=at
        )
        if certain and relation == "answers":
            mark_reported(session, letter, other)
    if twin is not None:
        relations.link(
            session, entry.id, twin.entry_id, twin.relation, "same_number", 80,
            confirmed=False, by=by, at=at,
        )  # fmt: skip


def _tell(session: Session, desk: Desk, letter: LetterRow, entry: EntryRow) -> None:
    if may_acknowledge(letter):
        acknowledge(
            session, desk, letter, "registered", entry_id=entry.id, once=f"registered:{entry.id}"
        )
    elif entry.registered_by != AUTOMATIC:
        tell_writer(session, desk, letter, entry.id)
