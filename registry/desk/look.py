"""Looking at a message before anything is decided: secret or not, from whom, new or not.

Everything that needs the books is looked up here, once, and laid into one case; what the
message *is* then follows without another look (:mod:`registry.desk.sort`).
"""

from dataclasses import replace

from sqlalchemy import select
from sqlalchemy.orm import Session

from registry.batch import certainly_new
from registry.desk.case import Case
from registry.desk.context import Desk
from registry.desk.duplicate import find_twin
from registry.desk.identify import identify
from registry.desk.read import read
from registry.desk.receipt import delivery_meant
from registry.desk.route import answered_entry, signals
from registry.desk.screen import screen
from registry.letter.entity import LegalEntity
from registry.letter.message import Listener, Message
from registry.letter.sorting import Addressed
from registry.models.outgoing import SentMessageRow
from registry.secret.twins import secret_at_sender

_THREAD = 50  # Message-IDs of a thread that are looked at
_OURS = ("copy", "notice", "acknowledgement", "letter")


def look(
    session: Session,
    desk: Desk,
    message: Message,
    entity: LegalEntity,
    addressed: tuple[Addressed, ...],
) -> Case:
    """Give the case of this message at this entity."""
    sender = identify(session, message)
    believe = sender.proven and sender.entity is not None
    case = Case(
        message=message,
        entity=entity,
        addressed=addressed,
        sender=sender,
        secrecy=screen(message) or secret_at_sender(session, message),
        reading=read(message, believe_marks=believe),
        twin=find_twin(session, entity.id, message),
        echo=_is_echo(session, message, entity),
        to_machine=_answers_machine(session, message, entity),
    )
    if case.by_own_clerk:
        entry = answered_entry(session, desk, case)
        return replace(case, answered=entry.id if entry else None)
    if not (found := signals(session, desk, case)):
        return case
    case = replace(case, signals=found)
    return replace(case, receipt_of=delivery_meant(session, case))


def _answers_machine(session: Session, message: Message, entity: LegalEntity) -> bool:
    """Say whether the thread of this message names an acknowledgement or notice of the entity."""
    thread = message.references[:_THREAD]
    if not thread or certainly_new(session, "sent", *thread):
        return False
    wanted = select(SentMessageRow.id).where(
        SentMessageRow.entity_id == entity.id,
        SentMessageRow.message_id.in_(thread),
        SentMessageRow.kind.in_(("acknowledgement", "notice")),
    )
    return session.scalar(wanted.limit(1)) is not None


def _is_echo(session: Session, message: Message, entity: LegalEntity) -> bool:
    """Say whether this is a mail of our own that a forwarding box sent back to us.

    A letter that the entity addresses to itself comes through the spool, and is none.
    """
    if not message.message_id or message.listener is Listener.LOCAL:
        return False
    if certainly_new(session, "sent", message.message_id):
        return False
    wanted = select(SentMessageRow.id).where(
        SentMessageRow.entity_id == entity.id,
        SentMessageRow.message_id == message.message_id,
        SentMessageRow.kind.in_(_OURS),
        SentMessageRow.to_address != "",
    )
    return session.scalar(wanted) is not None
