"""What is done with a letter in the books, by command: the same acts as in the pages."""

import pytest

from tests.saraban.office import CLERK, OFFICER


@pytest.fixture
def entry(office):
    """The id of a registered letter."""
    office.receive()
    return office.received()[0]["id"]


def test_a_letter_is_presented_ordered_and_closed(office, entry):
    office.run("letter", "propose", entry, "--to", CLERK, "--text", "เห็นควรทราบ", "--by", OFFICER)
    office.run("letter", "propose", entry, "--to", CLERK, "--by", OFFICER, code=1)
    office.run("letter", "endorse", entry, "--text", "ทราบ", "--by", CLERK)
    office.run("letter", "close", entry, "--how", "noted", "--by", CLERK)

    shown = office.run("letter", "show", entry).stdout
    for words in ("เห็นควรทราบ", "สั่งการ", f"{CLERK}: ทราบ", "ปิดเรื่อง"):
        assert words in shown
    assert office.data("letter", "show", entry)["closed"]


def test_a_closed_matter_is_opened_again(office, entry):
    office.run("letter", "close", entry, "--how", "filed", "--by", CLERK)
    office.run("letter", "reopen", entry, "--reason", "มีเรื่องเพิ่ม", "--by", CLERK)
    assert office.data("letter", "show", entry)["closed"] is None


def test_a_letter_is_passed_on_to_a_unit(office, entry):
    office.run("unit", "add", "health", "--entity", "phrae", "--name", "กลุ่มงานสาธารณสุข")
    office.run("letter", "pass", entry, "--unit", "health", "--by", CLERK)
    assert "กลุ่มงานสาธารณสุข" in office.data("letter", "show", entry)["action"]
    office.run("letter", "pass", entry, "--unit", "nowhere", "--by", CLERK, code=1)


def test_a_line_is_corrected_by_an_officer(office, entry):
    fields = ("--subject", "เรื่องที่ถูก", "--dated", "2019-10-03", "--reason", "อ่านใหม่")
    office.run("letter", "amend", entry, *fields, "--by", CLERK, code=1)
    office.run("letter", "amend", entry, *fields, "--by", OFFICER)
    shown = office.data("letter", "show", entry)
    assert (shown["subject"], shown["dated"]) == ("เรื่องที่ถูก", "2019-10-03")
