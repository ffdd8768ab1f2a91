"""How far the books have come: cheap marks that move with every act, for whoever waits for news."""

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from registry.models.evidence import JournalHeadRow
from registry.models.outgoing import DeliveryEventRow


def marks(session: Session) -> dict[int, tuple[int, int]]:
    """Give, for each entity (id), a mark that differs once anything happened to its letters."""
    last = session.scalar(select(func.max(DeliveryEventRow.id))) or 0
    heads = select(JournalHeadRow.entity_id, JournalHeadRow.position)
    return {row[0]: (row[1], last) for row in session.execute(heads)}
