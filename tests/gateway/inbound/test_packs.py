"""Several letters in one spool file: read, finished together, and taken out one by one."""

import json
from datetime import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.inbound.commit import commit_together
from gateway.inbound.envelope import Envelope
from gateway.inbound.pack import Damaged, PackName, content, letters_in
from gateway.inbound.spool import Spool
from gateway.inbound.tray import Tray
from registry.clock import BANGKOK, SystemClock
from registry.letter.message import Listener

AT = datetime(2026, 8, 3, 9, 0, tzinfo=BANGKOK)
ENVELOPE = Envelope(Listener.MX, AT, peer="127.0.0.1", recipients=("saraban@c.go.th",))


@pytest.fixture
def root(tmp_path):
    return tmp_path / "spool"


@pytest.fixture
def spool(root):
    spool = Spool(root, "smtp", SystemClock())
    yield spool
    spool.close()


@pytest.fixture
def tray(root, spool):
    return Tray(root)


@pytest.fixture
def names(spool):
    """Three letters in one pack, in their order there."""
    return put(spool, b"one", b"two", b"three")


def put(spool, *raws, priority=0):
    letters = [spool.begin() for _ in raws]
    for letter, raw in zip(letters, raws, strict=True):
        letter.write(raw)
    envelope = Envelope(Listener.MX, AT, recipients=("saraban@c.go.th",), priority=priority)
    return commit_together([(letter, envelope) for letter in letters])


def files(root):
    return sorted(path.name for path in root.glob("*/*/*"))


def the_pack(root):
    [pack] = root.glob("smtp/new/*.pack")
    return pack


def due(tray):
    return [
        one for name in tray.next_names(lambda _: False) for one in tray.open(name)
    ]  # fmt: skip


def test_a_pack_is_given_whole_and_gone_when_all_its_letters_are_finished(root, tray, names):
    letters = due(tray)
    assert [(one.name, one.raw()) for one in letters] == list(
        zip(names, (b"one", b"two", b"three"), strict=True)
    )
    tray.finish_all(letters)
    assert files(root) == []
    tray.finish_all(letters)


def test_those_that_are_not_finished_are_left_by_themselves(root, tray, names):
    letters = due(tray)
    tray.finish_all(letters[:2])
    assert tray.list_new() == names[2:]
    assert [one.raw() for one in due(tray)] == [b"three"]
    assert len(files(root)) == 2


def test_one_that_is_finished_alone_leaves_the_others_by_themselves(tray, names):
    due(tray)
    tray.finish(names[1])
    assert tray.list_new() == sorted([names[0], names[2]])


@pytest.mark.parametrize("act", ["hold", "set_aside"])
def test_a_letter_in_a_pack_is_put_by_alone_and_comes_back(root, tray, names, act):
    getattr(Tray(root), act)(names[1], "ทดสอบ")
    [aside] = tray.list_aside()
    assert (aside.name, aside.raw(), aside.reason) == (names[1], b"two", "ทดสอบ")
    assert tray.list_new() == sorted([names[0], names[2]])
    tray.readmit(names[1])
    assert tray.list_new() == sorted(names)


def test_a_letter_put_by_while_its_pack_was_worked_on_stays_put_by(root, tray, names):
    """It is in the books all the same, which its name tells whoever readmits it."""
    letters = due(tray)
    Tray(root).hold(names[0], "x")
    tray.finish_all(letters)
    assert tray.list_new() == []
    assert [one.name for one in tray.list_aside()] == [names[0]]


def test_whoever_died_over_a_pack_blames_each_of_its_letters_alone(root, names):
    tray = Tray(root)
    tray.at_work([one.name for one in due(tray)])
    again = Tray(root)
    again.blame_those_at_work()
    assert [again.tries(name) for name in names] == [1, 1, 1]
    assert [one.packed for one in due(again)] == [False] * 3


def test_a_letter_that_is_blamed_leaves_its_pack_and_the_others_can_be_finished(tray, names):
    letters = due(tray)
    assert tray.blame(names[0]) == 1
    tray.finish_all(letters[1:])
    assert tray.list_new() == [names[0]]


