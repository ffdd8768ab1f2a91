"""Installations for tests: their tables are migrated once in each process, then laid down again.

Nine tenths of what it costs to found one is to migrate its tables, and 0.2 s are much for a test
that asks something else. Keys, certificate and the first entity are made anew each time.
"""

from pathlib import Path
from types import SimpleNamespace

import pytest

from registry import schema
from registry.db import Database
from saraban import installing
from saraban.installing import FirstEntity

_kept: list[bytes] = []


def founded(folder: Path, hostname: str, first: FirstEntity | None) -> Path:
    """Do what :func:`saraban.installing.install` does; give the path of saraban.toml."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(installing, "schema", SimpleNamespace(upgrade=_upgrade))
        return installing.install(folder, hostname, first)


def _upgrade(database: Database) -> None:
    """Bring a new file of SQLite, to which nobody is connected yet, to the newest form."""
    assert database.file
    if _kept:
        database.file.write_bytes(_kept[0])
        return
    schema.upgrade(database)
    database.close()  # moves what was written into the file itself
    _kept.append(database.file.read_bytes())
