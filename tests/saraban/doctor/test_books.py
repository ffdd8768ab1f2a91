"""The database, the clock against its numbers, people, and mail that is stuck."""

import sqlite3
from datetime import timedelta

import psycopg
import pytest

from gateway.inbound.tray import Tray
from gateway.service import Runtime
from gateway.settings import GatewaySettings
from registry import schema
from registry.clock import FrozenClock
from registry.settings import DatabaseSettings, Instance, OfficeSettings
from saraban.doctor import books
from tests.saraban.office import DLA, OFFICER, PHRAE


@pytest.fixture
def later(office):
    """The office's runtime, some time on."""

    def moved(**by):
        runtime = office.runtime()
        runtime.clock = FrozenClock(runtime.clock.now() + timedelta(**by))
        return runtime

    return moved


def states(findings):
    return [str(one.state) for one in findings]


def change(office, sql):
    with sqlite3.connect(office.folder / "saraban.db") as database:
        database.execute(sql)
    database.close()


def on(url, folder):
    settings = OfficeSettings(Instance(data_dir=folder), DatabaseSettings(url))
    return Runtime(settings, GatewaySettings())


def test_a_database_that_does_not_answer_is_wrong_and_the_rest_is_still_looked_at(
    office, monkeypatch, free_port
):
    monkeypatch.setenv("SARABAN__DATABASE__URL", f"postgresql://127.0.0.1:{free_port()}/x")
    findings = {one["check"]: one["state"] for one in office.data("doctor", code=1)}
    assert findings["database"] == "wrong"
    assert findings["certificates"] == "look"
    assert "people" not in findings


def test_old_tables_are_wrong_and_the_command_that_mends_them_is_named(office, found):
    change(office, "UPDATE alembic_version SET version_num = '0000'")
    assert found("database", code=1)[0]["todo"] == "สั่ง saraban db upgrade"


def test_postgresql_in_utf_8_is_well(postgres_url, tmp_path):
    assert states(books.database(on(postgres_url, tmp_path))) == ["well", "well"]


@pytest.mark.parametrize(
    ("encoding", "locale", "state"), [("UTF8", "C", "look"), ("LATIN1", "C", "wrong")]
)
def test_postgresql_that_may_spoil_thai_is_told(postgres, tmp_path, encoding, locale, state):
    name = f"doctor_{encoding.casefold()}"
    with psycopg.connect(postgres.url("postgres"), autocommit=True) as admin:
        admin.execute(
            f"CREATE DATABASE {name} TEMPLATE template0 ENCODING '{encoding}' LOCALE '{locale}'"
        )
    try:
        with psycopg.connect(postgres.url(name), autocommit=True) as empty:
            empty.execute("CREATE TABLE alembic_version (version_num text)")
            empty.execute("INSERT INTO alembic_version VALUES (%s)", [schema.NEWEST])
        assert states(books.database(on(postgres.url(name), tmp_path))) == ["well", state]
    finally:
        postgres.drop(name)


def test_a_clock_behind_the_last_number_is_wrong(office, later):
    office.receive()
    assert states(books.last_number(later(hours=-1))) == ["wrong"]
    assert states(books.last_number(later(hours=1))) == ["well"]


def test_an_entity_that_lacks_people_is_named_with_what_it_lacks(office, found):
    office.add_town()
    first, second = found("people")
    assert (first["state"], second["state"]) == ("well", "look")
    assert "เทศบาลเมืองแพร่" in second["what"]
    assert "เจ้าหน้าที่สารบรรณ และหน่วยงานย่อยรับทั่วไป" in second["what"]


def test_an_office_where_nobody_sees_all_letters_is_told_so(office, found):
    """What is not placed with a unit yet would lie there unseen."""
    office.run("officer", "disable", "secret@phrae.go.th")
    assert [one["state"] for one in found("people")] == ["well"]
    office.run("officer", "edit", OFFICER, "--unit", "local")
    told = found("people")[0]
    assert (told["state"], "เห็นหนังสือทุกหน่วยงานย่อย" in told["what"]) == ("look", True)
    office.run("entity", "edit", "phrae", "--readers", "entity")
    assert [one["state"] for one in found("people")] == ["well"]


def test_an_officer_who_left_does_not_count(office, found):
    office.run("officer", "disable", OFFICER)
    office.run("officer", "disable", "secret@phrae.go.th")
    assert "เจ้าหน้าที่สารบรรณ" in found("people")[0]["what"]


def test_mail_that_leaves_in_time_is_well(office, later):
    office.run("letter", "accept", office.draft(), "--by", OFFICER)
    assert states(books.queue(later(minutes=5))) == ["well"]


def test_mail_that_nobody_sends_is_wrong(office, later):
    office.run("letter", "accept", office.draft(), "--by", OFFICER)
    [finding] = books.queue(later(hours=1))
    assert finding.state == "wrong"
    assert "saraban serve" in finding.todo


def test_mail_that_is_tried_again_and_again_is_told_with_the_last_reply(office, later):
    office.run("letter", "accept", office.draft(), "--by", OFFICER)
    change(office, "UPDATE outbox SET not_before = '2999-01-01', last_reply = '450 later'")
    [finding] = books.queue(later(hours=5))
    assert finding.state == "look"
    assert "450 later" in finding.what


def test_mail_that_was_given_up_is_told(office, later):
    office.run("letter", "accept", office.draft(), "--by", OFFICER)
    change(office, "UPDATE outbox SET state = 'failed'")
    assert states(books.queue(later(hours=1))) == ["look"]


def test_mail_that_could_not_be_read_is_wrong(office, found):
    Tray(office.folder / "spool").set_aside(office.lay(DLA, PHRAE, subject="ก"), "เสีย")
    assert [one["state"] for one in found("spool", code=1)] == ["wrong"]


def test_mail_that_was_put_by_is_told(office, found):
    Tray(office.folder / "spool").hold(office.lay(DLA, PHRAE, subject="ก"), "พัก")
    assert [one["state"] for one in found("spool")] == ["look"]


def test_mail_that_nobody_enters_is_wrong(office, later):
    office.lay(DLA, PHRAE, subject="ก")
    assert states(books.spool(later(minutes=1))) == ["well"]
    assert states(books.spool(later(hours=1))) == ["wrong"]
