"""The figures of the overview: counted over the window, and no more than it."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from registry import overview
from registry.clock import BANGKOK
from registry.ids import new_id
from registry.models.letters import LetterRow
from registry.models.outgoing import DeliveryRow, OutboxRow
from tests.registry.written import write


def look(database, office, clock):
    with database.read() as session:
        return overview.look(session, office.phrae, clock.now(), cleared=False)


def tell(database, office, clock, entry_id):
    """Write the mail that tells the sender of an entry its number."""
    at = clock.now()
    with database.write() as session:
        session.add(
            OutboxRow(
                id=new_id(), kind="acknowledgement", entity_id=office.phrae, entry_id=entry_id,
                to_address="saraban@town.example", message_id=f"<a.{entry_id}@phrae.example>",
                created_at=at, not_before=at, give_up_at=at,
            )
        )  # fmt: skip


def test_an_office_without_letters_has_nothing_to_tell(database, office, clock):
    found = look(database, office, clock)
    assert len(found.days) == overview.DAYS
    assert sum(day.received + day.sent for day in found.days) == 0
    assert (found.acknowledged, found.answered, found.oldest, found.checked) == (None,) * 4
    assert (found.waiting, found.came, found.late, found.queue) == ([], [], 0, 0)


def test_letters_are_counted_on_the_day_they_were_registered_in_bangkok(
    database, office, received, clock
):
    now = clock.now()
    for back in (40, 29, 1, 1, 0):
        clock.set(now - timedelta(days=back))
        write(database, received, clock, urgency="ด่วน" if back else "")
    clock.set(now)
    write(database, replace(received, book="sent"), clock)
    found = look(database, office, clock)
    assert found.days[0].day == date(2025, 9, 4)
    assert [(day.received, day.sent) for day in found.days if day.received] == [
        (1, 0), (2, 0), (1, 1),
    ]  # fmt: skip
    assert found.came == [("ด่วน", 3), ("", 1)]


def test_new_year_lies_within_the_window(database, office, received, clock):
    clock.set(clock.now().replace(month=12, day=31))
    write(database, received, clock)
    clock.advance(timedelta(days=1))
    write(database, replace(received, year=2569), clock)
    assert [day.received for day in look(database, office, clock).days[-2:]] == [1, 1]


def test_the_time_until_our_number_is_told_by_its_middle_and_its_ninth_of_ten(
    database, office, received, clock
):
    for minutes in range(1, 11):
        came = clock.now() - timedelta(minutes=minutes)
        entry_id = write(database, received, clock, accepted_at=came)
        tell(database, office, clock, entry_id)
    write(database, received, clock, accepted_at=clock.now() - timedelta(days=9))  # on paper
    found = look(database, office, clock).acknowledged
    assert (found.median, found.p90, found.count) == (
        timedelta(minutes=6), timedelta(minutes=10), 10,
    )  # fmt: skip


def test_the_time_until_others_answer_counts_those_who_answered(database, office, entry, clock):
    rows = [
        DeliveryRow(entry_id=entry, to_address=f"{state}@town.example", state=state,
                    at=clock.now() + timedelta(hours=2))
        for state in ("registered", "sent", "overdue")
    ]  # fmt: skip
    with database.write() as session:
        session.add_all(rows)
    found = look(database, office, clock)
    assert (found.answered.median, found.answered.count) == (timedelta(hours=2), 1)
    assert found.counts.overdue == 1


def test_what_waits_is_told_by_urgency_and_since_when(database, office, clock):
    with database.write() as session:
        for n, urgency in enumerate(("", "ด่วนที่สุด", "")):
            session.add(
                LetterRow(
                    id=f"waiting{n}".ljust(16, "x"), entity_id=office.phrae, direction="in",
                    state="waiting", urgency=urgency, accepted_at=clock.now() - timedelta(hours=n),
                )
            )  # fmt: skip
    found = look(database, office, clock)
    assert found.waiting == [("ด่วนที่สุด", 1), ("", 2)]
    assert found.oldest.astimezone(BANGKOK) == clock.now() - timedelta(hours=2)


@pytest.mark.parametrize("cleared", [True, False])
def test_what_is_to_be_reported_is_listed_until_it_is_closed(
    database, office, received, clock, cleared
):
    late, soon = clock.now() - timedelta(days=1), clock.now() + timedelta(days=1)
    write(database, received, clock, due=soon, subject="ใกล้ครบกำหนด")
    write(database, received, clock, due=late, subject="เกินกำหนด")
    write(database, received, clock, due=late, closed=clock.now())
    write(database, replace(received, series="secret"), clock, due=late, secrecy="ลับ")
    with database.read() as session:
        found = overview.due(session, office.phrae, cleared=cleared)
    assert [one.subject for one in found if one.subject] == ["เกินกำหนด", "ใกล้ครบกำหนด"]
    assert len(found) == 2 + cleared
    assert look(database, office, clock).late == 2


def test_another_entitys_letters_are_not_counted(database, office, received, clock):
    write(database, replace(received, entity_id=office.town), clock)
    assert sum(day.received for day in look(database, office, clock).days) == 0
