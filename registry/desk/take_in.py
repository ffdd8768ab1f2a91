"""The story of a message at the desk: who, what, and what becomes of it.

Called in one transaction with a message that is already read, cut up and judged: no DNS, no
MIME, no hashing of files and no blob is touched from here on. The books of each entity are
held from the beginning, in the order of their rows, so that the same letter on two ways
cannot be taken in twice. One mail to two entities is two stories.

A spool name that was taken in before gives the same outcomes again, and nothing happens:
whoever was interrupted between commit and clean-up may simply come again.
"""

from dataclasses import fields
from operator import attrgetter
from typing import Any, Final, assert_never

from sqlalchemy.orm import Session

from registry import directory, journal
from registry.batch import add_values, batch_of, certainly_new, taken
from registry.db import insert_if_new
from registry.desk import dispatch, slip
from registry.desk.bounce import take_bounce
from registry.desk.case import Case
from registry.desk.confirm import confirm_delivery
from registry.desk.context import Desk
from registry.desk.disposition import is_disposition, take_disposition
from registry.desk.identify import reached
from registry.desk.look import look
from registry.desk.note import take_note
from registry.desk.order import asked, take_order
from registry.desk.receipt import take_receipt
from registry.desk.receive import hold_secret, keep_only, receive, receive_again
from registry.desk.sort import sort
from registry.errors import NotAllowed, NotFound
from registry.letter.entity import LegalEntity, Officer, Role
from registry.letter.message import Listener, Message, Original
from registry.letter.sorting import Addressed, Kind, Outcome
from registry.models.letters import IntakeRow, OriginalRow

__all__ = ["Desk", "take_in"]

_RESULT: Final = attrgetter(*(field.name for field in fields(Outcome)))


def take_in(session: Session, desk: Desk, message: Message) -> list[Outcome]:
    """Take in one message and give what it became at each entity that it reached.

    Raises NotFound when no recipient is of this office, NotAllowed when a signed-in clerk
    is one no more; both leave the mail where it is, for a person to look at.
    """
    if (known := _known(session, message)) is not None:
        return [_outcome(result) for result in known.results]
    taken(session, "spool", message.spool_name)
    _keep_original(session, message.original)
    if message.listener is Listener.SUBMISSION:
        outcomes = [_of_clerk(session, desk, message)]
    else:
        stories = reached(session, message.recipients)
        outcomes = [_story(session, desk, message, *story) for story in stories]
    if not outcomes:
        raise NotFound(f"{message.spool_name} is addressed to nobody here")
    _enter(session, message, outcomes)
    return outcomes


def _known(session: Session, message: Message) -> IntakeRow | None:
    """Give what was written down of this mail when it was taken in before."""
    if certainly_new(session, "spool", message.spool_name):
        return None
    return session.get(IntakeRow, message.spool_name)


def _story(
    session: Session,
    desk: Desk,
    message: Message,
    entity: LegalEntity,
    addressed: tuple[Addressed, ...],
) -> Outcome:
    """Tell what becomes of the message at one entity, and whom asked to hear of it."""
    journal.lock_head(session, entity.id)
    case = look(session, desk, message, entity, addressed)
    outcome = _become(session, desk, case, sort(case))
    if message.dsn:
        confirm_delivery(session, desk, case, outcome)
    return outcome


def _become(  # noqa: PLR0911 - one return for each kind
    session: Session, desk: Desk, case: Case, kind: Kind
) -> Outcome:
    match kind:
        case Kind.BOUNCE:
            return take_bounce(session, desk, case)
        case Kind.ACKNOWLEDGEMENT:
            return take_receipt(session, desk, case)
        case Kind.AUTOMATIC if is_disposition(case.message):
            return take_disposition(session, desk, case)
        case Kind.AUTOMATIC:
            return keep_only(session, desk, case)
        case Kind.DUPLICATE:
            return receive_again(session, desk, case)
        case Kind.SECRET:
            return hold_secret(session, desk, case)
        case Kind.NOTE | Kind.DISPATCH | Kind.SLIP:
            return _by_own_clerk(session, desk, case, kind)
        case Kind.LETTER | Kind.UNCLEAR:
            return receive(session, desk, case, kind)
        case _:
            assert_never(kind)


def _by_own_clerk(session: Session, desk: Desk, case: Case, kind: Kind) -> Outcome:
    """Do what a proven clerk of the entity asks for: an order, a note, a letter, a number."""
    officer, message, entity = case.sender.officer, case.message, case.entity
    assert officer is not None
    if case.answered is not None and (step := asked(session, case, officer)):
        return take_order(session, desk, case, officer, step)
    if kind is Kind.NOTE and case.answered is not None:
        return take_note(session, desk, message, entity, officer, case.answered)
    if case.answered is not None:
        return dispatch.answer(session, desk, message, entity, officer, case.answered)
    if kind is Kind.SLIP:
        return slip.ask(session, desk, message, entity, officer)
    return dispatch.from_tags(session, desk, message, entity, case.addressed, officer)


def _of_clerk(session: Session, desk: Desk, message: Message) -> Outcome:
    """Take what came through the submission port; an answer to our own address is an answer.

    Where a mailbox knows no tags the clerk answers the central address itself, and only the
    thread tells to which entry.
    """
    officer = _signed_in(session, message)
    entity = directory.entity_by_code(session, officer.entity_code)
    here = [one for one in reached(session, message.recipients) if one[0] == entity]
    own_from = entity is not None and message.sender in (officer.email, entity.central_address)
    if own_from and here and all(not to.code for to in here[0][1]):
        journal.lock_head(session, here[0][0].id)
        case = look(session, desk, message, *here[0])
        if case.by_own_clerk and case.answered is not None:
            return _answer_or_again(session, desk, case)
    return dispatch.from_submission(session, desk, message, officer)


def _answer_or_again(session: Session, desk: Desk, case: Case) -> Outcome:
    if case.twin is not None:
        return receive_again(session, desk, case)
    return _by_own_clerk(session, desk, case, Kind.DISPATCH)


def _signed_in(session: Session, message: Message) -> Officer:
    officer = directory.officer_by_email(session, message.trust.signed_in)
    if officer is None or officer.disabled or officer.role is Role.AUDITOR:
        raise NotAllowed("the clerk who signed in is nobody who sends any more")
    return officer


def _enter(session: Session, message: Message, outcomes: list[Outcome]) -> None:
    """Write down that the mail was accepted, and what it became."""
    add_values(
        session,
        IntakeRow,
        spool_name=message.spool_name,
        listener=str(message.listener),
        accepted_at=message.accepted_at,
        mail_from=message.mail_from[:320],
        recipients=list(message.recipients),
        peer=message.peer[:60],
        raw_sha256=message.raw_sha256,
        raw_bytes=message.raw_bytes,
        outcomes=len(outcomes),
        results=[list(_RESULT(one)) for one in outcomes],
    )


def _keep_original(session: Session, original: Original) -> None:
    """Say how the raw bytes are kept, unless the same bytes came before or come just now."""
    row = {
        "sha256": original.sha256,
        "bytes": original.bytes,
        "form": original.form,
        "blob": original.blob,
        "recipe": list(original.recipe),
    }
    if (batch := batch_of(session)) is not None:
        batch.hold_if_new(OriginalRow, row)
    else:
        insert_if_new(session, OriginalRow, **row)


def _outcome(result: list[Any]) -> Outcome:
    kind, *rest = result
    return Outcome(Kind(kind), *rest)
