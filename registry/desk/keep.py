"""Writing down a message as one entity has it: its row, its files, what it refers to.

Every accepted message leaves one row at every entity that it reached, whatever it turned
out to be; the day's reconciliation counts them. Only the first of a kind holds the keys
by which the same letter is known again.

What strangers write is cut to what the columns hold, on characters that text columns
cannot hold being taken out; the original keeps every byte.
"""

from collections.abc import Mapping
from typing import Any

from sqlalchemy.orm import Session

from registry.batch import add, row_of, taken
from registry.desk.case import Case
from registry.desk.cite import store
from registry.desk.context import Desk
from registry.desk.duplicate import known_content_key, strong_key
from registry.desk.enclose import enclose, file_facts
from registry.ids import new_id
from registry.letter.message import Listener, Message
from registry.letter.robots import is_robot
from registry.letter.times import deemed_received
from registry.letter.vouched import refused_by_owner
from registry.models.books import EntryRow
from registry.models.letters import LetterRow
from registry.secret import letters as secret_letters
from registry.thai.text import tidy

MOST_TEXT = 1_000_000  # characters of the body that are kept beside the original
_MESSAGE_ID_BYTES = 900  # an index entry of PostgreSQL holds no more than some 2,700


def keep(
    session: Session,
    desk: Desk,
    case: Case,
    state: str,
    *,
    why: str = "",
    related: str | None = None,
    facts: Mapping[str, Any] | None = None,
) -> LetterRow:
    """Write the row of this case with its files and references, and give it.

    ``why`` is Thai and says why it waits; ``related`` is the entry it belongs to where it
    is not one itself. Raises IntegrityError when another process took the same letter in
    a moment ago.
    """
    large_over, inherited = desk.settings.attachments.split_over, _inherited(session, case, related)
    about_files = file_facts(case.message.parts, large_over=large_over)
    row = row_of(
        LetterRow,
        id=new_id(),
        entity_id=case.entity.id,
        direction="in",
        state=state,
        why_waiting=why,
        related_entry_id=related,
        facts=_facts(case)
        | ({"inherited": inherited} if inherited else {})
        | about_files
        | dict(facts or {}),
        secrecy=inherited or (case.secrecy.thai if case.secrecy else None),
        **_keys(session, case),
        **_sender(case),
        **_fields(case),
        **_evidence(desk, case),
    )
    add(session, row)
    taken(session, "letter", row.strong_key, row.content_key)
    from_here = case.message.listener is Listener.LOCAL
    split_over = None if from_here else large_over
    enclose(session, row.id, case.message.parts, split_over=split_over)
    store(session, row.id, case.entity.id, case.reading.references)
    if inherited:
        secret_letters.arrived(session, row.id, desk.now())
    return row


def _inherited(session: Session, case: Case, related: str | None) -> str | None:
    """Give the marking of what an unmarked message is about or is again: it may quote it."""
    if case.secrecy is not None:
        return None
    line = session.get(EntryRow, related) if related else None
    first = session.get(LetterRow, case.twin.letter_id) if case.twin else None
    return (line.secrecy if line else None) or (first.secrecy if first else None)


def fit_message_id(message_id: str | None) -> str | None:
    """Cut a Message-ID to what can be indexed; longer ones are no Message-IDs anyway."""
    if message_id is None:
        return None
    return tidy(message_id).encode()[:_MESSAGE_ID_BYTES].decode(errors="ignore") or None


def no_answer(case: Case) -> str:
    """Say why this message may never be answered by a machine; "" when it may."""
    message = case.message
    reasons = {
        "null sender": not message.mail_from,
        "bounce": message.bounce,
        "receipt": message.receipt is not None,
        "automatic": message.automatic,
        "bulk": message.bulk,
        "robot": is_robot(message.sender) or is_robot(message.mail_from),
        "refused by its owner": _is_refused(message),
    }
    return next((reason for reason, holds in reasons.items() if holds), "")


def _is_refused(message: Message) -> bool:
    trust = message.trust
    return not trust.authenticated and bool(refused_by_owner(trust.as_dict()))


def _keys(session: Session, case: Case) -> dict[str, str | None]:
    if case.twin is not None:
        return {"strong_key": None, "content_key": None}
    content = known_content_key(session, case.message)
    return {"strong_key": strong_key(case.message), "content_key": content}


def _sender(case: Case) -> dict[str, Any]:
    entity = case.sender.entity
    return {
        "sender": tidy(case.sender.address)[:320],
        "sender_name": tidy(case.sender.name)[:300],
        "from_entity_id": entity.id if entity else None,
        "reply_to": tidy(case.message.reply_to)[:320],
        "mail_from": tidy(case.message.mail_from)[:320],
        "authenticated": case.sender.proven,
        "trust": case.message.trust.as_dict(),
    }


def _fields(case: Case) -> dict[str, Any]:
    reading = case.reading
    return {
        "subject": reading.subject,
        "text": tidy(reading.text[:MOST_TEXT]),
        "letter_number": reading.number,
        "letter_number_key": reading.number_key,
        "dated": reading.dated,
        "to_text": reading.to_text,
        "urgency": reading.urgency,
        "due": reading.due,
    }


def _evidence(desk: Desk, case: Case) -> dict[str, Any]:
    message = case.message
    return {
        "spool_name": message.spool_name,
        "message_id": fit_message_id(message.message_id),
        "date_header": message.date_header,
        "accepted_at": message.accepted_at,
        "deemed_received_at": deemed_received(message.accepted_at, desk.workdays),
        "original_sha256": message.original.sha256,
        "defects": [tidy(defect) for defect in message.defects],
        "scan": message.scan,
        "scan_detail": tidy(message.scan_detail),
    }


def _facts(case: Case) -> dict[str, Any]:
    """Keep what accepting the letter later will need; ids, codes and reasons only."""
    return {
        "signals": [
            [signal.entry_id, signal.how, signal.score, signal.certain, signal.why]
            for signal in case.signals
        ],
        "codes": [addressed.code for addressed in case.addressed if addressed.code],
        "listed": case.by_entity,
        "no_answer": no_answer(case),
        "installation": bool(case.message.marks),
        "unread": not case.message.parsed,
        "to_machine": case.to_machine,
        "twin": case.twin.letter_id if case.twin else None,
    }
