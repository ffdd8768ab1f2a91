"""Laying a file down (วางไฟล์): what comes through an upload page joins its letter.

The bytes are in the blob store already; here they become an enclosure behind the others, with the
evidence of who laid them down, and a note on the entry so that officers see it. The register's own
fields do not change. The same file laid down again, because the line broke before the sender heard
that it had arrived, is the file that is there. A file that was not scanned makes the files of its
letter withheld.
"""

from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from registry import journal, links
from registry.desk.context import Desk
from registry.errors import NotFound
from registry.letter.enclosure import human_size, safe_name
from registry.models.books import EntryRow
from registry.models.letters import EnclosureRow, LetterRow, NoteRow


@dataclass(frozen=True, slots=True)
class LaidFile:
    """A file that has come in whole; ``bytes`` is its size, the content is a blob."""

    name: str
    bytes: int
    sha256: str
    media_type: str
    peer: str = ""
    agent: str = ""
    not_scanned: str = ""  # why the virus scanner said nothing of it


def lay_down(session: Session, desk: Desk, link_id: str, file: LaidFile) -> int:
    """Join the file to the letter of the upload page and give its id. Raises NotFound."""
    now, name = desk.now(), safe_name(file.name)
    page = links.get_link(session, link_id, now)
    if page is None or page.kind != "upload" or page.state is not links.LinkState.OPEN:
        raise NotFound("no open upload page", thai="หน้าส่งไฟล์นี้ปิดแล้ว โปรดขอลิงก์ใหม่จากหน่วยงาน")
    journal.lock_head(session, page.entity.id)
    mine = EnclosureRow.letter_id == page.letter_id
    same = mine & (EnclosureRow.sha256 == file.sha256) & (EnclosureRow.name == name)
    there = session.scalar(select(EnclosureRow.id).where(same))
    if there is not None:
        return there
    last = session.scalar(select(func.max(EnclosureRow.position)).where(mine))
    row = EnclosureRow(
        letter_id=page.letter_id,
        position=0 if last is None else last + 1,
        role="enclosure",
        name=name,
        original_name=file.name.replace("\x00", ""),
        bytes=file.bytes,
        sha256=file.sha256,
        media_type=file.media_type,
        claimed_type="",
        split=file.bytes > desk.settings.attachments.split_over,
        inline=False,
    )
    session.add(row)
    if file.not_scanned:
        _withhold(session, page.letter_id, file.not_scanned)
    session.flush()
    links.record_download(session, link_id, row.id, now, file.peer, file.agent)
    entry_id = session.scalar(select(EntryRow.id).where(EntryRow.letter_id == page.letter_id))
    facts = {"link": link_id, "file": row.id}
    journal.record(
        session, page.entity.id, "file-laid-down", "system", now, entry_id, page.letter_id, facts
    )
    if entry_id is not None:
        said = f"{page.to_address} วางไฟล์ “{row.name}” ({human_size(file.bytes)}) ทางลิงก์"
        session.add(NoteRow(entry_id=entry_id, at=now, by=page.to_address, text=said))
        session.flush()
    return row.id


def _withhold(session: Session, letter_id: str, why: str) -> None:
    """Withhold the files; the scanner, which sees only the mail, is not asked about this one."""
    letter = session.get_one(LetterRow, letter_id)
    if letter.scan != "infected":
        detail = f"final: a file laid down: {why.removeprefix('final: ')}"
        letter.scan, letter.scan_detail = "not_scanned", detail
