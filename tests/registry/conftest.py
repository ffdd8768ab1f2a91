"""An office for tests of the registry: two hosted entities, their books, and a ring of keys."""

from dataclasses import dataclass
from pathlib import Path

import pytest

from registry.clock import FrozenClock
from registry.db import Database
from registry.keys import KeyRing
from registry.models.people import EntityRow


@dataclass(frozen=True)
class Office:
    """The ids of the entities that the tests write letters between."""

    phrae: int
    town: int
    department: int


@pytest.fixture
def office(database: Database, clock: FrozenClock) -> Office:
    """Phrae province and its town are hosted here, the department is known by address."""
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
    with database.write() as session:
        session.add_all(rows)
    return Office(*(row.id for row in rows))


@pytest.fixture(scope="session")
def keys(tmp_path_factory: pytest.TempPathFactory) -> KeyRing:
    """Keys of an installation."""
    return KeyRing.create(Path(tmp_path_factory.mktemp("keys")))
