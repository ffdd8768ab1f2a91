"""Copies of the database: by the programs that the system has, or none."""

import sqlite3

import pytest

from registry import dumps
from registry.db import Database
from registry.errors import Conflict, OutOfOrder


def test_a_missing_program_is_named_with_its_package(monkeypatch, tmp_path):
    monkeypatch.setattr(dumps, "_DEBIAN", tmp_path)
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(OutOfOrder, match="postgresql-client"):
        dumps._find("pg_dump")


def test_a_copy_is_of_the_snapshot_and_not_of_what_came_later(sqlite_url, tmp_path):
    database = Database.open(sqlite_url)
    with database.snapshot() as session:
        with database.write() as other:
            other.connection().exec_driver_sql("CREATE TABLE later (n INTEGER)")
        dumps.dump(session, database, tmp_path / "copy")
    database.close()
    copy = sqlite3.connect(tmp_path / "copy")
    names = {row[0] for row in copy.execute("SELECT name FROM sqlite_master")}
    copy.close()
    assert "entry" in names
    assert "later" not in names


def test_a_copy_is_never_loaded_over_data(database, tmp_path):
    with pytest.raises(Conflict):
        dumps.load(tmp_path / "copy", database)
