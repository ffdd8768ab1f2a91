"""A door for tests: both SMTP listeners on free ports, a real directory behind them, a real spool.

``open_door(timeout=1, ...)`` opens one with settings of ``[smtp]``, and with ``submission={...}``
of that section; ``door`` is one with the defaults. The service runs in a loop of its own in a
thread, clients are plain sockets.
"""

import asyncio
import shutil
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import pytest

from gateway.inbound.smtpd import run_smtp
from gateway.inbound.tray import Spooled, Tray
from gateway.service import Runtime
from gateway.settings import GatewaySettings, SmtpSettings, SubmissionSettings
from registry import directory
from registry.clock import FrozenClock
from registry.db import Database
from registry.letter.entity import Role
from registry.settings import Instance, OfficeSettings
from saraban.installing import write_certificate
from tests.conftest import OFFICE_HOUR
from tests.gateway.inbound.agency import Agency, prepare
from tests.gateway.inbound.client import Client
from tests.servers import dovecot as dovecot_server
from tests.servers import running
from tests.servers.dovecot import Dovecot
from tests.servers.waiting import wait_until

CLERK, PASSWORD = "somsri@phrae.example", "ส้มตำ-ปูปลาร้า-9"
CENTRAL = "saraban@phrae.example"
OLD = """
mail_plugins = $mail_plugins quota
protocol imap {
  mail_plugins = $mail_plugins imap_quota
  imap_capability = IMAP4rev1 SASL-IR LITERAL+ ID UIDPLUS QUOTA
}
plugin {
  quota = maildir:User quota
  quota_rule = *:storage=100K
}
"""


@dataclass
class Door:
    """An SMTP service that is running, and its spool."""

    runtime: Runtime
    ports: dict[str, int] = field(default_factory=dict)
    error: BaseException | None = None
    _opened: threading.Event = field(default_factory=threading.Event)
    _end: Callable[[], object] = field(default=lambda: None)
    _thread: threading.Thread | None = None

    def open(self) -> "Door":
        """Start serving; return when both listeners are up."""
        self._thread = threading.Thread(target=lambda: asyncio.run(self._serve()))
        self._thread.start()
        assert self._opened.wait(30)
        if self.error:
            raise self.error
        return self

    def stop(self) -> None:
        """Ask the service to end, without waiting."""
        self._end()

    def close(self) -> None:
        """End the service and wait until it is gone."""
        if self._thread:
            self.stop()
            self._thread.join(30)
            assert not self._thread.is_alive()
            self._thread = None

    @property
    def tray(self) -> Tray:
        """The letters that were taken in."""
        return Tray(self.runtime.spool_dir)

    def letters(self) -> list[Spooled]:
        """Give all letters that were taken in."""
        return [self.tray.read(name) for name in self.tray.list_new()]

    def only_letter(self) -> Spooled:
        """Give the letter that was taken in, and see that it is the only one."""
        (letter,) = self.letters()
        return letter

    def files(self) -> list[Path]:
        """Give every file of every letter in the spool, whole or not."""
        return sorted(path for path in self.runtime.spool_dir.rglob("*.*") if path.is_file())

    def nothing_is_left(self) -> None:
        """See that the spool holds nothing, not even half of something."""
        wait_until(lambda: not self.files(), "the spool is empty")

    def call(self, port: str = "smtp", **options: object) -> Client:
        """Connect, and read the greeting."""
        return Client(self.ports[port], **options)  # type: ignore[arg-type]

    async def _serve(self) -> None:
        stop = asyncio.Event()
        loop = asyncio.get_running_loop()
        self._end = lambda: loop.is_closed() or loop.call_soon_threadsafe(stop.set)
        try:
            await run_smtp(self.runtime, stop, self._ready)
        except BaseException as error:  # noqa: BLE001 - told to the thread that waits
            self.error = error
        finally:
            self.runtime.close()
            self._opened.set()

    def _ready(self, ports: dict[str, int]) -> None:
        self.ports = ports
        self._opened.set()


