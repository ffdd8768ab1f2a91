"""A book as the printed form: its lines, months and days."""

from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest

from registry import entries
from registry.books import booklines
from registry.clock import BANGKOK
from registry.models.books import CounterRow
from tests.registry.written import OFFICER, write


@pytest.fixture
def year(database, received, clock) -> None:
    """Numbers 1 to 9: three on each of 30 September, 1 October and 2 October 2568."""
    for day in (datetime(2025, 9, 30, 9, tzinfo=BANGKOK), datetime(2025, 10, 1, 9, tzinfo=BANGKOK),
                datetime(2025, 10, 2, 9, tzinfo=BANGKOK)):  # fmt: skip
        clock.set(day)
        for minute in range(3):
            clock.set(day + timedelta(minutes=minute))
            write(database, received, clock, subject=f"เรื่อง {day.day}/{minute}")


def test_a_page_holds_so_many_lines_from_a_number_on(database, received, year):
    with database.read() as session:
        found = booklines.page(session, received, 4, 9, 4, cleared=False)
    assert [one.number for one in found] == [4, 5, 6, 7]
    assert found[0].subject == "เรื่อง 1/0"


@pytest.mark.parametrize(
    ("first", "after", "numbers"),
    [
        (date(2025, 10, 1), date(2025, 10, 2), (4, 6)),
        (date(2025, 9, 1), date(2025, 10, 1), (1, 3)),
        (date(2025, 10, 2), date(2026, 1, 1), (7, 9)),
        (date(2025, 10, 3), date(2025, 10, 4), (10, 9)),
        (date(2025, 1, 1), date(2025, 9, 30), (1, 0)),
    ],
)
def test_the_numbers_of_some_days_are_found(database, received, year, first, after, numbers):
    with database.read() as session:
        assert booklines.numbers_of(session, received, first, after) == numbers


def test_months_are_counted(database, received, year):
    with database.read() as session:
        found = booklines.months(session, received)
    assert [(one.first.month, one.count) for one in found] == [(9, 3), (10, 6)]


def test_a_series_that_began_in_mid_year_is_found_by_day_as_well(database, office, received, clock):
    with database.write() as session:
        row = CounterRow(
            entity_id=office.phrae, book="received", series="ordinary", year=2568, first=2231,
            last=2230,
        )  # fmt: skip
        session.add(row)
    for _ in range(3):
        clock.advance(timedelta(days=1))
        write(database, received, clock)
    day = clock.now().date()
    with database.read() as session:
        assert booklines.ends(session, received) == (2231, 2233)
        assert booklines.numbers_of(session, received, day, day + timedelta(1)) == (2233, 2233)


def test_an_empty_series_has_no_numbers(database, received):
    with database.read() as session:
        assert booklines.ends(session, received) == (1, 0)
        assert booklines.months(session, received) == []
        assert list(booklines.lines(session, received, 1, 9, cleared=True)) == []


def test_all_lines_are_read_some_at_a_time(database, received, year, monkeypatch):
    monkeypatch.setattr(booklines, "_AT_ONCE", 2)
    with database.read() as session:
        found = list(booklines.lines(session, received, 2, 8, cleared=False))
    assert [one.number for one in found] == [2, 3, 4, 5, 6, 7, 8]


def test_a_line_shows_what_was_struck_out(database, received, year, clock):
    with database.write() as session:
        one = booklines.page(session, received, 1, 1, 1, cleared=False)[0]
        entries.amend(session, one.id, OFFICER, "พิมพ์ผิด", at=clock.now(), subject="เรื่องที่ถูก")
    with database.read() as session:
        [line] = booklines.page(session, received, 1, 1, 1, cleared=False)
    assert line.subject == "เรื่องที่ถูก"
    assert [(one.field, one.old) for one in line.struck] == [("subject", "เรื่อง 30/0")]


def test_the_offices_own_name_that_stood_in_for_a_missing_addressee_is_no_correction(
    database, received, clock
):
    """At the door nobody had said to whom; the paper does, and nothing was wrong."""
    for by in ("automatic", OFFICER):
        entry_id = write(database, received, clock, to_text="จังหวัดแพร่", subject="ส่งหนังสือ")
        said = {"to_text": "ผู้ว่าราชการจังหวัดแพร่", "subject": "ขอเชิญประชุม"}
        with database.write() as session:
            entries.amend(session, entry_id, by, "ตามตัวหนังสือ", at=clock.now(), **said)
    with database.read() as session:
        machine, person = booklines.page(session, received, 1, 2, 2, cleared=False)
    assert [one.field for one in machine.struck] == ["subject"]
    assert [one.field for one in person.struck] == ["subject", "to_text"]


def test_a_secret_line_keeps_its_number_and_nothing_else(database, received, clock):
    secret = replace(received, series="secret")
    write(database, secret, clock, subject="แผนลับ", secrecy="ลับ", from_text="กรม")
    with database.read() as session:
        [hidden] = booklines.page(session, secret, 1, 9, 9, cleared=False)
        [shown] = booklines.page(session, secret, 1, 9, 9, cleared=True)
    assert (hidden.number, hidden.subject, hidden.from_text, hidden.redacted) == (1, "", "", True)
    assert shown.subject == "แผนลับ"


def test_a_letter_registered_on_a_later_day_says_when_it_came(database, received, clock):
    came = clock.now() - timedelta(days=1)
    write(database, received, clock, accepted_at=came)
    write(database, received, clock, accepted_at=clock.now())
    with database.read() as session:
        late, prompt = booklines.page(session, received, 1, 2, 2, cleared=False)
    assert (late.came_before, prompt.came_before) == (came.date(), None)


def test_a_reserved_number_and_a_used_one_are_told_apart(database, office, received, clock):
    sent = replace(received, book="sent")
    reserved = write(database, sent, clock, state="reserved", reserved_for=OFFICER)
    with database.read() as session:
        [line] = booklines.page(session, sent, 1, 1, 1, cleared=False)
    assert (line.state, line.was_reserved, line.id) == ("reserved", False, reserved)


def test_books_are_told_with_their_years_and_series(database, office, received, clock):
    write(database, received, clock)
    write(database, replace(received, series="secret"), clock)
    clock.set(datetime(2026, 1, 2, tzinfo=BANGKOK))
    write(database, replace(received, year=2569), clock)
    write(database, replace(received, year=2569, unit_code="fin", book="คำสั่ง"), clock)
    with database.read() as session:
        assert booklines.books(session, office.phrae) == {
            ("", "received"): {2569: ["ordinary"], 2568: ["ordinary", "secret"]},
            ("fin", "คำสั่ง"): {2569: ["ordinary"]},
        }
