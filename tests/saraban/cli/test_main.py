"""How every command ends: one line on stderr that says what to do, and the right exit code."""

import sqlite3

import pytest
from click.testing import CliRunner

from saraban.cli.main import COMMANDS, cli

PARTS = {
    "db": {"upgrade", "check", "history", "sql"},
    "entity": {"add", "list", "show", "import", "group"},
    "unit": {"add", "list"},
    "route": {"add", "list", "test"},
    "officer": {"add", "list", "passwd", "disable"},
    "register": {"list"},
    "letter": {"show", "original", "waiting", "accept", "return", "link", "unlink"},
    "number": {"start", "reserve", "use", "void"},
    "queue": {"list", "retry", "hold", "drop"},
    "spool": {"list", "show", "readmit"},
}


def test_help_names_every_command_without_importing_them(office):
    listed = office.run("--help").stdout
    assert all(name in listed for name in COMMANDS)


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_has_its_file_and_explains_itself(office, name):
    assert "--help" in office.run(name, "--help").stdout


@pytest.mark.parametrize("name", PARTS)
def test_the_parts_that_scripts_rely_on_are_there(name):
    group = cli.get_command(None, name)
    assert set(group.commands) >= PARTS[name]


def test_what_is_not_found_is_exit_1_and_one_line(office):
    done = office.run("entity", "show", "nowhere", code=1)
    assert done.stdout == ""
    assert done.stderr.startswith("saraban: ไม่พบหน่วยงานรหัส “nowhere”")
    assert done.stderr.count("\n") == 1


def test_what_is_not_understood_is_exit_2(office):
    office.run("letter", "show", "รับ/สองพัน/2568", code=2)


def test_an_unknown_option_is_exit_2(office):
    office.run("entity", "list", "--nonsense", code=2)


def test_a_missing_configuration_is_exit_3_and_says_how_to_name_one(tmp_path):
    done = CliRunner().invoke(cli, ["entity", "list", "--config", str(tmp_path / "no.toml")])
    assert done.exit_code == 3
    assert "--config PATH" in done.stderr


def test_a_misspelt_key_is_exit_3_and_named(office):
    office.write_settings("[[relay]]\nhots = 'mail.example'\n")
    assert "hots" in office.run("entity", "list", code=3).stderr


def test_a_database_that_does_not_answer_is_exit_3(office, monkeypatch, free_port):
    monkeypatch.setenv("SARABAN__DATABASE__URL", f"postgresql://127.0.0.1:{free_port()}/x")
    done = office.run("entity", "list", code=3)
    assert "ติดต่อฐานข้อมูลไม่ได้" in done.stderr
    assert done.stderr.count("\n") == 1


def test_a_database_that_is_not_there_is_exit_3(office, monkeypatch, postgres):
    monkeypatch.setenv("SARABAN__DATABASE__URL", postgres.url("nowhere"))
    assert "nowhere" in office.run("entity", "list", code=3).stderr


def test_a_database_url_that_is_none_is_exit_3(office, monkeypatch):
    monkeypatch.setenv("SARABAN__DATABASE__URL", "nonsense")
    assert "database.url" in office.run("entity", "list", code=3).stderr


def test_old_tables_are_exit_3_and_name_the_command_that_mends_them(office):
    with sqlite3.connect(office.folder / "saraban.db") as database:
        database.execute("UPDATE alembic_version SET version_num = '0000'")
    database.close()
    assert "saraban db upgrade" in office.run("entity", "list", code=3).stderr


def test_missing_keys_are_exit_3(office):
    (office.folder / "keys" / "token.key").unlink()
    assert "token.key" in office.run("register", "list", code=3).stderr
