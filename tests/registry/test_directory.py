"""The directory: an address or a code means one thing or nothing, and a domain only suggests."""

import json

import pytest

from registry import directory
from registry.clock import FrozenClock
from registry.db import Database
from registry.errors import Conflict, NotFound, NotUnderstood
from registry.letter.entity import Role
from registry.letter.sorting import Tag
from registry.recipients import Recipients
from tests.registry.conftest import Office


@pytest.fixture
def peopled(database: Database, office: Office, clock: FrozenClock) -> Office:
    """The office with units, a group, rules and an officer."""
    with database.write() as session:
        for code, name in (("finance", "กลุ่มงานคลัง"), ("ปกครอง", "ที่ทำการปกครอง")):
            box = f"{'finance' if code == 'finance' else 'dopa'}@phrae.example"
            directory.add_unit(session, office.phrae, code=code, name=name, boxes=[box])
        directory.add_group(session, office.phrae, "local", "ท้องถิ่นทุกแห่ง", ["town", "DLA"])
        directory.add_route(session, office.phrae, "words", "งบประมาณ", "finance")
        directory.add_officer(
            session, office.phrae, email="Somsri@Phrae.example", role=Role.OFFICER, at=clock.now()
        )
    return office


@pytest.mark.parametrize("address", ["saraban@phrae.example", "SARABAN@Phrae.Example"])
def test_an_entity_is_known_by_its_central_address_in_any_case(database, office, address):
    with database.read() as session:
        found = directory.entity_by_address(session, address)
    assert found is not None
    assert found.code == "phrae"


def test_another_address_of_the_same_domain_is_not_the_entity(database, office):
    with database.read() as session:
        assert directory.entity_by_address(session, "finance@phrae.example") is None


def test_a_fitting_domain_only_suggests(database, office):
    with database.read() as session:
        hint = directory.suggest_by_domain(session, "finance@mail.phrae.example")
        assert hint is not None
        assert hint.id == office.phrae
        assert directory.suggest_by_domain(session, "somebody@elsewhere.example") is None


def test_a_domain_that_two_entities_share_suggests_neither(database, office, clock):
    with database.write() as session:
        directory.add_entity(
            session, code="other", name="อื่น", address="x@phrae.example", at=clock.now()
        )
        assert directory.suggest_by_domain(session, "finance@phrae.example") is None


def test_hosted_entities_are_told_apart_from_those_only_known(database, office):
    with database.read() as session:
        assert [entity.code for entity in directory.hosted(session)] == ["phrae", "town"]
        assert [e.code for e in directory.entities(session)] == ["dla", "phrae", "town"]


@pytest.mark.parametrize("taken", [{"code": "PHRAE"}, {"address": "Saraban@phrae.example"}])
def test_a_code_or_address_belongs_to_one_entity(database, office, clock, taken):
    fields = {"code": "new", "name": "ใหม่", "address": "saraban@new.example", **taken}
    with pytest.raises(Conflict), database.write() as session:
        directory.add_entity(session, **fields, at=clock.now())


@pytest.mark.parametrize("code", ["r-token", "b-x", "number", "with space", ""])
def test_a_code_that_looks_like_a_tag_of_ours_is_refused(database, clock, code):
    with pytest.raises(NotUnderstood), database.write() as session:
        directory.add_entity(
            session, code=code, name="ผิด", address="a@wrong.example", at=clock.now()
        )


def test_a_letter_code_is_kept_in_one_spelling(database, clock):
    with database.write() as session:
        added = directory.add_entity(
            session, code="moi", name="มท", address="s@moi.example", letter_code="มท๐๘๑๐",
            at=clock.now(),
        )  # fmt: skip
    assert added.letter_code == "มท 0810"
    assert added.domains == ("moi.example",)


def test_units_are_found_by_code_in_any_case(database, peopled):
    with database.read() as session:
        unit = directory.unit_by_code(session, peopled.phrae, "FINANCE")
        assert unit is not None
        assert unit.boxes == ("finance@phrae.example",)
        assert directory.unit_by_code(session, peopled.town, "finance") is None


