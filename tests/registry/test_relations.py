"""Links between entries: told from both sides, suggested, confirmed, undone."""

import pytest

from registry import entries, journal, relations
from registry.entries import BookKey
from registry.errors import NotFound
from tests.registry.written import OFFICER, write


@pytest.fixture
def pair(database, office, received, clock) -> tuple[str, str]:
    """A letter received, and our answer to it."""
    question = write(database, received, clock)
    return write(database, BookKey(office.phrae, "", "sent", "ordinary", 2568), clock), question


def test_a_link_is_told_from_both_sides(database, pair, clock):
    answer, question = pair
    with database.write() as session:
        relations.link(
            session, answer, question, "answers", "token", confirmed=True, by="", at=clock.now()
        )
        [there] = entries.get(session, answer).links
        [back] = entries.get(session, question).links
        assert relations.of(session, answer) == [there]
        assert relations.of(session, question) == [back]
    assert (there.relation, there.entry, there.how, there.confirmed) == (
        "answers", question, "token", True
    )  # fmt: skip
    assert (back.relation, back.entry) == ("answered_by", answer)


def test_a_suggestion_becomes_a_link_when_an_officer_confirms_it(database, pair, clock):
    with database.write() as session:

        def link(how: str, *, confirmed: bool) -> bool:
            return relations.link(
                session, *pair, "answers", how, 60, confirmed=confirmed, by=OFFICER, at=clock.now()
            )

        assert link("subject", confirmed=False)
        assert not link("cited", confirmed=False)
        assert link("officer", confirmed=True)
        assert not link("token", confirmed=True)
        [found] = relations.of(session, pair[0])
    assert (found.how, found.confirmed) == ("officer", True)


def test_an_undone_link_is_not_suggested_again_but_can_be_made_again(database, pair, clock):
    with database.write() as session:

        def link(*, confirmed: bool) -> bool:
            return relations.link(
                session, *pair, "answers", "cited", confirmed=confirmed, by="", at=clock.now()
            )

        assert link(confirmed=False)
        assert relations.unlink(session, *pair, by=OFFICER, at=clock.now()) == 1
        assert relations.of(session, pair[0]) == []
        assert entries.get(session, pair[1]).links == ()
        assert not link(confirmed=False)
        assert link(confirmed=True)
        assert len(relations.of(session, pair[0])) == 1
        assert journal.verify(session) == []


def test_only_the_named_relation_is_undone(database, pair, clock):
    with database.write() as session:
        for relation in ("answers", "cites"):
            relations.link(session, *pair, relation, "cited", confirmed=True, by="", at=clock.now())
        relations.unlink(session, *pair, "cites", by=OFFICER, at=clock.now())
        assert [link.relation for link in relations.of(session, pair[0])] == ["answers"]


def test_links_that_make_no_sense_are_refused(database, pair, clock):
    with database.write() as session:

        def link(*args: str) -> bool:
            return relations.link(session, *args, "x", confirmed=True, by="", at=clock.now())

        with pytest.raises(ValueError, match="no relation"):
            link(*pair, "likes")
        with pytest.raises(ValueError, match="no relation"):
            link(pair[0], pair[0], "answers")
        with pytest.raises(NotFound):
            relations.unlink(session, *pair, by=OFFICER, at=clock.now())


def test_a_link_to_an_entry_that_is_not_there_is_refused(database, pair, clock):
    with pytest.raises(NotFound), database.write() as session:
        relations.link(
            session, "z" * 16, pair[0], "answers", "x", confirmed=True, by="", at=clock.now()
        )
