"""What the worker finds in the spool, and what becomes of letters that cannot be worked on."""

import pytest

from gateway.inbound.spool import Spool
from gateway.inbound.tray import CRASHES, DAMAGED, Tray
from registry.clock import SystemClock
from registry.errors import NotFound, NotUnderstood
from tests.gateway.inbound.test_spool import files, put


@pytest.fixture
def root(tmp_path):
    return tmp_path / "spool"


@pytest.fixture
def spool(root):
    spool = Spool(root, "smtp", SystemClock())
    yield spool
    spool.close()


@pytest.fixture
def tray(root):
    return Tray(root)


def test_the_oldest_letter_comes_first_across_all_processes(root, spool, tray):
    other = Spool(root, "a-collector", SystemClock())
    names = [put(spool), put(other), put(spool), put(other)]
    other.close()
    assert tray.list_new() == sorted(names, key=lambda name: name.partition("/")[2])


def test_letters_of_a_process_that_has_gone_are_listed_too(spool, tray):
    name = put(spool)
    spool.close()
    assert tray.list_new() == [name]


def test_a_spool_that_does_not_exist_yet_is_empty(tray):
    assert tray.list_new() == []
    assert tray.list_aside() == []


def test_a_finished_letter_is_gone_and_may_be_finished_again(root, spool, tray):
    name = put(spool)
    tray.blame(name)
    tray.finish(name)
    tray.finish(name)
    assert files(root) == []
    with pytest.raises(NotFound):
        tray.read(name)


def test_letters_over_which_a_process_died_are_blamed_once_each_time(spool, tray):
    name, finished = put(spool), put(spool)
    for died in range(1, CRASHES + 1):
        tray.at_work([name, finished])
        tray.finish(finished)
        tray.blame_those_at_work()
        tray.blame_those_at_work()
        assert tray.tries(name) == died
    assert tray.tries(finished) == 0


def test_a_letter_put_back_in_order_is_never_blamed(spool, tray):
    name = put(spool)
    for _ in range(3 * CRASHES):
        tray.blame(name)
        tray.put_back(name)
    assert tray.tries(name) == 0


def test_nobody_is_blamed_when_work_ended_in_order_or_the_note_cannot_be_read(root, spool, tray):
    name = put(spool)
    tray.at_work([name])
    tray.at_work([])
    tray.blame_those_at_work()
    (root / "at-work").write_bytes(b"\xff" + name.encode())
    tray.blame_those_at_work()
    assert tray.tries(name) == 0


def test_a_letter_set_aside_keeps_its_bytes_and_comes_back_with_a_clean_slate(root, spool, tray):
    name = put(spool, b"precious\r\n")
    tray.blame(name)
    tray.set_aside(name, "line one\nline two")
    aside = tray.read(name)
    assert (aside.reason, aside.path.read_bytes()) == ("line one line two", b"precious\r\n")
    tray.readmit(name)
    assert (tray.list_new(), tray.list_aside(), tray.tries(name)) == ([name], [], 0)
    assert tray.read(name).path.read_bytes() == b"precious\r\n"
    assert len(files(root)) == 2


def test_a_held_letter_says_why(spool, tray):
    name = put(spool)
    tray.hold(name, "DNS ไม่ตอบ")
    assert [(x.state, x.reason) for x in tray.list_aside()] == [("held", "DNS ไม่ตอบ")]


def test_readmitting_twice_is_harmless(spool, tray):
    name = put(spool)
    tray.set_aside(name, "x")
    tray.readmit(name)
    tray.readmit(name)
    assert tray.list_new() == [name]


@pytest.mark.parametrize(
    "name", ["../../etc/passwd", "smtp/../new", "smtp", "", "/", "smtp/aaaaaaaaaaaaaaaa\n"]
)
def test_a_name_that_leads_elsewhere_names_nothing(tray, name):
    with pytest.raises(NotFound):
        tray.read(name)


def test_a_damaged_envelope_is_told_and_the_letter_can_be_set_aside(spool, tray):
    name = put(spool)
    tray.read(name).path.with_suffix(".json").write_text("{", encoding="ascii")
    with pytest.raises(NotUnderstood):
        tray.read(name)
    tray.set_aside(name, "damaged")
    assert [(x.name, x.reason) for x in tray.list_aside()] == [(name, DAMAGED)]


def test_after_power_cuts_nobody_is_blamed(root, spool):
    """No letter brings down the whole service; one over which only its worker died is blamed."""
    name = put(spool)
    for run in ("first", "second", "third", "fourth"):
        tray = Tray(root, run=run)
        tray.blame_those_at_work()
        assert tray.tries(name) == 0
        tray.at_work([name])
    Tray(root, run="fourth").blame_those_at_work()
    assert Tray(root).tries(name) == 1
