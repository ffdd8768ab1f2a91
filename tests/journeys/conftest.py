"""Fixtures of the journeys: a fresh installation of จังหวัดแพร่ and the agencies around it."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.journeys.installation import Installation
from tests.journeys.province import Province, stage
from tests.servers import postfix as postfix_server
from tests.servers import running


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


@pytest.fixture(scope="session")
def province(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Province]:
    """One province at work for many tests, its own mail server beside it; books fill up."""
    # It hands a mail on to each recipient by itself, as many servers do.
    server = postfix_server.start(recipient_delimiter="+", smtp_destination_recipient_limit="1")
    made = stage(tmp_path_factory.mktemp("province") / "office", server)
    with made.office.serving("smtp,submission,worker,mailq"):
        yield made
    running.end(server.folder)
