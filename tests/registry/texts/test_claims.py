"""Who has a file in hand, and whose text is kept: never that of secret letters alone."""

import threading
from datetime import timedelta

import pytest

from registry.blobs import BlobStore
from registry.models.letters import LetterRow
from registry.secret.keeping import Keeping
from registry.secret.keys import FileKeys
from registry.settings import ReadingSettings
from registry.texts import claims, leaves
from registry.texts.reading import Reading
from tests.registry.texts import papers
from tests.registry.texts.conftest import rows, said


def test_what_a_dead_process_had_in_hand_comes_back_when_its_lease_is_over(
    database, reading, letter, clock, blobs
):
    only = letter(b"text", "text/plain")
    [sha256] = blobs.all()
    with database.write() as session:
        assert claims.claim(session, sha256, clock.now())
    one = reading()
    assert one.turn() == 0
    clock.advance(timedelta(minutes=16))
    assert one.turn() == 1
    assert said(database, only) == ("done", "text")


def test_who_comes_back_late_does_not_overwrite_what_another_wrote(
    database, reading, letter, clock, blobs
):
    only = letter(b"text", "text/plain")
    [sha256] = blobs.all()
    with database.write() as session:
        late = claims.claim(session, sha256, clock.now())
    clock.advance(timedelta(minutes=16))
    reading().turn()
    with database.write() as session:
        wrong = claims.Extract("failed", (), "")
        assert late is not None
        assert not claims.finish(session, late, wrong, clock.now())
    assert said(database, only) == ("done", "text")


def test_two_processes_never_have_the_same_file_in_hand(database, reading, letter, clock, blobs):
    letter(b"text", "text/plain")
    [sha256] = blobs.all()
    claimed = []

    def claim() -> None:
        with database.write() as session:
            claimed.append(claims.claim(session, sha256, clock.now()))

    threads = [threading.Thread(target=claim) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(one is not None for one in claimed) == [False, False, False, True]


def test_files_of_secret_letters_are_never_read(database, reading, letter):
    letter(b"secret", "text/plain", state="secret", secrecy="ลับ")
    shared = letter(b"shared", "text/plain", secrecy="ลับมาก")
    letter(b"shared", "text/plain")
    reading().turn()
    assert [row.text for row in rows(database).values()] == ["shared"]
    with database.write() as session:
        assert claims.forget(session, shared) == 0


def test_the_text_of_a_letter_that_becomes_secret_is_taken_away(database, reading, letter, clock):
    first, second = (letter(one, "text/plain") for one in (b"first", b"second"))
    one = reading()
    one.turn()
    with database.write() as session:
        for letter_id in (first, second):
            session.get_one(LetterRow, letter_id).secrecy = "ลับ"
        session.flush()
        assert claims.forget(session, first) == 1
    assert [row.text for row in rows(database).values()] == ["second"]
    clock.advance(timedelta(hours=2))
    one.turn()
    assert rows(database) == {}


def test_a_letter_marked_secret_while_its_file_is_read_leaves_no_text(
    database, reading, letter, clock, blobs
):
    marked = letter(b"text", "text/plain")
    [sha256] = blobs.all()
    with database.write() as session:
        mine = claims.claim(session, sha256, clock.now())
        session.get_one(LetterRow, marked).secrecy = "ลับ"
    with database.write() as session:
        assert mine is not None
        assert not claims.finish(session, mine, claims.Extract("done", ("text",)), clock.now())
    assert rows(database) == {}


def test_a_file_that_was_encrypted_before_it_was_read_is_not_laid_open_again(
    database, letter, clock, blobs, tmp_path
):
    """The letter becomes secret while its file waits in the reader's hand for its turn."""
    marked = letter(b"text", "text/plain")
    store = BlobStore(blobs.root, FileKeys(tmp_path / "keys"))
    one = Reading(database, store, clock, ReadingSettings())

    def hide() -> bool:
        with database.write() as session:
            session.get_one(LetterRow, marked).secrecy = "ลับ"
        assert Keeping(database, store, clock, tmp_path).turn() == 1
        return True

    try:
        assert one.turn(hide) == 1
    finally:
        one.close()
    assert [store.is_open(sha256) for sha256 in store.secret.all()] == [False]
    assert rows(database) == {}


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ({"scan": "not_scanned"}, {"scan": "cleared"}),
        ({"facts": {"unread": True}}, {"facts": {"unread": True, "opened_by": "somsri"}}),
    ],
)
def test_withheld_and_unopened_letters_files_are_read_once_somebody_lets_them_out(
    database, reading, letter, clock, before, after
):
    held = letter(b"held", "text/plain", **before)
    one = reading()
    assert one.turn() == 0
    assert said(database, held) == ("pending", "")
    with database.write() as session:
        for name, value in after.items():
            setattr(session.get_one(LetterRow, held), name, value)
    assert one.turn() == 0
    clock.advance(timedelta(minutes=2))
    assert one.turn() == 1
    assert said(database, held) == ("done", "held")


def test_a_letter_can_be_read_again(database, reading, letter):
    broken = letter(b"%PDF", "application/pdf")
    one = reading()
    one.turn()
    with database.write() as session:
        assert claims.read_again(session, broken) == 1
    assert said(database, broken)[0] == "pending"
    assert one.turn() == 1
    assert said(database, broken)[0] == "failed"


def test_pages_with_their_lines_go_with_the_text_of_their_file(database, reading, letter):
    only = letter(papers.saying(b"(Hello) Tj"))
    reading().turn()
    [(sha256, _)] = rows(database).items()
    with database.read() as session:
        [page] = leaves.pages_of(session, sha256)
    assert (page.number, page.source, page.text, page.lines[0].confidence) == (
        1, "text", "Hello", 100,
    )  # fmt: skip
    with database.write() as session:
        session.get_one(LetterRow, only).state = "secret"
        assert claims.forget(session, only) == 1
    with database.read() as session:
        assert leaves.pages_of(session, sha256) == []
