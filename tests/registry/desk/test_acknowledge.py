"""Who is told that a letter arrived, where, and when nobody is."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest

from registry.desk.acknowledge import acknowledge_late_arrivals
from registry.desk.breaker import LIGHT
from registry.letter.message import Listener, Means, Trust
from registry.models.evidence import JournalRow
from registry.models.outgoing import ExchangeRow
from registry.outbox import Kind
from tests.registry.desk.conftest import DLA, NOBODY, OFFICER, PHRAE, House, Mails, pdf

SPARE = 3  # registry.answers_per_hour of the tests about loops


def late(house: House) -> int:
    with house.database.write() as session:
        return acknowledge_late_arrivals(session, house.desk, house.clock.now())


def test_a_registered_letter_is_acknowledged_once_at_the_central_address(house: House, mail: Mails):
    outcome = house.one(mail())

    (job,) = house.jobs(Kind.ACKNOWLEDGEMENT)
    assert (job.to_address, job.facts["act"], job.entry_id) == (DLA, "registered", outcome.entry_id)


def test_a_reply_to_within_the_senders_domain_is_answered(house: House, mail: Mails):
    house.one(mail(reply_to="clerk@dla.example"))

    assert house.acknowledged() == ["clerk@dla.example"]


@pytest.mark.parametrize(
    "reply_to",
    ["victim@elsewhere.example", "x@notdla.example", "", "nonsense", "noreply@dla.example"],
)
def test_a_reply_to_anywhere_else_is_not(house: House, mail: Mails, reply_to):
    house.one(mail(reply_to=reply_to))

    assert house.acknowledged() == [DLA]


@pytest.mark.parametrize(
    "fields",
    [
        {"mail_from": ""},
        {"bulk": True},
        {"automatic": True},
        {"mail_from": "news-bounces@dla.example"},
        {"mail_from": "owner-news@dla.example"},
    ],
    ids=["null sender", "list", "automatic", "list without its fields", "owner of a list"],
)
def test_machines_are_never_answered(house: House, mail: Mails, fields):
    house.one(mail(parts=[pdf()], **fields))

    assert house.jobs(Kind.ACKNOWLEDGEMENT) == []


def test_nobody_unproven_is_answered_even_after_an_officer_accepted(house: House, mail: Mails):
    house.one(mail(trust=NOBODY))

    assert house.jobs(Kind.ACKNOWLEDGEMENT) == []


def test_a_circuit_breaker_ends_two_systems_that_answer_each_other(house: House, mail: Mails):
    house.settle(answers_per_hour=SPARE)
    for _ in range(SPARE + 10):
        house.one(mail(raw="same", message_id="<same@dla.example>", text="same"))

    assert len(house.jobs(Kind.ACKNOWLEDGEMENT)) == SPARE
    withheld = house.rows(JournalRow, act="acknowledgement-withheld")
    assert len(withheld) == 10
    assert house.told("loop_stopped") == [OFFICER]


def test_the_breaker_closes_again_after_an_hour(house: House, mail: Mails, clock):
    house.settle(answers_per_hour=SPARE)
    for _ in range(SPARE + 5):
        house.one(mail(raw="same", message_id="<same@dla.example>", text="same"))
    clock.advance(timedelta(hours=1, minutes=1))
    house.one(mail(raw="same", message_id="<same@dla.example>", text="same"))

    assert len(house.jobs(Kind.ACKNOWLEDGEMENT)) == SPARE + 1


def test_a_busy_hour_of_real_letters_is_all_acknowledged(house: House, mail: Mails):
    house.settle(answers_per_hour=SPARE)
    for n in range(SPARE):
        house.one(mail(parts=[pdf(content=str(n))]))
        house.one(mail(text=f"ที่ มท 0810.7/{n + 1}\n\nวันที่ 1 ตุลาคม 2568\n\nเรื่อง ขอเชิญ"))
        house.one(mail(marks={"X-Saraban-Urgency": "ปกติ"}))

    assert len(house.acknowledged()) == 3 * SPARE
    assert house.told("loop_stopped") == []


def test_even_letters_with_files_cannot_go_round_without_end(house: House, mail: Mails):
    """A system that answers every acknowledgement with a new letter and its logo as a file."""
    house.settle(answers_per_hour=1)
    for n in range(LIGHT + 5):
        house.one(mail(parts=[pdf(content=str(n))]))

    assert len(house.acknowledged()) == LIGHT
    assert len(house.received()) == LIGHT + 5
    assert house.told("loop_stopped") == [OFFICER]


def test_a_responder_that_writes_as_a_person_does_is_parted_from_us(house: House, mail: Mails):
    """No header, no thread, a Message-ID of its own: nothing but its number gives it away."""
    house.settle(answers_per_hour=SPARE)
    for n in range(SPARE + 7):
        house.one(mail(subject=f"ได้รับอีเมลของท่านแล้ว {n}", text="ขอบคุณที่ติดต่อเรา"))

    assert len(house.acknowledged()) == SPARE


def test_the_breaker_outlives_the_process_and_holds_for_this_pair_only(house: House, mail: Mails):
    house.settle(answers_per_hour=SPARE)
    for _ in range(SPARE + 1):
        house.one(mail(raw="same", message_id="<same@dla.example>", text="same"))
    other = mail(sender="saraban@town.example", listener=Listener.LOCAL, trust=Trust(Means.HOSTED))
    house.one(other)

    (pair,) = house.rows(ExchangeRow, address=DLA)
    assert pair.open_until == house.clock.now() + timedelta(hours=1)
    assert "saraban@town.example" in house.acknowledged()


def test_two_processes_count_together(house: House, mail: Mails):
    house.settle(answers_per_hour=SPARE)
    same = [
        mail(raw="same", message_id="<same@dla.example>", text="same") for _ in range(SPARE + 8)
    ]
    with ThreadPoolExecutor(4) as processes:
        list(processes.map(house.take, same))

    assert len(house.jobs(Kind.ACKNOWLEDGEMENT)) == SPARE


def test_arrival_is_told_at_once_only_where_no_person_reads_two_mails(house: House, mail: Mails):
    house.settle(receive="by_officer")
    house.one(mail())
    assert house.acknowledged("arrived") == []

    house.one(mail(marks={"X-Saraban-Urgency": "ปกติ"}))
    house.one(mail(subject="ด่วนที่สุด ขอข้อมูล"))
    assert house.acknowledged("arrived") == [DLA, DLA]


def test_arrival_is_told_after_four_office_hours_and_once(house: House, mail: Mails, clock):
    """Friday 10.42 and four office hours is 14.42."""
    house.settle(receive="by_officer")
    house.one(mail())
    clock.advance(timedelta(hours=3, minutes=59))
    assert late(house) == 0

    clock.advance(timedelta(minutes=2))
    assert [late(house), late(house)] == [1, 0]
    assert house.acknowledged("arrived") == [DLA]


def test_a_night_does_not_count_as_office_hours(house: House, mail: Mails, clock):
    house.settle(receive="by_officer")
    clock.set(clock.now().replace(hour=16, minute=0))
    house.one(mail())
    clock.advance(timedelta(hours=17))
    assert late(house) == 0


def test_an_unproven_letter_is_not_told_late_either(house: House, mail: Mails, clock):
    house.one(mail(trust=NOBODY))
    clock.advance(timedelta(days=7))

    assert late(house) == 0


def test_an_entity_hosted_here_is_acknowledged_like_any_other(house: House, mail: Mails):
    house.one(
        mail(sender="saraban@town.example", listener=Listener.LOCAL, trust=Trust(Means.HOSTED))
    )

    assert house.acknowledged() == ["saraban@town.example"]
    assert PHRAE not in house.acknowledged()


def test_a_system_that_answers_acknowledgements_like_letters_eats_no_numbers(
    house: House, mail: Mails
):
    """It says nowhere that it is a machine, and is proven and listed."""
    house.one(mail())
    for _ in range(3):
        acknowledgement = house.jobs(Kind.ACKNOWLEDGEMENT)[-1].message_id
        house.one(mail(text="Your request was received: ticket 17", references=(acknowledgement,)))

    assert len(house.received()) == 1
    assert len(house.acknowledged()) == 1


def test_an_answer_to_an_acknowledgement_that_brings_a_file_is_a_letter(house: House, mail: Mails):
    house.one(mail())
    (job,) = house.jobs(Kind.ACKNOWLEDGEMENT)
    house.one(mail(parts=[pdf()], references=(job.message_id,)))

    assert len(house.received()) == 2


def test_an_arrival_that_is_withheld_is_journaled_once_however_often_it_is_looked_at(
    house: House, mail: Mails, clock
):
    house.settle(receive="by_officer", answers_per_hour=SPARE)
    house.one(mail())
    clock.advance(timedelta(hours=7))
    house.settle(answers_per_hour=SPARE)
    for _ in range(SPARE + 5):
        house.one(mail(raw="same", message_id="<same@dla.example>", text="same"))
    before = len(house.rows(JournalRow, act="acknowledgement-withheld"))
    assert [late(house) for _ in range(3)] == [0, 0, 0]
    assert len(house.rows(JournalRow, act="acknowledgement-withheld")) == before + 1
