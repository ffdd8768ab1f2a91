"""A day of sending, told through the desk's one door, holds against the proof."""

from dataclasses import replace
from datetime import timedelta

import pytest

from registry import journal, outbox
from registry.desk import draft, hold, recall
from registry.desk.take_in import take_in
from registry.desk.void import void
from registry.proving.histories import prove_histories
from registry.proving.reconciliation import prove_intake
from registry.proving.series import prove_series
from registry.tokens import reply_tag
from tests.registry.desk_out.conftest import pdf


@pytest.fixture
def take(database, desk):
    """Take a mail in, as the gateway hands it over."""

    def act(message):
        with database.write() as session:
            (outcome,) = take_in(session, desk, message)
        return outcome

    return act


@pytest.fixture
def act(database, desk, phrae):
    """Do an act of a registrar."""

    def run(deed, *words):
        with database.write() as session:
            return deed(session, desk, *words)

    return run


@pytest.fixture
def day(take, act, phrae, mail, desk, clock, books, received):
    """Send, split, draft, accept, reserve, answer, undo, send again, recall and void."""
    registrar = phrae.registrar.email
    first = mail.submitted("saraban@dla.example", parts=[pdf()])
    take(first)
    take(
        replace(first, spool_name="copy", raw_sha256="f" * 64, recipients=("saraban@town.example",))
    )
    waiting = take(mail("taos", parts=[pdf("เวียน.pdf")]))
    act(draft.accept, waiting.letter_id, registrar)
    asked = take(mail("number", "dla"))
    tag = reply_tag(desk.keys, asked.entry_id)
    slip = take(mail(tag, parts=[pdf("ลงนาม.pdf")]))
    act(hold.undo, slip.entry_id, phrae.clerk.email)
    act(draft.accept, slip.letter_id, registrar)
    answer = take(mail(reply_tag(desk.keys, received()), parts=[pdf("ตอบ.pdf")]))
    entry = act(draft.accept, answer.letter_id, registrar)
    act(recall.withdraw, entry.id, registrar, "ผิดฉบับ")
    act(void, entry.id, registrar, "ผิดฉบับ")
    take(mail("nowhere"))
    clock.advance(timedelta(minutes=5))
    return books


def test_the_numbers_run_without_a_gap(day):
    assert [(entry.number, entry.state) for entry in day.entries()] == [
        (1, "registered"), (2, "registered"), (3, "registered"), (4, "void"),
    ]  # fmt: skip


def test_every_claim_of_the_proof_holds(day, database):
    with database.snapshot() as session:
        assert prove_series(session)[1] == []
        assert prove_histories(session)[1] == []
        assert [
            problem for problem in prove_intake(session)[1] if "lettr" not in problem.where
        ] == []
        assert journal.verify(session) == []


def test_what_is_to_leave_is_exactly_what_was_not_taken_back(day, database, clock):
    with database.write() as session:
        jobs = outbox.claim(session, clock.now(), 60, 100, "me")
    letters = sorted(job.to_address for job in jobs if job.kind == "letter")
    tambons = [f"saraban@tao{number}.example" for number in range(1, 11)]
    assert letters == sorted(
        ["saraban@dla.example", "saraban@town.example", *tambons, "saraban@dla.example"]
    )


def test_the_clerk_heard_of_every_letter_once(day):
    told = day.notices()
    assert told.count("draft_waiting") == 2
    assert told.count("number_slip") == 1
    assert told.count("refused_code") == 1
    assert told.count("letter_sent") == 6
