"""Which mails of a mailbox the books know already: by Message-ID, or by their very bytes.

For the Sent folder: a mail is registered when its Message-ID is that of a letter of ours, of a
mail that a clerk handed in, or of any mail that this system itself wrote (copies, receipts,
notices). For Junk: a mail has come in after all when a letter of that Message-ID did. A
mailbox that gives all its mails new places (RFC 9051 §2.3.1.1) shows the same bytes again:
those are known by their digest and are not a second letter.
"""

from collections.abc import Iterable, Sequence
from typing import Final

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from registry.letter.message import Listener
from registry.models.letters import IntakeRow, LetterRow
from registry.models.outgoing import OutboxRow, SentMessageRow

_AT_ONCE: Final = 400  # values in one question; SQLite takes no endless lists

Column = InstrumentedAttribute[str] | InstrumentedAttribute[str | None]


def registered(session: Session, entity_id: int, message_ids: Iterable[str]) -> set[str]:
    """Give those Message-IDs that the entity's sent book or outbox stands behind."""
    ids = list(message_ids)
    ours = LetterRow.entity_id == entity_id
    return (
        _known(session, SentMessageRow.message_id, ids, SentMessageRow.entity_id == entity_id)
        | _known(session, LetterRow.message_id, ids, ours, LetterRow.direction == "out")
        | _known(session, OutboxRow.message_id, ids, OutboxRow.entity_id == entity_id)
    )


def received(session: Session, entity_id: int, message_ids: Iterable[str]) -> set[str]:
    """Give those Message-IDs under which something came in for the entity."""
    mine = (LetterRow.entity_id == entity_id, LetterRow.direction == "in")
    return _known(session, LetterRow.message_id, list(message_ids), *mine)


def entered_as(session: Session, raw_sha256: str, recipients: Sequence[str]) -> str | None:
    """Give the spool name under which these very bytes were collected for these recipients."""
    rows = session.scalars(
        select(IntakeRow).where(
            IntakeRow.raw_sha256 == raw_sha256, IntakeRow.listener == str(Listener.COLLECTOR)
        )
    )
    return next((row.spool_name for row in rows if set(row.recipients) == set(recipients)), None)


def _known(
    session: Session, column: Column, ids: list[str], *where: ColumnElement[bool]
) -> set[str]:
    found: set[str] = set()
    for at in range(0, len(ids), _AT_ONCE):
        asked = select(column).where(column.in_(ids[at : at + _AT_ONCE]), *where)
        found.update(one for one in session.scalars(asked) if one)
    return found