def test_taking_letters_out_goes_on_after_a_crash(root, spool, names):
    """The first stands by itself already, the second only half, the third not at all."""
    pack = the_pack(root)
    raw = pack.read_bytes()
    Tray(root).set_aside(names[0], "x")
    for name in names[1:]:
        (pack.parent / f"{name[5:]}.json").unlink()
    pack.with_suffix(".apart").write_bytes(raw)
    tray = Tray(root)
    assert tray.list_new() == sorted(names)  # told twice in the worst case, never lost
    assert due(tray) == []
    assert tray.list_new() == sorted(names[1:])
    assert sorted(one.raw() for one in due(tray)) == [b"three", b"two"]
    assert not list(root.glob("smtp/new/*.apart"))


def test_what_cannot_be_read_of_a_damaged_pack_is_one_letter_for_people(root, tray, names):
    pack = the_pack(root)
    pack.write_bytes(pack.read_bytes().replace(b'"listener": "mx"', b'"listener": "??"', 2)[:-1])
    pack.write_bytes(pack.read_bytes().replace(b'"listener": "??"', b'"listener": "mx"', 1))
    assert due(tray) == []
    [whole, damaged] = sorted(tray.list_new())
    assert whole == names[0]
    path = root / f"{damaged.replace('/', '/new/')}.eml"
    assert b"two" in path.read_bytes()
    assert path.read_bytes().endswith(b"three\n")


def test_a_pack_that_has_gone_has_no_letters(root, tray, names):
    name = f"smtp/{the_pack(root).stem}"
    the_pack(root).unlink()
    assert tray.open(name) == []


def test_urgent_packs_go_first(spool, tray):
    put(spool, b"old", b"old")
    urgent = put(spool, b"new", b"new", priority=3)
    assert [one.name for one in due(tray)][:2] == urgent


def test_waiting_letters_are_counted_without_opening_packs(spool, tray, names):
    put(spool, b"alone")
    count, since = tray.waiting()
    assert count == 4
    assert since


def test_a_restart_keeps_packs_however_old_they_are(root, spool, names, monkeypatch):
    monkeypatch.setattr("gateway.inbound.spool._ORPHANED", -1.0)
    spool.close()
    Spool(root, "smtp", SystemClock()).close()
    assert Tray(root).list_new() == sorted(names)


@pytest.mark.parametrize(
    "stem", ["", "x", "2al2crvibu5vvbuu", "2al2crvibu5vvbuu-", "2al2crvibu5vvbuu-3-p4", "../x-3"]
)
def test_other_names_are_no_packs(stem):
    assert PackName.parse(stem) is None


def test_the_name_of_a_pack_can_be_read_again():
    for name in (PackName("2al2crvibu5vvbuu", 64), PackName("2al2crvibu5vvbuu", 2, 3)):
        assert PackName.parse(str(name)) == name


@given(raws=st.lists(st.binary(max_size=300), max_size=5), cut=st.integers(0, 4000))
def test_a_pack_that_is_cut_anywhere_gives_whole_letters_or_says_where_it_is_damaged(
    tmp_path_factory, raws, cut
):
    path = tmp_path_factory.getbasetemp() / "cut.pack"
    whole = [
        (Envelope(Listener.MX, AT, f"smtp/{n}", raw_bytes=len(raw)), raw)
        for n, raw in enumerate(raws)
    ]
    data = content(whole)
    path.write_bytes(data[:cut])
    found, damaged = read(path)
    assert [(one, data[at : at + one.raw_bytes]) for one, at in found] == whole[: len(found)]
    assert damaged is None or data[damaged : damaged + 1] == b"{"
    assert (damaged is None and len(found) == len(whole)) or cut < len(data)


def read(path):
    """Give what can be read of a pack, and where it is damaged."""
    found = []
    try:
        found.extend(letters_in(path))
    except Damaged as error:
        return found, error.at
    return found, None


def test_an_envelope_says_how_much_follows(root, names):
    line = the_pack(root).read_bytes().partition(b"\n")[0]
    assert json.loads(line)["raw_bytes"] == 3
