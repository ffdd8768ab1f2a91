"""How far a mailbox was read: a mail counts as finished when the books have it, never before."""

from registry import cursors
from registry.clock import FrozenClock
from registry.cursors import Place
from registry.db import Database
from registry.models.letters import IntakeRow

PLACE = Place("saraban@phrae.example", "INBOX", 4_000_000_000, 4_100_000_000)
FOLDER = (PLACE.account, PLACE.folder, PLACE.uidvalidity)


def enter(database: Database, clock: FrozenClock, spool_name: str) -> None:
    """Let the books have a mail, as the worker does it."""
    with database.write() as session:
        session.add(
            IntakeRow(
                spool_name=spool_name, listener="collector", accepted_at=clock.now(), mail_from="",
                raw_sha256="0" * 64, raw_bytes=1, recipients=[], outcomes=0, results=[],
            )
        )  # fmt: skip
        cursors.finish(session, spool_name, clock.now())


def test_a_mail_is_finished_when_the_books_have_it(database: Database, clock: FrozenClock):
    with database.write() as session:
        cursors.fetched(session, PLACE, "collector/a")
        assert cursors.known(session, *FOLDER) == {PLACE.uid}
        assert cursors.finished(session, *FOLDER) == set()
    enter(database, clock, "collector/a")
    with database.read() as session:
        assert cursors.finished(session, *FOLDER) == {PLACE.uid}


def test_a_mail_that_the_books_have_before_it_is_noted_as_fetched_is_finished(
    database: Database, clock: FrozenClock
):
    """The worker looks into the spool at any moment; else it would never be flagged or moved."""
    enter(database, clock, "collector/a")
    with database.write() as session:
        cursors.fetched(session, PLACE, "collector/a")
    with database.read() as session:
        assert cursors.finished(session, *FOLDER) == {PLACE.uid}
