"""What the addressee's mail program says it did with our letter (RFC 8098): a line of history.

It is no proof of anything: "displayed" is not "read", and anybody may write it. So it moves no
state, takes no number and is told to nobody; whoever looks at the delivery sees it. It counts
only for a Message-ID of ours and an address that we wrote to, and one that comes again is not
written again. We ask for none ourselves, and never send one (RFC 8098 §2.1 leaves that to people).
"""

from sqlalchemy import select
from sqlalchemy.orm import Session

from registry import deliveries, journal
from registry.desk.case import Case
from registry.desk.context import Desk
from registry.desk.keep import keep
from registry.letter.message import Message
from registry.letter.report import Report
from registry.letter.sorting import Kind, Outcome
from registry.models.outgoing import DeliveryRow, SentMessageRow

_MOST = 20  # reports of one notification that are looked at


def is_disposition(message: Message) -> bool:
    """Say whether it is such a notification and nothing else: one with a file is a letter."""
    said = any(report.disposition for report in message.reports)
    return said and all(
        part.claimed_type.startswith(("message/", "text/")) for part in message.parts
    )


def take_disposition(session: Session, desk: Desk, case: Case) -> Outcome:
    """Keep the notification, and note it with the delivery that it is about."""
    found = [
        one for report in case.message.reports[:_MOST] if (one := _delivery(session, case, report))
    ]
    related = found[0][0].entry_id if found else None
    letter = keep(session, desk, case, "automatic", related=related)
    journal.record(session, case.entity.id, "automatic", "system", desk.now(), related, letter.id)
    for delivery, report in found:
        detail = f"{report.thai} – {report.recipient}"[:500]
        deliveries.note(session, delivery.id, at=desk.now(), detail=detail, by="system")
    return Outcome(Kind.AUTOMATIC, case.entity.code, letter.id, related, letter.state)


def _delivery(session: Session, case: Case, report: Report) -> tuple[DeliveryRow, Report] | None:
    wanted = (
        select(DeliveryRow)
        .join(SentMessageRow, SentMessageRow.entry_id == DeliveryRow.entry_id)
        .where(
            SentMessageRow.entity_id == case.entity.id,
            SentMessageRow.message_id == report.message_id,
            SentMessageRow.kind == "letter",
            DeliveryRow.to_address.in_((report.recipient, report.original, case.sender.address)),
        )
    )
    row = session.scalars(wanted.order_by(DeliveryRow.id)).first() if report.message_id else None
    return (row, report) if row is not None else None
