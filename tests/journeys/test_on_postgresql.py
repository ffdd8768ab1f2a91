"""The same office with its books in PostgreSQL: nothing but the URL is different."""

from pathlib import Path

import pytest

from tests.journeys.installation import Installation, mail

DLA, PHRAE = "saraban@dla.go.th", "saraban@phrae.go.th"


@pytest.fixture
def office(tmp_path: Path, postgres_empty_url: str) -> Installation:
    """An office whose tables are made by the command, as an admin would."""
    made = Installation(tmp_path / "office", url=postgres_empty_url)
    made.run("db", "upgrade")
    made.run(
        "entity", "add", "phrae", "--name", "จังหวัดแพร่", "--address", PHRAE,
        "--letter-code", "พร ๐๐๒๓", "--hosted",
    )  # fmt: skip
    made.run(
        "entity", "add", "dla", "--name", "กรมส่งเสริมการปกครองท้องถิ่น", "--address", DLA,
        "--letter-code", "มท ๐๘๑๐",
    )  # fmt: skip
    return made


def test_a_letter_is_registered_and_proven_on_postgresql(office: Installation):
    letter = mail(DLA, PHRAE, "ขอเชิญประชุม")
    with office.serving("smtp,worker"):
        office.send(letter, DLA, PHRAE)
        office.send(letter, DLA, PHRAE)
        office.wait(lambda: office.entries("received"))
    [entry] = office.register("received")
    assert (entry["number"], entry["subject"]) == (1, "ขอเชิญประชุม")
    assert office.run("db", "check").returncode == 0
    assert office.data("proof")["holds"] is True


def test_services_refuse_to_start_on_tables_that_are_not_there(
    tmp_path: Path, postgres_empty_url: str
):
    office = Installation(tmp_path / "office")
    office.settings("database", url=postgres_empty_url)
    refused = office.run("serve", ok=False)
    assert refused.returncode == 3
    assert "saraban db upgrade" in refused.stderr
