"""The worker's chores: bytes that nobody needs go; what a row needs or was just kept stays."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from gateway.inbound import chores
from gateway.service import Runtime
from registry.clock import FrozenClock
from registry.models.letters import OriginalRow
from saraban.config.load import load
from saraban.installing import FirstEntity
from tests.founding import founded


@pytest.fixture
def runtime(data_dir: Path, clock: FrozenClock) -> Iterator[Runtime]:
    first = FirstEntity("phrae", "จังหวัดแพร่", "phrae.go.th", "พร ๐๐๒๓")
    settings = load(founded(data_dir, "saraban.test", first), {})
    made = Runtime(settings.office, settings.gateway, clock)
    yield made
    made.close()


def kept(runtime: Runtime, content: bytes, *, old: bool) -> str:
    sha256 = runtime.blobs.put(content)
    if old:
        os.utime(runtime.blobs.path(sha256), (0, 0))
    return sha256


def test_only_old_bytes_without_a_row_are_swept(runtime):
    needed = kept(runtime, b"needed", old=True)
    fresh = kept(runtime, b"a letter that is just coming in", old=False)
    forgotten = kept(runtime, b"forgotten", old=True)
    with runtime.database.write() as session:
        session.add(OriginalRow(sha256=needed, bytes=6, form="whole", blob=needed, recipe=[]))
    work = chores.Chores(runtime)
    work._next_day = 0.0
    work.do_what_is_due()
    assert runtime.blobs.exists(needed)
    assert runtime.blobs.exists(fresh)
    assert not runtime.blobs.exists(forgotten)


def test_the_sweep_waits_for_its_day(runtime):
    forgotten = kept(runtime, b"forgotten", old=True)
    chores.Chores(runtime).do_what_is_due()
    assert runtime.blobs.exists(forgotten)


def test_a_chore_that_fails_stops_no_other(runtime, monkeypatch, caplog):
    done = []

    def fails(*_args):
        raise ValueError("a digest that cannot be written")

    fails.__name__ = "send_due_digests"
    monkeypatch.setattr(chores.digest, "send_due_digests", fails)
    monkeypatch.setattr(
        chores.acknowledge, "acknowledge_late_arrivals", lambda *args: done.append(args)
    )
    chores.acknowledge.acknowledge_late_arrivals.__name__ = "acknowledge_late_arrivals"
    chores.Chores(runtime).do_what_is_due()
    assert done
    assert "send_due_digests failed" in caplog.text
