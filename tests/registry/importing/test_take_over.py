"""An old register in the books: its numbers, its gaps, and the next number after it."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from registry import entries, proof
from registry.blobs import BlobStore
from registry.clock import buddhist_year
from registry.desk.paper import Paper, register_paper
from registry.errors import Conflict, NotAllowed
from registry.importing.lines import OldLine, Trouble
from registry.importing.plan import make_plan
from registry.importing.take_over import Source, take_over
from registry.models.evidence import JournalRow
from registry.models.work import ImportRow
from registry.numbering import BookKey, start
from tests.registry.desk.conftest import CLERK, OFFICER

SOURCE = Source("ทะเบียนรับ.xlsx", "0" * 64, {"number": 0})


def key_of(house):
    return BookKey(house.phrae.id, "", "received", "ordinary", buddhist_year(house.clock.now()))


def old(house, *numbers, day=0, **more):
    """Lines of these numbers, each on the day so many days ago."""
    today = house.clock.now().date()
    made = [
        OldLine(at, number, today - timedelta(days=day), subject=f"เรื่องที่ {number}")
        for at, number in enumerate(numbers, 2)
    ]
    return [replace(one, **more) for one in made]


def take(house, lines, by=OFFICER, **more):
    with house.database.write() as session:
        return take_over(session, house.desk, house.phrae, key_of(house), by, SOURCE, lines, **more)


def next_paper(house):
    with house.database.write() as session:
        paper = Paper("ฉบับต่อไป", "ประชาชน")
        return register_paper(session, house.desk, house.phrae, OFFICER, paper)


def is_proven(house, tmp_path):
    with house.database.read() as session:
        return proof.prove(session, BlobStore(tmp_path / "blobs")).problems == []


def test_the_next_letter_takes_the_next_number_and_the_proof_holds(house, tmp_path):
    plan = take(house, old(house, 3, 1, 2, day=9))
    assert (plan.first, plan.last, plan.following, plan.gaps) == (1, 3, 4, ())
    assert next_paper(house).number == 4
    assert is_proven(house, tmp_path)
    first = house.received()[0]
    assert first.note == "นำเข้าจากทะเบียนเดิม แถวที่ ๓"
    assert (first.letter_id, first.original_sha256) == (None, None)


def test_a_number_that_stands_nowhere_becomes_a_void_line_that_says_so(house, tmp_path):
    plan = take(house, old(house, 5, 8))
    assert (plan.gaps, plan.missing) == (((6, 7),), 2)
    found = {one.number: (one.state, one.void_reason) for one in house.received()}
    assert found[6] == ("void", "ไม่มีเลขนี้ในทะเบียนเดิมที่นำเข้า")
    assert found[8] == ("registered", "")
    assert is_proven(house, tmp_path)


def test_a_letter_whose_day_cannot_be_read_stands_in_the_book_with_its_neighbours_day(
    house, tmp_path
):
    first, lost, last = old(house, 5, 6, 7, day=3)
    lost = replace(lost, day=date(1990, 1, 1), undated="เมื่อวาน", from_text="กรมการปกครอง")
    plan = take(house, [first, lost, last])
    assert ([one.number for one in plan.undated], plan.missing, plan.moved) == ([6], 0, {})
    found = next(one for one in house.received() if one.number == 6)
    assert (found.state, found.subject, found.from_text) == (
        "registered",
        "เรื่องที่ 6",
        "กรมการปกครอง",
    )
    assert found.note.startswith("วันที่ตามทะเบียนเดิมอ่านไม่ได้: “เมื่อวาน”")
    assert found.registered_at.date() == first.day
    assert is_proven(house, tmp_path)


def test_a_number_whose_row_cannot_be_read_is_not_said_to_stand_nowhere(house, tmp_path):
    rows = [*old(house, 5, 7), Trouble(9, "ไม่มีเรื่อง", 6), Trouble(10, "ไม่มีเรื่อง", 8)]
    plan = take(house, rows, leave_out=True)
    assert (plan.gaps, plan.missing, plan.following) == ((), 0, 9)
    found = {one.number: one.void_reason for one in house.received()}
    assert found[6] == "อ่านแถวที่ ๙ ของทะเบียนเดิมไม่ได้: ไม่มีเรื่อง"
    assert found[8] == "อ่านแถวที่ ๑๐ ของทะเบียนเดิมไม่ได้: ไม่มีเรื่อง"
    assert next_paper(house).number == 9
    assert is_proven(house, tmp_path)


def test_a_register_without_any_day_is_not_taken_over(house):
    with pytest.raises(Conflict):
        take(house, old(house, 1, 2, undated="?"), leave_out=True)


def test_a_series_begun_here_in_mid_year_gets_its_earlier_numbers(house, tmp_path):
    with house.database.write() as session:
        start(session, key_of(house), 10, OFFICER, house.clock.now())
    assert next_paper(house).number == 10
    plan = take(house, old(house, 7, 8, 10, day=3), leave_out=True)
    assert plan.gaps == ((9, 9),)
    assert [(one.number, one.why) for one in plan.troubles] == [(10, "ตั้งแต่เลข ๑๐ ระบบนี้ออกเลขเอง")]
    assert next_paper(house).number == 11
    assert [one.number for one in house.received()] == [7, 8, 9, 10, 11]
    assert is_proven(house, tmp_path)


def test_the_fewest_days_are_moved_where_days_go_back(house, tmp_path):
    today = house.clock.now().date()
    lines = old(house, 1, 2, 3, 4)
    days = [today - timedelta(days=back) for back in (9, 2, 8, 7)]
    dated = [replace(one, day=day) for one, day in zip(lines, days, strict=True)]
    plan = take(house, dated)
    assert plan.moved == {2: days[0]}
    second = house.received()[1]
    assert "วันที่ตามทะเบียนเดิม" in second.note
    assert is_proven(house, tmp_path)


def test_rows_are_left_out_only_if_somebody_agrees(house):
    lines = [*old(house, 1, 2), *old(house, 2), Trouble(9, "ไม่มีเรื่อง")]
    with pytest.raises(Conflict):
        take(house, lines)
    assert house.received() == []
    plan = take(house, lines, leave_out=True)
    assert (plan.left_out, plan.doubles[0][1]) == (2, 3)


def test_asking_what_would_become_of_it_changes_nothing(house):
    with house.database.read() as session:
        today = house.clock.now().date()
        plan = make_plan(session, key_of(house), old(house, 1, 2), today)
    assert plan.following == 3
    assert house.rows(ImportRow) == house.received() == []


def test_the_same_register_is_not_taken_over_twice(house):
    take(house, old(house, 1, 2))
    with pytest.raises(Conflict, match="blocked"):
        take(house, old(house, 1, 2), leave_out=True)


def test_tomorrow_is_not_taken_over(house):
    with pytest.raises(Conflict):
        take(house, old(house, 1, day=-1), leave_out=True)


def test_a_void_line_of_the_old_register_stays_void(house, tmp_path):
    take(house, old(house, 1, void=True))
    (line,) = house.received()
    assert line.state == "void"
    assert is_proven(house, tmp_path)


def test_the_journal_says_which_file_was_taken_over_and_by_whom(house):
    take(house, old(house, 1))
    (row,) = house.rows(ImportRow)
    (line,) = house.rows(JournalRow, act="imported")
    assert (line.actor, line.facts["sha256"], line.facts["import"]) == (OFFICER, "0" * 64, row.id)
    assert row.counts["lines"] == 1


def test_a_clerk_takes_nothing_over(house):
    with pytest.raises(NotAllowed):
        take(house, old(house, 1), by=CLERK)


def test_a_year_that_is_over_is_taken_over_whole(house, tmp_path):
    last_year = replace(key_of(house), year=key_of(house).year - 1)
    day = date(last_year.year - 543, 12, 30)
    lines = [OldLine(2, 1, day, subject="ปีก่อน")]
    with house.database.write() as session:
        take_over(session, house.desk, house.phrae, last_year, OFFICER, SOURCE, lines)
        found = entries.listing(session, "phrae", "received", last_year.year)
    assert [one.number for one in found] == [1]
    assert is_proven(house, tmp_path)
