"""Sightings, looks, and what the books know of a mailbox, on both engines."""

from dataclasses import replace
from datetime import timedelta

import pytest

from registry import directory, mailings, rounds, sightings
from registry.errors import NotFound
from registry.models.letters import IntakeRow
from registry.sightings import Kind, Sighting

BOX = "box@imap.go.th"


@pytest.fixture
def entity(database, clock):
    with database.write() as session:
        return directory.add_entity(
            session, code="phrae", name="แพร่", address="saraban@phrae.go.th", at=clock.now(),
            hosted=True,
        )  # fmt: skip


@pytest.fixture
def seen(entity, clock):
    return Sighting(BOX, entity.id, "Sent", Kind.UNREGISTERED, "<a@b>", clock.now())


def test_the_same_thing_is_kept_once(database, seen):
    with database.write() as session:
        first = sightings.keep(session, seen)
        assert sightings.keep(session, seen) is None
        assert [one.id for one in sightings.listing(session)] == [first]
        assert sightings.count_open(session, seen.entity_id) == 1


def test_what_closed_by_itself_opens_again_when_it_comes_back(database, seen, clock):
    with database.write() as session:
        first = sightings.keep(session, seen)
        sightings.settle(session, BOX, "Sent", seen.kind, [seen.key], clock.now())
        assert sightings.listing(session) == []
        assert sightings.keep(session, seen) == first


def test_what_an_officer_closed_stays_closed(database, seen, clock):
    with database.write() as session:
        first = sightings.keep(session, seen)
        assert sightings.close(session, first, "officer@phrae.go.th", clock.now())
        assert not sightings.close(session, first, "other@phrae.go.th", clock.now())
        assert sightings.keep(session, seen) is None
        assert [one.settled_by for one in sightings.listing(session, settled=True)] == [
            "officer@phrae.go.th"
        ]


def test_a_mail_that_was_put_by_is_tried_afresh_when_it_is_closed(database, seen, clock):
    poison = replace(seen, folder="INBOX", kind=Kind.POISON, key="7:1")
    with database.write() as session:
        assert [sightings.failed_again(session, poison) for _ in range(2)] == [1, 2]
        first = sightings.keep(session, poison)
        sightings.close(session, first, "officer@phrae.go.th", clock.now())
        assert sightings.tries(session, BOX, "INBOX") == {}
        assert sightings.keep(session, poison) not in {None, first}


def test_counting_tries_shows_nothing_to_anybody(database, seen):
    with database.write() as session:
        sightings.failed_again(session, replace(seen, key="7:1"))
        assert sightings.listing(session) == []
        assert sightings.count_open(session, seen.entity_id) == 0
        with pytest.raises(NotFound):
            sightings.get(session, 1)


def test_the_last_mail_and_the_last_good_look_are_remembered(database, entity, clock):
    look = rounds.Round(BOX, entity.id, clock.now(), clock.now())
    later = clock.now() + timedelta(minutes=5)
    with database.write() as session:
        assert rounds.last_mail(session, BOX) is None
        rounds.note(session, replace(look, found=2))
        rounds.note(session, replace(look, ended_at=later))
        rounds.note(session, replace(look, ended_at=later + timedelta(hours=1), problem="ปิด"))
        assert rounds.last_mail(session, BOX) == look.ended_at
        assert rounds.last_good(session, BOX) == later


def test_bytes_count_as_known_only_for_the_same_recipients(database, clock):
    with database.write() as session:
        for name, listener in (("collector/a", "collector"), ("smtp/b", "mx")):
            session.add(
                IntakeRow(
                    spool_name=name, listener=listener, accepted_at=clock.now(), mail_from="",
                    recipients=["x@b", "a@b"], raw_sha256="5" * 64, raw_bytes=1,
                )
            )  # fmt: skip
        assert mailings.entered_as(session, "5" * 64, ("a@b", "x@b")) == "collector/a"
        assert mailings.entered_as(session, "5" * 64, ("a@b",)) is None
        assert mailings.entered_as(session, "6" * 64, ("a@b", "x@b")) is None


def test_thousands_of_message_ids_are_asked_for_in_parts(database, entity):
    with database.read() as session:
        assert mailings.registered(session, entity.id, [f"<{n}@b>" for n in range(2000)]) == set()
