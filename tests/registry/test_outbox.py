"""The outbox: written once, claimed once, sent in order, and told truthfully ever after."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest

from registry import entries, journal, outbox
from registry.clock import FrozenClock
from registry.db import Database
from registry.deliveries import history
from registry.desk.context import Desk
from registry.errors import Conflict, NotFound
from registry.letter.delivery import DeliveryState
from registry.letter.workdays import Workdays
from registry.models.outgoing import DeliveryRow, SentMessageRow
from registry.outbox import Kind
from registry.settings import Instance, OfficeSettings
from tests.registry.conftest import Office

FIVE_MINUTES = timedelta(minutes=5)


@pytest.fixture
def desk(clock: FrozenClock, keys) -> Desk:
    """A desk of the installation mail.phrae.example."""
    settings = OfficeSettings(instance=Instance(hostname="mail.phrae.example"))
    return Desk(settings, clock, Workdays(), keys, give_up_after=3600.0)


@pytest.fixture
def entry(database: Database, office: Office, clock) -> str:
    """The id of a sent entry with a Message-ID."""
    key = entries.BookKey(office.phrae, "", "sent", "ordinary", 2568)
    content = entries.EntryFields(subject="แจ้งผล", message_id="<1@phrae.example>")
    with database.write() as session:
        return entries.write(session, key, None, content, "automatic", clock).id


@pytest.fixture
def delivery(database: Database, entry: str, clock) -> int:
    """A delivery of that entry to the town."""
    row = DeliveryRow(entry_id=entry, to_address="saraban@town.example", at=clock.now())
    with database.write() as session:
        session.add(row)
    return row.id


def put(session, desk, office, to="saraban@town.example", **more) -> str:
    """Queue a notice, and give the id of the job."""
    job = outbox.enqueue(session, desk, Kind.NOTICE, office.phrae, to, **more)
    assert job is not None
    return job


def take(session, clock, **more):
    """Claim what is due for a minute."""
    return outbox.claim(session, clock.now(), 60, 10, "sender-1", **more)


def test_a_job_of_one_key_is_written_once_ever(database, office, desk):
    def notice(session) -> str | None:
        return outbox.enqueue(session, desk, Kind.NOTICE, office.phrae, "a@b.example", once="k")

    with database.write() as session:
        assert notice(session) is not None
        assert notice(session) is None
    with database.write() as session:
        assert notice(session) is None


def test_every_delivery_of_a_letter_has_the_letters_message_id(database, office, desk, entry):
    with database.write() as session:
        for to in ("saraban@town.example", "saraban@dla.example"):
            outbox.enqueue(session, desk, Kind.LETTER, office.phrae, to, entry_id=entry)
        assert {job.message_id for job in outbox.listing(session)} == {"<1@phrae.example>"}
        assert session.query(SentMessageRow.entry_id).all() == [(entry,)]


def test_a_letter_without_a_message_id_is_not_queued(database, office, desk):
    with pytest.raises(ValueError, match="Message-ID"), database.write() as session:
        outbox.enqueue(session, desk, Kind.LETTER, office.phrae, "a@b.example")


def test_a_delivered_copy_has_a_message_id_of_its_own_that_names_the_entry(
    database, office, desk, entry
):
    with database.write() as session:
        job_id = outbox.enqueue(
            session, desk, Kind.COPY, office.phrae, "finance@phrae.example", entry_id=entry
        )
        known = session.query(SentMessageRow.message_id, SentMessageRow.kind).all()
    assert known == [(f"<c.{job_id}@mail.phrae.example>", "copy")]


def test_urgent_letters_leave_first_then_those_that_waited_longest(database, office, desk, clock):
    with database.write() as session:
        old = put(session, desk, office)
        clock.advance(timedelta(seconds=1))
        new = put(session, desk, office)
        urgent = put(session, desk, office, urgency=3)
        assert [job.id for job in take(session, clock)] == [urgent, old, new]


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


def test_a_long_sending_keeps_its_lease(database, office, desk, clock):
    with database.write() as session:
        job_id = put(session, desk, office)
        take(session, clock)
        outbox.renew(session, job_id, until=clock.now() + FIVE_MINUTES)
        clock.advance(timedelta(seconds=61))
        assert take(session, clock) == []


def send(session, desk, office, clock, entry, delivery, to="saraban@town.example"):
    """Queue a letter, claim it and open an attempt."""
    job_id = outbox.enqueue(
        session, desk, Kind.LETTER, office.phrae, to, entry_id=entry, delivery_id=delivery
    )
    take(session, clock)
    return job_id, outbox.started(session, job_id, at=clock.now(), host="mx")


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


def test_a_held_job_stays_until_it_is_released(database, office, desk, clock):
    with database.write() as session:
        job_id = put(session, desk, office)
        outbox.hold(session, job_id)
        assert take(session, clock) == []
        outbox.release(session, job_id)
        assert len(take(session, clock)) == 1


def test_a_failed_letter_is_tried_again_with_its_whole_time(
    database, office, desk, clock, entry, delivery
):
    with database.write() as session:
        job_id, attempt = send(session, desk, office, clock, entry, delivery)
        outbox.failed(session, job_id, attempt, at=clock.now())
        clock.advance(timedelta(days=3))
        outbox.retry(session, job_id, at=clock.now(), give_up_after=3600)
        assert [job.id for job in take(session, clock)] == [job_id]
        assert session.get(DeliveryRow, delivery).state == "queued"


def test_a_dropped_job_never_leaves(database, office, desk, clock, entry, delivery):
    with database.write() as session:
        job_id = outbox.enqueue(
            session, desk, Kind.LETTER, office.phrae, "a@b.example", entry_id=entry,
            delivery_id=delivery,
        )  # fmt: skip
        outbox.drop(session, job_id, by="admin", reason="พิมพ์ผิด", at=clock.now())
        assert take(session, clock) == []
        assert session.get(DeliveryRow, delivery).state == "failed"
        assert journal.verify(session) == []


def test_a_letter_can_be_withdrawn_until_it_is_being_sent(
    database, office, desk, clock, entry, delivery
):
    with database.write() as session:
        ids = [
            outbox.enqueue(
                session, desk, Kind.LETTER, office.phrae, to, entry_id=entry, delivery_id=delivery
            )
            for to in ("a@b.example", "c@d.example")
        ]
        outbox.hold(session, ids[0])
        take(session, clock)
        done = [
            outbox.withdraw(session, job_id, by="clerk", reason="ผิดฉบับ", at=clock.now())
            for job_id in ids
        ]
        assert done == [True, False]
        assert session.get(DeliveryRow, delivery).state == "withdrawn"


def test_a_job_that_is_being_sent_cannot_be_touched(database, office, desk, clock):
    with database.write() as session:
        job_id = put(session, desk, office)
        take(session, clock)
        with pytest.raises(Conflict):
            outbox.hold(session, job_id)
        with pytest.raises(Conflict):
            outbox.retry(session, job_id, at=clock.now(), give_up_after=1)


def test_a_job_that_is_not_there_is_said_to_be_missing(database, office, clock):
    with database.write() as session:
        with pytest.raises(NotFound):
            outbox.get(session, "a" * 16)
        with pytest.raises(NotFound):
            outbox.started(session, "a" * 16, at=clock.now())
        with pytest.raises(NotFound):
            outbox.move(session, 1, DeliveryState.SENT, clock.now())
        with pytest.raises(NotFound):
            outbox.reported(session, 1, at=clock.now())


def test_the_queue_is_listed_by_state_entity_and_entry(database, office, desk, entry):
    with database.write() as session:
        one = put(session, desk, office, entry_id=entry)
        outbox.hold(session, put(session, desk, office))
        assert [j.id for j in outbox.listing(session, entry_id=entry)] == [one]
        assert len(outbox.listing(session, states=())) == 2
        assert len(outbox.listing(session, states=["held"])) == 1
        assert outbox.listing(session, entity_id=office.town) == []


S = DeliveryState


@pytest.mark.parametrize(
    ("states", "last"),
    [
        ([S.SENT, S.ARRIVED, S.REGISTERED], S.REGISTERED),
        ([S.REGISTERED, S.SENT], S.REGISTERED),  # the receipt was faster than our own commit
        ([S.ARRIVED, S.SENT], S.ARRIVED),
        ([S.REGISTERED, S.ARRIVED], S.REGISTERED),
        ([S.OVERDUE, S.REGISTERED], S.REGISTERED),
        ([S.OVERDUE, S.ARRIVED], S.ARRIVED),
        ([S.BOUNCED, S.REGISTERED], S.REGISTERED),  # it came by another way after all
        ([S.REGISTERED, S.RETURNED], S.RETURNED),
        ([S.FAILED, S.QUEUED, S.SENT], S.SENT),
    ],
)
def test_a_delivery_never_goes_back_on_its_way(database, delivery, clock, states, last):
    with database.write() as session:
        for state in states:
            outbox.move(session, delivery, state, clock.now())
        assert session.get(DeliveryRow, delivery).state == last
        assert [event.state for event in history(session, [delivery])[delivery]] == states


def test_a_receive_number_from_there_is_kept(database, delivery, clock):
    with database.write() as session:
        outbox.move(session, delivery, S.REGISTERED, clock.now(), remote_number="2231/2568")
        outbox.move(session, delivery, S.ARRIVED, clock.now())
        assert session.get(DeliveryRow, delivery).remote_number == "2231/2568"


def test_the_report_is_noted_once_and_the_state_stays(database, delivery, clock):
    first = clock.now()
    with database.write() as session:
        outbox.move(session, delivery, S.REGISTERED, first)
        outbox.reported(session, delivery, at=first)
        outbox.reported(session, delivery, at=first + FIVE_MINUTES)
        row = session.get(DeliveryRow, delivery)
        assert (row.state, row.reported_at) == ("registered", first)
