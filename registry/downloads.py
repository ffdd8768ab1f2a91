"""Evidence of pick-up: which file of which page was fetched (or laid down), when and by whom.

Written when a file has begun to leave, not for a look at the page; each is a line of the journal
too. Who the reader is, nobody proves: kept are the address they came from and what their program
called itself.
"""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from registry import journal
from registry.errors import NotFound
from registry.models.books import EntryRow
from registry.models.letters import EnclosureRow
from registry.models.outgoing import DownloadRow, LinkRow


@dataclass(frozen=True, slots=True)
class Download:
    """One file fetched or laid down through a page; ``to_address`` is whose page it is."""

    link_id: str
    to_address: str
    file_name: str
    at: datetime
    peer: str
    agent: str


def record_download(
    session: Session,
    link_id: str,
    enclosure_id: int | None,
    at: datetime,
    peer: str = "",
    agent: str = "",
) -> None:
    """Write down that a file was fetched through this page. Raises NotFound."""
    link = session.get(LinkRow, link_id)
    if link is None:
        raise NotFound(f"no link {link_id}")
    row = DownloadRow(
        link_id=link_id,
        enclosure_id=enclosure_id,
        at=at,
        peer=peer[:60],
        agent=agent.replace("\x00", "")[:300],
    )
    session.add(row)
    session.flush()
    entry_id = session.scalar(select(EntryRow.id).where(EntryRow.letter_id == link.letter_id))
    act = "downloaded" if link.kind == "download" else "uploaded"
    facts = {"link": link_id, "file": enclosure_id, "evidence": row.id}
    journal.record(session, link.entity_id, act, "system", at, entry_id, link.letter_id, facts)


def downloads(session: Session, letter_id: str) -> list[Download]:
    """List what was fetched of a letter, oldest first."""
    wanted = select(DownloadRow, LinkRow.to_address, EnclosureRow.name)
    wanted = wanted.join(LinkRow, LinkRow.id == DownloadRow.link_id)
    wanted = wanted.outerjoin(EnclosureRow, EnclosureRow.id == DownloadRow.enclosure_id)
    wanted = wanted.where(LinkRow.letter_id == letter_id).order_by(DownloadRow.id)
    return [
        Download(row.link_id, to_address, name or "", row.at, row.peer, row.agent)
        for row, to_address, name in session.execute(wanted)
    ]
