"""Bytes on their way into the blob store."""

import hashlib
import os

import pytest

from registry.blobs import BlobStore

LETTER = "ที่ พร ๐๐๒๓.๓/ว ๔๙๗๑".encode()
DIGEST = hashlib.sha256(LETTER).hexdigest()


@pytest.fixture
def store(tmp_path):
    return BlobStore(tmp_path / "blobs")


def in_staging(store):
    return [path for path in (store.root / "staging").iterdir() if path.name != ".lock"]


def test_bytes_written_in_pieces_are_one_content(store):
    with store.stage() as staged:
        for at in range(0, len(LETTER), 7):
            staged.write(LETTER[at : at + 7])
        assert staged.size == len(LETTER)
        assert staged.keep() == hashlib.sha256(LETTER).hexdigest()


def test_what_was_not_kept_leaves_nothing_behind(store):
    with store.stage() as staged:
        staged.write(LETTER)
    assert list(store.all()) == []
    assert [p.name for p in (store.root / "staging").iterdir()] == []


def test_a_content_that_the_batch_holds_already_is_not_written_again(store):
    with store.batch():
        digests = {store.put(LETTER) for _ in range(3)}
        assert len(in_staging(store)) == 1
    assert digests == {DIGEST}
    assert in_staging(store) == []


@pytest.mark.parametrize("lengths", [[100_000], [7] * 12_000, [60_000, 60_000], [65_536, 1]])
def test_what_is_too_long_to_wait_in_memory_is_one_content_too(store, lengths):
    content = os.urandom(sum(lengths))
    with store.stage() as staged:
        at = 0
        for length in lengths:
            staged.write(memoryview(content)[at : at + length])
            at += length
        assert len(in_staging(store)) == 1
        assert staged.keep() == hashlib.sha256(content).hexdigest()
    assert store.path(staged.sha256).read_bytes() == content
    assert in_staging(store) == []


def test_a_large_content_that_was_not_kept_leaves_nothing_behind(store):
    with store.stage() as staged:
        staged.write(bytes(100_000))
    assert in_staging(store) == []
