"""Sending: claimed once, in order, given back when a sender dies, and told truthfully."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest

from registry import outbox
from registry.deliveries import history
from registry.letter.delivery import DeliveryState
from registry.models.outgoing import DeliveryRow
from tests.registry.jobs import put, send, take

FIVE_MINUTES = timedelta(minutes=5)


def test_urgent_letters_leave_first_then_those_that_waited_longest(database, office, desk, clock):
    with database.write() as session:
        old = put(session, desk, office)
        clock.advance(timedelta(seconds=1))
        new = put(session, desk, office)
        urgent = put(session, desk, office, urgency=3)
        assert [job.id for job in take(session, clock)] == [urgent, old, new]


def test_a_place_for_the_oldest_goes_to_what_waits_longest_behind_urgent_mail(
    database, office, desk, clock
):
    with database.write() as session:
        old, older = (put(session, desk, office) for _ in range(2))
        clock.advance(timedelta(seconds=1))
        urgent = [put(session, desk, office, urgency=3) for _ in range(3)]
        first = outbox.claim(session, clock.now(), 60, 2, "one", for_the_oldest=1)
        then = outbox.claim(session, clock.now(), 60, 1, "one", for_the_oldest=1)
    assert {job.id for job in first} & {old, older}
    assert {job.id for job in first} & set(urgent)
    assert then[0].id in {old, older}


def test_a_letter_that_rests_is_not_sent_before_its_time(database, office, desk, clock):
    with database.write() as session:
        put(session, desk, office, hold=60)
        assert take(session, clock) == []
        clock.advance(timedelta(seconds=60))
        assert len(take(session, clock)) == 1


def test_a_claimed_job_is_nobody_elses(database, office, desk, clock):
    with database.write() as session:
        put(session, desk, office)
        assert len(take(session, clock)) == 1
        assert take(session, clock) == []


def test_senders_side_by_side_never_claim_the_same_job(database, office, desk, clock):
    with database.write() as session:
        made = {put(session, desk, office) for _ in range(30)}

    def claim(name: int) -> list[str]:
        with database.write() as session:
            jobs = outbox.claim(session, clock.now(), 60, 5, f"sender-{name}")
            return [job.id for job in jobs]

    claimed: list[str] = []
    with ThreadPoolExecutor(6) as threads:
        while len(claimed) < len(made):
            claimed += [job for jobs in threads.map(claim, range(6)) for job in jobs]
    assert sorted(claimed) == sorted(made)


def test_a_dead_senders_jobs_come_back_and_say_that_nobody_knows(database, office, desk, clock):
    """A crash after the peer's 250 and before our commit cannot be told from one before it."""
    with database.write() as session:
        job_id = put(session, desk, office)
        take(session, clock)
        outbox.started(session, job_id, at=clock.now(), host="mx.town.example")
        clock.advance(timedelta(seconds=61))
        [job] = take(session, clock)
    assert (job.id, job.uncertain, job.tries) == (job_id, True, 1)


def test_who_bears_a_dead_senders_name_goes_on_at_once_and_takes_from_nobody_else(
    database, office, desk, clock
):
    with database.write() as session:
        ours = put(session, desk, office)
        take(session, clock)
        put(session, desk, office)
        outbox.claim(session, clock.now(), 60, 10, "sender-2")
        assert outbox.take_over(session, "sender-1", at=clock.now()) == 1
        assert [job.id for job in take(session, clock)] == [ours]


def test_a_long_sending_keeps_its_lease(database, office, desk, clock):
    with database.write() as session:
        job_id = put(session, desk, office)
        take(session, clock)
        outbox.renew(session, job_id, until=clock.now() + FIVE_MINUTES)
        clock.advance(timedelta(seconds=61))
        assert take(session, clock) == []


def test_the_peers_250_makes_the_delivery_sent(database, office, desk, clock, entry, delivery):
    with database.write() as session:
        job_id, attempt = send(session, desk, office, clock, entry, delivery)
        outbox.finished(session, job_id, attempt, at=clock.now(), reply="250 2.0.0 Ok")
        assert outbox.get(session, job_id).state == "sent"
        assert session.get(DeliveryRow, delivery).state == "sent"
        [event] = history(session, [delivery])[delivery]
        [tried] = outbox.attempts(session, job_id)
    assert (event.state, event.detail) == (DeliveryState.SENT, "250 2.0.0 Ok")
    assert (tried.result, tried.code, tried.host) == ("ok", 250, "mx")


