"""How far the books have come: cheap marks that move with every act, for whoever waits for news."""

from sqlalchemy import ScalarSelect, func, select
from sqlalchemy.orm import Session

from registry.models.evidence import JournalHeadRow
from registry.models.outgoing import DeliveryEventRow


def marks(session: Session) -> dict[int, str]:
    """Give, for each entity (id), a mark that differs once anything happened to its letters."""
    heads = select(JournalHeadRow.entity_id, JournalHeadRow.position, _last())
    return {row[0]: _mark(row[1], row[2]) for row in session.execute(heads)}


def mark(session: Session, entity_id: int) -> str:
    """Give the mark of one entity; of what is read after it, nothing is older."""
    head = select(JournalHeadRow.position).where(JournalHeadRow.entity_id == entity_id)
    row = session.execute(select(head.scalar_subquery(), _last())).one()
    return _mark(row[0], row[1])


def _last() -> ScalarSelect[int]:
    return select(func.max(DeliveryEventRow.id)).scalar_subquery()


def _mark(position: int | None, last: int | None) -> str:
    return f"{position or 0}-{last or 0}"
