"""The stream of news: it speaks when an entity's books go on, and ends with its session."""

import re
from datetime import timedelta

from registry.desk.accept import accept
from saraban.web import live
from tests.saraban.office import CLERK
from tests.saraban.web.seed import QUESTION, SECOND, TOWN_OFFICER, waiting


def events(answer):
    """Give what comes on a stream, one event after the other."""
    for line in answer.iter_lines():
        if line.startswith(("event:", "retry:", ":")):
            yield line


def stream(client, **headers):
    """Look at a page, and open the stream that it names."""
    address = re.search('data-live="([^"]+)"', client.get("/inbox").text)
    return client.stream("GET", address[1], headers=headers)


def register_one(desk):
    letter = waiting(desk.office, QUESTION)
    with desk.runtime.database.write() as session:
        accept(session, desk.runtime.desk, letter.id, SECOND)


def test_whoever_looks_hears_that_a_colleague_did_something(desk):
    with stream(desk.signed_in()) as answer:
        heard = events(answer)
        assert next(heard).startswith("retry")
        assert answer.headers["content-type"].startswith("text/event-stream")
        register_one(desk)
        assert next(heard) == "event: changed"


def test_what_happened_after_the_page_was_made_is_told_by_a_stream_that_opens_later(desk):
    client = desk.signed_in()
    opening = stream(client)
    register_one(desk)
    with opening as answer:
        lines = answer.iter_lines()
        told = next(line for line in lines if line.startswith("id: ")).removeprefix("id: ")
        assert next(lines) == "event: changed"
    with stream(client, **{"Last-Event-ID": "0-0"}) as answer:
        assert f"id: {told}" in answer.iter_lines()


def test_a_stream_that_is_opened_anew_is_not_told_twice(desk, monkeypatch):
    client = desk.signed_in()
    opening = stream(client)
    register_one(desk)
    with opening as answer:
        told = next(line for line in answer.iter_lines() if line.startswith("id: "))
    monkeypatch.setattr(live, "BEAT", 2.5)
    with client.stream("GET", "/events?since=0-0", headers={"Last-Event-ID": told[4:]}) as answer:
        heard = events(answer)
        next(heard)
        assert next(heard).startswith(": still")


def test_a_stream_ends_with_its_session(desk, monkeypatch):
    monkeypatch.setattr(live, "BEAT", 0.05)
    with stream(desk.signed_in()) as answer:
        heard = events(answer)
        next(heard)
        assert next(heard).startswith(": still")
        desk.clock.advance(timedelta(hours=13))
        assert "event: ended" in list(heard)


def test_nobody_hears_of_another_entitys_books(desk, monkeypatch):
    monkeypatch.setattr(live, "BEAT", 2.5)
    with stream(desk.signed_in(TOWN_OFFICER)) as answer:
        heard = events(answer)
        next(heard)
        register_one(desk)
        assert next(heard).startswith(": still")


def test_a_dismissed_officer_hears_no_more_though_the_books_go_on(desk):
    with stream(desk.signed_in(CLERK)) as answer:
        heard = events(answer)
        assert next(heard).startswith("retry")
        desk.office.run("officer", "disable", CLERK)
        register_one(desk)
        assert list(heard) == ["event: ended"]
