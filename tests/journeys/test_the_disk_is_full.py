"""The disk is full: 452 before the letter or after it, never half an entry, and it passes.

A limit on the size of files stands in for the full disk (EFBIG where ENOSPC would be): it can be
set on one process while it runs and be lifted again.
"""

import resource
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from tests.gateway.inbound.client import Client
from tests.journeys import odd
from tests.journeys.installation import Installation, mail
from tests.journeys.odd import DLA, MIXED, PHRAE

ROOM = 100_000
LARGE = odd.mail(
    "large", odd.multipart(odd.file(b"%PDF" * 100_000, b'filename="a.pdf"')), Content_Type=MIXED
)


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Installation]:
    made = Installation(tmp_path_factory.mktemp("full") / "office")
    made.add_entity("dla", "กรมส่งเสริมการปกครองท้องถิ่น", "dla.go.th", "มท ๐๘๑๐")
    with made.serving("smtp,worker"):
        made.send(mail(DLA, PHRAE, "ก่อนหน้า"), DLA, PHRAE)
        made.wait(lambda: made.entries("received"))
        yield made


@contextmanager
def no_room(pid: int) -> Iterator[None]:
    """Let a process write no file beyond ROOM bytes."""
    soft, hard = resource.prlimit(pid, resource.RLIMIT_FSIZE)
    resource.prlimit(pid, resource.RLIMIT_FSIZE, (ROOM, hard))
    yield
    resource.prlimit(pid, resource.RLIMIT_FSIZE, (soft, hard))


def test_a_letter_for_which_there_is_no_room_is_put_off_and_comes_again(office: Installation):
    before = len(office.entries("received"))
    with no_room(office.pids["smtp"]), Client(office.ports["smtp"]) as client:
        assert client.mail(LARGE, PHRAE, sender=DLA).startswith("452 4.3.1 ")
        assert client.mail(odd.mail("small"), PHRAE, sender=DLA).startswith("250 ")
    assert office.hand_in(LARGE, DLA, PHRAE).startswith("250 ")
    office.wait(lambda: len(office.entries("received")) == before + 2)
    assert [one.subject for one in office.entries("received")[before:]] == ["small", "large"]
    assert list((office.folder / "spool").glob("*/tmp/*")) == []


def test_a_letter_that_was_promised_waits_in_the_spool_until_there_is_room(office: Installation):
    before = len(office.entries("received"))
    raw = LARGE.replace(b"<large@", b"<promised@").replace(b": large", b": promised")
    with no_room(office.pids["worker"]):
        assert office.hand_in(raw, DLA, PHRAE).startswith("250 ")
        office.wait(lambda: "stays in the spool" in office.log() or "away" in office.log())
        assert len(office.entries("received")) == before
    office.wait(lambda: len(office.entries("received")) == before + 1)
    assert office.original(office.entries("received")[-1].id) == raw
    assert office.run("proof").returncode == 0