def test_an_entity_has_a_unit_of_a_code_once(database, peopled):
    with pytest.raises(Conflict), database.write() as session:
        directory.add_unit(session, peopled.phrae, code="Finance", name="อีกหน่วย")


def test_a_unit_gets_letters_whole_or_as_a_notice_and_no_other_way(database, office):
    with pytest.raises(ValueError, match="full or notice"), database.write() as session:
        directory.add_unit(session, office.phrae, code="u", name="u", delivery="pigeon")


def test_without_a_default_unit_letters_are_delivered_nowhere(database, peopled):
    with database.read() as session:
        assert directory.default_unit(session, peopled.phrae) is None


def test_the_default_unit_is_one_of_the_entitys_own(database, peopled):
    with database.write() as session:
        directory.set_default_unit(session, peopled.phrae, "Finance")
        unit = directory.default_unit(session, peopled.phrae)
        assert unit is not None
        assert unit.code == "finance"
        with pytest.raises(NotFound):
            directory.set_default_unit(session, peopled.phrae, "nowhere")


def test_a_group_means_its_members(database, peopled):
    with database.read() as session:
        assert directory.group_members(session, peopled.phrae, "LOCAL") == ("dla", "town")
        assert directory.group_members(session, peopled.town, "local") == ()


def test_an_entity_has_a_group_of_a_code_once(database, peopled):
    with pytest.raises(Conflict), database.write() as session:
        directory.add_group(session, peopled.phrae, "LOCAL", "อีกกลุ่ม", ["town"])


def test_a_group_has_no_members_that_nobody_knows(database, office):
    with pytest.raises(NotFound), database.write() as session:
        directory.add_group(session, office.phrae, "g", "กลุ่ม", ["town", "atlantis"])


def test_rules_are_tried_in_the_order_they_were_added(database, peopled):
    with database.write() as session:
        directory.add_route(session, peopled.phrae, "sender", "dla", "ปกครอง")
        rules = directory.routes(session, peopled.phrae)
    assert [(rule.position, rule.unit.code) for rule in rules] == [(1, "finance"), (2, "ปกครอง")]


@pytest.mark.parametrize(("kind", "pattern"), [("moon", "x"), ("words", "  ")])
def test_a_rule_needs_a_kind_and_a_pattern(database, peopled, kind, pattern):
    with pytest.raises(ValueError, match="a rule has"), database.write() as session:
        directory.add_route(session, peopled.phrae, kind, pattern, "finance")


def test_a_rule_leads_to_a_unit_there_is(database, peopled):
    with pytest.raises(NotFound), database.write() as session:
        directory.add_route(session, peopled.phrae, "words", "งบ", "nowhere")


def test_an_officer_is_known_by_the_exact_address_they_send_from(database, peopled):
    with database.read() as session:
        officer = directory.officer_by_email(session, "somsri@phrae.example")
        assert officer is not None
        assert (officer.entity_code, officer.role) == ("phrae", Role.OFFICER)
        assert directory.officer_by_email(session, "somsri@town.example") is None


def test_a_disabled_officer_stays_in_the_list(database, peopled, clock):
    with database.write() as session:
        directory.disable_officer(session, "somsri@phrae.example", by="admin", at=clock.now())
        assert [o.disabled for o in directory.officers(session, peopled.phrae)] == [True]


