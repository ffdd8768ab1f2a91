"""What tests of the books do again and again: write an entry, add a letter."""

from datetime import date

from registry import entries
from registry.clock import FrozenClock
from registry.db import Database
from registry.entries import BookKey, EntryFields
from registry.models.letters import EnclosureRow, LetterRow, ReferenceRow
from tests.registry.conftest import Office

OFFICER = "somsri@phrae.example"


def write(database: Database, key: BookKey, clock: FrozenClock, letter=None, **fields) -> str:
    """Write an entry and give its id."""
    with database.write() as session:
        return entries.write(session, key, letter, EntryFields(**fields), OFFICER, clock).id


def add_letter(database: Database, office: Office, clock, letter_id="l" * 16) -> str:
    """Add a letter with two files and a reference."""
    with database.write() as session:
        session.add(
            LetterRow(
                id=letter_id, entity_id=office.phrae, direction="in", state="registered",
                accepted_at=clock.now(),
            )
        )  # fmt: skip
        session.flush()
        for position, role in enumerate(("letter", "enclosure")):
            session.add(
                EnclosureRow(
                    letter_id=letter_id, position=position, role=role, name=f"{role}.pdf", bytes=9,
                    sha256="0" * 64, media_type="application/pdf",
                )
            )  # fmt: skip
        session.add(
            ReferenceRow(
                letter_id=letter_id, position=0, text="หนังสือกรมฯ", number="มท 0810/1",
                dated=date(2025, 9, 1),
            )
        )  # fmt: skip
    return letter_id
