"""What every test may ask for: a frozen clock, a data folder, databases, real servers.

``database`` runs a test twice, on SQLite and on PostgreSQL, each time with fresh tables
of the newest schema. Servers are started when the first test asks for them and end with
the run. Times begin on Friday 3 October 2568 B.E., 10:42 in Bangkok: an ordinary
office hour of an ordinary week.
"""

import gc
import os
import shutil
import uuid
from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings
from sqlalchemy import Engine

from registry.clock import BANGKOK, FrozenClock
from registry.db import Database
from registry.schema import upgrade
from tests.furniture import Furniture
from tests.gateway.inbound.nameserver import NameServer
from tests.servers import clamd as clamd_server
from tests.servers import dovecot as dovecot_server
from tests.servers import ports, running
from tests.servers import postfix as postfix_server
from tests.servers import postgres as postgres_server
from tests.servers.lending import Lender

settings.register_profile(
    "house",
    deadline=None,  # machines of CI are slow now and then; what must be fast has a test of its own
    derandomize="CI" in os.environ,
    suppress_health_check=[HealthCheck.too_slow],
)
settings.load_profile("house")

# As in the process that opens letters' files: threads of sums only wait for the CPU of other tests.
os.environ |= {"OMP_THREAD_LIMIT": "1", "OPENBLAS_NUM_THREADS": "1"}

OFFICE_HOUR = datetime(2025, 10, 3, 10, 42, tzinfo=BANGKOK)
TEMPLATE = "newest"
COLLECT_AFTER = 10_000
"""Objects more than there were, after which Python looks for garbage. Its own 700 cost a tenth."""


def pytest_collection() -> None:
    """Let no garbage be looked for while the tests are collected: what they are made of stays."""
    gc.disable()


def pytest_collection_finish() -> None:
    """Look for it from now on, in what the tests make."""
    gc.freeze()
    gc.set_threshold(COLLECT_AFTER)
    gc.enable()


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Begin with the journeys: they take longest, and wait while others work.

    At the end of a run only short tests are left, and no process waits for another.
    """
    items.sort(key=lambda item: "journeys" not in item.path.parts)


@pytest.fixture(scope="session", autouse=True)
def own_dns() -> Iterator[None]:
    """Let every service that is started ask a name server of our own, which knows no name.

    What the world's name servers say today of the domains in tests must decide nothing.
    """
    with NameServer({}) as server, pytest.MonkeyPatch.context() as patch:
        patch.setenv("SARABAN__TRUST__NAMESERVERS", f'["127.0.0.1:{server.port}"]')
        yield


@pytest.fixture(scope="session", autouse=True)
def statements_written_once() -> Iterator[None]:
    """Let all databases that this process opens share the statements they have written.

    SQLAlchemy keeps them for each engine. Writing them anew was a quarter of the work of tests.
    """
    open_one, known = Database.open, dict[str, Engine]()

    def opened(url: str) -> Database:
        engine = open_one(url).engine
        first = known.setdefault(engine.name, engine)
        if not first.dialect.server_version_info:  # it was never connected, and knows no server
            known[engine.name] = engine
            return Database(engine)
        engine.dialect, engine._compiled_cache = first.dialect, first._compiled_cache
        return Database(engine)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Database, "open", opened)
        yield


@pytest.fixture
def clock() -> FrozenClock:
    """A clock that stands at an office hour until the test moves it."""
    return FrozenClock(OFFICE_HOUR)


@pytest.fixture
def data_dir(tmp_path: Path) -> Path:
    """An empty data folder, readable by nobody else."""
    folder = tmp_path / "data"
    folder.mkdir(mode=0o700)
    return folder


@pytest.fixture
def free_port() -> Callable[[], int]:
    """Give free ports for programs that cannot bind port 0."""
    return ports.free_port


@pytest.fixture(scope="session")
def run_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder that all processes of this test run share."""
    base = tmp_path_factory.getbasetemp()
    return base.parent if _in_a_worker() else base


