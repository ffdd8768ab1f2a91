"""By when what came is to be dealt with, and what is past its time."""

from datetime import datetime, timedelta

import pytest

from registry import directory, entries, relations
from registry.clock import BANGKOK
from registry.desk import due
from registry.desk.accept import accept
from registry.desk.amend import amend
from registry.desk.close import close
from registry.letter.dealing import DealBy
from registry.letters import get_letter
from registry.models.books import EntryRow
from tests.registry.desk.conftest import NOBODY, OFFICER, House, Mails

MOST = "[ด่วนที่สุด] น้ำท่วม"


def late(house: House, *, cleared: bool = False) -> list[due.Late]:
    with house.database.read() as session:
        return due.late(session, house.desk, house.phrae.id, house.clock.now(), cleared=cleared)


def by(house: House, entry_id: str) -> DealBy | None:
    return due.deal_by(house.desk, house.entry(entry_id))


@pytest.fixture
def morning(clock) -> datetime:
    """Nine o'clock on an office day."""
    at = datetime(2025, 10, 3, 9, 0, tzinfo=BANGKOK)
    clock.set(at)
    return at


def test_urgency_sets_the_time_of_a_registered_letter(house: House, mail: Mails, morning):
    entry = house.one(mail(subject=MOST)).entry_id
    assert by(house, entry) == DealBy(morning + timedelta(hours=1), asked=False)
    assert house.entry(entry).due is None, "nobody asked for a report by that time"


def test_a_letter_that_waits_has_its_time_too(house: House, mail: Mails, morning):
    letter_id = house.one(mail(subject=MOST, trust=NOBODY)).letter_id
    with house.database.read() as session:
        found = due.deal_by(house.desk, get_letter(session, letter_id))
    assert found == DealBy(morning + timedelta(hours=1), asked=False)


def test_a_time_that_the_paper_names_stands(house: House, mail: Mails, morning):
    entry = house.one(mail(subject="[ด่วนที่สุด] ด่วนภายใน 10 ต.ค. 2568 น้ำท่วม")).entry_id
    named = house.entry(entry).due
    assert named is not None
    assert by(house, entry) == DealBy(named, asked=True)


def test_corrected_urgency_moves_the_time_but_none_that_a_person_set(
    house: House, mail: Mails, morning
):
    one, other = (house.one(mail(subject=MOST)).entry_id for _ in range(2))
    week = morning + timedelta(days=7)
    with house.database.write() as session:
        amend(session, house.desk, other, OFFICER, "ตามที่ผู้บังคับบัญชากำหนด", due=week)
        for entry in (one, other):
            amend(session, house.desk, entry, OFFICER, "อ่านผิด", urgency="ด่วนมาก")
    assert by(house, one) == DealBy(morning + timedelta(hours=4), asked=False)
    assert by(house, other) == DealBy(week, asked=True)


def test_our_own_letters_and_closed_matters_have_no_time(house: House, mail: Mails, morning):
    entry, sent = house.one(mail(subject=MOST)).entry_id, house.sent().id
    with house.database.write() as session:
        close(session, house.desk, entry, OFFICER, "done")
        session.get_one(EntryRow, sent).urgency = "ด่วนที่สุด"
    assert by(house, entry) is None
    assert by(house, sent) is None


def test_what_is_past_its_time_is_listed_the_most_urgent_first(house: House, mail: Mails, clock):
    at = datetime(2025, 10, 3, 9, 0, tzinfo=BANGKOK)
    clock.set(at)
    soon = house.one(mail(subject="[ด่วน] ขอข้อมูล")).entry_id
    first = house.one(mail(subject=MOST)).entry_id
    house.one(mail(subject="ขอเชิญประชุม"))
    assert late(house) == []
    clock.set(at + timedelta(hours=1, seconds=1))
    assert [one.entry for one in late(house)] == [first]
    clock.set(at + timedelta(days=5))
    assert [one.entry for one in late(house)] == [first, soon]


def test_what_was_closed_or_answered_is_not_late(house: House, mail: Mails, clock, morning):
    closed, answered, only_likely = (house.one(mail(subject=MOST)).entry_id for _ in range(3))
    ours = house.sent()
    with house.database.write() as session:
        close(session, house.desk, closed, OFFICER, "done")
        for entry, sure in ((answered, True), (only_likely, False)):
            relations.link(
                session, ours.id, entry, "answers", "officer", 90,
                confirmed=sure, by=OFFICER, at=clock.now(),
            )  # fmt: skip
    clock.advance(timedelta(days=1))
    assert [one.entry for one in late(house)] == [only_likely]


def test_a_secret_letter_is_late_for_the_cleared_alone_and_without_words(
    house: House, mail: Mails, clock, morning
):
    entry = house.one(mail(subject=MOST)).entry_id
    with house.database.write() as session:
        session.get_one(EntryRow, entry).secrecy = "ลับ"
    clock.advance(timedelta(days=1))
    assert late(house) == []
    assert [(one.entry, one.subject) for one in late(house, cleared=True)] == [(entry, "")]


def test_what_is_older_than_thirty_days_is_left_to_the_search(
    house: House, mail: Mails, clock, morning
):
    house.one(mail(subject=MOST))
    clock.advance(timedelta(days=32))
    assert late(house) == []


def test_accepting_with_another_urgency_gives_another_time(house: House, mail: Mails, morning):
    letter = house.one(mail(subject=MOST, trust=NOBODY)).letter_id
    with house.database.write() as session:
        entry = accept(session, house.desk, letter, OFFICER, urgency="ด่วน")
        assert entries.get(session, entry.id).urgency == "ด่วน"
    assert by(house, entry.id) == DealBy(datetime(2025, 10, 7, 9, 0, tzinfo=BANGKOK), asked=False)


def test_every_hosted_office_has_its_own_list(house: House, mail: Mails, clock, morning):
    house.one(mail(subject=MOST))
    clock.advance(timedelta(days=1))
    with house.database.read() as session:
        town = directory.entity_by_code(session, "town")
        assert due.late(session, house.desk, town.id, clock.now(), cleared=True) == []
