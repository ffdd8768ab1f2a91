"""Who looked at what: what somebody opened last."""

from datetime import timedelta

from registry import readings
from registry.clock import FrozenClock
from registry.db import Database
from tests.registry.conftest import Office

ME, OTHER = "officer@phrae.go.th", "other@phrae.go.th"


def test_what_somebody_opened_last_each_once_and_nobody_elses(
    database: Database, office: Office, clock: FrozenClock
):
    """Only pages of letters; of another entity nothing, though the person is the same."""
    looks = [
        (office.phrae, ME, "page", "a", None), (office.phrae, ME, "page", None, "b"),
        (office.phrae, OTHER, "page", "c", None), (office.phrae, ME, "search", None, None),
        (office.phrae, ME, "file", "d", None), (office.town, ME, "page", "e", None),
        (office.phrae, ME, "page", "a", "f"),
    ]  # fmt: skip
    with database.write() as session:
        for at, (entity, who, what, letter, entry) in enumerate(looks):
            when = clock.now() + timedelta(seconds=at)
            readings.record(session, entity, who, what, when, letter_id=letter, entry_id=entry)
    with database.read() as session:
        assert readings.opened(session, office.phrae, ME, 10) == ["a", "b"]
        assert readings.opened(session, office.phrae, ME, 1) == ["a"]
        assert readings.opened(session, office.town, OTHER, 10) == []
