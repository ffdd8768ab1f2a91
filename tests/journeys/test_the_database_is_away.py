"""The database goes away for a while: letters are taken in all the same, and entered in order."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import psycopg
import pytest
from psycopg import sql

from gateway.inbound.tray import Tray
from tests.gateway.inbound.client import Client
from tests.journeys import odd
from tests.journeys.installation import Installation, mail
from tests.journeys.odd import DLA, PHRAE
from tests.servers.lending import Lender
from tests.servers.ports import free_port, greets
from tests.servers.postgres import Postgres

MISSED = [f"ฉบับที่ {number}" for number in range(1, 6)]


@pytest.fixture
def postgres_office(
    tmp_path: Path, postgres: Postgres, postgres_databases: Lender
) -> Iterator[tuple[Installation, str]]:
    """An office on PostgreSQL, and the name of its database."""
    name = postgres_databases.borrow()
    made = Installation(tmp_path / "office", first=None, url=postgres.url(name))
    made.add_entity("phrae", "จังหวัดแพร่", "phrae.go.th", "พร ๐๐๒๓", hosted=True)
    made.add_entity("dla", "กรมส่งเสริมการปกครองท้องถิ่น", "dla.go.th", "มท ๐๘๑๐")
    yield made, name
    made.end()
    postgres_databases.give_back(name)


@contextmanager
def away(postgres: Postgres, name: str) -> Iterator[None]:
    """Throw everybody out of a database and let nobody in, for the length of the block."""
    with psycopg.connect(postgres.url("postgres"), autocommit=True) as connection:
        closed = sql.SQL("ALTER DATABASE {} ALLOW_CONNECTIONS {}")
        database = sql.Identifier(name)
        connection.execute(closed.format(database, sql.SQL("false")))
        connection.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s", [name]
        )
        try:
            yield
        finally:
            connection.execute(closed.format(database, sql.SQL("true")))


def come_in(office: Installation, subjects: list[str]) -> None:
    for subject in subjects:
        office.send(mail(DLA, PHRAE, subject), DLA, PHRAE)


def test_letters_that_come_while_postgresql_is_away_are_entered_in_order_when_it_is_back(
    postgres: Postgres, postgres_office: tuple[Installation, str]
):
    """The service is even started anew meanwhile, as after a power cut; the door opens at once."""
    office, name = postgres_office
    port = free_port()
    office.settings("smtp", listen=f"127.0.0.1:{port}")
    process = office.start("smtp,worker")
    come_in(office, ["ก่อนหน้า"])
    office.wait(lambda: office.entries("received"))
    with away(postgres, name):
        come_in(office, MISSED[:3])
        with Client(port) as client:
            client.say(f"MAIL FROM:<{DLA}>")
            assert client.say("RCPT TO:<nobody@phrae.go.th>").startswith("550 5.1.1 ")
        office.wait(lambda: "the database is away" in office.log())
        office.stop(process)
        process = office.launch("smtp,worker")
        office.wait(lambda: greets(port, b"220"))
        come_in(office, MISSED[3:])
        assert Tray(office.folder / "spool").waiting()[0] == len(MISSED)
    office.wait(lambda: len(office.entries("received")) == 1 + len(MISSED))
    office.stop(process)
    entries = office.entries("received")
    assert [entry.subject for entry in entries] == ["ก่อนหน้า", *MISSED]
    assert [entry.number for entry in entries] == list(range(1, 2 + len(MISSED)))
    assert office.run("proof").returncode == 0


def test_letters_that_come_while_somebody_locks_the_file_are_entered_when_it_is_free(
    tmp_path: Path,
):
    office = Installation(tmp_path / "office")
    office.add_entity("dla", "กรมส่งเสริมการปกครองท้องถิ่น", "dla.go.th", "มท ๐๘๑๐")
    with office.serving("smtp,worker"):
        with closing(sqlite3.connect(office.folder / "saraban.db")) as other:
            other.execute("BEGIN EXCLUSIVE")
            for subject in MISSED:
                raw = odd.mail(f"locked-{subject[-1]}", subject=subject.encode())
                assert office.hand_in(raw, DLA, PHRAE).startswith("250 ")
        office.wait(lambda: len(office.entries("received")) == len(MISSED))
    assert [entry.subject for entry in office.entries("received")] == MISSED
