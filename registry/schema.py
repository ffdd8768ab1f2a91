"""Bringing the tables to the newest form, and refusing to run on old ones.

The steps stand in ``migrations/versions``; alembic runs them. :func:`require_newest` is cheap and
imports no alembic, since every process calls it when it starts. Before SQLite is changed, a copy
of the file is laid beside it.
"""

import io
import sqlite3
from contextlib import closing, redirect_stdout
from datetime import datetime
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import inspect, text

from registry.db import Database
from registry.errors import OutOfOrder

if TYPE_CHECKING:
    from alembic.config import Config

NEWEST = "0014"


def current(database: Database) -> str | None:
    """Give the revision the database is at, or None when it is empty."""
    with database.engine.connect() as connection:
        if not inspect(connection).has_table("alembic_version"):
            return None
        return connection.execute(text("SELECT version_num FROM alembic_version")).scalar()


def require_newest(database: Database) -> None:
    """Stop unless the tables are those this program was made for.

    Raises :class:`OutOfOrder` that names the command which mends it.
    """
    found = current(database)
    if found == NEWEST:
        return
    raise OutOfOrder(
        f"the database is at {found or 'nothing'}, not at {NEWEST}: run 'saraban db upgrade'",
        thai=f"ฐานข้อมูลเป็นรุ่น {found or 'ว่าง'} ต้องเป็นรุ่น {NEWEST} โปรดสั่ง saraban db upgrade",
    )


def upgrade(database: Database, backup_dir: Path | None = None) -> Path | None:
    """Run all missing steps; give the path of the copy taken first (SQLite with data only)."""
    from alembic import command

    found = current(database)
    if found == NEWEST:
        return None
    copy = _copy_sqlite(database, backup_dir, found) if found and backup_dir else None
    with database.engine.begin() as connection:
        config = _config()
        config.attributes["connection"] = connection
        command.upgrade(config, "head")
    return copy


def upgrade_sql(database: Database) -> str:
    """Give the SQL of all steps for this engine, without running it."""
    from alembic import command

    config = _config()
    config.set_main_option("sqlalchemy.url", str(database.engine.url).replace("%", "%%"))
    out = io.StringIO()
    config.output_buffer = out
    with redirect_stdout(out):
        command.upgrade(config, "head", sql=True)
    return out.getvalue()


def history() -> list[tuple[str, str]]:
    """List the steps, oldest first, as revision and sentence."""
    from alembic.script import ScriptDirectory

    steps = ScriptDirectory.from_config(_config()).walk_revisions()
    return [(step.revision, (step.doc or "").strip()) for step in reversed(list(steps))]


def differences(database: Database) -> list[object]:
    """Compare the tables with the models; an empty list means they are in step."""
    from alembic.autogenerate import compare_metadata
    from alembic.migration import MigrationContext

    from registry.models import metadata

    with database.engine.connect() as connection:
        return list(compare_metadata(MigrationContext.configure(connection), metadata))


def _config() -> "Config":
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(files("migrations")).replace("%", "%%"))
    return config


def _copy_sqlite(database: Database, folder: Path, revision: str) -> Path | None:
    """Lay a consistent copy of the SQLite file into the folder."""
    if database.file is None:
        return None
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    stamp = datetime.now().astimezone().strftime("%Y%m%d-%H%M%S")
    target = folder / f"before-upgrade-from-{revision}-{stamp}.db"
    target.touch(mode=0o600)
    with (
        closing(sqlite3.connect(database.file)) as source,
        closing(sqlite3.connect(target)) as copy,
    ):
        source.backup(copy)
    return target
