"""kill -9 while a letter is hidden, encrypted, or keys are turned: nothing lost, nothing open."""

import os
import signal
from collections.abc import Callable
from datetime import date

import pytest

from registry import proof
from registry.blobs import BlobStore
from registry.db import Database
from registry.desk import found_secret
from registry.letter.grades import Secrecy
from registry.letter.message import Original
from registry.models.secrets import SecretLetterRow
from registry.secret.container import key_of
from registry.secret.keeping import Keeping
from registry.secret.keys import FileKeys
from tests.registry.desk.conftest import OFFICER, House, Mails, pdf, sha

PAPER = b"%PDF-1.7 paper " * 9000
HIDING = ("secret_hidden",)
ENCRYPTING = (
    "secret_written", "secret_fsynced", "secret_named", "secret_named:2", "secret_before_closing",
    "secret_closed", "secret_closed:2", "secret_before_done",
)  # fmt: skip
TURNING = (
    "turn_drawn", "turn_put_aside", "rewrap_written", "rewrap_done", "rewrap_written:2",
)  # fmt: skip


@pytest.fixture
def store(tmp_path) -> BlobStore:
    """A store with keys."""
    return BlobStore(tmp_path / "blobs", FileKeys(tmp_path / "keys"))


@pytest.fixture
def letter(house: House, mail: Mails, store: BlobStore) -> str:
    """A registered letter, its bytes in the store."""
    raw = b"Subject: x\r\n\r\n" + os.urandom(8)
    store.put(PAPER)
    original = Original(store.put(raw), len(raw), "whole", sha(raw))
    message = mail(raw=raw, original=original, parts=[pdf(sha256=sha(PAPER), size=len(PAPER))])
    letter_id = house.one(message).letter_id
    assert letter_id is not None
    return letter_id


def dies_at(point: str, work: Callable[[], object]) -> bool:
    """Do it in a process that is killed at the point, and say whether it came there."""
    child = os.fork()
    if child == 0:
        os.environ["SARABAN_FAULT"] = point
        try:
            work()
        finally:
            os._exit(0)
    return os.WTERMSIG(os.waitpid(child, 0)[1]) == signal.SIGKILL


def afresh(house: House) -> Database:
    """Open the database as another process does."""
    return Database.open(house.database.engine.url.render_as_string(hide_password=False))


def hide(house: House, database: Database, letter_id: str) -> None:
    with database.write() as session:
        found_secret.hide(session, house.desk, letter_id, OFFICER, Secrecy.SECRET)


def encrypt(house: House, database: Database, store: BlobStore) -> int:
    return Keeping(database, store, house.clock, store.root.parent).turn()


def sound(house: House, store: BlobStore) -> bool:
    with house.database.read() as session:
        return proof.prove(session, store).holds


def all_encrypted(store: BlobStore) -> bool:
    """Whether no content lies open, and each is read back."""
    sealed = list(store.secret.all())
    return len(sealed) == 2 and not list(store.all()) and all(map(store.verify, sealed))


@pytest.mark.parametrize("point", HIDING)
def test_killed_while_a_letter_is_hidden_it_is_as_it_was_and_is_hidden_again(
    house, letter, store, point
):
    assert dies_at(point, lambda: hide(house, afresh(house), letter))
    assert house.letter(letter).secrecy is None
    assert house.rows(SecretLetterRow) == []
    assert sound(house, store)
    hide(house, house.database, letter)
    assert house.letter(letter).secrecy == "ลับมาก"
    assert sound(house, store)


@pytest.mark.parametrize("point", ENCRYPTING)
def test_killed_while_it_is_encrypted_nothing_is_lost_and_it_ends_encrypted(
    house, letter, store, point
):
    hide(house, house.database, letter)
    store.secret.keys.current()  # drawn by init
    assert dies_at(point, lambda: encrypt(house, afresh(house), store))
    assert sound(house, store)
    assert encrypt(house, house.database, store) == 1
    assert all_encrypted(store)
    assert sound(house, store)
    assert [row.done_at is None for row in house.rows(SecretLetterRow)] == [False]


@pytest.mark.parametrize("point", TURNING)
def test_killed_while_keys_are_turned_everything_opens_before_and_after_it_goes_on(
    house, letter, store, point
):
    hide(house, house.database, letter)
    encrypt(house, house.database, store)
    before = store.secret.keys.current()

    def turn() -> None:
        FileKeys(store.root.parent / "keys").turn(date(2026, 11, 23))
        for sha256 in list(store.secret.all()):
            store.secret.rewrap(sha256)

    assert dies_at(point, turn)
    assert all_encrypted(store)
    for sha256 in list(store.secret.all()):
        store.secret.rewrap(sha256)
    assert keys_in_use(store) == {store.secret.keys.current()}
    assert (store.secret.keys.current() == before) == (point == "turn_drawn")
    assert all_encrypted(store)
    assert sound(house, store)


def keys_in_use(store: BlobStore) -> set[str]:
    found = set()
    for sha256 in store.secret.all():
        with store.secret.path(sha256).open("rb") as file:
            found.add(key_of(file, sha256))
    return found
