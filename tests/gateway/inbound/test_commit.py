"""Letters that are ready together are committed together, and each answers for itself."""

import asyncio
import errno
import os
from datetime import datetime
from pathlib import Path

import pytest

from gateway.errors import InsufficientStorage
from gateway.inbound import disk
from gateway.inbound.commit import Committer, commit_together
from gateway.inbound.envelope import Envelope
from gateway.inbound.spool import IN_MEMORY, Spool
from gateway.inbound.tray import Tray
from registry.clock import BANGKOK, SystemClock
from registry.errors import OutOfOrder
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


def test_letters_that_are_ready_together_share_one_file_and_two_fsyncs(spool, monkeypatch):
    fsynced = []
    fsync = os.fsync
    monkeypatch.setattr(os, "fsync", lambda handle: fsynced.append(handle) or fsync(handle))
    names = commit_together([(written(spool), ENVELOPE) for _ in range(5)])
    assert len(fsynced) == 2  # the file and the folder
    [pack] = left(spool)
    assert pack.endswith("-5.pack")
    assert sorted(names) == Tray(spool.folder.parent).list_new()


def test_a_letter_in_a_pack_is_the_same_to_the_last_byte(spool):
    raws = [b"", b"\n", b"A: b\r\n\r\n\x00\xff\n\n{}\n", b"x" * IN_MEMORY]
    names = commit_together([(written(spool, raw), ENVELOPE) for raw in raws])
    tray = Tray(spool.folder.parent)
    assert [tray.read(name).raw() for name in names] == raws
    assert [tray.read(name).envelope.name for name in names] == names


def test_one_for_which_there_is_no_room_harms_no_other(spool, monkeypatch):
    """A letter that stands in a file already, as the scanner wants it, is committed by itself."""
    letters = [(written(spool), ENVELOPE) for _ in range(3)]
    unlucky = letters[1][0].path
    write_new = disk.write_new

    def no_room(path, content):
        if path == str(unlucky.with_suffix(".json")):
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        write_new(path, content)

    monkeypatch.setattr(disk, "write_new", no_room)
    first, failed, last = commit_together(letters)
    assert isinstance(failed, InsufficientStorage)
    assert Tray(spool.folder.parent).list_new() == sorted([first, last])
    assert len(left(spool)) == 1


def test_when_there_is_no_room_for_a_pack_nothing_was_promised(spool, monkeypatch):
    def no_room(path, content):
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(disk, "write_new", no_room)
    done = commit_together([(written(spool), ENVELOPE) for _ in range(2)])
    assert [type(one) for one in done] == [InsufficientStorage, InsufficientStorage]
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


def test_urgent_letters_share_a_file_with_none_that_is_not(spool):
    urgent = Envelope(Listener.MX, ENVELOPE.accepted_at, priority=3)
    slow = [written(spool) for _ in range(3)]
    quick = [written(spool) for _ in range(2)]
    commit_together([*((one, ENVELOPE) for one in slow), *((one, urgent) for one in quick)])
    assert sorted(left(spool)) == sorted([f"{slow[0].id}-3.pack", f"{quick[0].id}-2-p3.pack"])


def test_a_letter_that_is_dropped_while_it_is_committed_harms_no_later_batch(spool):
    letters = [(written(spool), ENVELOPE) for _ in range(2)]
    letters[0][0].abandon()
    done = commit_together(letters)
    assert [type(one) for one in done] == [OutOfOrder, OutOfOrder]
    assert left(spool) == []


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
