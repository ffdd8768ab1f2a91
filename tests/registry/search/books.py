"""Letters written straight into the tables, for tests of search."""

from dataclasses import dataclass
from itertools import count
from typing import Any

from registry.clock import FrozenClock
from registry.db import Database
from registry.ids import new_id
from registry.models.books import EntryRow
from registry.models.letters import EnclosureRow, LetterRow
from registry.models.search import FileTextRow
from registry.search.index import step
from registry.search.query import Page, search
from registry.search.terms import Narrowing, Reader

ALL = Reader()


@dataclass
class Shelf:
    """The books of a test: registers letters, keeps the index in step, searches."""

    database: Database
    clock: FrozenClock
    entity: int

    def __post_init__(self) -> None:
        self._numbers = count(1)

    def register(self, subject: str = "", text: str = "", **more: Any) -> str:
        """Write one registered letter; give the letter's id."""
        letter_id = self.wait(subject, text, state="registered", **more)
        self.enter(letter_id, subject, **more)
        return letter_id

    def wait(
        self,
        subject: str = "",
        text: str = "",
        files: tuple[tuple[str, str | None], ...] = (),
        state: str = "waiting",
        **more: Any,
    ) -> str:
        """Write one letter without a number; files are (name, text), None for none yet."""
        letter_id = new_id()
        own = {name: value for name, value in more.items() if name in _OF_LETTERS}
        with self.database.write() as session:
            session.add(
                LetterRow(
                    id=letter_id, direction="in", state=state, subject=subject, text=text,
                    accepted_at=self.clock.now(), **{"entity_id": self.entity, "facts": {}, **own},
                )
            )  # fmt: skip
            session.flush()
            for position, (name, said) in enumerate(files):
                digest = new_id().ljust(64, "0")
                session.add(
                    EnclosureRow(
                        letter_id=letter_id, position=position, role="enclosure", name=name,
                        bytes=1, sha256=digest, media_type="application/pdf",
                    )
                )  # fmt: skip
                done = "none" if said is None else "done"
                session.add(FileTextRow(sha256=digest, state=done, text=said or ""))
        return letter_id

    def enter(self, letter_id: str | None, subject: str = "", **more: Any) -> str:
        """Write one line of the received book; give its id."""
        entry_id, number = new_id(), next(self._numbers)
        own = {name: value for name, value in more.items() if name in _OF_ENTRIES}
        own["letter_number_key"] = more.get("letter_number", "").replace(" ", "")
        line = {
            "entity_id": self.entity, "book": "received", "series": "ordinary", "year": 2568,
            "number": number, "registered_at": self.clock.now(), "salt": "", "digest": "",
        }  # fmt: skip
        with self.database.write() as session:
            session.add(EntryRow(id=entry_id, letter_id=letter_id, subject=subject, **line | own))
        return entry_id

    def change(self, table: Any, name: str, **values: Any) -> None:
        """Change a row, as an act of the office would."""
        with self.database.write() as session:
            row = session.get_one(table, name)
            for column, value in values.items():
                setattr(row, column, value)

    def settle(self) -> None:
        """Let the index follow all changes."""
        while step(self.database, self.clock):
            pass

    def page(
        self, line: str, reader: Reader = ALL, narrowing: Narrowing | None = None, **more: Any
    ) -> Page:
        """Search, and give the page."""
        with self.database.read() as session:
            return search(session, line, reader, narrowing, **more)

    def found(self, line: str, reader: Reader = ALL, **narrowing: Any) -> list[str | None]:
        """Search, and give the ids of letters."""
        page = self.page(line, reader, Narrowing(**narrowing), limit=100)
        return [hit.letter_id for hit in page.hits]


_OF_LETTERS = {
    "entity_id", "unit_code", "letter_number", "dated", "urgency", "secrecy", "facts", "sender_name"
}  # fmt: skip
_OF_ENTRIES = {
    "entity_id", "letter_number", "dated", "urgency", "secrecy", "from_text", "to_text", "book",
    "year", "number", "series", "note",
}  # fmt: skip
