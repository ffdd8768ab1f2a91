"""Letters that are ready together are committed together, and each answers for itself."""

import asyncio
import errno
import os
from datetime import datetime
from pathlib import Path

import pytest

from gateway.errors import InsufficientStorage
from gateway.inbound import disk
from gateway.inbound.commit import Committer
from gateway.inbound.envelope import Envelope
from gateway.inbound.spool import IN_MEMORY, Spool, commit_together
from gateway.inbound.tray import Tray
from registry.clock import BANGKOK, SystemClock
from registry.letter.message import Listener
from tests.gateway.inbound.client import stuffed
from tests.servers.waiting import wait_until

ENVELOPE = Envelope(Listener.MX, datetime(2026, 8, 3, 9, 0, tzinfo=BANGKOK))


@pytest.fixture
def spool(tmp_path):
    spool = Spool(tmp_path / "spool", "smtp", SystemClock())
    yield spool
    spool.close()


def written(spool, content=b"A: b\r\n\r\nc\r\n"):
    letter = spool.begin()
    letter.write(content)
    return letter


def left(spool):
    return sorted(path.name for path in spool.folder.rglob("*.*"))


def test_a_small_letter_touches_no_disk_before_it_is_committed(spool):
    letter = written(spool, b"x" * IN_MEMORY)
    assert left(spool) == []
    letter.commit(ENVELOPE)
    assert len(left(spool)) == 2


def test_a_large_letter_goes_into_its_file_as_it_comes(spool):
    with written(spool, b"x" * (IN_MEMORY + 1)) as letter:
        assert not letter.small
        assert letter.path.stat().st_size == IN_MEMORY + 1


def test_whoever_wants_to_look_at_a_small_letter_finds_it_in_a_file(spool):
    with written(spool, b"look") as letter:
        assert letter.path.read_bytes() == b"look"
        letter.write(b" again")
        assert letter.path.read_bytes() == b"look again"


def test_the_folder_is_fsynced_once_for_all(spool, monkeypatch):
    folders = []
    monkeypatch.setattr(disk, "fsync_folder", folders.append)
    names = commit_together([(written(spool), ENVELOPE) for _ in range(5)])
    assert folders == [spool.folder / "new"]
    assert sorted(names) == Tray(spool.folder.parent).list_new()


def test_one_for_which_there_is_no_room_harms_no_other(spool, monkeypatch):
    letters = [(written(spool), ENVELOPE) for _ in range(3)]
    unlucky = letters[1][0].path
    write_new = disk.write_new

    def no_room(path, content, **how):
        if path == str(unlucky.with_suffix(".json")):
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        write_new(path, content, **how)

    monkeypatch.setattr(disk, "write_new", no_room)
    first, failed, last = commit_together(letters)
    assert isinstance(failed, InsufficientStorage)
    assert Tray(spool.folder.parent).list_new() == sorted([first, last])
    assert len(left(spool)) == 4


@pytest.mark.parametrize("little", [True, False])
def test_several_letters_share_a_syncfs_where_little_else_is_to_be_written(
    spool, monkeypatch, little
):
    synced, fsynced = [], []
    fsync = os.fsync
    monkeypatch.setattr(disk, "little_to_write_back", lambda: little)
    monkeypatch.setattr(disk, "sync_file_system", synced.append)
    monkeypatch.setattr(os, "fsync", lambda handle: fsynced.append(handle) or fsync(handle))
    commit_together([(written(spool), ENVELOPE) for _ in range(3)])
    assert synced == [spool.folder] * little
    assert len(fsynced) == (1 if little else 7)  # the folder, and each of six files


def test_a_letter_alone_never_waits_for_the_files_of_others(spool, monkeypatch):
    monkeypatch.setattr(disk, "little_to_write_back", lambda: True)
    monkeypatch.setattr(disk, "sync_file_system", pytest.fail)
    written(spool).commit(ENVELOPE)


def test_much_that_others_have_to_write_back_is_seen(tmp_path, monkeypatch):
    facts = tmp_path / "vmstat"
    monkeypatch.setattr(disk, "_VMSTAT", facts)
    assert not disk.little_to_write_back()
    for dirty, writeback, little in ((0, 0, True), (9000, 0, False), (0, 9000, False)):
        facts.write_text(f"nr_x 1\nnr_dirty {dirty}\nnr_writeback {writeback}\nnr_shmem 2\n")
        assert disk.little_to_write_back() is little


def test_when_syncfs_fails_nothing_was_promised(spool, monkeypatch):
    def broken(folder):
        raise OSError(errno.EIO, os.strerror(errno.EIO))

    monkeypatch.setattr(disk, "little_to_write_back", lambda: True)
    monkeypatch.setattr(disk, "sync_file_system", broken)
    done = commit_together([(written(spool), ENVELOPE) for _ in range(2)])
    assert [type(one) for one in done] == [OSError, OSError]
    assert left(spool) == []


def test_when_the_folder_cannot_be_fsynced_nothing_was_promised(spool, monkeypatch):
    def broken(folder):
        raise OSError(errno.EIO, os.strerror(errno.EIO))

    monkeypatch.setattr(disk, "fsync_folder", broken)
    done = commit_together([(written(spool), ENVELOPE) for _ in range(2)])
    assert [type(one) for one in done] == [OSError, OSError]
    assert left(spool) == []


def test_an_urgent_letter_has_a_mark_beside_it(spool):
    name = written(spool).commit(Envelope(Listener.MX, ENVELOPE.accepted_at, priority=3))
    assert Path(name).name + ".p3" in left(spool)


async def test_many_sessions_at_once_all_hear_their_own_name(spool):
    committer = Committer()
    letters = [written(spool, f"A: {n}\r\n\r\n".encode()) for n in range(200)]
    names = await asyncio.gather(*(committer.commit(one, ENVELOPE) for one in letters))
    assert names == [one.name for one in letters]
    assert sorted(names) == Tray(spool.folder.parent).list_new()


async def test_a_session_that_is_broken_off_keeps_no_other_waiting(spool):
    committer = Committer()
    first = asyncio.create_task(committer.commit(written(spool), ENVELOPE))
    second = asyncio.create_task(committer.commit(written(spool), ENVELOPE))
    await asyncio.sleep(0)
    first.cancel()
    assert await second in Tray(spool.folder.parent).list_new()


async def test_a_batch_that_cannot_even_be_tried_is_answered(spool, monkeypatch):
    def nothing(letters):
        raise RuntimeError("no more threads")

    monkeypatch.setattr("gateway.inbound.commit.commit_together", nothing)
    with pytest.raises(RuntimeError):
        await Committer().commit(written(spool), ENVELOPE)


def test_a_large_letter_beside_other_sessions_is_the_same_to_the_last_byte(door):
    letter = b"A: b\r\n\r\n" + os.urandom(3_000_000).hex().encode() + b"\r\n.\r\n..\r\n"
    with door.call(), door.call() as client:
        client.begin()
        client.send(stuffed(letter))
        assert client.reply().startswith("250 ")
    assert [one.path.read_bytes() for one in door.letters()] == [letter]


def test_a_large_letter_that_is_broken_off_beside_other_sessions_leaves_nothing(door):
    with door.call():
        with door.call() as client:
            client.begin()
            client.send(b"A: b\r\n\r\n" + b"x" * 5_000_000)
            wait_until(door.files, "the letter has begun")
        door.nothing_is_left()
