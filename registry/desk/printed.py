"""The copy of a draft's own PDF that bears its number, in the place of the clerk's file.

The clerk's file stays with the letter as it came: no file that is sent or shown among those of the
letter, but kept, proven by the line that gives the number, and named in the letter's facts under
``printed``. A copy is of one number: a letter that goes out under another, or back to its clerk,
has the clerk's file again.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from registry.desk.take_up import note_facts
from registry.letter.entry import EntryFile
from registry.models.letters import EnclosureRow, LetterRow
from registry.withheld import why_withheld

_COPIED = (
    "letter_id", "role", "name", "original_name", "media_type", "claimed_type", "split", "inline",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class PrintedCopy:
    """A content that was made from a file of a letter: with the number of a reserved entry.

    ``dated`` says whether the date was printed too.
    """

    file_id: int
    entry_id: str
    sha256: str
    bytes: int
    dated: bool


def lay_in(session: Session, letter: LetterRow, copy: PrintedCopy, by: str) -> None:
    """Put a copy in the place of the clerk's file; the caller holds the letter."""
    came = session.get_one(EnclosureRow, copy.file_id)
    values: dict[str, Any] = {name: getattr(came, name) for name in _COPIED}
    position = came.position
    _set_aside(session, came)
    made = EnclosureRow(**values, position=position, sha256=copy.sha256, bytes=copy.bytes)
    session.add(made)
    session.flush()
    told = {
        "entry": copy.entry_id, "came": came.id, "copy": made.id, "dated": copy.dated, "by": by,
    }  # fmt: skip
    large = letter.facts.get("large", [])
    more = {"large": [*large, copy.sha256]} if came.sha256 in large else {}
    note_facts(letter, printed=told, **more)


def take_out(session: Session, letter: LetterRow, entry_id: str | None = None) -> None:
    """Give a letter the clerk's file again, unless its copy bears the number of this entry."""
    told = letter.facts.get("printed")
    if told is None or told["entry"] == entry_id:
        return
    made = session.get_one(EnclosureRow, told["copy"])
    came = session.get_one(EnclosureRow, told["came"])
    position, role = made.position, made.role
    _set_aside(session, made)
    came.position, came.role = position, role
    session.flush()
    letter.facts = {name: fact for name, fact in letter.facts.items() if name != "printed"}


def is_printed(facts: Mapping[str, Any], entry_id: str | None) -> bool:
    """Say whether the letter with these facts bears the number of this entry in its file."""
    told = facts.get("printed")
    return told is not None and bool(told["entry"] == entry_id)


def unprinted(session: Session, letter_id: str) -> EntryFile | None:
    """Give the clerk's file of a letter whose own file is a copy with its number; else None."""
    letter = session.get_one(LetterRow, letter_id)
    told = letter.facts.get("printed")
    if told is None:
        return None
    row = session.get_one(EnclosureRow, told["came"])
    return EntryFile(
        row.id, row.name, "letter", row.bytes, row.sha256, row.media_type, split=False,
        withheld=why_withheld(letter.scan),
    )  # fmt: skip


def _set_aside(session: Session, row: EnclosureRow) -> None:
    """Keep a file with its letter without its being one of the letter's files."""
    last = select(func.max(EnclosureRow.position)).where(EnclosureRow.letter_id == row.letter_id)
    row.position, row.role = (session.scalar(last) or 0) + 1, "decoration"
    session.flush()