@pytest.fixture(scope="session")
def sqlite_template(run_folder: Path) -> Path:
    """An SQLite file of the newest schema, migrated once a run."""

    def migrate() -> running.Facts:
        file = run_folder / f"{TEMPLATE}.db"
        _migrate(f"sqlite:///{file}")
        return {"file": str(file)}

    return Path(running.once(run_folder, "sqlite", migrate)["file"])


@pytest.fixture(scope="session")
def postgres(run_folder: Path) -> Iterator[postgres_server.Postgres]:
    """The PostgreSQL of this run, with a migrated database to copy from."""

    def begin() -> running.Facts:
        server = postgres_server.start(os.getppid() if _in_a_worker() else os.getpid())
        _migrate(server.create(TEMPLATE))
        return {"folder": str(server.folder)}

    folder = Path(running.once(run_folder, "postgres", begin)["folder"])
    yield postgres_server.Postgres(folder)
    if not _in_a_worker():
        running.end(folder)


@pytest.fixture
def sqlite_url(sqlite_template: Path, tmp_path: Path) -> str:
    """The URL of a fresh SQLite database of the newest schema."""
    file = tmp_path / "saraban.db"
    shutil.copyfile(sqlite_template, file)
    return f"sqlite:///{file}"


@pytest.fixture(scope="session")
def postgres_databases(postgres: postgres_server.Postgres) -> Iterator[Lender]:
    """Empty databases of the newest schema on PostgreSQL."""
    lender = Lender(postgres, TEMPLATE)
    yield lender
    lender.close()


@pytest.fixture
def postgres_url(postgres: postgres_server.Postgres, postgres_databases: Lender) -> Iterator[str]:
    """The URL of a fresh PostgreSQL database of the newest schema."""
    name = postgres_databases.borrow()
    yield postgres.url(name)
    postgres_databases.give_back(name)


@pytest.fixture
def postgres_empty_url(postgres: postgres_server.Postgres) -> Iterator[str]:
    """The URL of a PostgreSQL database without a single table, as a new office finds it."""
    name = f"empty_{uuid.uuid4().hex}"
    yield postgres.create(name)
    postgres.drop(name)


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest) -> str:
    """The URL of a fresh database, once on each engine."""
    fixture = "sqlite_url" if request.param == "sqlite" else "postgres_url"
    return str(request.getfixturevalue(fixture))


@pytest.fixture
def database(database_url: str) -> Iterator[Database]:
    """A fresh database of the newest schema, once on each engine."""
    opened = Database.open(database_url)
    yield opened
    opened.close()


@pytest.fixture(scope="session")
def furniture(tmp_path_factory: pytest.TempPathFactory) -> Furniture:
    """What many tests begin with, laid down again as it was written once."""
    return Furniture(tmp_path_factory.mktemp("furniture"))


@pytest.fixture(scope="session")
def postfix() -> Iterator[postfix_server.Postfix]:
    """A plain Postfix, to be sent through and to relay to."""
    server = postfix_server.start()
    yield server
    running.end(server.folder)


@pytest.fixture(scope="session")
def dovecot() -> Iterator[dovecot_server.Dovecot]:
    """A real IMAP server; each test adds mailboxes of its own."""
    server = dovecot_server.start()
    yield server
    running.end(server.folder)


@pytest.fixture(scope="session")
def clamd() -> Iterator[clamd_server.Clamd]:
    """A real ClamAV that knows one virus: the test string of EICAR."""
    server = clamd_server.start()
    yield server
    running.end(server.folder)


def _in_a_worker() -> bool:
    """Say whether pytest-xdist runs this process beside others."""
    return "PYTEST_XDIST_WORKER" in os.environ


def _migrate(url: str) -> None:
    database = Database.open(url)
    upgrade(database)
    database.close()
