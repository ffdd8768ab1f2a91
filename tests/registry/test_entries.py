"""Entries: written whole, changed with a trace, never gone."""

import json
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select

from registry import entries, journal
from registry.clock import BANGKOK, FrozenClock
from registry.db import Database
from registry.entries import BookKey, EntryFields
from registry.errors import Conflict, NotFound
from registry.letter.number import SenderCode
from registry.models.books import EntryRow
from registry.models.evidence import JournalRow
from registry.models.letters import NoteRow
from tests.registry.conftest import Office
from tests.registry.written import OFFICER, add_letter, write


def test_the_letters_own_number_is_made_of_the_number_taken(database, office, clock):
    sent = BookKey(office.phrae, "", "sent", "ordinary", 2568)
    code = SenderCode.parse("พร ๐๐๒๓.๓")
    entry_id = write(database, sent, clock, numbered=lambda n: code.number(n, circular=True))
    with database.read() as session:
        assert entries.get(session, entry_id).letter_number == "พร 0023.3/ว 1"
        assert session.get(EntryRow, entry_id).letter_number_key == "พร0023.3/ว1"


def test_a_hundred_letters_over_twenty_threads_are_entered_one_to_a_hundred(
    database, received, clock
):
    def register(n: int) -> int:
        with database.write() as session:
            content = EntryFields(subject=f"เรื่องที่ {n}")
            return entries.write(session, received, None, content, "automatic", clock).number

    with ThreadPoolExecutor(20) as threads:
        assert sorted(threads.map(register, range(100))) == list(range(1, 101))
    with database.snapshot() as session:
        assert journal.verify(session) == []


def test_an_entry_that_fails_takes_its_number_and_its_journal_line_with_it(
    database, received, clock
):
    with pytest.raises(ZeroDivisionError), database.write() as session:
        entries.write(session, received, None, EntryFields(), OFFICER, clock).number / 0
    write(database, received, clock)
    with database.read() as session:
        assert [entry.number for entry in entries.listing(session, "phrae")] == [1]
        assert len(session.scalars(select(JournalRow)).all()) == 1


@pytest.mark.parametrize(
    ("moment", "year"),
    [
        (datetime(2025, 12, 31, 16, 59, 59, tzinfo=UTC), 2568),
        (datetime(2025, 12, 31, 17, 0, 0, tzinfo=UTC), 2569),
    ],
)
def test_an_entry_stands_in_the_book_of_the_year_it_took_its_number(
    database, received, moment, year
):
    entry_id = write(database, received, FrozenClock(moment))
    with database.read() as session:
        entry = entries.get(session, entry_id)
    assert (entry.year, entry.number, entry.registered_at) == (year, 1, moment)


def test_an_entry_dated_by_a_clock_behind_keeps_the_order_of_the_book(database, received, clock):
    first = clock.now()
    write(database, received, clock)
    clock.advance(timedelta(hours=-3))
    write(database, received, clock)
    with database.read() as session:
        assert [e.registered_at for e in entries.listing(session, "phrae")] == [first, first]


def test_a_batch_of_letters_to_two_entities_cannot_deadlock(database, office, clock):
    keys = [BookKey(e, "", "received", "ordinary", 2568) for e in (office.phrae, office.town)]

    def batch(n: int) -> None:
        with database.write() as session:
            entries.lock(session, set(keys))
            for key in keys if n % 2 else reversed(keys):
                entries.write(session, key, None, EntryFields(), "automatic", clock)

    with ThreadPoolExecutor(6) as threads:
        list(threads.map(batch, range(12)))
    with database.read() as session:
        assert [e.number for e in entries.listing(session, "town")] == list(range(1, 13))


def test_an_amended_entry_keeps_both_digests_and_the_reason(database, received, clock):
    entry_id = write(database, received, clock, subject="เรื่งอ")
    with database.write() as session:
        before = session.get(EntryRow, entry_id).digest
        after = entries.amend(
            session, entry_id, OFFICER, "พิมพ์ผิด", at=clock.now(), subject="เรื่อง"
        ).digest
        line = session.scalars(select(JournalRow).where(JournalRow.act == "amended")).one()
        note = session.get(NoteRow, line.facts["note"])
        assert entries.get(session, entry_id).subject == "เรื่อง"
    assert (line.facts["before"], line.digest, line.facts["fields"]) == (before, after, ["subject"])
    assert (note.text, note.by) == ("พิมพ์ผิด", OFFICER)