@pytest.mark.parametrize(
    ("address", "entity", "tag"),
    [
        ("saraban@phrae.example", "phrae", Tag.NONE),
        ("SARABAN@PHRAE.EXAMPLE", "phrae", Tag.NONE),
        ("saraban+town@phrae.example", "phrae", Tag.DISPATCH),
        ("saraban+DLA@phrae.example", "phrae", Tag.DISPATCH),
        ("saraban+finance@phrae.example", "phrae", Tag.DISPATCH),
        ("saraban+ปกครอง@phrae.example", "phrae", Tag.DISPATCH),
        ("saraban+local@phrae.example", "phrae", Tag.DISPATCH),
        ("saraban+number@town.example", "town", Tag.NUMBER),
        (f"saraban+r-{'a' * 33}@phrae.example", "phrae", Tag.REPLY),
        (f"saraban+B-{'A2' * 16}B@phrae.example", "phrae", Tag.BOUNCE),
        ("postmaster@town.example", "town", Tag.POSTMASTER),
        ("Postmaster", "phrae", Tag.POSTMASTER),
    ],
)
def test_the_door_knows_central_dispatch_tag_and_postmaster_addresses(
    database, peopled, address, entity, tag
):
    with database.read() as session:
        found = directory.snapshot(session).find(address)
    assert found is not None
    assert (found.entity.code, found.tag) == (entity, tag)


@pytest.mark.parametrize(
    "address",
    [
        "saraban@dla.example",  # known by address, not hosted here
        "somsri@phrae.example",  # a clerk has a mailbox elsewhere
        "finance@phrae.example",
        "saraban+nobody@phrae.example",
        "saraban+local@town.example",  # the group is Phrae's
        "saraban+@phrae.example",
        "saraban+r-short@phrae.example",
        "postmaster@dla.example",
        "saraban",
        "",
        "a@b@c d",
    ],
)
def test_the_door_knows_no_other_address(database, peopled, address):
    with database.read() as session:
        assert directory.snapshot(session).find(address) is None


def test_the_doors_copy_survives_a_stay_on_disk(database, peopled):
    with database.read() as session:
        copy = directory.snapshot(session)
    assert Recipients.from_json(json.loads(json.dumps(copy.to_json()))) == copy


def test_a_list_of_agencies_is_taken_in_and_brought_up_to_date(database, office, clock):
    first = ["code,name,address,domains,letter_code,max_message_bytes,knows_tags"]
    lines = [*first, "phrae,แพร่,saraban@phrae.example,,พร ๐๐๒๓.๓,10000000,no"]
    lines += ["moi,กระทรวงมหาดไทย,Saraban@moi.example,moi.example m.moi.example,มท 0100,,yes"]
    with database.write() as session:
        report = directory.import_csv(session, lines, at=clock.now())
        assert (report.added, report.changed, report.same) == (1, 1, 0)
        phrae = directory.entity_by_code(session, "phrae")
        assert phrae is not None
        assert phrae.hosted
        assert (phrae.max_message_bytes, phrae.knows_tags) == (10_000_000, False)
        assert phrae.domains == ("phrae.example",)
        assert directory.import_csv(session, lines, at=clock.now()).same == 2


@pytest.mark.parametrize(
    "line",
    ["moi,กระทรวง", "moi,กระทรวง,nowhere", "r-x,ผิด,a@b.example", "m,ซ้ำ,saraban@town.example"],
)
def test_a_wrong_line_is_named_and_nothing_is_taken(database, office, clock, line):
    lines = ["code,name,address", "new,ใหม่,saraban@new.example", line]
    with pytest.raises(NotUnderstood, match="line 3"), database.write() as session:
        directory.import_csv(session, lines, at=clock.now())
    with database.read() as session:
        assert directory.entity_by_code(session, "new") is None


def test_a_list_without_the_needed_columns_is_refused(database, clock):
    with pytest.raises(NotUnderstood, match="columns"), database.write() as session:
        directory.import_csv(session, ["code,colour"], at=clock.now())


def test_an_entity_that_is_not_there_is_said_to_be_missing(database):
    with database.read() as session:
        with pytest.raises(NotFound):
            directory.entity_by_id(session, 4711)
        with pytest.raises(NotFound):
            directory.add_unit(session, 4711, code="u", name="หน่วย")


def test_an_officer_that_is_not_there_cannot_be_disabled(database, office, clock):
    with database.write() as session, pytest.raises(NotFound):
        directory.disable_officer(session, "no@phrae.example", by="admin", at=clock.now())
