"""Pages for large files: opened by their token alone, ended by time, revocation and secrecy."""

import json
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import text

from registry import entries, journal, links
from registry.clock import FrozenClock
from registry.db import Database
from registry.errors import NotAllowed, NotFound
from registry.links import LinkState
from registry.models.letters import EnclosureRow, LetterRow
from tests.conftest import OFFICE_HOUR
from tests.registry.conftest import Office

YEAR = timedelta(days=365)
TOWN = "saraban@town.example"


@pytest.fixture
def letter(database: Database, office: Office, clock: FrozenClock) -> str:
    """The id of a letter with a PDF and a large annex."""
    row = LetterRow(
        id="l" * 16,
        entity_id=office.phrae,
        direction="out",
        state="sent",
        accepted_at=clock.now(),
        subject="แจ้งแนวทางปฏิบัติ",
    )
    files = [
        EnclosureRow(
            letter_id=row.id,
            position=position,
            role=role,
            name=name,
            bytes=size,
            sha256="0" * 64,
            media_type="application/pdf",
            split=size > 25_000_000,
        )
        for position, (role, name, size) in enumerate(
            [("letter", "หนังสือ.pdf", 1), ("enclosure", "ผนวก.pdf", 40_000_000)]
        )
    ]
    with database.write() as session:
        session.add(row)
        session.flush()
        session.add_all(files)
    return row.id


def ensure(session, keys, letter, office, clock, to=TOWN, kind="download", life=YEAR) -> str:
    """Give the token of the town's page."""
    return links.ensure(session, keys, letter, office.phrae, to, "เทศบาล", kind, clock.now(), life)


def test_a_mail_composed_again_carries_the_same_token(database, letter, office, keys, clock):
    with database.write() as session:
        first = ensure(session, keys, letter, office, clock)
        clock.advance(timedelta(days=1))
        assert ensure(session, keys, letter, office, clock, to=TOWN.upper()) == first


def test_every_receiver_and_each_direction_has_a_page_of_its_own(
    database, letter, office, keys, clock
):
    with database.write() as session:
        tokens = {
            ensure(session, keys, letter, office, clock),
            ensure(session, keys, letter, office, clock, to="saraban@dla.example"),
            ensure(session, keys, letter, office, clock, kind="upload"),
        }
    assert len(tokens) == 3


def test_the_page_shows_the_letter_and_its_files(database, letter, office, keys, clock):
    with database.write() as session:
        token = ensure(session, keys, letter, office, clock)
        view = links.open_link(session, token.upper(), clock.now())
    assert view is not None
    assert (view.state, view.subject, view.entity.code) == ("open", "แจ้งแนวทางปฏิบัติ", "phrae")
    assert [file.name for file in view.files] == ["หนังสือ.pdf", "ผนวก.pdf"]


@pytest.mark.parametrize("token", ["", "a" * 26, "ก" * 26, "x" * 5000])
def test_a_token_that_was_never_given_opens_nothing(database, letter, office, keys, clock, token):
    with database.write() as session:
        ensure(session, keys, letter, office, clock)
        assert links.open_link(session, token, clock.now()) is None


def test_the_database_alone_does_not_hold_the_token(database, letter, office, keys, clock):
    with database.write() as session:
        token = ensure(session, keys, letter, office, clock)
        rows = session.execute(text("SELECT * FROM link")).mappings().all()
    assert token not in json.dumps([dict(row) for row in rows], default=str)


def test_a_page_whose_time_is_over_shows_no_files(database, letter, office, keys, clock):
    with database.write() as session:
        token = ensure(session, keys, letter, office, clock, life=timedelta(days=1))
        view = links.open_link(session, token, clock.now() + timedelta(days=1))
    assert view is not None
    assert (view.state, view.files) == (LinkState.EXPIRED, ())


def test_a_letter_sent_again_after_the_life_of_its_page_gets_a_new_token(
    database, letter, office, keys, clock
):
    with database.write() as session:
        old = ensure(session, keys, letter, office, clock, life=timedelta(days=1))
        clock.advance(timedelta(days=2))
        new = ensure(session, keys, letter, office, clock)
        assert new != old
        assert links.open_link(session, old, clock.now()) is None
        view = links.open_link(session, new, clock.now())
        assert view is not None
        assert view.state is LinkState.OPEN


def test_a_revoked_page_stays_closed_until_it_is_issued_again(
    database, letter, office, keys, clock
):
    with database.write() as session:
        token = ensure(session, keys, letter, office, clock)
        view = links.open_link(session, token, clock.now())
        assert view is not None
        links.revoke(session, view.id, at=clock.now(), by="officer")
        closed = links.open_link(session, token, clock.now())
        assert closed is not None
        assert (closed.state, closed.files) == (LinkState.REVOKED, ())
        with pytest.raises(NotAllowed):
            ensure(session, keys, letter, office, clock)
        again = links.reissue(session, keys, view.id, at=clock.now(), life=YEAR, by="officer")
        assert again == ensure(session, keys, letter, office, clock)
        assert links.open_link(session, token, clock.now()) is None
        assert journal.verify(session) == []


