"""Whom an officer means by what they have typed so far."""

import pytest

from registry import completing, directory


@pytest.fixture
def complete(database, office, clock):
    """Complete what was typed by somebody of Phrae."""
    with database.write() as session:
        for code, district in (("a", "สอง"), ("b", "ลอง")):
            directory.add_entity(
                session, code=f"bl-{code}", name="องค์การบริหารส่วนตำบลบ้านหลวง",
                address=f"saraban@banluang-{code}.example", province="แพร่", district=district,
                at=clock.now(),
            )  # fmt: skip
        directory.add_unit(
            session, office.phrae, code="local", name="กลุ่มงานส่งเสริมฯ", boxes=["l@phrae.example"]
        )
        directory.add_group(session, office.phrae, "all", "อบต. ทุกแห่ง", ["bl-a", "bl-b"])

    def act(typed):
        with database.read() as session:
            entity = directory.entity_by_id(session, office.phrae)
            return completing.complete(session, entity, typed)

    return act


def test_entities_of_one_name_are_told_apart_by_their_district(complete):
    assert {(one.token, one.place) for one in complete("บ้านหลวง")} == {
        ("bl-a", "อ.สอง จ.แพร่"), ("bl-b", "อ.ลอง จ.แพร่"),
    }  # fmt: skip


@pytest.mark.parametrize("typed", ["อบต.บ้านหลวง อ.ลอง", "บ้านหลวง ลอง แพร่", "BL-B", "banluang-b"])
def test_words_narrow_and_abbreviations_are_read(complete, typed):
    assert [one.token for one in complete(typed)] == ["bl-b"]


def test_own_units_and_groups_are_offered(complete):
    assert (complete("ส่งเสริม")[0].kind, complete("ส่งเสริม")[0].token) == ("unit", "local")
    (group,) = complete("ทุกแห่ง")
    assert (group.kind, group.place) == ("group", "กลุ่ม ๒ หน่วยงาน")


def test_an_address_is_taken_as_it_is_or_as_the_entity_that_has_it(complete):
    assert [(one.kind, one.token) for one in complete("somsak@example.com")] == [
        ("mail", "somsak@example.com")
    ]
    assert [one.token for one in complete("saraban@banluang-a.example")] == ["bl-a"]


@pytest.mark.parametrize("typed", ["", "   ", "%", "_", "'; DROP TABLE entity;--", "ไม่มีที่ไหน"])
def test_what_fits_nobody_finds_nobody(complete, typed):
    assert complete(typed) == []


def test_a_token_comes_to_addressees(complete, database, office):
    with database.read() as session:
        entity = directory.entity_by_id(session, office.phrae)
        assert len(completing.reached(session, entity, "all")) == 2
        assert completing.named(session, entity, "all").kind == "group"
        assert completing.named(session, entity, "nobody") is None
        assert completing.reached(session, entity, "nobody") == ()
