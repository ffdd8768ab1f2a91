"""What is corrected in a book is struck out, and stays legible."""

from datetime import date

from registry import corrections, entries
from tests.registry.written import OFFICER, write


def correct(database, clock, entry_id: str, reason="พิมพ์ผิด", by=OFFICER, **changes):
    with database.write() as session:
        entries.amend(session, entry_id, by, reason, at=clock.now(), **changes)
    with database.read() as session:
        return corrections.of(session, [entry_id]).get(entry_id, [])


def test_the_old_value_is_kept_with_person_time_and_reason(database, received, clock):
    entry_id = write(database, received, clock, subject="เรื่องที่ผิด")
    [one] = correct(database, clock, entry_id, subject="เรื่องที่ถูก")
    assert (one.field, one.old, one.by, one.at, one.reason) == (
        "subject", "เรื่องที่ผิด", OFFICER, clock.now(), "พิมพ์ผิด",
    )  # fmt: skip


def test_each_value_that_stood_there_is_kept_in_turn(database, received, clock):
    entry_id = write(database, received, clock, dated=date(2025, 10, 1))
    correct(database, clock, entry_id, dated=None)
    found = correct(database, clock, entry_id, dated=date(2025, 10, 3))
    assert [one.old for one in found] == [date(2025, 10, 1), None]


def test_a_value_that_stays_the_same_is_not_struck_out(database, received, clock):
    entry_id = write(database, received, clock, subject="เรื่อง", from_text="กรม")
    assert correct(database, clock, entry_id, subject="เรื่อง") == []


def test_what_goes_on_with_the_matter_is_no_correction(database, received, clock):
    entry_id = write(database, received, clock, action="ส่ง กลุ่มงานบริหาร")
    assert correct(database, clock, entry_id, action="ตอบแล้ว", note="ดูเรื่องเดิม") == []


def test_an_addition_without_a_reason_is_no_correction(database, received, clock):
    entry_id = write(database, received, clock, to_text="อำเภอสอง")
    assert correct(database, clock, entry_id, reason="", to_text="อำเภอสอง อำเภอลอง") == []


def test_entries_without_corrections_are_left_out(database, received, clock):
    entry_id = write(database, received, clock)
    with database.read() as session:
        assert corrections.of(session, [entry_id]) == {}
