"""What is forgotten of a secret letter does not stay behind in the file of the database."""

from collections.abc import Iterator
from contextlib import nullcontext
from pathlib import Path

import pytest
from sqlalchemy import delete
from sqlalchemy.engine import make_url

from registry.db import Database
from registry.models.search import FileTextRow
from registry.secret.erase import overwriting

WORD = b"pipflower"


@pytest.fixture
def books(sqlite_url: str) -> Iterator[Database]:
    opened = Database.open(sqlite_url)
    yield opened
    opened.close()


def lies_there(database: Database) -> bool:
    """Whether the word is in the file, once all that was committed is."""
    with database.engine.connect() as connection:
        connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
    path = make_url(str(database.engine.url)).database
    assert path is not None
    return WORD in Path(path).read_bytes()


@pytest.mark.parametrize("within", [True, False])
def test_what_is_deleted_within_is_overwritten_however_sqlite_was_built(books, within):
    with books.write() as session:
        text = (WORD.decode() + " ") * 20_000
        session.add(FileTextRow(sha256="a" * 64, state="done", text=text))
    assert lies_there(books)
    with books.write() as session:
        said = session.connection().exec_driver_sql
        said("PRAGMA secure_delete = OFF")  # on in Debian, off elsewhere
        with overwriting(session) if within else nullcontext():
            session.execute(delete(FileTextRow))
        assert said("PRAGMA secure_delete").scalar() == 0
    assert lies_there(books) is not within
