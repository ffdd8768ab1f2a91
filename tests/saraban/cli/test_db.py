"""Tables brought up to date, with a copy first, and checked.

There is one step so far, so an old database is one whose revision is written down as another.
"""

import sqlite3

import pytest

from registry import schema


def change(office, sql):
    with sqlite3.connect(office.folder / "saraban.db") as database:
        database.execute(sql)
    database.close()


NEWEST = schema.NEWEST


@pytest.fixture
def newer_program(monkeypatch):
    """A program that asks for one step more than the database of the tests has."""

    def upgrade(config, revision):
        config.attributes["connection"].exec_driver_sql(
            "UPDATE alembic_version SET version_num = '9999'"
        )

    monkeypatch.setattr(schema, "NEWEST", "9999")
    monkeypatch.setattr("alembic.command.upgrade", upgrade)


def test_an_empty_database_gets_all_tables(office):
    (office.folder / "saraban.db").unlink()
    assert "รุ่น ว่าง" in office.run("db", "check", code=1).stderr
    assert schema.NEWEST in office.run("db", "upgrade").stderr
    office.run("db", "check")
    assert list((office.folder / "backups").iterdir()) == []


def test_the_newest_database_is_left_alone(office):
    assert "รุ่นล่าสุดแล้ว" in office.run("db", "upgrade").stderr
    assert list((office.folder / "backups").iterdir()) == []


def test_before_an_upgrade_the_books_are_copied(office, newer_program):
    office.run("db", "check", code=1)
    done = office.run("db", "upgrade")
    [copy] = (office.folder / "backups").iterdir()
    assert str(copy) in done.stderr
    with sqlite3.connect(copy) as kept:
        assert kept.execute("SELECT version_num FROM alembic_version").fetchone() == (NEWEST,)
        assert kept.execute("SELECT count(*) FROM entity").fetchone() == (2,)
    kept.close()
    assert copy.stat().st_mode & 0o077 == 0


def test_an_old_database_stops_every_other_command(office, newer_program):
    assert "saraban db upgrade" in office.run("entity", "list", code=3).stderr


def test_tables_that_somebody_changed_by_hand_are_told(office):
    change(office, "ALTER TABLE officer ADD COLUMN shoe_size INTEGER")
    assert "shoe_size" in office.run("db", "check", code=1).stderr


def test_the_steps_are_listed_oldest_first(office):
    assert office.data("db", "history")[0]["revision"] == "0001"
    assert "0001" in office.run("db", "history").stdout


def test_the_sql_of_all_steps_is_printed_and_not_run(office):
    (office.folder / "saraban.db").unlink()
    printed = office.run("db", "sql").stdout
    assert "CREATE TABLE entry" in printed
    assert "-- Where letters are registered already, this step also writes a line" in printed
    office.run("db", "check", code=1)
