"""The directory that several offices share: what one of them may change, and who hears of it."""

import pytest

from registry import directory
from registry.desk import share
from registry.errors import Conflict, NotAllowed, NotFound
from registry.letter.entity import Role
from registry.models.evidence import JournalRow
from registry.models.people import EntityRow
from tests.registry.desk.conftest import OFFICER, SECRET_OFFICER

BY = "officer@town.example"


@pytest.fixture
def edit(house):
    """Change an entity for the town, or for another office."""

    def change(code, own=None, **wanted):
        with house.database.write() as session:
            return share.edit(session, house.desk, own or house.town, code, BY, **wanted)

    return change


@pytest.fixture
def add(house):
    """Add an entity for the town."""

    def made(**fields):
        fields = {"code": "fake", "name": "ที่ว่าการอำเภอ", "address": "x@song.example"} | fields
        with house.database.write() as session:
            return share.add(session, house.desk, house.town, BY, **fields)

    return made


@pytest.mark.parametrize(
    "wanted", [{"address": "saraban@evil.example"}, {"domains": ("evil.example",)}]
)
def test_where_a_shared_entity_is_reached_is_changed_by_no_office(house, edit, wanted):
    with pytest.raises(NotAllowed) as refused:
        edit("dla", **wanted)
    assert "saraban entity edit" in refused.value.thai
    (row,) = house.rows(EntityRow, code="dla")
    assert (row.address, row.domains) == ("saraban@dla.example", ["dla.example"])


def test_it_is_where_the_directory_is_nobody_elses(house, edit):
    with house.database.write() as session:
        session.get_one(EntityRow, house.phrae.id).hosted = False
    assert edit("dla", domains=("dla.example", "new.example")).domains[1] == "new.example"


@pytest.mark.parametrize(
    "fields",
    [
        {"domains": ("phrae.example",)},
        {"domains": ("mail.phrae.example",)},
        {"domains": ("example",)},
        {"address": "someone@phrae.example"},
    ],
)
def test_nobody_is_added_under_the_name_of_an_office_that_is_hosted_here(house, add, fields):
    with pytest.raises(Conflict):
        add(**fields)
    assert house.rows(EntityRow, code="fake") == []


def test_an_office_takes_no_domain_of_another_for_itself(house, edit):
    for domain in ("phrae.example", "dla.example"):
        with pytest.raises(Conflict):
            edit("town", domains=("town.example", domain))
    assert "second.example" in edit("town", domains=("town.example", "second.example")).domains


def test_a_neighbour_is_not_ours_to_change(house, edit):
    with pytest.raises(NotAllowed):
        edit("town", own=house.phrae, name="เมือง")
    with pytest.raises(NotFound):
        edit("nobody", name="ใคร")


def test_every_office_finds_it_in_its_journal_and_the_others_are_told(house, add, edit):
    with house.database.write() as session:
        directory.add_officer(
            session, house.town.id, email=BY, role=Role.OFFICER, at=house.clock.now()
        )
    add()
    edit("dla", phone="02 241 9000")
    for own in (house.phrae, house.town):
        acts = [row.act for row in house.rows(JournalRow, entity_id=own.id)]
        assert acts[-2:] == ["directory-added", "directory-changed"]
    assert sorted(house.told("directory_changed")) == sorted([OFFICER, SECRET_OFFICER] * 2)
