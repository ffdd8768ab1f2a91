"""Links between entries: which answers, cites, passes on, replaces or reports on which.

A link says how it was found, how sure that is (0-100), and whether a person or a proof confirmed
it; one that is not confirmed is a suggestion. Undoing keeps the row with person and time, so the
same finding is not suggested again; linking again on purpose revives it. Both acts are journaled.
"""

from datetime import datetime

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from registry import journal
from registry.errors import NotFound
from registry.hanging import OTHER_SIDE
from registry.letter.entry import EntryLink
from registry.models.books import EntryRow
from registry.models.letters import RelationRow


def link(  # noqa: PLR0913 - one argument per column
    session: Session,
    from_entry: str,
    to_entry: str,
    relation: str,
    how: str,
    score: int = 100,
    *,
    confirmed: bool,
    by: str,
    at: datetime,
) -> bool:
    """Link two entries, and say whether anything changed.

    A suggestion never revives a link that a person undid, nor weakens a confirmed one. Raises
    NotFound for an unknown entry, ValueError for an unknown relation or an entry and itself.
    """
    if relation not in OTHER_SIDE or from_entry == to_entry:
        raise ValueError(f"no relation {relation} between these entries")
    owner = _owner(session, from_entry, to_entry)
    row = _row(session, from_entry, to_entry, relation)
    if row is None:
        row = RelationRow(from_entry_id=from_entry, to_entry_id=to_entry, relation=relation)
        session.add(row)
    elif not confirmed or (row.confirmed and row.undone_at is None):
        return False
    row.how, row.score, row.confirmed, row.by, row.at = how, score, confirmed, by, at
    row.undone_at, row.undone_by = None, ""
    _journal(session, owner, row, "linked", by, at)
    return True


def unlink(
    session: Session, from_entry: str, to_entry: str, relation: str | None = None, *,
    by: str, at: datetime,
) -> int:  # fmt: skip
    """Undo the links from one entry to another (of one relation, or all) and count them.

    Raises NotFound when there is none.
    """
    wanted = select(RelationRow).where(
        RelationRow.from_entry_id == from_entry,
        RelationRow.to_entry_id == to_entry,
        RelationRow.undone_at.is_(None),
    )
    if relation is not None:
        wanted = wanted.where(RelationRow.relation == relation)
    rows = list(session.scalars(wanted))
    for row in rows:
        row.undone_at, row.undone_by = at, by
        _journal(session, _owner(session, from_entry, to_entry), row, "unlinked", by, at)
    if not rows:
        raise NotFound("these entries are not linked", thai="ไม่พบการเชื่อมโยงระหว่างหนังสือสองฉบับนี้")
    return len(rows)


def of(session: Session, entry_id: str) -> list[EntryLink]:
    """Give the links of an entry, told from its side, oldest first; undone ones are left out."""
    either = or_(RelationRow.from_entry_id == entry_id, RelationRow.to_entry_id == entry_id)
    wanted = select(RelationRow).where(either, RelationRow.undone_at.is_(None))
    return [
        EntryLink(row.relation, row.to_entry_id, row.how, row.confirmed, row.score)
        if row.from_entry_id == entry_id
        else EntryLink(
            OTHER_SIDE[row.relation], row.from_entry_id, row.how, row.confirmed, row.score
        )
        for row in session.scalars(wanted.order_by(RelationRow.id))
    ]


def _row(session: Session, from_entry: str, to_entry: str, relation: str) -> RelationRow | None:
    return session.scalar(
        select(RelationRow).where(
            RelationRow.from_entry_id == from_entry,
            RelationRow.to_entry_id == to_entry,
            RelationRow.relation == relation,
        )
    )


def _owner(session: Session, from_entry: str, to_entry: str) -> int:
    """Give the entity in whose books the link starts; raise NotFound unless both ends are there."""
    source = session.get(EntryRow, from_entry)
    if source is None or session.get(EntryRow, to_entry) is None:
        raise NotFound("one of the two entries does not exist")
    return source.entity_id


def _journal(
    session: Session, owner: int, row: RelationRow, act: str, by: str, at: datetime
) -> None:
    """Write the act to the chain of the entity the link starts from."""
    facts = {"to": row.to_entry_id, "relation": row.relation, "how": row.how, "score": row.score}
    facts["confirmed"] = row.confirmed
    journal.record(session, owner, act, by, at, row.from_entry_id, None, facts)
