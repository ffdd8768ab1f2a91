"""One PostgreSQL for the whole test run, without a port: it listens on a socket in its folder.

Durability is off: most tests of what survives a crash kill our processes, not the server. One
that is started as *durable* keeps it, may be killed, and comes back by itself. The locale is
C.UTF-8, since in plain C pg_trgm sees no Thai. PostgreSQL refuses to run as root; root runs it as
the user that Debian's package made.
"""

import os
import pwd
import re
import shutil
import signal
import subprocess
import tempfile
from dataclasses import dataclass
from pathlib import Path

import psycopg
from psycopg import sql

from tests.servers import running
from tests.servers.waiting import wait_until

SETTINGS = {"autovacuum": "off", "listen_addresses": "", "max_connections": "300"}
FORGETFUL = {"fsync": "off", "full_page_writes": "off", "synchronous_commit": "off"}
AGAIN = 'while true; do "$@"; sleep 0.1; done'


@dataclass(frozen=True, slots=True)
class Postgres:
    """A running server, known by its folder."""

    folder: Path

    def url(self, database: str) -> str:
        """Give the URL of a database, as it stands in our settings."""
        return f"postgresql://saraban@/{database}?host={self.folder}"

    def create(self, database: str, template: str = "template0") -> str:
        """Make a database, empty or as a copy, and give its URL."""
        self._run("CREATE DATABASE {} TEMPLATE {}", database, template)
        return self.url(database)

    def has(self, database: str) -> bool:
        """Say whether there is such a database."""
        with psycopg.connect(self.url("postgres"), autocommit=True) as connection:
            there = "SELECT 1 FROM pg_database WHERE datname = %s"
            return connection.execute(there, [database]).fetchone() is not None

    def drop(self, database: str) -> None:
        """Drop a database, whoever is still connected."""
        self._run("DROP DATABASE {} WITH (FORCE)", database)

    def kill(self) -> None:
        """Kill the server as a power cut would; only for one that is durable."""
        pid = int((self.folder / "data" / "postmaster.pid").read_text("ascii").split()[0])
        os.kill(pid, signal.SIGKILL)

    def answers(self) -> bool:
        """Say whether the server takes connections."""
        try:
            self._run("SELECT 1")
        except psycopg.OperationalError:
            return False
        return True

    def _run(self, statement: str, *names: str) -> None:
        query = sql.SQL(statement).format(*map(sql.Identifier, names))
        with psycopg.connect(self.url("postgres"), autocommit=True) as connection:
            connection.execute(query)


def start(watched: int, *, durable: bool = False) -> Postgres:
    """Make a cluster and start it; it ends with the watched process."""
    folder = Path(tempfile.mkdtemp(prefix="saraban-postgres-"))
    programs = _programs()
    _make(folder / "data", _as_owner(folder))
    settings = SETTINGS | ({} if durable else FORGETFUL)
    server = [str(programs / "postgres"), "-D", str(folder / "data"), "-k", str(folder)]
    server += [f"--{name}={value}" for name, value in settings.items()]
    if durable:
        server = ["bash", "-c", AGAIN, "again", *server]
    stop = "SIGKILL" if durable else "SIGINT"
    running.start(folder, [*_as_owner(folder), *server], stop=stop, watched=watched)
    postgres = Postgres(folder)
    wait_until(postgres.answers, f"PostgreSQL answers in {folder}")
    return postgres


def start_kept(watched: int, data: Path) -> Postgres:
    """Start a cluster that is kept, made if it is not there: durable, at its own defaults."""
    folder = Path(tempfile.mkdtemp(prefix="saraban-postgres-"))
    data.mkdir(parents=True, exist_ok=True)
    if not (data / "PG_VERSION").exists():
        _make(data, _as_owner(data))
    server = [str(_programs() / "postgres"), "-D", str(data), "-k", str(folder)]
    command = [*_as_owner(folder), *server, "--listen_addresses="]
    running.start(folder, command, stop="SIGINT", watched=watched)
    postgres = Postgres(folder)
    wait_until(postgres.answers, f"PostgreSQL answers in {folder}")
    return postgres


def _make(data: Path, as_owner: list[str]) -> None:
    initdb = [str(_programs() / "initdb"), "--pgdata", str(data), "--username=saraban"]
    initdb += ["--auth=trust", "--encoding=UTF8", "--locale=C.UTF-8", "--no-sync"]
    made = subprocess.run([*as_owner, *initdb], check=False, capture_output=True, text=True)
    assert made.returncode == 0, f"initdb failed: {made.stdout}{made.stderr}"


def _programs() -> Path:
    """Find the folder of the newest server programs, where Debian or PATH has them."""
    found = [path.parent for path in Path("/usr/lib/postgresql").glob("*/bin/initdb")]
    if on_path := shutil.which("initdb"):
        found.append(Path(on_path).resolve().parent)
    assert found, "PostgreSQL is not installed (Debian: postgresql)"
    return max(found, key=lambda path: [int(digits) for digits in re.findall(r"\d+", str(path))])


def _as_owner(folder: Path) -> list[str]:
    """Give the words before a command that make it run as somebody other than root."""
    if os.getuid() != 0:
        return []
    owner = pwd.getpwnam("postgres")
    os.chown(folder, owner.pw_uid, owner.pw_gid)
    return ["setpriv", f"--reuid={owner.pw_uid}", f"--regid={owner.pw_gid}", "--clear-groups", "--"]
