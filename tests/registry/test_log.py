"""Log lines: one record is one line, ids follow the letter, and no peer forges a line."""

import io
import json
import logging
from collections.abc import Iterator
from contextlib import suppress

import pytest

from registry.db import Database
from registry.errors import OutOfOrder
from registry.log import JsonLines, TextLines, about, note, when_kept


@pytest.fixture
def lines() -> Iterator[io.StringIO]:
    """What a logger of its own writes in JSON."""
    out = io.StringIO()
    handler = logging.StreamHandler(out)
    handler.setFormatter(JsonLines("worker"))
    log = logging.getLogger("tests.lines")
    log.addHandler(handler)
    log.setLevel(logging.INFO)
    yield out
    log.removeHandler(handler)


LOG = logging.getLogger("tests.lines")


def told(lines: io.StringIO) -> list[dict[str, str]]:
    return [json.loads(line) for line in lines.getvalue().splitlines()]


def record(message: str, *args: object, error: BaseException | None = None) -> logging.LogRecord:
    info = (type(error), error, error.__traceback__) if error else None
    return logging.LogRecord("gateway.x", logging.INFO, "x.py", 1, message, args, info)


def test_a_line_says_when_who_and_what(lines):
    LOG.info("job %s: sent", "abc", extra={"job": "abc", "letter": "smtp/xyz"})
    (line,) = told(lines)
    assert line["time"][10] == "T"
    assert line["time"][-6] in "+-"
    assert (line["level"], line["role"], line["logger"]) == ("INFO", "worker", "tests.lines")
    assert line["message"] == "job abc: sent"
    assert (line["job"], line["letter"]) == ("abc", "smtp/xyz")
    assert "entry" not in line


def test_text_repeats_no_id_that_the_message_names():
    made = record("job %s: sent", "abc")
    made.job, made.letter = "abc", "smtp/xyz"
    text = TextLines("mailq").format(made)
    assert text.endswith("] INFO job abc: sent letter=smtp/xyz")
    assert " mailq gateway.x[" in text


@pytest.mark.parametrize(
    "bad", ["\n", "\r", "\x1b[31m", "\x85", "\u2028", "\u202e", "\x00", "\x7f"]
)
@pytest.mark.parametrize("form", [TextLines, JsonLines])
def test_what_a_peer_says_forges_no_line(bad, form):
    text = form("smtp").format(record("peer said %s", f"250 ok{bad}2026 INFO all is well"))
    assert bad not in text
    assert len(text.splitlines()) == 1
    assert "250 ok\\" in text


def test_ids_of_a_block_go_with_every_line_in_it_and_no_further(lines):
    with about(letter="smtp/xyz", entry=None):
        LOG.info("inside")
        with about(job="abc"):
            LOG.info("deeper")
    LOG.info("outside")
    inside, deeper, outside = told(lines)
    assert inside["letter"] == deeper["letter"] == "smtp/xyz"
    assert deeper["job"] == "abc"
    assert not {"letter", "job"} & set(outside)
    assert "entry" not in inside


def test_a_note_stays_for_the_block_that_is_open(lines):
    with about(session="s1"):
        note(letter="smtp/xyz")
        LOG.info("later")
    (line,) = told(lines)
    assert (line["session"], line["letter"]) == ("s1", "smtp/xyz")


def test_an_error_tells_kind_and_place_but_not_what_a_letter_said():
    with pytest.raises(KeyError) as caught:
        _stumble("เรื่องลับ")
    text = TextLines("worker").format(record("could not be entered", error=caught.value))
    assert "เรื่องลับ" not in text
    assert "[KeyError at tests/registry/test_log.py:" in text
    assert "; ValueError at " in text
    assert len(text.splitlines()) == 1


def test_our_own_errors_and_those_of_the_system_tell_their_words():
    for error in (OutOfOrder("no certificate"), OSError(28, "No space left")):
        assert str(error) in TextLines("smtp").format(record("stopped", error=error))


def test_what_is_told_of_a_transaction_is_told_only_if_it_was_kept(lines):
    database = Database.open("sqlite://")
    with suppress(ZeroDivisionError), database.write() as session:
        when_kept(session, LOG, "job %s is written", "one")
        raise ZeroDivisionError
    with about(letter="smtp/xyz"), database.write() as session:
        when_kept(session, LOG, "job %s is written", "two", job="two", entry=None)
        assert told(lines) == []
    database.close()
    (line,) = told(lines)
    assert (line["message"], line["letter"], line["job"]) == (
        "job two is written", "smtp/xyz", "two"
    )  # fmt: skip


def _stumble(word: str) -> None:
    try:
        int(word)
    except ValueError as error:
        raise KeyError(word) from error
