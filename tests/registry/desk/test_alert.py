"""Who is told at once of urgent and secret arrivals, overdue letters and unread ones."""

from dataclasses import replace

import pytest

from registry.desk import accept, unseal
from registry.errors import NotAllowed
from registry.letter.grades import Secrecy
from registry.letter.watcher import EVENTS, Watcher
from registry.models.evidence import JournalRow
from registry.outbox import Kind
from tests.registry.desk.conftest import OFFICER, SECRET_OFFICER, House, Mails

DUTY = "duty@phrae.example"
HOOK = "webhook-0123456789abcdef@hooks.example"


@pytest.fixture
def watched(house: House) -> House:
    """An office whose duty officer and whose chat room want to hear of everything."""
    watchers = (
        Watcher("", DUTY, EVENTS),
        Watcher("phrae", HOOK, ("urgent", "secret"), webhook=True),
        Watcher("town", "town@elsewhere.example", EVENTS),
    )
    house.desk = replace(house.desk, watchers=watchers)
    return house


def hooks(house: House) -> list[str]:
    return [job.facts["event"] for job in house.jobs(Kind.WEBHOOK)]


@pytest.mark.parametrize(
    ("subject", "told"), [("[ด่วนที่สุด] น้ำท่วม", 1), ("[ด่วนมาก] ขอข้อมูล", 1), ("[ด่วน] ก", 0)]
)
def test_an_urgent_arrival_is_told_once_to_each_target(watched, mail: Mails, subject, told):
    again = mail(subject=subject, raw="same", message_id="<one@dla.example>")
    watched.one(again)
    watched.one(mail(subject=subject, raw="same", message_id="<one@dla.example>"))
    assert watched.told("alert") == [DUTY] * told
    assert hooks(watched) == ["urgent"] * told


def test_an_urgent_letter_that_waits_is_told_as_well(watched, mail: Mails):
    watched.settle(receive="by_officer")
    watched.desk = replace(watched.desk)
    watched.one(mail(subject="[ด่วนที่สุด] น้ำท่วม"))
    assert hooks(watched) == ["urgent"]


def test_a_secret_arrival_is_told_without_a_word_of_it(watched, mail: Mails):
    watched.one(mail(subject="[ลับ] สอบสวน"))
    assert (watched.told("alert"), hooks(watched)) == ([DUTY], ["secret"])
    assert all("สอบสวน" not in str(job.facts) for job in watched.jobs(Kind.WEBHOOK))


def test_jobs_of_a_webhook_rest_with_its_host(watched, mail: Mails):
    watched.one(mail(subject="[ด่วนที่สุด] น้ำท่วม"))
    (job,) = watched.jobs(Kind.WEBHOOK)
    assert (job.to_address, job.destination, job.urgency) == (HOOK, "hooks.example", 3)


@pytest.fixture
def unread(house: House, mail: Mails):
    """A letter whose structure nothing could read; what there is of its text may be secret."""
    return house.one(mail(parsed=False, text="ลับ รายงาน", subject="")).letter_id


def test_an_unread_letter_is_registered_only_by_whoever_opened_it(house, unread):
    with house.database.write() as session, pytest.raises(NotAllowed):
        accept.accept(session, house.desk, unread, OFFICER, subject="รายงาน")
    with house.database.write() as session:
        unseal.unseal(session, house.desk, unread, OFFICER)
        unseal.unseal(session, house.desk, unread, OFFICER)
        accept.accept(session, house.desk, unread, OFFICER, subject="รายงาน")
    assert [row.actor for row in house.rows(JournalRow, act="opened")] == [OFFICER]
    assert house.received()[0].subject == "รายงาน"


def test_the_officer_of_secret_letters_needs_no_leave_to_open_it(house, unread):
    with house.database.write() as session:
        accept.accept(session, house.desk, unread, SECRET_OFFICER, subject="รายงาน", secrecy="ลับ")
    assert house.received()[0].secrecy == "ลับ"


def test_an_unread_letter_found_secret_is_handed_on(house, unread):
    with house.database.write() as session:
        unseal.unseal(session, house.desk, unread, OFFICER)
        unseal.mark(session, house.desk, unread, OFFICER, Secrecy.CONFIDENTIAL)
    assert (house.letter(unread).state, house.letter(unread).secrecy) == ("secret", "ลับ")
    with house.database.write() as session, pytest.raises(NotAllowed):
        accept.accept(session, house.desk, unread, OFFICER)
