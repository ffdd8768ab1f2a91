"""What is looked up for all letters of a batch together, before the first of them is told.

The books of every entity reached are held first, in the order of their rows, so that two batches
never wait for each other and nothing changes under what is learned here: which spool names were
never taken in, which letters were never had, and which Message-IDs stand for no entry. It saves
questions and decides nothing; without it everything would be asked letter by letter.
"""

from collections.abc import Sequence
from typing import Any, Final

from sqlalchemy import Select, bindparam, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from registry import journal
from registry.batch import learn
from registry.desk.duplicate import known_content_key, strong_key
from registry.desk.identify import reached
from registry.letter.message import Listener, Message
from registry.models.letters import IntakeRow, LetterRow
from registry.models.outgoing import SentMessageRow

_THREAD = 50  # Message-IDs of a thread that are ever looked at


def _bearing(column: InstrumentedAttribute[Any], *, of: Any = None) -> Select[Any]:
    """Make the question which of many keys some row bears; each batch asks it."""
    asked = select(column).where(column.in_(bindparam("keys", expanding=True)))
    return asked if of is None else asked.where(of.in_(bindparam("own", expanding=True)))


_SPOOL: Final = _bearing(IntakeRow.spool_name)
_STRONG: Final = _bearing(LetterRow.strong_key, of=LetterRow.entity_id)
_CONTENT: Final = _bearing(LetterRow.content_key, of=LetterRow.entity_id)
_SENT: Final = _bearing(SentMessageRow.message_id, of=SentMessageRow.entity_id)


def prepare(session: Session, messages: Sequence[Message]) -> None:
    """Hold the books that these messages reach, and learn what is new about them."""
    ways = {one.recipients for one in messages}
    own = {entity.id for way in ways for entity, _ in reached(session, way)}
    for entity_id in sorted(own):
        journal.lock_head(session, entity_id)
    # What clerks hand in lies in the books of their own entity, which may not be held yet.
    from_outside = [one for one in messages if one.listener is not Listener.SUBMISSION]
    content = {key for one in from_outside if (key := known_content_key(session, one))}
    ids = {name for one in from_outside for name in one.references[:_THREAD]}
    ids |= {one.message_id for one in from_outside if one.message_id}
    for kind, asked, keys in (
        ("spool", _SPOOL, {one.spool_name for one in messages}),
        ("letter", _STRONG, {strong_key(one) for one in from_outside}),
        ("letter", _CONTENT, content),
        ("sent", _SENT, ids),
    ):
        if keys:
            values = {"keys": list(keys), "own": list(own)}
            learn(session, kind, keys, session.connection().scalars(asked, values))
