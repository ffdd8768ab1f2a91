"""No open copy goes but for an encrypted one that reads back, whoever else is at work."""

import os
from datetime import timedelta

import pytest

from registry.blobs import BlobStore
from registry.desk import found_secret
from registry.letter.grades import Secrecy
from registry.letter.message import Original
from registry.models.secrets import SecretLetterRow
from registry.secret import letters as secret_letters
from registry.secret.container import DATA
from registry.secret.copies import alone, laid_open, standing_still
from registry.secret.keeping import Keeping
from registry.secret.keys import FileKeys
from tests.registry.desk.conftest import OFFICER, House, Mails, pdf, sha

PAPER = b"%PDF-1.7 paper " * 900


@pytest.fixture
def store(tmp_path) -> BlobStore:
    """A store with keys."""
    return BlobStore(tmp_path / "blobs", FileKeys(tmp_path / "keys"))


@pytest.fixture
def keeping(house: House, store: BlobStore, tmp_path) -> Keeping:
    """What sees to the bytes."""
    return Keeping(house.database, store, house.clock, tmp_path)


@pytest.fixture
def hidden(house: House, mail: Mails, store: BlobStore) -> str:
    """A letter that an officer has hidden, its bytes in the store."""
    raw = b"Subject: x\r\n\r\n" + os.urandom(8)
    store.put(PAPER)
    original = Original(store.put(raw), len(raw), "whole", sha(raw))
    message = mail(raw=raw, original=original, parts=[pdf(sha256=sha(PAPER), size=len(PAPER))])
    letter_id = house.one(message).letter_id
    assert letter_id is not None
    with house.database.write() as session:
        found_secret.hide(session, house.desk, letter_id, OFFICER, Secrecy.SECRET)
    return letter_id


def test_an_encrypted_copy_that_was_there_and_is_damaged_is_made_anew(
    hidden, house, store, keeping
):
    with store.open(sha(PAPER)) as source:
        store.secret.keep(source, sha(PAPER), store.aside())
    with store.secret.path(sha(PAPER)).open("r+b") as file:
        file.seek(DATA + 9)
        file.write(b"\0\0\0\0")
    keeping.turn()
    assert not store.is_open(sha(PAPER))
    assert store.verify(sha(PAPER))


def test_an_encrypted_copy_whose_key_is_lost_does_not_replace_the_open_one(
    hidden, house, store, keeping, tmp_path
):
    with store.open(sha(PAPER)) as source:
        store.secret.keep(source, sha(PAPER), store.aside())
    (tmp_path / "keys" / "secret.key").unlink()
    FileKeys(tmp_path / "keys").current()
    keeping.turn()
    assert store.is_open(sha(PAPER))


@pytest.mark.parametrize("other", [alone, standing_still])
def test_while_another_process_sees_to_the_bytes_or_backs_them_up_they_stay(
    other, hidden, store, keeping
):
    with other(store):
        assert keeping.turn() == 0
        assert store.is_open(sha(PAPER))
    assert keeping.turn() == 1
    assert not store.is_open(sha(PAPER))


def test_what_changed_by_an_act_that_began_before_the_look_is_still_due(hidden, house, keeping):
    """The act takes its time first and commits late: after the letter was looked at."""
    house.clock.advance(timedelta(seconds=5))
    looked = house.clock.now()
    with house.database.read() as session:
        since = secret_letters.since_of(session, hidden)
    with house.database.write() as session:
        secret_letters.put_down(session, hidden, "freed", looked - timedelta(seconds=1))
    with house.database.write() as session:
        secret_letters.done(session, hidden, house.clock.now(), since)
    assert [row.done_at for row in house.rows(SecretLetterRow)] == [None]


def test_what_somebody_laid_open_again_is_closed_within_minutes(hidden, house, store, keeping):
    keeping.turn()
    laid_open(store, sha(PAPER))
    assert store.is_open(sha(PAPER))
    house.clock.advance(timedelta(minutes=5))
    assert keeping.turn() == 1
    assert not store.is_open(sha(PAPER))
