"""Who opens a letter before it is sent: whoever wrote it, and those who number it."""

import pytest
from sqlalchemy import select

from registry import directory
from registry.accounts import access
from registry.accounts.access import Reach
from registry.letter.entity import Officer, Role
from registry.models.letters import LetterRow
from registry.search.terms import Reader
from tests.registry.search.books import Shelf

CLERK, BOSS = "somjai@phrae.example", "boss@phrae.example"


@pytest.fixture
def shelf_(database, clock, office) -> Shelf:
    return Shelf(database, clock, office.phrae)


def reach(shelf: Shelf, email: str, role: Role) -> Reach:
    with shelf.database.read() as session:
        entity = directory.entity_by_id(session, shelf.entity)
        officer = Officer(1, email, entity.code, "", "", role, disabled=False)
        return access.reach_of(session, entity, officer)


def test_what_is_not_sent_yet_is_opened_by_its_clerk_and_by_those_who_number(shelf_):
    """Also where everybody sees all letters of the entity."""
    letter = shelf_.register("ก")
    with shelf_.database.write() as session:
        row = session.get_one(LetterRow, letter)
        row.direction, row.state, row.clerk = "out", "draft", CLERK
    seen = {}
    for email, role in (
        (CLERK, Role.CLERK), ("other@phrae.example", Role.CLERK), (BOSS, Role.OFFICER),
        ("auditor@phrae.example", Role.AUDITOR),
    ):  # fmt: skip
        theirs = reach(shelf_, email, role)
        with shelf_.database.read() as session, access.gate(session, theirs):
            found = session.scalars(select(LetterRow.id).where(LetterRow.id == letter)).all()
        seen[email] = (bool(found), access.sees_draft(theirs, CLERK))
    assert seen == {
        CLERK: (True, True), BOSS: (True, True), "other@phrae.example": (False, False),
        "auditor@phrae.example": (False, False),
    }  # fmt: skip


def test_it_is_found_by_the_same_people_and_once_sent_by_everybody(shelf_):
    """Nobody else counts it, is told its id, or finds it by its number of the day."""
    letter = shelf_.wait("ร่างหนังสือแจ้งเวียน")
    shelf_.change(LetterRow, letter, direction="out", state="draft", clerk=CLERK)
    shelf_.settle()
    people = {
        CLERK: Role.CLERK, "other@phrae.example": Role.CLERK, BOSS: Role.OFFICER,
        "auditor@phrae.example": Role.AUDITOR,
    }  # fmt: skip
    readers = {one: Reader.of(reach(shelf_, one, role)) for one, role in people.items()}
    for line in ("แจ้งเวียน", "ร่", letter):
        found = {one for one, reader in readers.items() if shelf_.page(line, reader).total.number}
        assert found == {CLERK, BOSS}, line
    shelf_.change(LetterRow, letter, state="waiting", direction="in")
    shelf_.settle()
    assert all(shelf_.page("แจ้งเวียน", reader).total.number == 1 for reader in readers.values())
