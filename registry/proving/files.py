"""The claim of files: a registered letter has the files that it had when it was registered.

The journal line that gave the letter its number holds a digest over its files. Files laid down
later through an upload page have lines of their own and are left out of the comparison. So a file
taken out of a letter by hand is missed, and so is one slipped in, though its bytes are kept.
"""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from typing import Any, Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from registry.digest import digest_of_files
from registry.models.books import EntryRow
from registry.models.evidence import JournalRow
from registry.models.letters import EnclosureRow
from registry.proving.problem import Problem, Wrong

_AT_ONCE = 500
_WRONG: Final = Wrong(
    "its letter has other files than it had", "ไฟล์ของหนังสือไม่ใช่ชุดเดียวกับเมื่อลงทะเบียน"
)


def prove_files(session: Session) -> list[Problem]:
    """Find the entries whose letter has other files than the journal says."""
    wanted = select(EntryRow.id, EntryRow.letter_id, EntryRow.salt)
    wanted = wanted.where(EntryRow.letter_id.is_not(None)).order_by(EntryRow.id)
    problems: list[Problem] = []
    for rows in session.execute(wanted).partitions(_AT_ONCE):
        problems += (
            Problem("files", f"entry {row.id}", *_WRONG, entry=row.id)
            for row in _wrong(session, rows)
        )
    return problems


def wrong_files(session: Session, rows: Sequence[Any]) -> list[Wrong]:
    """Say of these entries (id, letter_id, salt) that their letter has other files than it had."""
    return [_WRONG for _ in _wrong(session, [row for row in rows if row.letter_id])]


def _wrong(session: Session, rows: Sequence[Any]) -> Iterator[Any]:
    lines = _lines(session, [row.id for row in rows])
    files = _files(session, [row.letter_id for row in rows])
    for row in rows:
        said, later = _said(lines[row.id])
        mine = [tuple(file)[2:] for file in files[row.letter_id] if file.id not in later]
        if said is not None and digest_of_files(row.salt, mine) != said:
            yield row


def _said(lines: list[Any]) -> tuple[str | None, set[int]]:
    """Give the last digest over the files, and the files that were laid down after it."""
    said, later = None, set[int]()
    for line in lines:
        if "files" in line.facts:
            said, later = str(line.facts["files"]), set()
        elif line.act == "uploaded":
            later.add(int(line.facts["file"]))
    return said, later


def _lines(session: Session, entry_ids: list[str]) -> defaultdict[str, list[Any]]:
    wanted = select(JournalRow.entry_id, JournalRow.act, JournalRow.facts)
    wanted = wanted.where(
        JournalRow.entry_id.in_(entry_ids),
        JournalRow.act.in_(["registered", "used", "uploaded"]),
    ).order_by(JournalRow.entity_id, JournalRow.position)
    found: defaultdict[str, list[Any]] = defaultdict(list)
    for line in session.execute(wanted):
        found[line.entry_id].append(line)
    return found


def _files(session: Session, letter_ids: list[str]) -> defaultdict[str, list[Any]]:
    wanted = select(
        EnclosureRow.id, EnclosureRow.letter_id, EnclosureRow.position, EnclosureRow.role,
        EnclosureRow.name, EnclosureRow.bytes, EnclosureRow.sha256,
    )  # fmt: skip
    wanted = wanted.where(EnclosureRow.letter_id.in_(letter_ids)).order_by(EnclosureRow.position)
    found: defaultdict[str, list[Any]] = defaultdict(list)
    for file in session.execute(wanted):
        found[file.letter_id].append(file)
    return found