def test_a_secret_letter_is_never_linked(database, letter, office, keys, clock):
    with database.write() as session:
        token = ensure(session, keys, letter, office, clock)
        session.get_one(LetterRow, letter).secrecy = "ลับ"
        assert links.open_link(session, token, clock.now()) is None
        with pytest.raises(NotAllowed):
            ensure(session, keys, letter, office, clock, to="other@town.example")


def test_a_letter_marked_secret_in_the_register_has_no_page_any_more(
    database, letter, office, keys, clock
):
    key = entries.BookKey(office.phrae, "", "sent", "secret", 2568)
    with database.write() as session:
        token = ensure(session, keys, letter, office, clock)
        entries.write(session, key, letter, entries.EntryFields(secrecy="ลับ"), "officer", clock)
        assert links.open_link(session, token, clock.now()) is None


def test_a_link_to_a_letter_that_is_not_there_is_refused(database, office, keys, clock):
    with database.write() as session:
        with pytest.raises(NotFound):
            ensure(session, keys, "z" * 16, office, clock)
        with pytest.raises(NotFound):
            links.revoke(session, "z" * 16, at=clock.now(), by="officer")
        with pytest.raises(NotFound):
            links.record_download(session, "z" * 16, None, clock.now())


def signed(session, keys, letter, office, clock, until):
    """Open the town's page and sign the address of its annex."""
    view = links.open_link(session, ensure(session, keys, letter, office, clock), clock.now())
    assert view is not None
    annex = view.files[1].id
    return links.sign_file(keys, view.id, annex, until, generation=view.generation), view


def test_a_signed_address_gives_the_file_for_twelve_hours(database, letter, office, keys, clock):
    with database.write() as session:
        until = clock.now() + links.FILE_LIFE
        address, _ = signed(session, keys, letter, office, clock, until)
        checked = links.check_file(keys, address, until)
        assert checked is not None
        file = links.file_of(session, checked, clock.now())
        assert file is not None
        assert file.name == "ผนวก.pdf"
        assert links.check_file(keys, address, until + timedelta(seconds=1)) is None


@pytest.mark.parametrize("act", ["revoke", "reissue"])
def test_ending_a_page_ends_the_addresses_signed_under_it(
    database, letter, office, keys, clock, act
):
    with database.write() as session:
        address, view = signed(session, keys, letter, office, clock, clock.now() + YEAR)
        checked = links.check_file(keys, address, clock.now())
        assert checked is not None
        if act == "revoke":
            links.revoke(session, view.id, at=clock.now(), by="officer")
        else:
            links.reissue(session, keys, view.id, at=clock.now(), life=YEAR, by="officer")
        assert links.file_of(session, checked, clock.now()) is None


def test_a_signed_address_reaches_no_file_of_another_letter(database, letter, office, keys, clock):
    with database.write() as session:
        _, view = signed(session, keys, letter, office, clock, clock.now() + YEAR)
        foreign = links.SignedFile(view.id, view.generation, 4711)
        assert links.file_of(session, foreign, clock.now()) is None
        nowhere = links.SignedFile("z" * 16, 1, view.files[0].id)
        assert links.file_of(session, nowhere, clock.now()) is None


@given(st.data())
def test_no_other_text_passes_for_a_signed_address(keys, data):
    until = OFFICE_HOUR + links.FILE_LIFE
    good = links.sign_file(keys, "l" * 16, 7, until)
    at = data.draw(st.integers(0, len(good) - 1))
    other = data.draw(st.characters(codec="utf-8").filter(lambda char: char != good[at]))
    assert links.check_file(keys, good[:at] + other + good[at + 1 :], OFFICE_HOUR) is None
    assert links.check_file(keys, good[:at], OFFICE_HOUR) is None


def test_each_download_is_written_in_the_register(database, letter, office, keys, clock):
    key = entries.BookKey(office.phrae, "", "sent", "ordinary", 2568)
    with database.write() as session:
        entries.write(session, key, letter, entries.EntryFields(), "officer", clock)
        _, view = signed(session, keys, letter, office, clock, clock.now() + YEAR)
        links.record_download(
            session, view.id, view.files[1].id, clock.now(), "198.51.100.7", "Firefox\x00" * 99
        )
        [line] = links.downloads(session, letter)
        acts = session.scalars(text("SELECT act FROM journal ORDER BY position")).all()
    assert (line.file_name, line.to_address, line.peer) == ("ผนวก.pdf", TOWN, "198.51.100.7")
    assert acts == ["registered", "downloaded"]


def test_an_entry_names_the_page_of_what_left_its_mail(database, letter, office, keys, clock):
    key = entries.BookKey(office.phrae, "", "sent", "ordinary", 2568)
    with database.write() as session:
        entry = entries.write(session, key, letter, entries.EntryFields(), "officer", clock).id
        token = ensure(session, keys, letter, office, clock)
        small, large = entries.get(session, entry, keys=keys).enclosures
        assert (small.url, large.url) == (None, f"/l/{token}/{large.id}")
        assert [file.url for file in entries.get(session, entry).enclosures] == [None, None]
