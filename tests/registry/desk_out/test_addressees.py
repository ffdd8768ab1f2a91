"""Codes and addresses become addressees, each once."""

import pytest

from registry import directory
from registry.desk.addressees import (
    Addressee,
    by_group,
    from_addresses,
    from_codes,
    in_words,
    merged,
)


@pytest.fixture
def named(database, phrae):
    """Read dispatch codes as Phrae uses them."""

    def of(*codes):
        with database.read() as session:
            return from_codes(session, phrae.entity, codes)

    return of


def test_a_code_of_an_entity_is_its_central_address(named, phrae):
    (one,) = named("DLA").addressees
    assert one == Addressee("saraban@dla.example", phrae.department.name, phrae.department.id)


def test_a_group_may_hold_entities_and_units(named):
    found = named("mixed").addressees
    assert [(one.address, one.unit, one.group) for one in found] == [
        ("pok@phrae.example", "dopa", "mixed"),
        ("pok2@phrae.example", "dopa", "mixed"),
        ("saraban@town.example", "", "mixed"),
    ]
    assert by_group(found)


def test_who_is_named_twice_is_reached_once(named):
    assert len(named("town", "mixed", "town").addressees) == 3


def test_a_unit_without_a_box_reaches_nobody(named):
    assert named("empty").unknown == ("empty",)


def test_units_of_another_entity_are_not_known(database, phrae):
    with database.read() as session:
        assert from_codes(session, phrae.town, ["dopa", "taos"]).unknown == ("dopa", "taos")


def test_a_changed_group_does_not_change_whom_it_reached_before(named, database, phrae):
    before = named("mixed").addressees
    facts = [one.as_fact() for one in before]
    with database.write() as session:
        directory.add_group(session, phrae.entity.id, "later", "อื่น", ["dla"])
    assert tuple(Addressee.from_fact(fact) for fact in facts) == before


def test_plain_addresses_are_named_by_the_directory_and_by_our_units(database, phrae):
    wanted = ["Saraban@DLA.example", "fin@phrae.example", "Citizen@Mail.example", "no address"]
    with database.read() as session:
        found = from_addresses(session, phrae.entity, wanted)
    assert [(one.name, one.unit) for one in found] == [
        ("กรมส่งเสริมการปกครองท้องถิ่น", ""),
        ("กลุ่มงานการเงิน", "fin"),
        ("citizen@mail.example", ""),
        ("no address", ""),
    ]


def test_up_to_three_names_are_written_out():
    names = [Addressee(f"{name}@x.example", name) for name in "กขค"]
    assert in_words(names) == "ก, ข, ค"
    assert in_words([*names, Addressee("d@x.example", "ง")]) == "๔ หน่วยงาน"


def test_two_boxes_of_one_unit_are_one_name_and_no_circular():
    boxes = [Addressee(f"{n}@x.example", "กลุ่มงาน", unit="u", group="g") for n in "ab"]
    assert in_words(boxes) == "กลุ่มงาน"
    assert not by_group(boxes)


def test_merging_keeps_what_was_there_first():
    old = Addressee("a@x.example", "เดิม")
    assert merged([old], [Addressee("a@x.example", "ใหม่")]) == (old,)
