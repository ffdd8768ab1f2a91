"""An office for tests of the registry: two hosted entities, their books, and a ring of keys."""

import shutil
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy.orm import Session

from registry import entries
from registry.blobs import BlobStore
from registry.clock import FrozenClock
from registry.db import Database
from registry.desk.context import Desk
from registry.entries import BookKey
from registry.keys import KeyRing
from registry.letter.workdays import Workdays
from registry.models.outgoing import DeliveryRow
from registry.models.people import EntityRow
from registry.settings import Instance, OfficeSettings
from tests.furniture import Furniture
from tests.registry.day import OFFICER, take_in


@dataclass(frozen=True)
class Office:
    """The ids of the entities that the tests write letters between."""

    phrae: int
    town: int
    department: int


@pytest.fixture
def office(database: Database, clock: FrozenClock, furniture: Furniture) -> Office:
    """Phrae province and its town are hosted here, the department is known by address."""
    return furniture.lay(database, "office", lambda session: _found(session, clock))


def _found(session: Session, clock: FrozenClock) -> Office:
    rows = [
        EntityRow(
            code=code,
            name=name,
            address=f"saraban@{domain}",
            domains=[domain],
            letter_code=letter_code,
            hosted=hosted,
            created_at=clock.now(),
        )
        for code, name, domain, letter_code, hosted in (
            ("phrae", "จังหวัดแพร่", "phrae.example", "พร 0023.3", True),
            ("town", "เทศบาลเมืองแพร่", "town.example", "พร 52001", True),
            ("dla", "กรมส่งเสริมการปกครองท้องถิ่น", "dla.example", "มท 0810.7", False),
        )
    ]
    session.add_all(rows)
    session.flush()
    return Office(*(row.id for row in rows))


@pytest.fixture(scope="session")
def keys(tmp_path_factory: pytest.TempPathFactory) -> KeyRing:
    """Keys of an installation."""
    return KeyRing.create(Path(tmp_path_factory.mktemp("keys")))


@pytest.fixture
def received(office: Office) -> BookKey:
    """Phrae's ordinary received book of 2568."""
    return BookKey(office.phrae, "", "received", "ordinary", 2568)


@pytest.fixture
def desk(clock: FrozenClock, keys) -> Desk:
    """A desk of the installation mail.phrae.example."""
    settings = OfficeSettings(instance=Instance(hostname="mail.phrae.example"))
    return Desk(settings, clock, Workdays(), keys, give_up_after=3600.0)


@pytest.fixture
def entry(database: Database, office: Office, clock) -> str:
    """The id of a sent entry with a Message-ID."""
    key = entries.BookKey(office.phrae, "", "sent", "ordinary", 2568)
    content = entries.EntryFields(subject="แจ้งผล", message_id="<1@phrae.example>")
    with database.write() as session:
        return entries.write(session, key, None, content, "automatic", clock).id


@pytest.fixture
def delivery(database: Database, entry: str, clock) -> int:
    """A delivery of that entry to the town."""
    row = DeliveryRow(entry_id=entry, to_address="saraban@town.example", at=clock.now())
    with database.write() as session:
        session.add(row)
    return row.id


@pytest.fixture
def blobs(tmp_path) -> BlobStore:
    """An empty store."""
    return BlobStore(tmp_path / "blobs")


@pytest.fixture(scope="session")
def stock(tmp_path_factory: pytest.TempPathFactory) -> BlobStore:
    """The contents of a day's letters, written once."""
    return BlobStore(tmp_path_factory.mktemp("stock"))


@pytest.fixture
def busy(
    database: Database, office: Office, stock: BlobStore, blobs: BlobStore, clock: FrozenClock,
    furniture: Furniture,
) -> Office:  # fmt: skip
    """An office after a day's work: five letters in, one void, one amended, one reserved number."""
    day = FrozenClock(clock.now())
    furniture.lay(database, "busy", lambda session: _work(session, office, stock, day))
    shutil.copytree(stock.root, blobs.root, dirs_exist_ok=True)
    clock.advance(timedelta(minutes=5))
    return office


def _work(session: Session, office: Office, blobs: BlobStore, clock: FrozenClock) -> None:
    made = [take_in(session, office, blobs, clock, n) for n in range(5)]
    entries.void(session, made[1], OFFICER, "ลงซ้ำ", at=clock.now())
    entries.amend(session, made[0], OFFICER, "พิมพ์ผิด", at=clock.now(), subject="เรื่องที่ถูก")
    sent = entries.BookKey(office.phrae, "", "sent", "ordinary", 2568)
    reserved = entries.EntryFields(state="reserved", reserved_for=OFFICER)
    entries.write(session, sent, None, reserved, OFFICER, clock)
