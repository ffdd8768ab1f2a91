"""What officers hear twice on every working day."""

import json
from datetime import datetime, timedelta

import pytest
from sqlalchemy import select

from registry import directory
from registry.clock import BANGKOK
from registry.desk.digest import send_due_digests
from registry.models.letters import LetterRow
from registry.models.people import OfficerRow
from registry.outbox import Kind
from tests.registry.desk.conftest import CLERK, NOBODY, OFFICER, SECRET_OFFICER, House, Mails


def at(clock, day: int, hour: int, minute: int) -> datetime:
    moment = datetime(2025, 10, day, hour, minute, tzinfo=BANGKOK)
    clock.set(moment)
    return moment


def digest(house: House) -> int:
    with house.database.write() as session:
        return send_due_digests(session, house.desk, house.clock.now())


@pytest.fixture(autouse=True)
def central(house: House) -> None:
    """The officer works in the central registry, to which letters come that nobody placed."""
    _move(house, "")


def _move(house: House, unit: str) -> None:
    with house.database.write() as session:
        session.scalars(
            select(OfficerRow).where(OfficerRow.email == OFFICER)
        ).one().unit_code = unit


def test_an_officer_of_a_unit_hears_of_its_letters_alone(house: House, mail: Mails, clock):
    """What waits for the central registry is not theirs; a letter of their unit is."""
    _move(house, "local")
    house.one(mail(trust=NOBODY, subject="ขอคัดสำเนา"))
    at(clock, 3, 13, 30)

    assert digest(house) == 1
    assert house.told("digest") == [SECRET_OFFICER]
    with house.database.write() as session:
        session.scalars(select(LetterRow)).one().unit_code = "local"
    assert digest(house) == 1
    assert sorted(house.told("digest")) == [OFFICER, SECRET_OFFICER]


def test_officers_get_one_digest_of_what_waits(house: House, mail: Mails, clock):
    house.one(mail(trust=NOBODY, subject="ขอคัดสำเนา"))
    at(clock, 3, 13, 30)

    assert [digest(house), digest(house)] == [2, 0]
    assert sorted(house.told("digest")) == [OFFICER, SECRET_OFFICER]
    assert CLERK not in house.told("digest")
    (section,) = house.jobs(Kind.NOTICE)[0].facts["sections"]
    assert section["title"] == "หนังสือรับที่รอลงรับ"
    assert "ขอคัดสำเนา" in section["items"][0]["line"]
    assert "พิสูจน์ไม่ได้" in section["items"][0]["why"]


def test_nothing_is_sent_when_nothing_waits(house: House, mail: Mails, clock):
    house.one(mail())
    at(clock, 3, 13, 31)

    assert digest(house) == 0


def test_a_letter_that_came_after_the_hour_is_in_the_next_digest(house: House, mail: Mails, clock):
    at(clock, 3, 9, 1)
    house.one(mail(trust=NOBODY))

    assert digest(house) == 0
    at(clock, 3, 13, 30)
    assert digest(house) == 2


def test_before_the_first_hour_nothing_is_due(house: House, mail: Mails, clock):
    at(clock, 2, 17, 0)
    house.one(mail(trust=NOBODY))
    at(clock, 3, 8, 59)

    assert digest(house) == 0


@pytest.mark.parametrize("day", [4, 5, 13])
def test_weekends_and_holidays_have_no_digest(house: House, mail: Mails, clock, day):
    """4 and 5 October are a weekend, the 13th is a holiday."""
    house.one(mail(trust=NOBODY))
    at(clock, day, 10, 0)

    assert digest(house) == 0


def test_a_service_that_was_down_makes_up_for_one_digest_only(house: House, mail: Mails, clock):
    at(clock, 3, 8, 0)
    house.one(mail(trust=NOBODY))
    at(clock, 3, 15, 0)

    assert [digest(house), digest(house)] == [2, 0]


def test_secret_letters_are_counted_and_say_nothing(house: House, mail: Mails, clock):
    house.one(mail(subject="[ลับ] แผนเผชิญเหตุ", sender_name="กรมลับ"))
    clock.advance(timedelta(hours=3))

    assert digest(house) == 2
    facts = house.jobs(Kind.NOTICE)[0].facts
    assert facts["total"] == 1
    said = json.dumps(facts, ensure_ascii=False)
    assert "แผนเผชิญเหตุ" not in said
    assert house.dla.name not in said


def test_an_officer_who_left_hears_nothing(house: House, mail: Mails, clock):
    with house.database.write() as session:
        directory.disable_officer(session, OFFICER, by="admin", at=clock.now())
    house.one(mail(trust=NOBODY))
    at(clock, 3, 13, 30)
    digest(house)

    assert house.told("digest") == [SECRET_OFFICER]


def test_the_most_urgent_letter_stands_first_and_says_that_nobody_looked_at_it(
    house: House, mail: Mails, clock
):
    at(clock, 3, 9, 30)
    house.one(mail(trust=NOBODY, subject="ขอคัดสำเนา"))
    at(clock, 3, 9, 40)
    house.one(mail(trust=NOBODY, subject="[ด่วนที่สุด] น้ำท่วม"))
    at(clock, 3, 13, 30)
    digest(house)
    (section,) = house.jobs(Kind.NOTICE, to_address=OFFICER)[0].facts["sections"]
    first, second = section["items"]
    assert "น้ำท่วม" in first["line"]
    assert first["why"].startswith("ยังไม่มีผู้เปิดดู · ")
    assert "ยังไม่มีผู้เปิดดู" not in second["why"]


def test_what_is_registered_and_past_its_time_stands_in_the_digest(
    house: House, mail: Mails, clock
):
    at(clock, 3, 9, 30)
    house.one(mail(subject="[ด่วนที่สุด] น้ำท่วม"))
    at(clock, 3, 13, 30)
    assert digest(house) == 2
    (section,) = house.jobs(Kind.NOTICE, to_address=OFFICER)[0].facts["sections"]
    assert section["title"] == "หนังสือที่ลงรับแล้วและเลยเวลาดำเนินการ"
    assert section["items"][0]["why"] == "ให้ดำเนินการภายใน ๓ ต.ค. ๒๕๖๘ ๑๐.๓๐ น."
