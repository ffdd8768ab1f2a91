"""An act asked for twice is done once, and answered twice."""

import threading

import pytest

from registry import once
from registry.errors import Conflict


def test_the_second_asking_gets_the_first_answer(database, clock):
    with database.write() as session:
        assert once.claim(session, "officer:1", "k", clock.now()) is None
        once.answer(session, "officer:1", "k", 303, "/inbox")
    with database.write() as session:
        assert once.claim(session, "officer:1", "k", clock.now()) == once.Answered(303, "/inbox")
        assert once.claim(session, "officer:2", "k", clock.now()) is None


def test_an_act_that_failed_may_be_asked_for_again(database, clock):
    def fail():
        with database.write() as session:
            once.claim(session, "officer:1", "k", clock.now())
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail()
    with database.write() as session:
        assert once.claim(session, "officer:1", "k", clock.now()) is None


def test_a_key_that_was_used_for_another_request_is_refused(database, clock):
    with database.write() as session:
        once.claim(session, "token:1", "k", clock.now(), "aa")
        with pytest.raises(Conflict):
            once.claim(session, "token:1", "k", clock.now(), "bb")


def test_who_asks_at_the_same_moment_waits_for_the_first(database, clock):
    """The double click: both threads are in the middle of it."""
    done, gate = [], threading.Barrier(2)

    def ask():
        gate.wait()
        with database.write() as session:
            before = once.claim(session, "officer:1", "k", clock.now())
            if before is None:
                done.append("done")
                once.answer(session, "officer:1", "k", 303, "/")

    threads = [threading.Thread(target=ask) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert done == ["done"]


def test_old_answers_are_forgotten(database, clock):
    with database.write() as session:
        once.claim(session, "officer:1", "k", clock.now())
        once.forget_old(session, clock.now() + once.KEPT * 2)
        assert once.claim(session, "officer:1", "k", clock.now(), "other") is None
