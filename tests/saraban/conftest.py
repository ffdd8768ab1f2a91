"""Fixtures of the commands: a fresh installation of จังหวัดแพร่, copied from one made once a run."""

from collections.abc import Callable
from pathlib import Path

import pytest

from saraban.installing import FirstEntity, install
from tests.saraban.office import CLERK, DLA, OFFICER, SECRETS, Office
from tests.saraban.web.desk import copied
from tests.saraban.web.seed import seed
from tests.servers import running


@pytest.fixture(scope="session")
def made_once(run_folder: Path) -> Path:
    """The folder that the tests' installations are copies of, made once a run."""
    return _once(run_folder / "made", _found)


@pytest.fixture(scope="session")
def seeded(made_once: Path, run_folder: Path) -> Path:
    """The folder of an office with letters, for tests of pages and of the API, made once a run."""
    return _once(run_folder / "seeded", lambda folder: seed(copied(made_once, folder)))


@pytest.fixture
def office(made_once: Path, tmp_path: Path) -> Office:
    """จังหวัดแพร่ with a unit, an officer, a clerk and an officer of secret letters."""
    return copied(made_once, tmp_path / "phrae")


def _once(folder: Path, make: Callable[[Path], None]) -> Path:
    """Let one process of this run make the folder."""

    def begin() -> running.Facts:
        make(folder)
        return {}

    running.once(folder.parent, folder.name, begin)
    return folder


def _found(folder: Path) -> None:
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
