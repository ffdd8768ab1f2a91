"""Encrypted files: any size comes back, and nothing that was changed is ever given out."""

import hashlib
import io
import os
import stat
from datetime import date
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from registry.blobs import BlobStore
from registry.errors import NotFound, OutOfOrder
from registry.secret.container import CHUNK, DATA, Damaged, Opened, key_of, rewrap, seal, size_of
from registry.secret.copies import as_path, encrypt, laid_open
from registry.secret.keys import CommandKeys, FileKeys, keys_of
from registry.settings import SecrecySettings

SLOW = settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
SIZES = st.sampled_from([0, 1, CHUNK - 1, CHUNK, CHUNK + 1, 2 * CHUNK, 3 * CHUNK + 7])


def digest(data: bytes) -> str:
    """The SHA-256 of some bytes."""
    return hashlib.sha256(data).hexdigest()


@pytest.fixture
def keys(tmp_path) -> FileKeys:
    """Keys in a folder of their own."""
    return FileKeys(tmp_path / "keys")


@pytest.fixture
def store(tmp_path, keys) -> BlobStore:
    """An empty store with keys."""
    return BlobStore(tmp_path / "blobs", keys)


def sealed(keys, text: bytes, place: Path) -> Path:
    """Write an encrypted file."""
    with place.open("wb") as out:
        seal(io.BytesIO(text), out, digest(text), keys)
    return place


def read(keys, place: Path, text: bytes) -> bytes:
    """Read all of an encrypted file."""
    with place.open("rb") as file:
        return io.BufferedReader(Opened(file, digest(text), keys)).read()


@SLOW
@given(size=SIZES)
def test_any_size_comes_back_and_is_known_from_the_length_of_the_file(keys, tmp_path, size):
    text = os.urandom(size)
    place = sealed(keys, text, tmp_path / "one")
    assert read(keys, place, text) == text
    assert size_of(place.stat().st_size) == size


