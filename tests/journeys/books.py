"""The books of an installation, read and prepared without a command.

For conditions that are looked at again and again, and to set a stage quickly. What a journey is
about is done by commands and by mail.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from registry import directory, letters, outbox
from registry.accounts import passwords, people
from registry.clock import SystemClock, buddhist_year
from registry.db import Database
from registry.entries import listing
from registry.jobs import Job
from registry.letter.entity import Role
from registry.letter.entry import Entry
from registry.letters import Letter
from registry.models.letters import LetterRow, NoteRow

PASSWORD = "open-sesame-2562"


@cache
def _database(url: str) -> Database:
    """Keep what is costly to make: statements once compiled. Its connections are not kept."""
    return Database.open(url)


class Books:
    """The database behind a URL."""

    url: str

    def entries(self, book: str, entity: str = "phrae") -> list[Entry]:
        """Read a book of this year without a command, for conditions that are looked at often."""
        with self.reading() as session:
            return listing(session, entity, book, buddhist_year(SystemClock().now()))

    def waiting(self, entity: str = "phrae") -> list[Letter]:
        """Read the letters and drafts that wait for an officer, without a command."""
        with self.reading() as session:
            return [*letters.waiting(session, entity), *letters.drafts(session, entity)]

    def letter_states(self) -> list[str]:
        """Read what became of each mail that came in or is to go out, oldest first."""
        with self.reading() as session:
            return list(session.scalars(select(LetterRow.state).order_by(LetterRow.id)))

    def notes(self, entry_id: str) -> list[str]:
        """Read what was noted on an entry."""
        with self.reading() as session:
            wanted = select(NoteRow.text).where(NoteRow.entry_id == entry_id)
            return list(session.scalars(wanted.order_by(NoteRow.id)))

    def jobs(self, *states: str) -> list[Job]:
        """Read the outbox without a command; without states all that ever was in it."""
        with self.reading() as session:
            return outbox.listing(session, states=states)

    @contextmanager
    def reading(self) -> Iterator[Session]:
        """Read the books of this office as they are now."""
        database = _database(self.url)
        try:
            with database.read() as session:
                yield session
        finally:
            database.close()

    @contextmanager
    def writing(self) -> Iterator[Session]:
        """Write to the books of this office without a command, to set a stage quickly."""
        database = _database(self.url)
        try:
            with database.write() as session:
                yield session
        finally:
            database.close()

    def add_entity(
        self, code: str, name: str, domain: str, letter_code: str, *, hosted: bool = False
    ) -> None:
        """Add an entity with the central address saraban@domain."""
        with self.writing() as session:
            people.add_entity(
                session, code=code, name=name, address=f"saraban@{domain}", domains=[domain],
                letter_code=letter_code, hosted=hosted, at=SystemClock().now(),
            )  # fmt: skip

    def add_unit(self, code: str, name: str, box: str, entity: str = "phrae", **more: Any) -> None:
        """Add a unit with one box; ``default=True`` makes it the one for everything else."""
        default = more.pop("default", False)
        with self.writing() as session:
            own = directory.entity_by_code(session, entity)
            assert own is not None
            people.add_unit(session, own.id, code=code, name=name, boxes=[box], **more)
            if default:
                people.set_default_unit(session, own.id, code)

    def add_officer(
        self, email: str, entity: str = "phrae", role: str = "clerk", unit: str = ""
    ) -> None:
        """Add an officer who signs in with PASSWORD."""
        now = SystemClock().now()
        with self.writing() as session:
            own = directory.entity_by_code(session, entity)
            assert own is not None
            people.add_officer(
                session, own.id, email=email, role=Role(role), unit_code=unit, at=now
            )
            passwords.set_password(session, email, PASSWORD, at=now)
