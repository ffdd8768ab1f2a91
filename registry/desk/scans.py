"""Scans: what an officer lays beside a letter that came on paper, or went out on it.

The bytes are in the blob store already. With the letter they are digested when it is registered;
laid down later (the paper is scanned with its receive stamp on) each has a line in the journal of
its own, as a file that comes through an upload page has. The units' copies that have left go out
once more, now with the files.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from registry import directory, entries, journal
from registry.desk.authority import must_be_cleared, must_register
from registry.desk.context import Desk
from registry.desk.deliver import deliver_again
from registry.desk.lay_down import LaidFile
from registry.desk.take_up import note_facts
from registry.errors import Conflict, NotFound
from registry.letter.enclosure import safe_name
from registry.letter.entry import Entry
from registry.models.books import EntryRow
from registry.models.letters import EnclosureRow, LetterRow
from registry.secret import letters as secret_letters

Role = Literal["letter", "enclosure"]


@dataclass(frozen=True, slots=True)
class Scan:
    """One file and what it is to the letter; of several ``letter`` ones each is a page of it."""

    file: LaidFile
    role: Role = "enclosure"


def lay_scans(
    session: Session, desk: Desk, entry_id: str, scans: Sequence[Scan], by: str
) -> list[int]:
    """Lay scans beside the letter of an entry; give the ids of those that were not there yet.

    Raises NotFound; NotAllowed; Conflict for a letter that came by mail, whose files are those of
    the mail, and for a number without a letter.
    """
    row = session.get(EntryRow, entry_id)
    if row is None:
        raise NotFound(f"no entry {entry_id}")
    officer = must_register(session, directory.entity_by_id(session, row.entity_id), by)
    must_be_cleared(officer, entry_id, secret=row.secrecy)
    journal.lock_head(session, row.entity_id)
    letter = session.get(LetterRow, row.letter_id) if row.letter_id else None
    if letter is None or not letter.facts.get("paper"):
        raise Conflict(
            "only letters on paper have scans",
            thai="แนบไฟล์สแกนได้เฉพาะหนังสือกระดาษที่ลงทะเบียนไว้ที่หน้านี้",
        )
    added = add_scans(session, desk, letter, scans)
    for file_id in added:
        journal.record(
            session, row.entity_id, "uploaded", officer.email, desk.now(), row.id, letter.id,
            {"file": file_id},
        )  # fmt: skip
    if added and letter.direction == "in":
        deliver_again(session, desk, row.id)
    return added


def add_scans(session: Session, desk: Desk, letter: LetterRow, scans: Sequence[Scan]) -> list[int]:
    """Write the rows of scans behind the files that are there; the same file twice is one."""
    mine = EnclosureRow.letter_id == letter.id
    there = {
        tuple(row)
        for row in session.execute(select(EnclosureRow.sha256, EnclosureRow.name).where(mine))
    }
    last = session.scalar(select(func.max(EnclosureRow.position)).where(mine))
    rows: list[EnclosureRow] = []
    for scan in scans:
        file, name = scan.file, safe_name(scan.file.name)
        if (file.sha256, name) in there:
            continue
        there.add((file.sha256, name))
        place = len(rows) + (0 if last is None else last + 1)
        rows.append(
            EnclosureRow(
                letter_id=letter.id, position=place, role=scan.role, name=name,
                original_name=file.name.replace("\x00", ""), bytes=file.bytes, sha256=file.sha256,
                media_type=file.media_type, claimed_type="", inline=False,
                split=file.bytes > desk.settings.attachments.split_over,
            )
        )  # fmt: skip
    session.add_all(rows)
    _note_scan(letter, scans)
    session.flush()
    if letter.secrecy is not None:
        secret_letters.put_down(session, letter.id, "officer", desk.now())
    return [row.id for row in rows]


def _note_scan(letter: LetterRow, scans: Sequence[Scan]) -> None:
    """Withhold the files when the virus scanner could not look at one of them."""
    unseen = next((one.file.not_scanned for one in scans if one.file.not_scanned), "")
    if unseen and letter.scan != "infected":
        detail = f"final: a file laid down: {unseen.removeprefix('final: ')}"
        letter.scan, letter.scan_detail = "not_scanned", detail
        note_facts(letter, unscanned=True)


def entry_after(session: Session, entry_id: str) -> Entry:
    """Give the entry whole, as it is after an act."""
    session.flush()
    return entries.get(session, entry_id, cleared=True)
