"""What came in at the door, as it is written down before anything is made of it."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from registry.models.letters import IntakeRow


def came_in(session: Session, recipient: str, since: datetime) -> bool:
    """Say whether a mail to this envelope recipient was accepted and entered since then."""
    wanted = select(IntakeRow.recipients).where(IntakeRow.accepted_at >= since)
    folded = recipient.casefold()
    return any(
        folded == one.casefold() for recipients in session.scalars(wanted) for one in recipients
    )
