"""Fixtures of the journeys: a fresh installation of จังหวัดแพร่ and the agencies around it."""

import uuid
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.journeys.installation import Installation
from tests.servers.postgres import Postgres


@pytest.fixture
def postgres_empty_url(postgres: Postgres) -> Iterator[str]:
    """The URL of a PostgreSQL database without any table."""
    name = f"empty_{uuid.uuid4().hex}"
    yield postgres.create(name)
    postgres.drop(name)


@pytest.fixture
def office(tmp_path: Path) -> Installation:
    """จังหวัดแพร่ with a unit, a clerk and an officer; กรมส่งเสริมฯ is known by address."""
    made = Installation(tmp_path / "office")
    made.add_entity("dla", "กรมส่งเสริมการปกครองท้องถิ่น", "dla.go.th", "มท ๐๘๑๐")
    made.add_unit(
        "local", "กลุ่มงานส่งเสริมและพัฒนาท้องถิ่น", "local@phrae.go.th",
        letter_code="พร ๐๐๒๓.๓", default=True,
    )  # fmt: skip
    made.add_officer("somjai@phrae.go.th", role="clerk", unit="local")
    made.add_officer("officer@phrae.go.th", role="officer")
    return made
