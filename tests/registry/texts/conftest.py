"""Letters with files that wait to be read, and processes that read them."""

import os
from collections.abc import Callable, Iterator
from dataclasses import replace

import pytest

from registry.blobs import BlobStore
from registry.clock import FrozenClock
from registry.db import Database
from registry.ids import new_id
from registry.models.letters import EnclosureRow, LetterRow
from registry.models.search import FileTextRow
from registry.settings import ReadingSettings
from registry.texts.reading import Hide, Reading
from tests.registry.conftest import Office

PDF = "application/pdf"
Letter = Callable[..., str]


@pytest.fixture
def letter(database: Database, office: Office, blobs: BlobStore, clock: FrozenClock) -> Letter:
    """Keep a letter with one file of these bytes; give its id."""

    def keep(data: bytes, media_type: str = PDF, *, inline: bool = False, **columns: object) -> str:
        letter_id, sha256 = new_id(), blobs.put(data)
        facts = {"entity_id": office.phrae, "direction": "in", "state": "registered"} | columns
        with database.write() as session:
            session.add(LetterRow(id=letter_id, accepted_at=clock.now(), **facts))
            session.flush()
            session.add(
                EnclosureRow(
                    letter_id=letter_id, position=0, role="enclosure", name="ไฟล์", bytes=len(data),
                    sha256=sha256, media_type=media_type, inline=inline,
                )
            )  # fmt: skip
        return letter_id

    return keep


@pytest.fixture
def endless(letter: Letter, blobs: BlobStore, monkeypatch, tmp_path) -> str:
    """A letter whose file never ends."""
    made, [sha256], path_of = letter(b"endless", "text/plain"), blobs.all(), blobs.path
    pipe = tmp_path / "endless"
    os.mkfifo(pipe)
    monkeypatch.setattr(blobs, "path", lambda one: pipe if one == sha256 else path_of(one))
    return made


@pytest.fixture
def reading(
    database: Database, blobs: BlobStore, clock: FrozenClock
) -> Iterator[Callable[..., Reading]]:
    """Processes that read; they end with the test."""
    made: list[Reading] = []

    def make(hide: Hide | None = None, **settings: float | str) -> Reading:
        bounds = replace(ReadingSettings(), **settings)
        made.append(Reading(database, blobs, clock, bounds, *[hide] * (hide is not None)))
        return made[-1]

    yield make
    for one in made:
        one.close()


def rows(database: Database) -> dict[str, FileTextRow]:
    with database.read() as session:
        return {row.sha256: row for row in session.query(FileTextRow)}


def of(database: Database, letter_id: str) -> FileTextRow | None:
    with database.read() as session:
        files = session.query(EnclosureRow.sha256).where(EnclosureRow.letter_id == letter_id)
        return session.get(FileTextRow, files.one()[0])


def said(database: Database, letter_id: str) -> tuple[str, str]:
    row = of(database, letter_id)
    return ("", "") if row is None else (row.state, row.text)
