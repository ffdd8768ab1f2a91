"""The blob store: each content once, whole, and safe before its digest is handed out."""

import hashlib
import os
import stat
import threading
from contextlib import nullcontext, suppress
from datetime import timedelta

import pytest

from registry import blobs
from registry.blobs import BlobStore
from registry.errors import NotFound

LETTER = "ที่ พร ๐๐๒๓.๓/ว ๔๙๗๑".encode()
DIGEST = hashlib.sha256(LETTER).hexdigest()


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


def test_a_content_lies_in_a_folder_that_only_the_owner_may_enter(store):
    digest = store.put(LETTER)
    path = store.path(digest)
    assert path == store.root / digest[:2] / digest
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert {stat.S_IMODE(p.stat().st_mode) for p in (path.parent, path.parent.parent)} == {0o700}


@pytest.fixture
def deeper(store):
    """A content that lies two folders deep."""
    path = store.path(store.put(LETTER))
    folder = path.parent / path.name[2:4]
    folder.mkdir()
    return path.rename(folder / path.name)


def test_a_content_two_folders_deep_is_found_listed_and_kept_where_it_is(store, deeper):
    other = store.put(b"other")
    assert store.path(deeper.name) == deeper
    assert store.exists(deeper.name)
    assert set(store.all()) == {deeper.name, other}
    store.put(LETTER)
    assert store.path(deeper.name) == deeper


def test_a_content_two_folders_deep_is_healed_and_swept_like_any_other(store, deeper):
    deeper.write_bytes(LETTER[:3])
    store.put(LETTER)
    assert store.verify(deeper.name)
    assert store.path(deeper.name) == deeper
    _age(store, deeper.name, 25)
    assert store.sweep(lambda _: False) == [deeper.name]
    assert not deeper.exists()


def test_the_same_content_is_stored_once(store):
    assert store.put(LETTER) == store.put(LETTER)
    assert list(store.all()) == [hashlib.sha256(LETTER).hexdigest()]


def test_an_empty_file_is_a_content_too(store):
    assert store.verify(store.put(b""))


def test_a_digest_is_on_disk_before_it_is_handed_out(store, monkeypatch):
    """The order that a power cut demands: file, then rename, then folder."""
    seen = []
    real_sync, real_rename = os.fsync, os.rename
    monkeypatch.setattr(
        os,
        "fsync",
        lambda fd: (
            seen.append("folder" if stat.S_ISDIR(os.fstat(fd).st_mode) else "file"),
            real_sync(fd),
        ),
    )
    monkeypatch.setattr(os, "rename", lambda a, b: (real_rename(a, b), seen.append("rename")))
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


@pytest.fixture
def raw(tmp_path):
    """A file on the disk, outside the store."""
    path = tmp_path / "raw.eml"
    path.write_bytes(LETTER)
    os.utime(path, (0, 0))
    return path


@pytest.mark.parametrize("together", [True, False])
def test_a_file_is_adopted_without_copying_and_lives_when_its_first_name_goes(store, raw, together):
    with store.batch() if together else nullcontext():
        assert store.adopt(raw, DIGEST, len(LETTER))
        assert store.path(DIGEST).read_bytes() == LETTER
    assert store.path(DIGEST).samefile(raw)
    assert stat.S_IMODE(store.path(DIGEST).stat().st_mode) == 0o600
    raw.unlink()
    assert store.verify(DIGEST)
    assert store.sweep(lambda _: False) == []  # its reservation is as young as any other
    assert [one.name for one in (store.root / "staging").iterdir()] == [".lock"]


def test_a_content_that_is_here_is_not_adopted_twice(store, raw):
    path = store.path(store.put(LETTER))
    assert store.adopt(raw, DIGEST, len(LETTER))
    with store.batch():
        assert store.adopt(raw, DIGEST, len(LETTER))
        assert store.adopt(raw, DIGEST, len(LETTER))
    assert not path.samefile(raw)
    assert raw.stat().st_nlink == 1


def test_an_adopted_file_heals_one_that_was_cut_short(store, raw):
    store.path(store.put(LETTER)).write_bytes(LETTER[:3])
    assert store.adopt(raw, DIGEST, len(LETTER))
    assert store.verify(DIGEST)


def test_what_cannot_be_adopted_is_left_to_be_copied(store, raw, tmp_path):
    link = tmp_path / "link.eml"
    link.symlink_to(raw)
    assert not store.adopt(raw, DIGEST, len(LETTER) + 1)
    assert not store.adopt(link, DIGEST, len(LETTER))
    assert not store.adopt(tmp_path / "gone.eml", DIGEST, len(LETTER))
    assert list(store.all()) == []


def test_a_batch_of_adopted_files_alone_syncs_their_names_and_not_their_bytes(
    store, raw, monkeypatch
):
    """They were durable before; what else is kept beside them is made durable too."""
    synced = []
    monkeypatch.setattr(blobs, "sync_file_system", synced.append)
    with store.batch():
        store.adopt(raw, DIGEST, len(LETTER))
    assert synced == []
    with store.batch():
        store.adopt(raw, DIGEST, len(LETTER))
        store.put(b"new")
    assert synced == [store.root / "staging"]


def test_a_batch_that_fails_leaves_an_adopted_file_as_it_was(store, raw):
    with suppress(ZeroDivisionError), store.batch():
        store.adopt(raw, DIGEST, len(LETTER))
        raise ZeroDivisionError
    assert raw.read_bytes() == LETTER
    assert raw.stat().st_nlink == 1
