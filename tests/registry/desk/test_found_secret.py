"""A letter that is found marked when it is in its book: hidden at once, and opened if it is not."""

import pytest

from registry import entries, outbox
from registry.desk import found_secret, free_secret
from registry.letter.grades import Secrecy
from tests.registry.desk.conftest import OFFICER, SECRET_OFFICER, House, Mails, pdf, sha
from tests.registry.desk.secret_house import GRADE, lay, letter_of, move, proven


@pytest.fixture
def registered(house: House, mail: Mails) -> str:
    """A registered letter full of the canary."""
    return lay(house, mail)


def test_the_system_hides_what_it_finds_marked_and_the_number_stays_for_now(house, registered):
    with house.database.write() as session:
        found = found_secret.found_on_paper(session, house.desk, sha("ลงนาม"), GRADE)
    entry = house.entry(registered)
    assert found == [entry.letter_id]
    assert (entry.state, entry.series, entry.number, entry.secrecy) == (
        "registered", "ordinary", 1, "ลับ",
    )  # fmt: skip
    with house.database.read() as session:
        assert entries.get(session, registered).subject == ""
    assert {job.state for job in house.jobs(outbox.Kind.COPY)} == {"withdrawn"}
    assert proven(house) == []


def test_found_again_changes_nothing(house, registered):
    for expected in (1, 0):
        with house.database.write() as session:
            found = found_secret.found_on_paper(session, house.desk, sha("ลงนาม"), GRADE)
        assert len(found) == expected


def test_what_was_hidden_moves_when_the_officer_agrees(house, registered):
    with house.database.write() as session:
        found_secret.found_on_paper(session, house.desk, sha("ลงนาม"), GRADE)
    assert move(house, registered).entry.series == "secret"
    assert proven(house) == []


def test_what_was_hidden_by_mistake_opens_again_and_its_copies_go(house, registered):
    with house.database.write() as session:
        (letter_id,) = found_secret.found_on_paper(session, house.desk, sha("ลงนาม"), GRADE)
    with house.database.write() as session:
        free_secret.free(session, house.desk, letter_id, SECRET_OFFICER, "เป็นคำว่ากลับ")
    assert house.entry(registered).secrecy is None
    assert house.letter(letter_id).secrecy is None
    assert [job.state for job in house.jobs(outbox.Kind.COPY)] == ["withdrawn", "queued"]
    assert proven(house) == []


def test_a_waiting_letter_found_marked_is_held(house, mail):
    stranger = {"sender": "nid@gmail.example", "sender_name": "นิด"}
    letter_id = house.one(mail(**stranger, parts=[pdf()])).letter_id
    with house.database.write() as session:
        found_secret.found_on_paper(session, house.desk, sha("ลงนาม"), Secrecy.SECRET)
    row = house.letter(letter_id)
    assert (row.state, row.secrecy) == ("secret", "ลับมาก")


def test_an_officer_who_finds_a_marking_hides_the_letter(house, registered):
    with house.database.write() as session:
        found_secret.hide(session, house.desk, letter_of(house, registered), OFFICER, GRADE)
    assert house.entry(registered).secrecy == "ลับ"


@pytest.mark.parametrize(
    ("line", "grade"),
    [("ลับ", GRADE), ("  - ลับมาก -  ", Secrecy.SECRET), ("กลับ", None), ("ลับ ๆ ล่อ ๆ", None),
     ("เรื่อง ข้อมูลข่าวสารลับของราชการ", None), ("สลับ", None)],
)  # fmt: skip
def test_a_marking_is_alone_on_its_line(line, grade):
    assert found_secret.marking_on(["ที่ มท ๐๘๑๐.๗/ว ๓๙๗๔", line, "เรื่อง ขอความร่วมมือ"]) is grade
