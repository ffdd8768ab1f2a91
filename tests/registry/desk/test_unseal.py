"""What becomes secret keeps no text of its files in the tables that searching reads."""

from collections.abc import Callable

import pytest
from sqlalchemy import select

from registry.desk import unseal
from registry.desk.accept import accept
from registry.letter.grades import Secrecy
from registry.models.letters import EnclosureRow
from registry.models.search import FileTextRow
from tests.registry.desk.conftest import NOBODY, OFFICER, House, Mails, pdf

CITIZEN = {"sender": "nid@gmail.example", "sender_name": "นิด ใจดี", "trust": NOBODY}


@pytest.fixture
def waiting(house: House, mail: Mails) -> str:
    """A letter that waits, whose file was read."""
    letter_id = house.one(mail(**CITIZEN, parts=[pdf()])).letter_id
    assert letter_id is not None
    with house.database.write() as session:
        wanted = select(EnclosureRow.sha256).where(EnclosureRow.letter_id == letter_id)
        sha256 = session.scalars(wanted).one()
        session.add(FileTextRow(sha256=sha256, state="done", text="ลงนาม"))
    return letter_id


@pytest.fixture
def texts(house: House) -> Callable[[], list[str]]:
    """Give all texts that are kept."""

    def kept() -> list[str]:
        with house.database.read() as session:
            return list(session.scalars(select(FileTextRow.text)))

    return kept


def test_a_letter_marked_secret_keeps_no_text(house: House, waiting: str, texts):
    with house.database.write() as session:
        unseal.mark(session, house.desk, waiting, OFFICER, Secrecy.SECRET)
    assert texts() == []


def test_a_letter_accepted_as_secret_keeps_no_text(house: House, waiting: str, texts):
    with house.database.write() as session:
        accept(session, house.desk, waiting, OFFICER, secrecy="ลับ")
    assert texts() == []


def test_a_letter_accepted_as_it_is_keeps_its_text(house: House, waiting: str, texts):
    with house.database.write() as session:
        accept(session, house.desk, waiting, OFFICER)
    assert texts() == ["ลงนาม"]