def test_a_deferred_letter_waits_and_its_delivery_stays_queued(
    database, office, desk, clock, entry, delivery
):
    with database.write() as session:
        job_id, attempt = send(session, desk, office, clock, entry, delivery)
        later = clock.now() + FIVE_MINUTES
        assert outbox.deferred(
            session, job_id, attempt, at=clock.now(), not_before=later, code=451, reply="451 later"
        )
        job = outbox.get(session, job_id)
        assert (job.state, job.not_before, job.last_reply) == ("queued", later, "451 later")
        assert session.get(DeliveryRow, delivery).state == "queued"


def test_a_letter_whose_time_is_over_has_failed(database, office, desk, clock, entry, delivery):
    with database.write() as session:
        job_id, attempt = send(session, desk, office, clock, entry, delivery)
        later = clock.now() + timedelta(hours=2)
        assert not outbox.deferred(session, job_id, attempt, at=clock.now(), not_before=later)
        assert outbox.get(session, job_id).state == "failed"
        assert session.get(DeliveryRow, delivery).state == "failed"


def test_a_refused_letter_has_failed(database, office, desk, clock, entry, delivery):
    with database.write() as session:
        job_id, attempt = send(session, desk, office, clock, entry, delivery)
        outbox.failed(session, job_id, attempt, at=clock.now(), code=550, reply="550 no such user")
        assert session.get(DeliveryRow, delivery).state == "failed"
        [event] = history(session, [delivery])[delivery]
    assert event.detail == "550 no such user"


def test_a_late_word_of_a_sender_that_lost_its_lease_undoes_nothing(
    database, office, desk, clock, entry, delivery
):
    with database.write() as session:
        job_id, attempt = send(session, desk, office, clock, entry, delivery)
        outbox.finished(session, job_id, None, at=clock.now())
        later = clock.now() + FIVE_MINUTES
        outbox.deferred(session, job_id, attempt, at=clock.now(), not_before=later)
        outbox.failed(session, job_id, attempt, at=clock.now())
        assert outbox.get(session, job_id).state == "sent"


def defer(session, desk, office, clock, code):
    """Let one letter to the town find the given answer."""
    job_id = put(session, desk, office)
    take(session, clock)
    attempt = outbox.started(session, job_id, at=clock.now())
    later = clock.now() + FIVE_MINUTES
    outbox.deferred(session, job_id, attempt, at=clock.now(), not_before=later, code=code)
    return later


@pytest.mark.parametrize("code", [None, 421])
def test_a_destination_that_cannot_be_reached_rests(database, office, desk, clock, code):
    with database.write() as session:
        later = defer(session, desk, office, clock, code)
        resting = outbox.destinations_resting(session, clock.now())
        assert resting == {"town.example": later}
        put(session, desk, office)
        other = put(session, desk, office, to="saraban@dla.example")
        assert [job.id for job in take(session, clock, resting=resting)] == [other]


def test_a_mailbox_that_is_greylisted_holds_up_nobody_else(database, office, desk, clock):
    with database.write() as session:
        defer(session, desk, office, clock, 451)
        assert outbox.destinations_resting(session, clock.now()) == {}


def test_a_success_ends_the_rest_of_its_destination(database, office, desk, clock):
    with database.write() as session:
        defer(session, desk, office, clock, None)
        second = put(session, desk, office)
        take(session, clock)
        outbox.finished(session, second, None, at=clock.now())
        assert outbox.destinations_resting(session, clock.now()) == {}
        assert len(take(session, clock)) == 1


def test_a_letter_cut_off_before_the_reply_is_tried_again_as_uncertain(
    database, office, desk, clock, entry, delivery
):
    with database.write() as session:
        job_id, attempt = send(session, desk, office, clock, entry, delivery)
        later = clock.now() + FIVE_MINUTES
        outbox.deferred(session, job_id, attempt, at=clock.now(), not_before=later, uncertain=True)
        clock.set(later)
        [job] = take(session, clock)
    assert job.uncertain


def test_a_notice_that_fails_has_no_delivery_to_tell(database, office, desk, clock):
    with database.write() as session:
        job_id = put(session, desk, office)
        take(session, clock)
        outbox.failed(session, job_id, None, at=clock.now(), reply="cannot be composed")
        job = outbox.get(session, job_id)
    assert (job.state, job.last_reply) == ("failed", "cannot be composed")
