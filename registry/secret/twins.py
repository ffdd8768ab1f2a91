"""The same letter in other books of this installation: which they are, and holding those books.

A letter from one entity hosted here to another never leaves the house, so two books have it; a mail
to two of them stands in both. What an entity has passed on carries the paper itself. Whoever finds
that one of them is secret has found it of all, wherever they stand.

Two letters are the same when a mail that came through our own spool bears the Message-ID of the
other, or both came as the same bytes. A letter that passes another on, linked to it so, is taken
for it when it carries the other's own paper; not the other way round, for a secret letter may well
enclose what is none. Strangers can bring nothing about: none of this rests on what a mail says.
"""

from collections.abc import Collection, Iterator
from typing import Final

from sqlalchemy import select
from sqlalchemy.orm import Session, aliased

from registry import journal
from registry.batch import batch_of
from registry.letter.grades import Secrecy
from registry.letter.message import Listener, Message
from registry.models.books import EntryRow
from registry.models.letters import EnclosureRow, IntakeRow, LetterRow, RelationRow
from registry.models.outgoing import DeliveryRow, SentMessageRow
from registry.models.people import EntityRow

_PASSES_ON: Final = ("passes_on", "encloses")
_MOST: Final = 500  # letters of one story


def twins(session: Session, letter_ids: Collection[str]) -> set[str]:
    """Give the ids of all letters that are the same as these, and of these."""
    found, fresh = set(letter_ids), set(letter_ids)
    while fresh and len(found) < _MOST:
        fresh = {one for step in _STEPS for one in step(session, fresh)} - found
        found |= fresh
    return found


def hold_books(session: Session, letter_ids: Collection[str]) -> set[str]:
    """Hold the books of all entities that have these letters, or are about to; give the letters.

    For the beginning of a transaction: heads are held in the order of ids. Who takes in a letter
    holds its books first too, so that it either is seen here, or sees what was done
    (:func:`secret_at_sender`).
    """
    wanted = set(_entities(session, twins(session, letter_ids)))
    while True:  # what came in before its books were held is seen the second time
        trial = None if batch_of(session) else session.begin_nested()
        for entity_id in sorted(wanted):
            journal.lock_head(session, entity_id)
        same = twins(session, letter_ids)
        found = set(_entities(session, same))
        if found <= wanted:
            if trial is not None:
                trial.commit()
            return same
        if trial is not None:  # let go of all, that none is held out of its turn
            trial.rollback()
        wanted |= found


def secret_at_sender(session: Session, message: Message) -> Secrecy | None:
    """Give the grade of a letter from an entity hosted here that was hidden while it was brought.

    None for what came any other way. The books of the receiver are held.
    """
    if message.listener is not Listener.LOCAL or not message.message_id:
        return None
    wanted = (
        select(LetterRow.secrecy)
        .join(EntryRow, EntryRow.letter_id == LetterRow.id)
        .join(SentMessageRow, SentMessageRow.entry_id == EntryRow.id)
        .where(SentMessageRow.message_id == message.message_id, SentMessageRow.kind == "letter")
    )
    marked = [Secrecy(one) for one in session.scalars(wanted) if one is not None]
    return max(marked, default=None)


def _entities(session: Session, letter_ids: Collection[str]) -> Iterator[int]:
    """Give the entities of letters, and those hosted here to which they are on their way."""
    mine = select(LetterRow.entity_id).where(LetterRow.id.in_(letter_ids))
    yield from session.scalars(mine.distinct())
    to = (
        select(DeliveryRow.to_entity_id)
        .join(EntryRow, EntryRow.id == DeliveryRow.entry_id)
        .join(EntityRow, EntityRow.id == DeliveryRow.to_entity_id)
        .where(EntryRow.letter_id.in_(letter_ids), EntityRow.hosted)
    )
    yield from (one for one in session.scalars(to.distinct()) if one is not None)


def _received(session: Session, letter_ids: Collection[str]) -> Iterator[str]:
    """Give the letters as which those that were sent from here came in here."""
    ours = (
        select(SentMessageRow.message_id)
        .join(EntryRow, EntryRow.id == SentMessageRow.entry_id)
        .where(EntryRow.letter_id.in_(letter_ids), SentMessageRow.kind == "letter")
    )
    came = select(LetterRow.id).join(IntakeRow, IntakeRow.spool_name == LetterRow.spool_name)
    yield from session.scalars(
        came.where(
            LetterRow.message_id.in_(ours), LetterRow.direction == "in",
            IntakeRow.listener == str(Listener.LOCAL),
        )
    )  # fmt: skip


def _sent(session: Session, letter_ids: Collection[str]) -> Iterator[str]:
    """Give the letters as which those that came through our own spool were sent."""
    theirs = (
        select(LetterRow.message_id)
        .join(IntakeRow, IntakeRow.spool_name == LetterRow.spool_name)
        .where(
            LetterRow.id.in_(letter_ids), LetterRow.direction == "in",
            LetterRow.message_id.is_not(None), IntakeRow.listener == str(Listener.LOCAL),
        )
    )  # fmt: skip
    line = select(EntryRow.letter_id).join(SentMessageRow, SentMessageRow.entry_id == EntryRow.id)
    mine = line.where(SentMessageRow.message_id.in_(theirs), SentMessageRow.kind == "letter")
    yield from (one for one in session.scalars(mine) if one is not None)


def _same_mail(session: Session, letter_ids: Collection[str]) -> Iterator[str]:
    """Give the letters that came as the same bytes."""
    raw = (
        select(IntakeRow.raw_sha256)
        .join(LetterRow, LetterRow.spool_name == IntakeRow.spool_name)
        .where(LetterRow.id.in_(letter_ids))
    )
    names = select(IntakeRow.spool_name).where(IntakeRow.raw_sha256.in_(raw))
    yield from session.scalars(select(LetterRow.id).where(LetterRow.spool_name.in_(names)))


def _passed_on(session: Session, letter_ids: Collection[str]) -> Iterator[str]:
    """Give the letters that pass these on and carry their paper."""
    line, other = aliased(EntryRow), aliased(EntryRow)
    paper, copy = aliased(EnclosureRow), aliased(EnclosureRow)
    wanted = (
        select(other.letter_id)
        .join(RelationRow, RelationRow.from_entry_id == other.id)
        .join(line, line.id == RelationRow.to_entry_id)
        .join(paper, paper.letter_id == line.letter_id)
        .join(copy, (copy.letter_id == other.letter_id) & (copy.sha256 == paper.sha256))
        .where(
            line.letter_id.in_(letter_ids), RelationRow.relation.in_(_PASSES_ON),
            RelationRow.undone_at.is_(None), paper.role == "letter", copy.role != "decoration",
        )
    )  # fmt: skip
    yield from (one for one in session.scalars(wanted.distinct()) if one is not None)


_STEPS: Final = (_received, _sent, _same_mail, _passed_on)
