"""What is looked up for all letters of a batch together, before the first of them is told.

The books of every entity reached are held first, in the order of their rows, so that two batches
never wait for each other and nothing changes under what is learned here: which spool names were
never taken in, which letters were never had, and which Message-IDs stand for no entry. It saves
questions and decides nothing; without it everything would be asked letter by letter.
"""

from collections.abc import Sequence
from itertools import chain
from typing import Final

from sqlalchemy import BindParameter, bindparam, select, union_all
from sqlalchemy.orm import Session

from registry import directory, journal
from registry.batch import learn
from registry.desk.duplicate import known_content_key, strong_key
from registry.desk.identify import reached
from registry.errors import NotUnderstood
from registry.letter.address import tag_of
from registry.letter.message import Listener, Message
from registry.models.letters import IntakeRow, LetterRow
from registry.models.outgoing import SentMessageRow

_THREAD = 50  # Message-IDs of a thread that are ever looked at

_KEYS: Final[BindParameter[str]] = bindparam("keys", expanding=True)
_OWN: Final[BindParameter[int]] = bindparam("own", expanding=True)
_SPOOL: Final = select(IntakeRow.spool_name).where(IntakeRow.spool_name.in_(_KEYS))
_LETTER: Final = union_all(  # not OR: the index of each key is asked
    *(
        select(key).where(LetterRow.entity_id.in_(_OWN), key.in_(bindparam(name, expanding=True)))
        for name, key in (("strong", LetterRow.strong_key), ("content", LetterRow.content_key))
    )
)
_SENT: Final = select(SentMessageRow.message_id).where(
    SentMessageRow.entity_id.in_(_OWN), SentMessageRow.message_id.in_(_KEYS)
)


def prepare(session: Session, messages: Sequence[Message]) -> None:
    """Hold the books that these messages reach, and learn what is new about them."""
    ways = {one.recipients for one in messages}
    senders = {one.sender for one in messages if one.sender}
    central = {_central(one) for way in ways for one in way} - {""}
    directory.look_up(session, central | senders, senders)
    own = sorted({entity.id for way in ways for entity, _ in reached(session, way)})
    for entity_id in own:
        journal.lock_head(session, entity_id)
    ask = session.connection().execute
    names = [one.spool_name for one in messages]
    learn(session, "spool", names, chain(*ask(_SPOOL, {"keys": names})))
    # What clerks hand in lies in the books of their own entity, which may not be held yet.
    from_outside = [one for one in messages if one.listener is not Listener.SUBMISSION]
    strong = [strong_key(one) for one in from_outside]
    content = [key for one in from_outside if (key := known_content_key(session, one))]
    had = ask(_LETTER, {"strong": strong, "content": content, "own": own})
    learn(session, "letter", strong + content, chain(*had))
    ids = {name for one in from_outside for name in one.references[:_THREAD]}
    ids |= {one.message_id for one in from_outside if one.message_id}
    learn(session, "sent", ids, chain(*ask(_SENT, {"keys": list(ids), "own": own})))


def _central(address: str) -> str:
    """Give the address without its tag; "" for what is none."""
    try:
        return tag_of(address)[0]
    except NotUnderstood:
        return ""
