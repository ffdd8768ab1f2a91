"""Letters that nobody acknowledged in time, and the calls that are made about them."""

from datetime import datetime, timedelta

import pytest
from sqlalchemy import update

from registry import deliveries, directory
from registry.clock import BANGKOK
from registry.desk import call, chase, overdue
from registry.errors import Conflict, NotAllowed
from registry.letter.delivery import DeliveryState
from registry.letter.entity import Role
from registry.letter.message import Means, Receipt, Trust
from registry.models.books import EntryRow
from registry.models.evidence import JournalRow
from registry.models.outgoing import CallRow
from registry.models.people import EntityRow
from tests.registry.desk.conftest import CLERK, DLA, OFFICER, TOWN, House, Mails

FRIDAY = datetime(2025, 10, 3, 10, 0, tzinfo=BANGKOK)
MONDAY = datetime(2025, 10, 6, 16, 30, tzinfo=BANGKOK)


def mark(house: House) -> int:
    with house.database.write() as session:
        return overdue.mark_overdue(session, house.desk, house.clock.now())


def due(house: House) -> list[call.Call]:
    with house.database.read() as session:
        return call.due(session, house.desk, "phrae")


def change(house: House, model, **values) -> None:
    with house.database.write() as session:
        session.execute(update(model).values(**values))


def states(house: House, entry_id: str) -> list[str]:
    return [str(one.state) for one in house.entry(entry_id).deliveries]


def make_urgent(house: House) -> None:
    change(house, EntryRow, urgency="ด่วนที่สุด")


@pytest.fixture
def sent(house: House, clock):
    """Send a letter to the department on a Friday morning."""
    clock.set(FRIDAY)
    return house.sent([DLA])


@pytest.fixture
def late(house: House, sent, clock):
    """Let the department say nothing until Monday's closing."""
    clock.set(MONDAY)
    assert mark(house) == 1
    return sent


def test_a_letter_is_overdue_at_closing_time_of_the_next_working_day(house, sent, clock):
    clock.set(MONDAY - timedelta(minutes=1))
    assert mark(house) == 0
    clock.set(MONDAY)
    assert [mark(house), mark(house)] == [1, 0]
    assert states(house, sent.id) == ["overdue"]
    assert [row.act for row in house.rows(JournalRow, act="overdue")] == ["overdue"]


def test_the_most_urgent_letter_is_overdue_after_fifteen_minutes_day_and_night(house, clock):
    clock.set(FRIDAY.replace(hour=22))
    house.sent([DLA])
    make_urgent(house)
    clock.advance(timedelta(minutes=14))
    assert mark(house) == 0
    clock.advance(timedelta(minutes=1))
    assert mark(house) == 1


def test_an_office_may_count_the_minutes_in_office_hours_only(house, clock):
    house.settle(overdue_in_office_hours=True)
    clock.set(FRIDAY.replace(hour=16, minute=29))
    house.sent([DLA])
    make_urgent(house)
    clock.set(MONDAY.replace(hour=8, minute=43))
    assert mark(house) == 0
    clock.set(MONDAY.replace(hour=8, minute=44))
    assert mark(house) == 1


def test_whoever_is_not_in_the_directory_owes_no_answer(house, clock):
    clock.set(FRIDAY)
    house.sent(["somebody@citizen.example"])
    clock.set(MONDAY)
    assert mark(house) == 0


def test_an_office_may_chase_only_those_who_are_known_to_acknowledge(house, mail: Mails, clock):
    house.settle(overdue="acknowledging")
    clock.set(FRIDAY)
    first, _ = house.sent([DLA]), house.sent([TOWN], number="พร 0023.3/42")
    clock.set(MONDAY)
    assert mark(house) == 0
    house.one(mail(receipt=Receipt("registered", str(first.message_id), number="1")))
    house.sent([DLA], number="พร 0023.3/43")
    clock.set(MONDAY + timedelta(days=1))
    assert mark(house) == 1


def test_the_chase_can_be_switched_off(house, sent, clock):
    house.settle(overdue="off")
    clock.set(MONDAY)
    assert mark(house) == 0


def test_a_persons_word_stops_the_time_and_a_machines_arrival_does_not(house, mail: Mails, clock):
    clock.set(FRIDAY)
    told, heard = house.sent([DLA]), house.sent([TOWN], number="พร 0023.3/42")
    house.one(mail(text="ได้รับแล้วค่ะ", references=(str(told.message_id),), subject="ตอบกลับ"))
    receipt = Receipt("arrived", str(heard.message_id))
    house.one(mail(receipt=receipt, sender=TOWN, trust=Trust(Means.DKIM, domain="town.example")))
    assert states(house, told.id) + states(house, heard.id) == ["arrived", "arrived"]
    clock.set(MONDAY)
    assert mark(house) == 1
    assert states(house, told.id) + states(house, heard.id) == ["arrived", "overdue"]


