"""Reading the books: found as people name entries, listed cheaply, redacted unless cleared."""

import json
from datetime import date

import pytest
from sqlalchemy import event

from registry import entries
from registry.entries import BookKey
from registry.errors import NotFound, NotUnderstood
from registry.letter.number import SenderCode
from registry.letter.reference import EntryRef
from registry.models.outgoing import DeliveryRow
from tests.registry.written import add_letter, write


def test_an_entry_is_read_back_as_it_was_written(database, office, received, clock):
    letter = add_letter(database, office, clock)
    entry_id = write(
        database, received, clock, letter, letter_number="มท 0810.7/ว 12", subject="แจ้งแนวทาง",
        dated=date(2025, 10, 1), from_text="กรม", to_text="ผู้ว่าราชการจังหวัด", urgency="ด่วนที่สุด",
        accepted_at=clock.now(), message_id="<1@dla.example>", original_sha256="a" * 64,
    )  # fmt: skip
    with database.read() as session:
        entry = entries.get(session, entry_id)
    shown = entry.as_json()
    assert json.loads(json.dumps(shown)) == shown
    assert (shown["entity"], shown["book"], shown["year"], shown["number"]) == (
        "phrae", "received", 2568, 1
    )  # fmt: skip
    assert shown["registered_at"] == "2025-10-03T10:42:00+07:00"
    assert shown["references"][0]["dated"] == "2025-09-01"
    assert [file["role"] for file in shown["enclosures"]] == ["letter", "enclosure"]
    assert (shown["state"], shown["message_id"]) == ("registered", "<1@dla.example>")


@pytest.mark.parametrize("ref", ["รับ/2/2568", "รับ/๒/๒๕๖๘"])
def test_an_entry_is_found_by_book_number_and_year(database, received, clock, ref):
    write(database, received, clock)
    second = write(database, received, clock)
    with database.read() as session:
        assert entries.get(session, ref, "phrae").id == second
        assert entries.get(session, ref, "PHRAE").id == second


@pytest.mark.parametrize("ref", ["รับ/9/2568", "รับ/1/2569", "ส่ง/1/2568", "z" * 16])
def test_an_entry_that_is_not_there_is_said_to_be_missing(database, received, clock, ref):
    write(database, received, clock)
    with database.read() as session, pytest.raises(NotFound):
        entries.get(session, ref, "phrae")


def test_a_text_that_names_no_entry_is_not_understood(database):
    with database.read() as session, pytest.raises(NotUnderstood):
        entries.get(session, "นั่นแหละ")


def test_without_an_entity_a_number_must_mean_one_entry(database, office, received, clock):
    first = write(database, received, clock)
    with database.read() as session:
        assert entries.get(session, "รับ/1/2568").id == first
    write(database, BookKey(office.town, "", "received", "ordinary", 2568), clock)
    with database.read() as session, pytest.raises(NotFound):
        entries.get(session, "รับ/1/2568")


def test_a_units_own_book_is_named_behind_a_plus(database, office, received, clock):
    write(database, received, clock)
    own = write(database, BookKey(office.phrae, "finance", "received", "ordinary", 2568), clock)
    with database.read() as session:
        assert entries.get(session, "รับ/1/2568", "phrae+finance").id == own


def test_a_circular_is_found_in_either_series(database, office, clock):
    ordinary = BookKey(office.phrae, "", "sent", "ordinary", 2568)
    apart = BookKey(office.phrae, "", "sent", "circular", 2568)
    code = SenderCode.parse("พร 0023.3")
    write(database, ordinary, clock, numbered=code.number)
    mixed = write(database, ordinary, clock, numbered=lambda n: code.number(n, circular=True))
    own = write(database, apart, clock, numbered=lambda n: code.number(n, circular=True))
    with database.read() as session:
        assert entries.get(session, "ส่ง/ว 2/2568", "phrae").id == mixed
        assert entries.get(session, "ส่ง/ว 1/2568", "phrae").id == own
        with pytest.raises(NotFound):
            entries.get(session, "ส่ง/ว 3/2568", "phrae")


