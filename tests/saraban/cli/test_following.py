"""Whoever a letter went to, by command: reminded, noted as reported by another way."""

import pytest

from registry.letter.delivery import DeliveryState
from registry.models.outgoing import DeliveryRow
from tests.saraban.office import CLERK, DLA, OFFICER


@pytest.fixture
def entry(office):
    """The id of a letter that has left and was received, and that is to be reported on."""
    office.run(
        "letter", "compose", "--subject", "ขอข้อมูล", "--text", "โปรดส่งข้อมูล", "--to", "dla",
        "--due", "2099-10-03", "--send", "--by", OFFICER,
    )  # fmt: skip
    [sent] = office.data("register", "list", "--book", "sent")
    runtime = office.runtime()
    with runtime.database.write() as session:
        row = session.query(DeliveryRow).one()
        row.state = str(DeliveryState.REGISTERED)
    runtime.close()
    return sent["id"]


def test_who_owes_a_report_is_reminded_once_a_day(office, entry):
    done = office.data("letter", "remind", entry, "--text", "โปรดเร่งรัด", "--by", OFFICER)
    assert done == {"entry": entry, "reminded": 1}
    office.run("letter", "remind", entry, "--by", OFFICER, code=1)
    notices = [one for one in office.data("queue", "list", "--all") if one["kind"] == "notice"]
    assert DLA in [one["to"] for one in notices if one["entry"] == entry]


def test_only_addressees_are_reminded(office, entry):
    refused = office.run("letter", "remind", entry, "--to", "town", "--by", OFFICER, code=1)
    assert "ไม่ใช่ผู้รับ" in refused.stderr
    assert "๑ ราย" in office.run("letter", "remind", entry, "--to", "DLA", "--by", OFFICER).stderr


def test_a_clerk_reminds_of_their_own_letters_alone(office, entry):
    office.run("letter", "remind", entry, "--by", CLERK, code=1)


def test_a_report_by_another_way_is_noted_and_taken_back(office, entry):
    office.run("letter", "reported", entry, "--by", OFFICER, code=2)
    done = office.data("letter", "reported", entry, "--how", "กรอกแบบออนไลน์", "--by", OFFICER)
    assert done == {"entry": entry, "reported": True, "changed": 1}
    [told] = office.data("letter", "show", entry)["deliveries"]
    assert told["reported_at"]
    office.run("letter", "remind", entry, "--by", OFFICER, code=1)
    office.run("letter", "reported", entry, "--undo", "--by", OFFICER)
    [told] = office.data("letter", "show", entry)["deliveries"]
    assert told["reported_at"] is None


def test_of_many_addressees_those_who_reported_are_named(office, entry):
    office.add_town()
    letter = office.data(
        "letter", "compose", "--subject", "เวียน", "--text", "เพื่อทราบ", "--to", "dla",
        "--to", "town", "--send", "--entity", "phrae", "--by", OFFICER,
    )  # fmt: skip
    act = ("letter", "reported", letter["entry"], "--how", "โทรศัพท์", "--by", OFFICER)
    office.run(*act, code=2)
    assert office.data(*act, "--to", "town")["changed"] == 1
    assert office.data(*act, "--all")["changed"] == 1
