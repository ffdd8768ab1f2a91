"""Fixtures of the commands: a fresh installation of จังหวัดแพร่, copied from one made once a run."""

import shutil
from pathlib import Path

import pytest

from saraban.installing import FirstEntity, install
from tests.saraban.office import CLERK, DLA, OFFICER, SECRETS, Office
from tests.saraban.web.desk import copied
from tests.saraban.web.seed import seed


@pytest.fixture(scope="session")
def made_once(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder that the tests' installations are copies of."""
    folder = tmp_path_factory.mktemp("office") / "phrae"
    first = FirstEntity("phrae", "จังหวัดแพร่", "phrae.go.th", "พร ๐๐๒๓")
    office = Office(install(folder, "saraban.test", first))
    office.run(
        "unit", "add", "local", "--name", "กลุ่มงานส่งเสริมและพัฒนาท้องถิ่น",
        "--box", "local@phrae.go.th", "--letter-code", "พร ๐๐๒๓.๓", "--default",
    )  # fmt: skip
    office.run(
        "entity", "add", "dla", "--name", "กรมส่งเสริมการปกครองท้องถิ่น", "--address", DLA,
        "--letter-code", "มท ๐๘๑๐",
    )  # fmt: skip
    for email, role in ((OFFICER, "officer"), (CLERK, "clerk"), (SECRETS, "secret-officer")):
        office.run("officer", "add", email, "--entity", "phrae", "--role", role)
    return folder


@pytest.fixture(scope="session")
def seeded(made_once: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of an office with letters, for tests of pages and of the API."""
    folder = tmp_path_factory.mktemp("pages") / "phrae"
    seed(copied(made_once, folder))
    return folder


@pytest.fixture
def office(made_once: Path, tmp_path: Path) -> Office:
    """จังหวัดแพร่ with a unit, an officer, a clerk and an officer of secret letters."""
    folder = tmp_path / "phrae"
    shutil.copytree(made_once, folder)
    return Office(folder / "saraban.toml")
