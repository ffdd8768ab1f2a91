"""Copies of the whole database: made in a snapshot, brought back into an empty place.

SQLite is copied by its own online backup; PostgreSQL by ``pg_dump``, which must be installed and
at least as new as the server (Debian: postgresql-client). Passwords go to these programs in their
environment, never on a command line.
"""

import os
import re
import shutil
import sqlite3
import subprocess
from contextlib import closing
from pathlib import Path
from typing import Final

from psycopg.conninfo import make_conninfo
from sqlalchemy import URL, inspect, text
from sqlalchemy.orm import Session

from registry.db import Database
from registry.errors import Conflict, OutOfOrder

_DEBIAN: Final = Path("/usr/lib/postgresql")


def dump(session: Session, database: Database, target: Path) -> None:
    """Copy the session's snapshot into a file. Raises OutOfOrder when that is not possible."""
    target.touch(mode=0o600)
    if database.is_sqlite:
        source = session.connection().connection.driver_connection
        assert isinstance(source, sqlite3.Connection)
        with closing(sqlite3.connect(target)) as copy:
            source.backup(copy)
        return
    snapshot = session.scalar(text("SELECT pg_export_snapshot()"))
    options = ["--format=custom", "--no-owner", f"--snapshot={snapshot}", f"--file={target}"]
    _run("pg_dump", database.engine.url, options)


def load(source: Path, database: Database) -> None:
    """Bring a copy back. Raises Conflict unless the database is empty, OutOfOrder on failure."""
    if inspect(database.engine).get_table_names():
        raise Conflict(
            "the database is not empty",
            thai="ฐานข้อมูลปลายทางมีข้อมูลอยู่แล้ว โปรดระบุฐานข้อมูลที่ว่าง",
        )
    database.close()
    if database.file is not None:
        database.file.chmod(0o600)
        with (
            closing(sqlite3.connect(source)) as copy,
            closing(sqlite3.connect(database.file)) as target,
        ):
            copy.backup(target)
        return
    options = ["--exit-on-error", "--single-transaction", "--no-owner", str(source)]
    _run("pg_restore", database.engine.url, options)


def _run(program: str, url: URL, options: list[str]) -> None:
    parts = {"host": url.host, "port": url.port, "user": url.username, "dbname": url.database}
    parts |= {name: str(value) for name, value in url.query.items()}
    conninfo = make_conninfo("", **{name: str(part) for name, part in parts.items() if part})
    environment = {**os.environ, "PGPASSWORD": str(url.password)} if url.password else None
    done = subprocess.run(
        [_find(program), *options, f"--dbname={conninfo}"],
        check=False, capture_output=True, text=True, env=environment,
    )  # fmt: skip
    if done.returncode != 0:
        raise OutOfOrder(f"{program} failed: {done.stderr.strip()[-500:]}")


def _find(program: str) -> str:
    """Find the newest of Debian's, else the one on PATH."""
    found = sorted(
        _DEBIAN.glob(f"*/bin/{program}"), key=lambda path: _version(path.parent.parent.name)
    )
    path = str(found[-1]) if found else shutil.which(program)
    if path is None:
        raise OutOfOrder(
            f"{program} is not installed (Debian: postgresql-client)",
            thai=f"ไม่พบโปรแกรม {program} โปรดติดตั้งแพ็กเกจ postgresql-client ก่อน",
        )
    return path


def _version(name: str) -> int:
    return int(re.sub(r"\D", "", name) or 0)
