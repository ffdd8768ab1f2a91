"""What the spool promises before 250 is said, and what a crash leaves behind."""

import errno
import hashlib
import os
import resource
import signal
import stat
import subprocess
import sys
from datetime import datetime

import pytest

from gateway.errors import InsufficientStorage
from gateway.inbound.envelope import Envelope
from gateway.inbound.spool import Spool
from gateway.inbound.tray import Tray
from registry.clock import BANGKOK, SystemClock
from registry.errors import NotUnderstood
from registry.letter.message import Listener

AT = datetime(2026, 8, 3, 9, 0, tzinfo=BANGKOK)
ENVELOPE = Envelope(
    Listener.MX, AT, peer="127.0.0.1", mail_from="a@b.go.th", recipients=("saraban@c.go.th",)
)


@pytest.fixture
def root(tmp_path):
    return tmp_path / "spool"


@pytest.fixture
def spool(root):
    spool = Spool(root, "smtp", SystemClock())
    yield spool
    spool.close()


def put(spool, content=b"Subject: x\r\n\r\ny\r\n"):
    with spool.begin() as letter:
        letter.write(content)
        return letter.commit(ENVELOPE)


def files(root):
    return sorted(path.name for path in root.rglob("*.*"))


def test_a_committed_letter_can_be_read_byte_for_byte_with_its_envelope(root, spool):
    name = put(spool, b"A: b\r\n\r\n\x00\xff")
    found = Tray(root).read(name)
    assert found.path.read_bytes() == b"A: b\r\n\r\n\x00\xff"
    assert found.envelope.raw_sha256 == hashlib.sha256(b"A: b\r\n\r\n\x00\xff").hexdigest()
    assert (found.envelope.raw_bytes, found.envelope.name) == (10, name)


def test_an_envelope_survives_json():
    whole = Envelope(
        Listener.COLLECTOR, AT, "p/x", "::1", "h", True, "ก@ไทย.ไทย", ("a@b", "c@d"), "me@b",
        True, True, "E", {"account": "x", "uid": 7}, "00", 3, True, 2,
    )  # fmt: skip
    assert Envelope.from_json(whole.to_json()) == whole


def test_an_envelope_from_a_newer_program_is_still_read():
    text = ENVELOPE.to_json().replace("{", '{"news": 1,', 1)
    assert Envelope.from_json(text) == ENVELOPE


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"listener": "moon"}', "\x00"])
def test_what_is_no_envelope_says_so(text):
    with pytest.raises(NotUnderstood):
        Envelope.from_json(text)


def test_an_abandoned_letter_leaves_nothing(root, spool):
    with spool.begin() as letter:
        letter.write(b"half")
    assert files(root) == []


def test_a_letter_is_not_seen_before_it_is_committed(root, spool):
    with spool.begin() as letter:
        letter.write(b"half")
        assert Tray(root).list_new() == []


def test_files_and_folders_are_for_the_owner_only(root, spool):
    path = Tray(root).read(put(spool)).path
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(path.with_suffix(".json").stat().st_mode) == 0o600
    assert {stat.S_IMODE(folder.stat().st_mode) for folder in path.parents[:3]} == {0o700}


def test_a_second_process_of_the_same_name_gets_a_folder_of_its_own(root, spool):
    second = Spool(root, "smtp", SystemClock())
    assert (spool.process, second.process) == ("smtp", "smtp-2")
    second.close()


def test_a_living_process_keeps_its_half_written_letters_when_another_starts(root, spool):
    with spool.begin() as letter:
        letter.write(b"x")
        Spool(root, "collector", SystemClock()).close()
        name = letter.commit(ENVELOPE)
    assert Tray(root).list_new() == [name]


def test_a_restart_takes_the_folder_back_with_all_that_was_promised(root, spool):
    name = put(spool)
    spool.close()
    again = Spool(root, "smtp", SystemClock())
    assert (again.process, Tray(root).list_new()) == ("smtp", [name])
    again.close()


def test_raw_bytes_that_never_got_an_envelope_are_dropped_after_a_while(root, spool, monkeypatch):
    orphan = spool.folder / "new" / "aaaaaaaaaaaaaaaa.eml"
    orphan.write_bytes(b"x")
    spool.close()
    Spool(root, "smtp", SystemClock()).close()
    assert orphan.exists()
    monkeypatch.setattr("gateway.inbound.spool._ORPHANED", -1.0)
    Spool(root, "smtp", SystemClock()).close()
    assert not orphan.exists()


CRASH = """
import sys
from pathlib import Path
from gateway.inbound.spool import Spool
from registry.clock import SystemClock
from tests.gateway.inbound.test_spool import ENVELOPE
letter = Spool(Path(sys.argv[1]), "smtp", SystemClock()).begin()
letter.write(b"A: b\\r\\n\\r\\nc\\r\\n")
letter.commit(ENVELOPE)
"""


@pytest.mark.parametrize(
    ("point", "kept"), [("after_raw_fsync", 0), ("after_envelope_fsync", 0), ("after_rename", 1)]
)
def test_a_kill_in_the_middle_of_a_commit_leaves_a_whole_letter_or_none(root, point, kept):
    """At after_rename nothing was promised yet, but the letter is whole: it may stay."""
    child = subprocess.run(
        [sys.executable, "-c", CRASH, str(root)],
        env={**os.environ, "SARABAN_FAULT": point},
        check=False,
    )
    assert child.returncode == -signal.SIGKILL
    Spool(root, "smtp", SystemClock()).close()
    names = Tray(root).list_new()
    assert len(names) == kept
    assert len(files(root)) == 2 * kept
    assert all(Tray(root).read(n).path.read_bytes() == b"A: b\r\n\r\nc\r\n" for n in names)


def test_a_full_disk_while_writing_is_a_temporary_refusal_and_leaves_nothing(root, spool):
    with _no_file_over(1000), spool.begin() as letter, pytest.raises(InsufficientStorage):
        letter.write(b"x" * 100_000)
    assert files(root) == []


@pytest.mark.parametrize("failing", ["fsync", "rename"])
def test_a_full_disk_while_committing_leaves_no_half_entry(root, spool, monkeypatch, failing):
    """rename fails for the second file, as it can when a folder must grow."""
    real = {"fsync": os.fsync, "rename": os.rename}[failing]
    calls = []

    def full(*args):
        calls.append(args)
        if failing == "rename" and len(calls) == 1:
            return real(*args)
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(os, failing, full)
    with spool.begin() as letter, pytest.raises(InsufficientStorage) as caught:
        letter.commit(ENVELOPE)
    assert caught.value.reply().startswith("452 4.3.1 ")
    assert files(root) == []


def test_a_broken_disk_is_not_called_a_full_one(root, spool, monkeypatch):
    def broken(handle):
        raise OSError(errno.EIO, "Input/output error")

    monkeypatch.setattr(os, "fsync", broken)
    with spool.begin() as letter, pytest.raises(OSError, match="Input/output"):
        letter.commit(ENVELOPE)
    assert files(root) == []


class _no_file_over:  # noqa: N801 - reads like a phrase
    """Let the kernel refuse larger files in this process (EFBIG); Python ignores SIGXFSZ."""

    def __init__(self, size):
        self.size = size

    def __enter__(self):
        self.before = resource.getrlimit(resource.RLIMIT_FSIZE)
        resource.setrlimit(resource.RLIMIT_FSIZE, (self.size, self.before[1]))

    def __exit__(self, *_):
        resource.setrlimit(resource.RLIMIT_FSIZE, self.before)
