"""The directory as it is kept: found by any word and place; rules that change places."""

import pytest

from registry import changes, directory, known
from registry.accounts import officers, people
from registry.desk.try_route import try_words
from registry.errors import NotFound


@pytest.fixture
def places(database, office, clock):
    """Two offices of one name in two districts."""
    with database.write() as session:
        for code, district in (("song", "สอง"), ("long", "ลอง")):
            people.add_entity(
                session, at=clock.now(), code=code, name="ที่ว่าการอำเภอ",
                address=f"saraban@{code}.example", district=district, province="แพร่",
            )  # fmt: skip


@pytest.mark.parametrize(
    ("text", "codes"),
    [
        ("ที่ว่าการ", ["long", "song"]),
        ("ที่ว่าการ อ.สอง", ["song"]),
        ("จ.แพร่ LONG", ["long"]),
        ("มท ๐๘๑๐", ["dla"]),
        ("100%", []),
        ("_", []),
    ],
)
def test_entities_are_found_by_all_words_of_name_place_and_code(database, places, text, codes):
    with database.read() as session:
        total, found = known.find(session, text)
    assert (total, [one.code for one in found]) == (len(codes), codes)


def test_a_page_holds_some_and_the_count_is_of_all(database, places, monkeypatch):
    monkeypatch.setattr(known, "PAGE", 2)
    with database.read() as session:
        first, second = (known.find(session, "", page=page) for page in (1, 2))
    assert first[0] == second[0] == 5
    assert len({one.code for one in (*first[1], *second[1])}) == 4


def test_rules_change_places_and_contents_and_are_tried_on_words(database, office):
    with database.write() as session:
        for code in ("one", "two"):
            people.add_unit(session, office.phrae, code=code, name=f"กอง {code}")
            directory.add_route(session, office.phrae, "words", "ประชุม", code)
    with database.write() as session:
        changes.move_route(session, office.phrae, 2, 1)
    with database.read() as session:
        assert [
            hit.unit.code for hit in try_words(session, office.phrae, "ขอเชิญประชุม", "", "")
        ] == ["two"]
    with database.write() as session:
        changes.edit_route(session, office.phrae, 1, kind="sender", pattern="dla", unit_code="one")
    with database.read() as session:
        hits = try_words(session, office.phrae, "", "", "saraban@dla.example")
        assert [hit.unit.code for hit in hits] == ["one"]
        with pytest.raises(NotFound):
            changes.move_route(session, office.phrae, 1, 3)


NAMES = ["กาญจนา", "เกษม", "แก้วใจ", "ขวัญใจ"]
"""As a Thai dictionary files them: by consonants, although เ and แ are written first."""


def test_lists_stand_as_in_a_thai_dictionary(database, office, clock):
    with database.write() as session:
        for at, name in enumerate(reversed(NAMES)):
            people.add_entity(
                session, at=clock.now(), code=f"e{at}", name=name, address=f"saraban@e{at}.example"
            )
            people.add_unit(session, office.town, code=f"u{at}", name=name)
            people.add_officer(
                session, office.town, email=f"o{at}@town.example", name=name, role="clerk",
                by="system", at=clock.now(),
            )  # fmt: skip
    with database.read() as session:
        mine = directory.units(session, office.town)
        people_here = directory.officers(session, office.town)
        accounts = officers.accounts(session, office.town, clock.now())
        listed = known.find(session, "")[1]
    for found in (mine, people_here, [one.officer for one in accounts], listed):
        assert [one.name for one in found if one.name in NAMES] == NAMES