@pytest.fixture(scope="session")
def old_dovecot() -> Iterator[Dovecot]:
    """A server with quotas that knows neither IDLE nor MOVE."""
    server = dovecot_server.start(OLD)
    yield server
    running.end(server.folder)


@pytest.fixture(scope="session")
def agency_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A new installation of an office that collects from a mailbox."""
    folder = tmp_path_factory.mktemp("agency")
    prepare(folder, FrozenClock(OFFICE_HOUR))
    return folder


@pytest.fixture
def agency(
    agency_template: Path, tmp_path: Path, clock: FrozenClock, dovecot: Dovecot
) -> Iterator[Callable[..., Agency]]:
    """Make the office with these settings of its collector; ``server`` is another Dovecot."""
    made: list[Agency] = []

    def make(server: Dovecot = dovecot, **settings: object) -> Agency:
        folder = tmp_path / f"agency-{len(made)}"
        shutil.copytree(agency_template, folder)
        made.append(Agency(folder, clock, server, **settings))
        return made[-1]

    yield make
    for one in made:
        one.close()


@pytest.fixture(scope="session")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with cert.pem and key.pem for localhost."""
    folder = tmp_path_factory.mktemp("tls")
    write_certificate(folder, "localhost")
    return folder


@pytest.fixture(scope="session")
def peopled_template(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A database with a province and a town hosted here, a department elsewhere, and a clerk."""
    file = tmp_path_factory.mktemp("peopled") / "saraban.db"
    shutil.copyfile(sqlite_template, file)
    database = Database.open(f"sqlite:///{file}")
    with database.write() as session:
        for code, name, hosted in (
            ("phrae", "จังหวัดแพร่", True),
            ("town", "เทศบาลเมืองแพร่", True),
            ("dla", "กรมส่งเสริมการปกครองท้องถิ่น", False),
        ):
            address = f"saraban@{code}.example"
            directory.add_entity(
                session, code=code, name=name, address=address, at=OFFICE_HOUR, hosted=hosted
            )
        phrae = directory.entity_by_code(session, "phrae")
        assert phrae is not None
        directory.add_unit(session, phrae.id, code="กค", name="กองคลัง")
        directory.add_officer(
            session, email=CLERK, entity_id=phrae.id, role=Role.CLERK, at=OFFICE_HOUR
        )
        directory.set_password(session, CLERK, PASSWORD, at=OFFICE_HOUR)
    database.close()
    return file


@pytest.fixture
def runtime(data_dir: Path, certificate: Path, peopled_template: Path) -> Runtime:
    """The surroundings of an SMTP process with its own data folder."""
    shutil.copytree(certificate, data_dir / "tls")
    shutil.copyfile(peopled_template, data_dir / "saraban.db")
    return Runtime(
        office=OfficeSettings(instance=Instance(hostname="mx.phrae.example", data_dir=data_dir)),
        gateway=GatewaySettings(
            smtp=SmtpSettings(listen="127.0.0.1:0"),
            submission=SubmissionSettings(listen="127.0.0.1:0"),
        ),
    )


@pytest.fixture
def open_door(runtime: Runtime) -> Iterator[Callable[..., Door]]:
    """Open doors with settings of ``[smtp]``; all are closed when the test ends."""
    opened: list[Door] = []

    def open_one(*, submission: dict[str, Any] | None = None, **smtp: Any) -> Door:
        clerks = replace(runtime.gateway.submission, **submission or {})
        settings = replace(
            runtime.gateway, smtp=replace(runtime.gateway.smtp, **smtp), submission=clerks
        )
        opened.append(Door(replace(runtime, gateway=settings)))
        return opened[-1].open()

    yield open_one
    for door in opened:
        door.close()


@pytest.fixture
def door(open_door: Callable[..., Door]) -> Door:
    """A door with ordinary settings."""
    return open_door()
