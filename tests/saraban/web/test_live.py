"""The stream of news: it speaks when an entity's books go on, and ends with its session."""

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


def register_one(desk):
    letter = waiting(desk.office, QUESTION)
    with desk.runtime.database.write() as session:
        accept(session, desk.runtime.desk, letter.id, SECOND)


def test_whoever_looks_hears_that_a_colleague_did_something(desk):
    with desk.signed_in().stream("GET", "/events") as answer:
        heard = events(answer)
        assert next(heard).startswith("retry")
        assert answer.headers["content-type"].startswith("text/event-stream")
        register_one(desk)
        assert next(heard) == "event: changed"


def test_a_stream_ends_with_its_session(desk, monkeypatch):
    monkeypatch.setattr(live, "BEAT", 0.05)
    with desk.signed_in().stream("GET", "/events") as answer:
        heard = events(answer)
        next(heard)
        assert next(heard).startswith(": still")
        desk.clock.advance(timedelta(hours=13))
        assert "event: ended" in list(heard)


def test_nobody_hears_of_another_entitys_books(desk, monkeypatch):
    monkeypatch.setattr(live, "BEAT", 2.5)
    with desk.signed_in(TOWN_OFFICER).stream("GET", "/events") as answer:
        heard = events(answer)
        next(heard)
        register_one(desk)
        assert next(heard).startswith(": still")


def test_a_dismissed_officer_hears_no_more_though_the_books_go_on(desk):
    with desk.signed_in(CLERK).stream("GET", "/events") as answer:
        heard = events(answer)
        assert next(heard).startswith("retry")
        desk.office.run("officer", "disable", CLERK)
        register_one(desk)
        assert list(heard) == ["event: ended"]