def test_a_later_acknowledgement_moves_an_overdue_delivery_on(house, late, mail: Mails):
    house.one(mail(receipt=Receipt("registered", str(late.message_id), number="7", year=2568)))
    assert states(house, late.id) == ["registered"]
    assert due(house) == []


def test_the_call_list_has_the_phone_and_the_most_urgent_first(house, late, clock):
    change(house, EntityRow, phone="0 2241 9000")
    house.sent([TOWN], number="พร 0023.3/42")
    with house.database.write() as session:
        urgent = EntryRow.letter_number == "พร 0023.3/42"
        session.execute(update(EntryRow).where(urgent).values(urgency="ด่วนที่สุด"))
    clock.advance(timedelta(minutes=15))
    mark(house)
    first, second = due(house)
    assert (first.to, first.urgency, first.why) == (TOWN, "ด่วนที่สุด", "overdue")
    assert (second.to, second.phone, second.letter_number) == (DLA, "0 2241 9000", "พร 0023.3/41")


def test_a_secret_letter_stands_on_the_list_without_its_subject(house, late):
    change(house, EntryRow, secrecy="ลับ")
    assert due(house)[0].subject == ""


def test_a_call_is_an_act_and_rests_the_matter_until_the_next_working_day(house, late, clock):
    delivery = due(house)[0].delivery
    with house.database.write() as session:
        state = call.done(
            session, house.desk, delivery, OFFICER, spoke_to="คุณมาลี", result="จะลงรับวันนี้"
        )
    assert state is DeliveryState.OVERDUE
    assert due(house) == []
    (made,) = house.rows(CallRow)
    assert (made.by, made.spoke_to, made.result) == (OFFICER, "คุณมาลี", "จะลงรับวันนี้")
    assert [row.actor for row in house.rows(JournalRow, act="called")] == [OFFICER]
    with house.database.read() as session:
        line = deliveries.history(session, [delivery])[delivery][-1]
    assert line.detail == "โทร. ถึง คุณมาลี: จะลงรับวันนี้"
    clock.set(MONDAY + timedelta(days=1))
    assert [(one.tries, one.last) for one in due(house)] == [(1, "จะลงรับวันนี้")]


def test_a_call_that_nobody_took_leaves_the_letter_on_the_list(house, late):
    delivery = due(house)[0].delivery
    with house.database.write() as session:
        call.done(session, house.desk, delivery, OFFICER, spoke_to="", result="ไม่มีผู้รับสาย")
    assert [one.tries for one in due(house)] == [1]


def test_a_receive_number_heard_on_the_telephone_registers_the_delivery(house, late):
    delivery = due(house)[0].delivery
    with house.database.write() as session:
        call.done(
            session, house.desk, delivery, OFFICER,
            spoke_to="คุณมาลี", result="ลงรับแล้ว", remote_number="๒๒๓๑/๒๕๖๘",
        )  # fmt: skip
    (one,) = house.entry(late.id).deliveries
    assert (one.state, one.remote_number) == (DeliveryState.REGISTERED, "2231/2568")
    with house.database.write() as session, pytest.raises(Conflict):
        call.done(session, house.desk, delivery, OFFICER, spoke_to="ก", result="ข")


def test_only_officers_and_whose_letter_it_is_call_in_the_offices_name(house, late):
    delivery = due(house)[0].delivery
    other = "somebody@phrae.example"
    with house.database.write() as session:
        directory.add_officer(
            session, house.phrae.id, email=other, role=Role.CLERK, at=house.clock.now()
        )
    with house.database.write() as session, pytest.raises(NotAllowed):
        call.done(session, house.desk, delivery, other, spoke_to="ก", result="ข")
    with house.database.write() as session:
        call.done(session, house.desk, delivery, CLERK, spoke_to="ก", result="ข")


def test_the_digest_reminds_of_calls_and_of_reserved_numbers(house, late, clock):
    with house.database.read() as session:
        found = chase.reminders(session, house.desk, house.phrae, house.clock.now())
    assert [one["title"] for one in found] == [chase.CALLS]
    assert "ที่ พร ๐๐๒๓.๓/๔๑" in found[0]["items"][0]["line"]