def test_a_secret_entry_is_named_by_its_mark(database, office, clock):
    secret = BookKey(office.phrae, "", "received", "secret", 2568)
    entry_id = write(database, secret, clock, secrecy="ลับ")
    with database.read() as session:
        assert entries.find(session, EntryRef.parse("รับ/ลับ 1/2568"), "phrae") == entry_id
        with pytest.raises(NotFound):
            entries.get(session, "รับ/1/2568", "phrae")


def test_a_book_is_listed_by_series_and_number(database, office, clock):
    for series in ("secret", "ordinary", "circular", "ordinary"):
        write(database, BookKey(office.phrae, "", "sent", series, 2568), clock)
    with database.read() as session:
        found = entries.listing(session, "phrae", "sent", 2568)
        only = entries.listing(session, "phrae", "sent", 2568, series="ordinary", unit="")
    assert [(e.series, e.number) for e in found] == [
        ("ordinary", 1), ("ordinary", 2), ("circular", 1), ("secret", 1)
    ]  # fmt: skip
    assert len(only) == 2


def test_a_listing_is_narrowed_by_entity_book_and_year(database, office, received, clock):
    write(database, received, clock)
    with database.read() as session:
        assert entries.listing(session, "town") == []
        assert entries.listing(session, "phrae", "sent") == []
        assert entries.listing(session, "phrae", "received", 2569) == []
        assert len(entries.listing(session)) == 1


def test_a_long_listing_costs_few_queries(database, office, received, clock):
    for n in range(30):
        letter = add_letter(
            database, office, clock, f"letter{'abcdefghijklmnopqrstuvwxyz2345'[n] * 10}"
        )
        write(database, received, clock, letter)
    statements: list[str] = []

    def count(_conn, _cursor, statement, *_rest) -> None:
        statements.append(statement)

    event.listen(database.engine, "before_cursor_execute", count)
    with database.read() as session:
        listed = entries.listing(session, "phrae")
    event.remove(database.engine, "before_cursor_execute", count)
    assert len(listed) == 30
    assert all(len(entry.enclosures) == 2 for entry in listed)
    assert len(statements) <= 8


def test_a_secret_entry_shows_that_it_is_there_and_nothing_more(database, office, clock):
    secret = BookKey(office.phrae, "", "received", "secret", 2568)
    letter = add_letter(database, office, clock)
    entry_id = write(
        database, secret, clock, letter, secrecy="ลับมาก", subject="เนื้อหา", from_text="กรม",
        letter_number="มท 0810/1", note="บันทึก", message_id="<1@dla.example>",
    )  # fmt: skip
    with database.read() as session:
        shown = entries.get(session, entry_id)
        cleared = entries.get(session, entry_id, cleared=True)
        [listed] = entries.listing(session, "phrae")
    assert shown == listed
    assert (shown.number, shown.state, shown.secrecy) == (1, "registered", "ลับมาก")
    printed = json.dumps(shown.as_json(), ensure_ascii=False)
    for word in ("เนื้อหา", "กรม", "มท 0810/1", "บันทึก", "<1@dla.example>", ".pdf"):
        assert word not in printed
    assert shown.enclosures == ()
    assert (cleared.subject, len(cleared.enclosures)) == ("เนื้อหา", 2)


def test_the_addressees_of_a_letter_come_with_their_entities(database, office, clock):
    entry_id = write(database, BookKey(office.phrae, "", "sent", "ordinary", 2568), clock)
    with database.write() as session:
        for position, (to, entity) in enumerate(
            [("saraban@town.example", office.town), ("x@y.example", None)]
        ):
            session.add(
                DeliveryRow(
                    entry_id=entry_id, position=position, to_address=to, to_entity_id=entity,
                    at=clock.now(),
                )
            )  # fmt: skip
    with database.read() as session:
        entry = entries.get(session, entry_id)
    assert [(d.to, d.to_entity, d.state) for d in entry.deliveries] == [
        ("saraban@town.example", "town", "queued"), ("x@y.example", "", "queued")
    ]  # fmt: skip
    assert entry.as_json()["deliveries"][0]["remote_number"] is None
