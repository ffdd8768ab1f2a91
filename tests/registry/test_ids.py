"""Ids are short, safe in an address, and sort by the time they were made."""

import os
import re
from datetime import UTC, datetime, timedelta

from registry import ids


def test_ids_sort_by_the_time_they_were_made(monkeypatch):
    """Two thousand seconds apart, so that every digit of the alphabet has its turn."""
    made = []
    for n in range(3000):
        monkeypatch.setattr(ids.time, "time", lambda n=n: 1_700_000_000 + n * 2000.0)
        made.append(ids.new_id())
    assert made == sorted(made)


def test_the_first_id_of_a_moment_stands_before_all_made_then(monkeypatch):
    at = datetime(2025, 10, 3, 9, 0, tzinfo=UTC)
    for moment, before in ((at, False), (at - timedelta(seconds=1), True)):
        monkeypatch.setattr(ids.time, "time", moment.timestamp)
        assert (ids.new_id() < ids.first_id(at)) is before


def test_an_id_has_sixteen_characters_that_are_safe_anywhere():
    assert re.fullmatch("[a-z2-7]{16}", ids.new_id())


def test_an_id_is_told_from_other_text():
    assert ids.is_id(ids.new_id())
    assert not any(ids.is_id(text) for text in ("", "a" * 15, "a" * 17, "A" * 16, "1" * 16))


def test_a_forked_process_makes_other_ids():
    """Random bytes are drawn ahead; what is left of them is the parent's alone."""
    ids.new_id()
    reading, writing = os.pipe()
    if (child := os.fork()) == 0:
        os.write(writing, ids.random_bytes(4))
        os._exit(0)
    os.waitpid(child, 0)
    assert os.read(reading, 16) != ids.random_bytes(4)
    os.close(reading)
    os.close(writing)
