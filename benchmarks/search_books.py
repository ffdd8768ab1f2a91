"""Books full of generated letters, written straight into the tables, and indexed."""

from datetime import UTC, datetime, time
from typing import Any, Final

from sqlalchemy import insert

from benchmarks.search_corpus import Written, letters
from registry.clock import SystemClock
from registry.db import Database
from registry.letter.number import LetterNumber
from registry.models.books import EntryRow
from registry.models.letters import EnclosureRow, LetterRow
from registry.models.people import EntityRow
from registry.models.search import FileTextRow
from registry.search.index import lag, step

ENTITIES: Final = 4
_AT_ONCE: Final = 2000


def fill(database: Database, upto: int) -> None:
    """Register this many letters, the n-th in the books of entity n modulo :data:`ENTITIES`."""
    with database.write() as session:
        session.add_all(
            EntityRow(
                id=one + 1, code=f"e{one + 1}", name=f"หน่วยงาน {one + 1}", hosted=True,
                address=f"saraban@e{one + 1}.example", created_at=datetime(2016, 1, 1, tzinfo=UTC),
            )
            for one in range(ENTITIES)
        )  # fmt: skip
    for start in range(0, upto, _AT_ONCE):
        some = list(letters(min(start + _AT_ONCE, upto), start))
        with database.write() as session:
            connection = session.connection()
            connection.execute(insert(LetterRow), [_letter(one) for one in some])
            connection.execute(insert(EntryRow), [_entry(one) for one in some])
            connection.execute(insert(FileTextRow), [_text(one) for one in some])
            connection.execute(insert(EnclosureRow), [_file(one) for one in some])


def index(database: Database, most: int = 1000) -> None:
    """Bring the index in step with all of it."""
    clock = SystemClock()
    while step(database, clock, most):
        pass
    with database.read() as session:
        assert lag(session).waiting == 0


def _place(one: Written) -> dict[str, Any]:
    return {
        "entity_id": one.number % ENTITIES + 1,
        "unit_code": f"u{one.number % 7}",
        "letter_number": one.letter_number,
        "letter_number_key": LetterNumber.parse(one.letter_number).key,
        "dated": one.dated,
        "subject": one.subject,
        "urgency": one.urgency,
        "to_text": one.addressee,
    }


def _letter(one: Written) -> dict[str, Any]:
    at = datetime.combine(one.dated, time(3), UTC)
    return _place(one) | {
        "id": _id("l", one), "direction": "in", "state": "registered", "text": one.text,
        "sender_name": one.sender, "accepted_at": at, "facts": {}, "trust": {}, "defects": [],
    }  # fmt: skip


def _entry(one: Written) -> dict[str, Any]:
    at = datetime.combine(one.dated, time(3), UTC)
    return _place(one) | {
        "id": _id("e", one), "letter_id": _id("l", one), "book": "received", "series": "ordinary",
        "year": one.dated.year + 543, "number": one.number // ENTITIES + 1, "from_text": one.sender,
        "registered_at": at, "registered_by": "automatic", "salt": "", "digest": "",
        "unit_code": "",
    }  # fmt: skip


def _text(one: Written) -> dict[str, Any]:
    return {"sha256": _digest(one), "state": "done", "text": "", "kind": "pdf", "detail": ""}


def _file(one: Written) -> dict[str, Any]:
    return {
        "letter_id": _id("l", one), "position": 1, "role": "letter", "name": one.file, "bytes": 1,
        "sha256": _digest(one), "media_type": "application/pdf",
    }  # fmt: skip


def _id(kind: str, one: Written) -> str:
    return f"{kind}{one.number:015d}"


def _digest(one: Written) -> str:
    return f"{one.number:064x}"
