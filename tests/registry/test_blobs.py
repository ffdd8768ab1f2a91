"""The blob store: each content once, whole, and safe before its digest is handed out."""

import hashlib
import os
import stat
import threading
from datetime import timedelta

import pytest

from registry.blobs import BlobStore
from registry.errors import NotFound

LETTER = "ที่ พร ๐๐๒๓.๓/ว ๔๙๗๑".encode()


@pytest.fixture
def store(tmp_path):
    return BlobStore(tmp_path / "blobs")


def _age(store, digest, hours):
    path = store.path(digest)
    then = path.stat().st_mtime - hours * 3600
    os.utime(path, (then, then))


def test_what_was_put_is_read_back_under_its_sha256(store):
    digest = store.put(LETTER)
    assert digest == hashlib.sha256(LETTER).hexdigest()
    with store.open(digest) as file:
        assert file.read() == LETTER


def test_a_content_lies_in_two_levels_of_folders_that_only_the_owner_may_enter(store):
    digest = store.put(LETTER)
    path = store.path(digest)
    assert path == store.root / digest[:2] / digest[2:4] / digest
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert {stat.S_IMODE(p.stat().st_mode) for p in (path.parent, path.parent.parent)} == {0o700}


def test_the_same_content_is_stored_once(store):
    assert store.put(LETTER) == store.put(LETTER)
    assert list(store.all()) == [hashlib.sha256(LETTER).hexdigest()]


def test_an_empty_file_is_a_content_too(store):
    assert store.verify(store.put(b""))


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


def test_a_digest_is_on_disk_before_it_is_handed_out(store, monkeypatch):
    """The order that a power cut demands: file, then rename, then folder."""
    seen = []
    real_sync, real_rename = os.fsync, type(store.root).rename
    monkeypatch.setattr(
        os,
        "fsync",
        lambda fd: (
            seen.append("folder" if stat.S_ISDIR(os.fstat(fd).st_mode) else "file"),
            real_sync(fd),
        ),
    )
    monkeypatch.setattr(
        type(store.root), "rename", lambda a, b: (seen.append("rename"), real_rename(a, b))
    )
    store.put(LETTER)
    assert [step for step in seen if step != "folder"] == ["file", "rename"]
    assert seen[-1] == "folder"


@pytest.mark.parametrize("name", ["", "..", "../../etc/passwd", "AB" * 32, "0" * 63, "0" * 65])
def test_only_a_digest_names_a_content(store, name):
    assert not store.exists(name)
    assert not store.verify(name)
    with pytest.raises(NotFound):
        store.open(name)


def test_a_missing_content_is_said_to_be_missing(store):
    with pytest.raises(NotFound):
        store.path("0" * 64)


def test_one_changed_byte_is_found(store):
    digest = store.put(LETTER)
    path = store.path(digest)
    path.write_bytes(LETTER[:-1] + b"!")
    assert store.exists(digest)
    assert not store.verify(digest)


def test_a_file_cut_short_is_healed_by_the_next_put(store):
    digest = store.put(LETTER)
    store.path(digest).write_bytes(LETTER[:3])
    store.put(LETTER)
    assert store.verify(digest)


def test_the_sweep_takes_only_what_is_old_and_unused(store):
    old, used, fresh = (store.put(text) for text in (b"old", b"used", b"fresh"))
    _age(store, old, 25)
    _age(store, used, 25)
    assert store.sweep(lambda digest: digest == used) == [old]
    assert set(store.all()) == {used, fresh}


def test_putting_an_old_content_again_renews_its_reservation(store):
    digest = store.put(LETTER)
    _age(store, digest, 100)
    store.put(LETTER)
    assert store.sweep(lambda _: False) == []


def test_a_content_put_while_the_sweep_asks_for_its_users_survives(store):
    digest = store.put(LETTER)
    _age(store, digest, 100)

    def asks_and_is_overtaken(_):
        store.put(LETTER)
        return False

    assert store.sweep(asks_and_is_overtaken) == []
    assert store.verify(digest)


def test_a_content_that_another_sweep_took_first_is_nobodys_error(store):
    digest = store.put(LETTER)
    _age(store, digest, 100)

    def asks_and_is_overtaken(_):
        store.path(digest).unlink()
        return False

    assert store.sweep(asks_and_is_overtaken) == []


def test_the_sweep_clears_what_a_dead_process_left_in_staging(store):
    left = store.root / "staging" / "1-dead"
    left.write_bytes(b"half")
    os.utime(left, (0, 0))
    store.sweep(lambda _: False, timedelta(hours=24))
    assert not left.exists()


def test_many_threads_may_put_the_same_content_at_once(store):
    digests = []
    threads = [
        threading.Thread(target=lambda: digests.append(store.put(LETTER * 1000))) for _ in range(8)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(set(digests)) == 1
    assert len(digests) == 8
    assert store.verify(digests[0])


def test_contents_of_a_batch_are_given_back_at_once_and_are_everybodys_when_it_ends(tmp_path):
    store, other = BlobStore(tmp_path), BlobStore(tmp_path)
    with store.batch():
        digests = [store.put(b"content %d" % (number % 20)) for number in range(30)]
        assert store.path(digests[3]).read_bytes() == b"content 3"
        assert not other.exists(digests[3])
    assert all(other.verify(digest) for digest in digests)
    assert len(list(other.all())) == 20


def test_a_batch_that_fails_leaves_nothing_behind(tmp_path):
    store = BlobStore(tmp_path)

    def fail() -> None:
        with store.batch():
            store.put(b"content")
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail()
    assert list(store.all()) == []
    assert [path.name for path in (tmp_path / "staging").iterdir() if path.name != ".lock"] == []
    assert store.verify(store.put(b"later"))
