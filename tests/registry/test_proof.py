"""The proof holds beside a running service, and fails when one thing is changed by hand."""

import hashlib
import json
from datetime import timedelta

import pytest
from sqlalchemy import delete, update

from registry import entries, journal, numbering
from registry.models.books import CounterRow, EntryRow
from registry.models.evidence import JournalRow
from registry.models.letters import EnclosureRow, IntakeRow, OriginalRow
from registry.proof import prove
from tests.registry.day import OFFICER, kinds, proven, take_in


def test_a_days_work_holds(database, busy, blobs):
    proof = proven(database, blobs)
    assert proof.problems == []
    assert proof.holds
    assert [(s.book, s.first, s.last, s.count, s.void, s.reserved) for s in proof.series] == [
        ("received", 1, 5, 5, 1, 0),
        ("sent", 1, 1, 1, 0, 1),
    ]
    assert (proof.entries, proof.contents, proof.journal_lines) == (6, 10, 9)
    assert [(day.mails, day.became) for day in proof.days] == [(5, {"registered": 5})]


def test_an_empty_registry_holds(database, office, blobs):
    proof = proven(database, blobs)
    assert (proof.holds, proof.series, proof.days) == (True, [], [])


def test_the_proof_prints_as_json(database, busy, blobs):
    printed = json.loads(json.dumps(proven(database, blobs).as_json()))
    assert printed["holds"] is True
    assert printed["series"][0]["last"] == 5
    assert printed["days"][0]["day"] == "2025-10-03"


def test_a_series_that_was_started_in_mid_year_holds(database, office, blobs, clock):
    key = entries.BookKey(office.phrae, "", "received", "ordinary", 2568)
    with database.write() as session:
        numbering.start(session, key, 2231, OFFICER, clock.now())
    assert [(s.first, s.last, s.count) for s in proven(database, blobs).series] == [(2231, 2230, 0)]
    with database.write() as session:
        entries.write(session, key, None, entries.EntryFields(), OFFICER, clock)
    proof = proven(database, blobs)
    assert proof.holds
    assert [(s.first, s.last, s.count) for s in proof.series] == [(2231, 2231, 1)]


def test_a_proof_beside_a_running_service_sees_one_state(database, busy, blobs, clock):
    with database.snapshot() as session:
        with database.write() as other:
            take_in(other, busy, blobs, clock, 5)
        assert prove(session, blobs).entries == 6
    assert proven(database, blobs).entries == 7


CHANGES = {
    "one subject": (update(EntryRow).where(EntryRow.number == 3).values(subject="อื่น"), "history"),
    "one note": (update(EntryRow).where(EntryRow.number == 1).values(note="x"), "history"),
    "the person who voided": (
        update(EntryRow).where(EntryRow.state == "void").values(void_by="x"),
        "history",
    ),
    "a digest": (update(EntryRow).where(EntryRow.number == 4).values(digest="0" * 64), "history"),
    "one journal line": (
        update(JournalRow).where(JournalRow.position == 3).values(actor="x"),
        "journal",
    ),
    "the act of a journal line": (
        update(JournalRow).where(JournalRow.position == 3).values(act="x"),
        "journal",
    ),
    "a journal line taken out": (delete(JournalRow).where(JournalRow.position == 3), "journal"),
    "the last journal line taken out": (
        delete(JournalRow).where(JournalRow.position == 8),
        "journal",
    ),
    "a number changed": (update(EntryRow).where(EntryRow.number == 5).values(number=9), "series"),
    "an entry moved to another book": (
        update(EntryRow).where(EntryRow.number == 5).values(book="คำสั่ง"),
        "series",
    ),
    "an entry taken out": (delete(EntryRow).where(EntryRow.number == 4), "series"),
    "the last entry taken out": (delete(EntryRow).where(EntryRow.number == 5), "series"),
    "a counter set back": (update(CounterRow).values(last=CounterRow.last - 1), "series"),
    "a counter's beginning": (update(CounterRow).values(first=3), "series"),
    "a counter taken out": (delete(CounterRow), "series"),
    "a letter's file taken out of the list": (
        update(EnclosureRow).where(EnclosureRow.id == 1).values(bytes=7000),
        "blob",
    ),
    "an original taken out": (
        delete(OriginalRow).where(
            OriginalRow.sha256 == hashlib.sha256(b"raw 1").hexdigest()
        ),
        "original",
    ),
    "a mail taken out": (delete(IntakeRow).where(IntakeRow.spool_name == "mail-2"), "intake"),
    "the outcomes of a mail": (update(IntakeRow).values(outcomes=2), "intake"),
    "a letter that became nothing": (update(IntakeRow).values(results=[]), "intake"),
    "a registered letter without its entry": (
        update(EntryRow).where(EntryRow.number == 2).values(letter_id=None),
        "history",
    ),
}  # fmt: skip


@pytest.mark.parametrize("change", CHANGES)
def test_one_change_by_hand_is_found(database, busy, blobs, change):
    statement, kind = CHANGES[change]
    with database.write() as session:
        session.execute(statement)
    proof = proven(database, blobs)
    assert kind in kinds(proof)
    assert not proof.holds


def test_the_place_of_what_does_not_hold_is_named(database, busy, blobs):
    with database.write() as session:
        session.execute(delete(EntryRow).where(EntryRow.number.in_([2, 3])))
    [problem] = [p for p in proven(database, blobs).problems if p.kind == "series"]
    assert problem.where == "phrae/received/ordinary/2568"
    assert problem.what == "number 2-3 is missing"


def test_a_problem_says_nothing_of_what_letters_say(database, busy, blobs):
    with database.write() as session:
        session.execute(update(EntryRow).values(subject="ความลับ"))
    assert "ความลับ" not in json.dumps(proven(database, blobs).as_json(), ensure_ascii=False)


def test_an_entry_slipped_in_behind_the_register_is_found(database, busy, blobs, clock):
    with database.write() as session:
        session.execute(update(CounterRow).where(CounterRow.book == "received").values(last=6))
        row = EntryRow(
            id="z" * 16, entity_id=busy.phrae, book="received", series="ordinary", year=2568,
            number=6, registered_at=clock.now(), salt="s", digest="d",
        )  # fmt: skip
        session.add(row)
    assert kinds(proven(database, blobs)) == {"history"}


def test_an_entry_dated_back_is_found(database, busy, blobs, clock):
    earlier = clock.now() - timedelta(days=2)
    with database.write() as session:
        session.execute(update(EntryRow).where(EntryRow.number == 3).values(registered_at=earlier))
    assert "dated before" in str(proven(database, blobs).problems)


def test_an_entry_of_another_year_is_found(database, busy, blobs, clock):
    later = clock.now() + timedelta(days=365)
    with database.write() as session:
        session.execute(update(EntryRow).where(EntryRow.number == 5).values(registered_at=later))
    assert "was registered in 2569" in str(proven(database, blobs).problems)


def test_the_head_of_a_chain_is_part_of_the_proof(database, busy, blobs):
    heads = proven(database, blobs).heads
    with database.write() as session:
        assert journal.lock_head(session, busy.phrae).hash == heads["phrae"]


def test_a_number_below_the_beginning_of_its_series_is_found(database, office, blobs, clock):
    key = entries.BookKey(office.phrae, "", "received", "ordinary", 2568)
    with database.write() as session:
        numbering.start(session, key, 2231, OFFICER, clock.now())
        entries.write(session, key, None, entries.EntryFields(), OFFICER, clock)
        session.execute(update(EntryRow).values(number=5))
    assert "number 5 stands where 2231 should" in str(proven(database, blobs).problems)
