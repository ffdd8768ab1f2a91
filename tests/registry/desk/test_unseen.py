"""The alarm for ด่วนที่สุด that nobody looks at: at once, once, and to whom it concerns."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from sqlalchemy import update

from registry import readings
from registry.clock import BANGKOK
from registry.desk.unseen import tell_of_unseen
from registry.letter.watcher import EVENTS, Watcher
from registry.models.people import OfficerRow
from registry.outbox import Kind
from registry.unlooked import unlooked
from tests.registry.desk.conftest import (
    LOCAL_BOX,
    NOBODY,
    OFFICER,
    SECRET_OFFICER,
    House,
    Mails,
)

DUTY = "duty@phrae.example"
HOOK = "webhook-0123456789abcdef@hooks.example"
MOST = "[ด่วนที่สุด] น้ำท่วม"


@pytest.fixture
def watched(house: House, clock) -> House:
    """An office at nine in the morning, whose officers work in the central registry."""
    clock.set(datetime(2025, 10, 3, 9, 0, tzinfo=BANGKOK))
    watchers = (Watcher("", DUTY, EVENTS), Watcher("phrae", HOOK, ("unseen",), webhook=True))
    house.desk = replace(house.desk, watchers=watchers)
    with house.database.write() as session:
        session.execute(update(OfficerRow).values(unit_code=""))
    return house


def alarm(house: House) -> int:
    with house.database.write() as session:
        return tell_of_unseen(session, house.desk, house.clock.now())


def heard(house: House) -> list[str]:
    """Give who was told by mail that something was not looked at."""
    jobs = house.jobs(Kind.NOTICE)
    return sorted(job.to_address for job in jobs if job.facts.get("event") == "unseen")


def test_a_letter_that_nobody_looks_at_is_told_once_to_watchers_and_officers(
    watched: House, mail: Mails, clock
):
    watched.one(mail(subject=MOST, trust=NOBODY))
    clock.advance(timedelta(minutes=29))
    assert alarm(watched) == 0
    clock.advance(timedelta(minutes=1))
    assert alarm(watched) == 4
    assert heard(watched) == sorted([DUTY, OFFICER, SECRET_OFFICER])
    assert [job.facts["event"] for job in watched.jobs(Kind.WEBHOOK)] == ["unseen"]
    clock.advance(timedelta(minutes=30))
    assert alarm(watched) == 0


@pytest.mark.parametrize("subject", ["[ด่วนมาก] ขอข้อมูล", "[ด่วน] ขอข้อมูล", "ขอข้อมูล"])
def test_only_the_most_urgent_letters_alarm(watched: House, mail: Mails, clock, subject):
    watched.one(mail(subject=subject, trust=NOBODY))
    clock.advance(timedelta(hours=3))
    assert alarm(watched) == 0


def test_whoever_looked_at_it_stops_the_alarm_and_a_program_does_not(
    watched: House, mail: Mails, clock
):
    one, other = (watched.one(mail(subject=MOST, trust=NOBODY)).letter_id for _ in range(2))
    with watched.database.write() as session:
        for letter, who in ((one, OFFICER), (other, "token:robot")):
            readings.record(session, watched.phrae.id, who, "page", clock.now(), letter_id=letter)
    clock.advance(timedelta(hours=1))
    alarm(watched)
    assert {job.letter_id for job in watched.jobs(Kind.WEBHOOK)} == {other}


def test_minutes_run_in_office_hours_only(watched: House, mail: Mails, clock):
    clock.set(datetime(2025, 10, 3, 16, 20, tzinfo=BANGKOK))  # a Friday
    watched.one(mail(subject=MOST, trust=NOBODY))
    for moment in ((2025, 10, 3, 17, 0), (2025, 10, 4, 12, 0), (2025, 10, 6, 8, 40)):
        clock.set(datetime(*moment, tzinfo=BANGKOK))
        assert alarm(watched) == 0
    clock.set(datetime(2025, 10, 6, 8, 50, tzinfo=BANGKOK))
    assert alarm(watched) == 4


def test_a_letter_that_registered_itself_alarms_until_a_unit_has_its_copy(
    watched: House, mail: Mails, clock
):
    text = "เรียน สำนักงานส่งเสริมการปกครองท้องถิ่น"
    delivered = watched.one(mail(subject=MOST, text=text))
    alone = watched.one(mail(subject=MOST))
    assert [watched.boxes(one.entry_id) for one in (delivered, alone)] == [[LOCAL_BOX], []]
    clock.advance(timedelta(hours=1))
    alarm(watched)
    assert [job.facts["entry"] for job in watched.jobs(Kind.WEBHOOK)] == [alone.entry_id]


def test_a_secret_letter_is_told_to_the_cleared_and_to_watchers(watched: House, mail: Mails, clock):
    watched.one(mail(subject="[ลับ] [ด่วนที่สุด] สอบสวน"))
    clock.advance(timedelta(hours=1))
    alarm(watched)
    assert heard(watched) == sorted([DUTY, SECRET_OFFICER])


def test_officers_of_a_unit_are_not_told_of_what_they_may_not_see(
    watched: House, mail: Mails, clock
):
    with watched.database.write() as session:
        session.execute(update(OfficerRow).values(unit_code="local"))
    watched.one(mail(subject=MOST, trust=NOBODY))
    clock.advance(timedelta(hours=1))
    alarm(watched)
    assert OFFICER not in heard(watched)


def test_zero_minutes_turn_the_alarm_off(watched: House, mail: Mails, clock):
    watched.settle(unseen_after_minutes=0.0)
    watched.one(mail(subject=MOST, trust=NOBODY))
    clock.advance(timedelta(hours=5))
    assert alarm(watched) == 0


def test_the_watch_covers_what_waits_from_before_a_long_holiday(watched: House, mail: Mails, clock):
    """What waits is looked for by its state, however many days offices were closed."""
    clock.set(datetime(2026, 4, 10, 18, 0, tzinfo=BANGKOK))
    watched.one(mail(subject=MOST, trust=NOBODY))
    at = datetime(2026, 4, 16, 9, 30, tzinfo=BANGKOK)
    with watched.database.read() as session:
        assert len(unlooked(session, watched.desk.workdays, 30.0, at)) == 1