def test_the_journal_repeats_nothing_that_a_letter_says(database, received, clock):
    entry_id = write(database, received, clock, subject="ความลับหนึ่ง", from_text="ความลับสอง")
    with database.write() as session:
        entries.amend(session, entry_id, OFFICER, "ความลับสาม", at=clock.now(), subject="ความลับสี่")
        entries.void(session, entry_id, OFFICER, "ความลับห้า", at=clock.now())
        facts = [row.facts for row in session.scalars(select(JournalRow))]
    assert "ความลับ" not in json.dumps(facts, ensure_ascii=False)


@pytest.mark.parametrize("name", ["number", "year", "id", "digest", "state", "nonsense"])
def test_what_makes_an_entry_itself_is_never_amended(database, received, clock, name):
    entry_id = write(database, received, clock)
    with pytest.raises(TypeError, match=name), database.write() as session:
        entries.amend(session, entry_id, OFFICER, "", at=clock.now(), **{name: "x"})


def test_a_void_entry_keeps_number_reason_and_person(database, received, clock):
    entry_id = write(database, received, clock)
    with database.write() as session:
        entries.void(session, entry_id, OFFICER, "ลงซ้ำ", at=clock.now())
    write(database, received, clock)
    with database.read() as session:
        first, second = entries.listing(session, "phrae")
        assert session.get(EntryRow, entry_id).void_by == OFFICER
    assert (first.number, first.state, first.void_reason) == (1, "void", "ลงซ้ำ")
    assert second.number == 2


@pytest.mark.parametrize("reason", ["", "  "])
def test_a_number_is_not_voided_without_a_reason(database, received, clock, reason):
    entry_id = write(database, received, clock)
    with pytest.raises(ValueError, match="reason"), database.write() as session:
        entries.void(session, entry_id, OFFICER, reason, at=clock.now())


def test_a_void_entry_is_changed_no_more(database, received, clock):
    entry_id = write(database, received, clock)
    with database.write() as session:
        entries.void(session, entry_id, OFFICER, "ลงซ้ำ", at=clock.now())
        with pytest.raises(Conflict):
            entries.void(session, entry_id, OFFICER, "อีกครั้ง", at=clock.now())
        with pytest.raises(Conflict):
            entries.amend(session, entry_id, OFFICER, "", at=clock.now(), subject="x")


def reserve(database: Database, office: Office, clock) -> str:
    """Reserve the next number of Phrae's sent book."""
    sent = BookKey(office.phrae, "", "sent", "ordinary", 2568)
    return write(database, sent, clock, state="reserved", reserved_for=OFFICER)


def test_a_reserved_number_keeps_its_own_date_and_year_when_it_is_used(database, office, clock):
    reserved_at = clock.now()
    entry_id = reserve(database, office, clock)
    clock.set(datetime(2026, 1, 5, 9, 0, tzinfo=BANGKOK))
    letter = add_letter(database, office, clock)
    with database.write() as session:
        entries.use(session, entry_id, letter, OFFICER, at=clock.now(), subject="ส่งรายงาน")
        entry = entries.get(session, entry_id)
    assert (entry.year, entry.number, entry.registered_at) == (2568, 1, reserved_at)
    assert (entry.state, entry.subject, len(entry.enclosures)) == ("registered", "ส่งรายงาน", 2)


def test_a_reserved_number_is_used_once(database, office, clock):
    entry_id = reserve(database, office, clock)
    letter = add_letter(database, office, clock)
    with database.write() as session:
        entries.use(session, entry_id, letter, OFFICER, at=clock.now())
        with pytest.raises(Conflict):
            entries.use(session, entry_id, letter, OFFICER, at=clock.now())


def test_a_reserved_number_can_be_voided(database, office, clock):
    entry_id = reserve(database, office, clock)
    with database.write() as session:
        entries.void(session, entry_id, OFFICER, "ไม่ใช้แล้ว", at=clock.now())
        assert entries.get(session, entry_id).state == "void"


def test_an_act_on_an_entry_that_is_not_there_is_refused(database, office, clock):
    with pytest.raises(NotFound), database.write() as session:
        entries.void(session, "z" * 16, OFFICER, "x", at=clock.now())


def test_characters_that_no_column_can_hold_are_left_out(database, received, clock):
    entry_id = write(database, received, clock, subject="เรื่\x00อง")
    with database.read() as session:
        assert entries.get(session, entry_id).subject == "เรื่อง"


def test_the_number_of_a_letter_stopped_in_time_is_reserved_again(database, office, clock):
    entry_id = reserve(database, office, clock)
    letter = add_letter(database, office, clock)
    with database.write() as session:
        entries.use(session, entry_id, letter, OFFICER, at=clock.now())
        row = entries.take_back(session, entry_id, OFFICER, at=clock.now(), reserved_for=OFFICER)
        assert (row.state, row.letter_id, row.number) == ("reserved", None, 1)
        with pytest.raises(Conflict):
            entries.take_back(session, entry_id, OFFICER, at=clock.now())
