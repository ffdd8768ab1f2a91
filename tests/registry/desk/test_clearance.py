"""An officer of secret letters who is cleared up to a grade sees that far, and no further."""

import pytest
from sqlalchemy import select

from registry import awaiting, directory, entries
from registry.accounts import access, api_tokens, officers
from registry.accounts.api_tokens import Scope
from registry.accounts.clearance import covers, within
from registry.desk.accept import accept
from registry.desk.due import dealing
from registry.errors import NotAllowed, NotFound
from registry.letter.grades import Secrecy
from registry.letters import get_letter
from registry.models.books import EntryRow
from registry.search.query import search
from registry.search.terms import Reader
from tests.registry.desk.conftest import OFFICER, SECRET_OFFICER, House

GRADES = [one.thai for one in Secrecy]


@pytest.mark.parametrize("secrecy", [None, *GRADES])
@pytest.mark.parametrize("cleared", [True, False, *Secrecy])
def test_values_and_rows_are_asked_alike(house: House, cleared, secrecy):
    with house.database.write() as session:
        key = entries.BookKey(house.phrae.id, "", "received", "ordinary", 2568)
        content = entries.EntryFields(subject="เรื่อง", secrecy=secrecy)
        entries.write(session, key, None, content, OFFICER, house.clock)
    with house.database.read() as session:
        found = session.scalars(select(EntryRow).where(within(EntryRow.secrecy, cleared))).all()
    assert bool(found) == covers(cleared, secrecy)


def bounded(house: House, grade: str):
    """The officer of secret letters, cleared up to a grade, and what they may see."""
    with house.database.write() as session:
        who = directory.officer_by_email(session, SECRET_OFFICER)
        officers.edit(
            session, house.phrae.id, who.id, by="admin", at=house.clock.now(), clearance=grade
        )
        who = directory.officer_by_email(session, SECRET_OFFICER)
        return who, access.reach_of(session, house.phrae, who)


@pytest.fixture
def three(house: House, mail) -> dict[str, str]:
    """A held letter of each grade."""
    made = {}
    for number, grade in enumerate(GRADES):
        outcome = house.one(mail(subject=f"{grade} เรื่องที่ {number}"))
        made[grade] = outcome.letter_id
    return made


def test_letters_beyond_the_grade_are_not_there_nor_counted(house, three):
    who, reach = bounded(house, "ลับมาก")
    assert (who.grade, who.cleared, reach.clearance) == (Secrecy.SECRET, False, Secrecy.SECRET)
    with house.database.read() as session:
        lines = awaiting.waiting(
            session, house.phrae.id, dealing(house.desk), cleared=reach.clearance
        )
        assert len(lines) == 2
        assert awaiting.counts(session, house.phrae.id, cleared=reach.clearance).waiting == 2
        with access.gate(session, reach):
            assert get_letter(session, three["ลับมาก"]).secrecy == "ลับมาก"
    with house.database.read() as session, access.gate(session, reach), pytest.raises(NotFound):
        get_letter(session, three["ลับที่สุด"])


def test_acts_on_letters_beyond_the_grade_are_refused(house, three):
    bounded(house, "ลับ")
    with house.database.write() as session:
        made = accept(session, house.desk, three["ลับ"], SECRET_OFFICER)
    assert made.series == "secret"
    with house.database.write() as session, pytest.raises(NotAllowed):
        accept(session, house.desk, three["ลับมาก"], SECRET_OFFICER)


def test_lines_and_search_show_as_far_as_the_grade(house, three):
    with house.database.write() as session:
        for letter_id in three.values():
            accept(session, house.desk, letter_id, SECRET_OFFICER)
    _, reach = bounded(house, "ลับมาก")
    with house.database.read() as session:
        listed = entries.listing(session, "phrae", "received", cleared=reach.clearance)
        assert [bool(one.subject) for one in listed] == [True, True, False]
        found = search(session, "เรื่องที่", Reader.of(reach))
        assert {one.secrecy for one in found.hits} == {"ลับ", "ลับมาก"}


def test_who_has_no_bound_sees_every_grade_and_others_none(house, three):
    with house.database.read() as session:
        who = directory.officer_by_email(session, SECRET_OFFICER)
        assert access.reach_of(session, house.phrae, who).clearance is True
        other = directory.officer_by_email(session, OFFICER)
        assert access.reach_of(session, house.phrae, other).clearance is False


def test_a_program_of_an_officer_with_a_bound_reads_no_secret_letter(house, three):
    who, _ = bounded(house, "ลับมาก")
    with house.database.write() as session, pytest.raises(NotAllowed):
        api_tokens.issue(
            session, house.phrae, "program", [Scope.READ, Scope.SECRET], by="admin",
            at=house.clock.now(), officer=who.email,
        )  # fmt: skip