@SLOW
@given(at=st.integers(0, 3 * CHUNK), length=st.integers(0, CHUNK + 3))
def test_it_is_read_from_any_place(keys, tmp_path, at, length):
    text = bytes(range(256)) * (CHUNK // 100)
    place = tmp_path / "one"
    if not place.exists():
        sealed(keys, text, place)
    with place.open("rb") as file:
        opened = io.BufferedReader(Opened(file, digest(text), keys))
        opened.seek(at)
        assert opened.read(length) == text[at : at + length]


@SLOW
@given(data=st.data(), size=SIZES)
def test_one_changed_bit_of_what_counts_is_found(keys, tmp_path, data, size):
    text = os.urandom(size)
    place = sealed(keys, text, tmp_path / "one")
    raw = bytearray(place.read_bytes())
    counts = st.one_of(
        st.integers(0, 67), st.integers(4096, 4096 + 80), st.integers(DATA, len(raw) - 1)
    )
    raw[data.draw(counts)] ^= 1 << data.draw(st.integers(0, 7))
    place.write_bytes(raw)
    with pytest.raises(Damaged):
        read(keys, place, text)


@SLOW
@given(data=st.data(), size=SIZES)
def test_a_file_that_was_cut_off_is_found(keys, tmp_path, data, size):
    text = os.urandom(size)
    place = sealed(keys, text, tmp_path / "one")
    whole = place.stat().st_size
    cut = st.one_of(st.integers(0, whole - 1), st.just(max(whole - (CHUNK + 16), 0)))
    os.truncate(place, data.draw(cut))
    with pytest.raises(Damaged):
        read(keys, place, text)


def test_chunks_that_changed_places_are_found(keys, tmp_path):
    text = os.urandom(3 * CHUNK)
    place = sealed(keys, text, tmp_path / "one")
    raw, full = place.read_bytes(), CHUNK + 16
    first, second = raw[DATA : DATA + full], raw[DATA + full : DATA + 2 * full]
    place.write_bytes(raw[:DATA] + second + first + raw[DATA + 2 * full :])
    with pytest.raises(Damaged):
        read(keys, place, text)


def test_a_chunk_of_another_file_of_the_same_text_is_found(keys, tmp_path):
    text = os.urandom(CHUNK + 5)
    one, other = (sealed(keys, text, tmp_path / name).read_bytes() for name in ("a", "b"))
    place = tmp_path / "a"
    place.write_bytes(one[: DATA + CHUNK + 16] + other[DATA + CHUNK + 16 :])
    with pytest.raises(Damaged):
        read(keys, place, text)


def test_it_does_not_open_under_another_name_or_key(keys, tmp_path):
    place = sealed(keys, b"text", tmp_path / "one")
    with pytest.raises(Damaged):
        read(keys, place, b"other")
    with pytest.raises(OutOfOrder):
        read(FileKeys(tmp_path / "others"), place, b"text")


def test_nothing_of_the_text_stands_in_the_file_and_the_key_is_ours_alone(keys, tmp_path):
    place = sealed(keys, "คำลับที่ไม่มีใครรู้".encode() * 9, tmp_path / "one")
    assert "คำลับ".encode() not in place.read_bytes()
    assert stat.S_IMODE((keys.folder / "secret.key").stat().st_mode) == 0o600


def test_a_lost_key_is_not_replaced_by_a_new_one(keys):
    keys.current()
    keys.turn(date(2026, 1, 2))
    (keys.folder / "secret.key").unlink()
    with pytest.raises(OutOfOrder):
        keys.current()


class Cut(Exception):
    """The power went."""


class CutOff:
    """A file whose writer dies at the n-th fsync; what was written before is there."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, at: int) -> None:
        self.left = at
        monkeypatch.setattr("registry.secret.container.os.fsync", self)

    def __call__(self, _descriptor: int) -> None:
        self.left -= 1
        if self.left < 0:
            raise Cut


@pytest.mark.parametrize("at", [0, 1])
def test_turning_to_another_key_may_be_cut_off_and_done_again(keys, tmp_path, monkeypatch, at):
    text = os.urandom(CHUNK + 9)
    place = sealed(keys, text, tmp_path / "one")
    before = keys.current()
    now = keys.turn(date(2026, 1, 2))
    with monkeypatch.context() as patch:
        CutOff(patch, at)
        with place.open("r+b") as file, pytest.raises(Cut):
            rewrap(file, digest(text), keys)
    assert read(keys, place, text) == text
    with place.open("r+b") as file:
        rewrap(file, digest(text), keys)
        assert key_of(file, digest(text)) == now != before
    (tmp_path / "keys" / f"secret-20260102-{before.rpartition(':')[2]}.key").unlink()
    assert read(keys, place, text) == text


def test_a_slot_half_written_leaves_the_other_in_force(keys, tmp_path):
    place = sealed(keys, b"text", tmp_path / "one")
    raw = bytearray(place.read_bytes())
    raw[8192:8300] = os.urandom(108)
    place.write_bytes(raw)
    assert read(keys, place, b"text") == b"text"


def test_after_turning_no_trace_of_the_old_key_is_left_in_the_file(keys, tmp_path):
    place = sealed(keys, b"text", tmp_path / "one")
    before = keys.current()
    keys.turn(date(2026, 1, 2))
    with place.open("r+b") as file:
        assert rewrap(file, digest(b"text"), keys)
        assert not rewrap(file, digest(b"text"), keys)
    assert before.encode() not in place.read_bytes()


def test_turning_that_was_cut_off_between_two_names_is_finished(keys):
    before = keys.current()
    (keys.folder / "secret.key").rename(keys.folder / "secret-20260102-x.key")
    (keys.folder / "secret.new").write_text("ab" * 32)
    assert keys.current() != before
    assert keys.unwrap(before, keys.wrap(before, b"data")) == b"data"


def test_a_program_may_hold_the_key(tmp_path):
    kms = tmp_path / "kms"
    kms.write_text(
        "#!/usr/bin/python3\nimport sys\n"
        "if sys.argv[2] == 'gone': sys.exit(1)\n"
        "sys.stdout.buffer.write(sys.stdin.buffer.read()[::-1])\n"
    )
    kms.chmod(0o700)
    held = keys_of(SecrecySettings(kms_command=(str(kms),), kms_key="a"), tmp_path)
    place = sealed(held, b"text", tmp_path / "one")
    assert read(held, place, b"text") == b"text"
    assert not list(tmp_path.glob("*.key"))
    with place.open("r+b") as file:
        assert rewrap(file, digest(b"text"), CommandKeys((str(kms),), "b", FileKeys(tmp_path)))
    with pytest.raises(OutOfOrder):
        CommandKeys((str(kms),), "gone", FileKeys(tmp_path)).wrap("kms:gone", b"data")


def test_what_a_key_in_a_file_wrapped_is_turned_to_the_program(keys, tmp_path):
    kms = tmp_path / "kms"
    kms.write_text("#!/bin/sh\nexec cat\n")
    kms.chmod(0o700)
    place = sealed(keys, b"text", tmp_path / "one")
    held = keys_of(SecrecySettings(kms_command=(str(kms),)), keys.folder)
    assert read(held, place, b"text") == b"text"
    with place.open("r+b") as file:
        assert rewrap(file, digest(b"text"), held)
        assert key_of(file, digest(b"text")) == "kms:1"
    (keys.folder / "secret.key").unlink()
    assert read(held, place, b"text") == b"text"


def test_the_store_reads_what_is_encrypted_like_any_other(store):
    sha256 = store.put(b"text" * 50_000)
    encrypt(store, sha256)
    assert store.close_open(sha256)
    assert not store.is_open(sha256)
    assert (store.exists(sha256), store.size(sha256), store.verify(sha256)) == (True, 200_000, True)
    with store.open(sha256) as file:
        file.seek(199_996)
        assert file.read() == b"text"
    with pytest.raises(NotFound):
        store.path(sha256)
    with as_path(store, sha256) as path:
        assert path.read_bytes() == b"text" * 50_000
    assert laid_open(store, sha256).read_bytes() == b"text" * 50_000


def test_the_open_copy_goes_only_if_there_is_an_encrypted_one(store):
    sha256 = store.put(b"text")
    assert not store.close_open(sha256)
    assert store.is_open(sha256)


def test_a_process_without_keys_knows_what_is_there_and_opens_nothing(store, tmp_path):
    sha256 = store.put(b"text")
    encrypt(store, sha256)
    store.close_open(sha256)
    other = BlobStore(tmp_path / "blobs")
    assert other.exists(sha256)
    with pytest.raises(OutOfOrder):
        other.open(sha256)


def test_the_same_content_come_again_stands_open_beside(store):
    sha256 = store.put(b"text")
    encrypt(store, sha256)
    store.close_open(sha256)
    assert store.put(b"text") == sha256
    assert store.is_open(sha256)


def test_what_is_not_what_its_name_says_is_not_encrypted(store):
    sha256 = store.put(b"text")
    store.path(sha256).write_bytes(b"tixt")
    with pytest.raises(Damaged):
        encrypt(store, sha256)
    assert not store.secret.exists(sha256)
    assert not list((store.root / "staging").glob("[0-9]*"))


def test_the_sweep_takes_encrypted_contents_that_nobody_needs(store):
    first, second = store.put(b"first"), store.put(b"second")
    for one in (first, second):
        encrypt(store, one)
        store.close_open(one)
        os.utime(store.secret.path(one), (1, 1))
    assert store.sweep(lambda one: one == first) == [second]
    assert (store.exists(first), store.exists(second)) == (True, False)
