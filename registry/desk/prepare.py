"""What is looked up for all letters of a batch together, before the first of them is told.

The books of every entity reached are held first, in the order of their rows, so that two batches
never wait for each other and nothing changes under what is learned here: which spool names were
never taken in, which letters were never had, and which Message-IDs stand for no entry. It saves
questions and decides nothing; without it everything would be asked letter by letter.
"""

from collections.abc import Collection, Sequence
from typing import Any

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from registry import journal
from registry.batch import learn
from registry.desk.duplicate import known_content_key, strong_key
from registry.desk.identify import reached
from registry.letter.message import Listener, Message
from registry.models.letters import IntakeRow, LetterRow
from registry.models.outgoing import SentMessageRow

_THREAD = 50  # Message-IDs of a thread that are ever looked at


def prepare(session: Session, messages: Sequence[Message]) -> None:
    """Hold the books that these messages reach, and learn what is new about them."""
    own = {entity.id for one in messages for entity, _ in reached(session, one.recipients)}
    for entity_id in sorted(own):
        journal.lock_head(session, entity_id)
    _learn(session, "spool", IntakeRow.spool_name, {one.spool_name for one in messages})
    # What clerks hand in lies in the books of their own entity, which may not be held yet.
    from_outside = [one for one in messages if one.listener is not Listener.SUBMISSION]
    strong = {strong_key(one) for one in from_outside}
    content = {key for one in from_outside if (key := known_content_key(session, one))}
    here = LetterRow.entity_id.in_(own)
    _learn(session, "letter", LetterRow.strong_key, strong, here)
    _learn(session, "letter", LetterRow.content_key, content, here)
    ids = {name for one in from_outside for name in one.references[:_THREAD]}
    ids |= {one.message_id for one in from_outside if one.message_id}
    _learn(session, "sent", SentMessageRow.message_id, ids, SentMessageRow.entity_id.in_(own))


def _learn(
    session: Session,
    kind: str,
    column: InstrumentedAttribute[Any],
    keys: Collection[str],
    *where: ColumnElement[bool],
) -> None:
    if keys:
        learn(session, kind, keys, session.scalars(select(column).where(column.in_(keys), *where)))
