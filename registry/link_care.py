"""The pages of large files as an office looks after them: listed, closed, given a longer life.

A page of another entity is not there, and neither is one of a letter that is secret
(:mod:`registry.links`). A longer life keeps the address; a new address is ``links.reissue``.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from registry import journal, links
from registry.errors import Conflict, NotFound
from registry.links import LinkState
from registry.models.books import EntryRow
from registry.models.letters import LetterRow
from registry.models.outgoing import DownloadRow, LinkRow

MOST: Final = 100


@dataclass(frozen=True, slots=True)
class LinkLine:
    """One page in a list; ``taken`` counts the downloads, or the files laid down."""

    id: str
    kind: str
    state: LinkState
    letter_id: str
    entry_id: str | None
    subject: str
    to_name: str
    to_address: str
    created_at: datetime
    expires_at: datetime
    taken: int


def listing(
    session: Session, entity_id: int, at: datetime, *, before: str = "", most: int = MOST
) -> list[LinkLine]:
    """List an entity's pages, the newest first; ``before`` is the id of the last one seen."""
    taken = select(DownloadRow.link_id, func.count().label("n")).group_by(DownloadRow.link_id)
    counts = taken.subquery()
    wanted = (
        select(LinkRow, LetterRow.subject, EntryRow.id, EntryRow.subject, counts.c.n)
        .join(LetterRow, LetterRow.id == LinkRow.letter_id)
        .outerjoin(EntryRow, EntryRow.letter_id == LinkRow.letter_id)
        .outerjoin(counts, counts.c.link_id == LinkRow.id)
        .where(
            LinkRow.entity_id == entity_id, LetterRow.secrecy.is_(None), EntryRow.secrecy.is_(None)
        )
        .order_by(LinkRow.id.desc())
        .limit(most)
    )
    if before:
        wanted = wanted.where(LinkRow.id < before)
    return [
        LinkLine(
            row.id, row.kind, _state(row, at), row.letter_id, entry_id, title or subject,
            row.to_name, row.to_address, row.created_at, row.expires_at, many or 0,
        )
        for row, subject, entry_id, title, many in session.execute(wanted)
    ]  # fmt: skip


def extend(
    session: Session, entity_id: int, link_id: str, *, at: datetime, life: timedelta, by: str
) -> datetime:
    """Let a page live for so long from now, at its old address, and give its last moment.

    Raises NotFound; Conflict for one that was closed.
    """
    row = _mine(session, entity_id, link_id, at)
    if row.revoked_at is not None:
        raise Conflict("the page was closed", thai="ลิงก์นี้ยกเลิกแล้ว ต่ออายุไม่ได้ โปรดส่งหนังสือใหม่")
    row.expires_at = max(row.expires_at, at + life)
    facts = {"link": row.id, "generation": row.generation}
    journal.record(session, entity_id, "link-extended", by, at, None, row.letter_id, facts)
    return row.expires_at


def revoke(session: Session, entity_id: int, link_id: str, *, at: datetime, by: str) -> None:
    """Close a page at once. Raises NotFound."""
    _mine(session, entity_id, link_id, at)
    links.revoke(session, link_id, at=at, by=by)


def _mine(session: Session, entity_id: int, link_id: str, at: datetime) -> LinkRow:
    journal.lock_head(session, entity_id)
    row = session.get(LinkRow, link_id, with_for_update=True)
    if row is None or row.entity_id != entity_id or links.get_link(session, link_id, at) is None:
        raise NotFound(f"no link {link_id} of entity {entity_id}", thai="ไม่พบลิงก์นี้")
    return row


def _state(row: LinkRow, at: datetime) -> LinkState:
    if row.revoked_at is not None:
        return LinkState.REVOKED
    return LinkState.EXPIRED if row.expires_at <= at else LinkState.OPEN
