"""Keeping the index in step: notes, lag, segments, changes, and making it anew."""

import signal
import subprocess
import sys
from datetime import timedelta

import pytest
from sqlalchemy import delete, func, select

from registry.models.books import EntryRow
from registry.models.letters import EnclosureRow, LetterRow
from registry.models.search import (
    FileTextRow,
    SearchDocRow,
    SearchPostingRow,
    SearchSegmentRow,
)
from registry.search import blocks, rebuild, segments, upkeep
from registry.search.bits import unpacked
from registry.search.grams import grams_of
from registry.search.index import lag, step
from tests.registry.search.books import Shelf


@pytest.fixture(autouse=True)
def small(monkeypatch: pytest.MonkeyPatch) -> None:
    """Make segments of 8, 16 and 32 documents, so that few letters make many of them."""
    monkeypatch.setattr(segments, "SPANS", (8, 16, 32))
    monkeypatch.setattr(upkeep, "_DIRECT", 1)
    monkeypatch.setattr(upkeep, "_PIECE", 4)
    monkeypatch.setattr(blocks, "BYTES", 120)


def _is_whole(shelf: Shelf) -> None:
    """Assert that the postings are those of the documents, neither more nor less."""
    with shelf.database.read() as session:
        for one in segments.ready(session):
            docs = session.execute(
                select(SearchDocRow).where(SearchDocRow.doc.between(one.lo, one.hi))
            )
            wanted: dict[bytes, set[int]] = {}
            for (row,) in docs:
                for gram in grams_of(row.fields, row.body, row.marks):
                    wanted.setdefault(gram, set()).add(row.doc - one.lo)
            held, _blocks = segments.read(session, one.id, b"", 10_000)
            assert {gram: set(unpacked(n, docs)) for gram, n, docs in held} == wanted
            assert [gram for gram, _n, _docs in held] == sorted(wanted)


def test_registering_only_notes_and_the_lag_is_told(shelf: Shelf):
    """The worker must not wait for the index."""
    shelf.register("งบ")
    waits = shelf.wait("งบ")
    with shelf.database.read() as session:
        behind = lag(session)
    assert behind.waiting == 2
    assert behind.oldest is not None
    assert shelf.found("งบ") == []
    assert step(shelf.database, shelf.clock, 1) == 1
    with shelf.database.read() as session:
        assert lag(session).waiting == 1
    shelf.settle()
    with shelf.database.read() as session:
        assert lag(session).waiting == 0
    assert len(shelf.found("งบ")) == 2
    assert waits in shelf.found("งบ")


def test_segments_are_sealed_merged_and_the_old_ones_thrown_away(shelf: Shelf):
    """A search has to look at few."""
    letters = [shelf.register(f"เรื่องที่ {at}", "งบ" * (at % 5)) for at in range(1, 75)]
    shelf.settle()
    with shelf.database.read() as session:
        assert [(one.lo, one.hi) for one in segments.ready(session)] == [
            (64, 71), (32, 63), (0, 31),
        ]  # fmt: skip
    _is_whole(shelf)
    shelf.clock.advance(timedelta(minutes=1))
    shelf.settle()
    with shelf.database.read() as session:
        kept = set(session.scalars(select(SearchSegmentRow.id)))
        assert set(session.scalars(select(SearchPostingRow.segment).distinct())) == kept
        assert len(kept) == 3
    assert set(shelf.found("งบ")) == {one for at, one in enumerate(letters, 1) if at % 5}


def test_a_letter_that_changes_is_filed_anew_where_it_stands(shelf: Shelf):
    """Without a trace of what it said before."""
    letters = [shelf.register("เก่า") for _each in range(20)]
    shelf.settle()
    shelf.change(LetterRow, letters[3], subject="ใหม่")
    with shelf.database.write() as session:
        row = session.scalars(select(EnclosureRow)).first()
        assert row is None
        session.add(
            EnclosureRow(
                letter_id=letters[5], position=1, role="enclosure", name="ฬ.pdf", bytes=1,
                sha256="5" * 64, media_type="application/pdf",
            )
        )  # fmt: skip
    shelf.settle()
    assert shelf.found("ใหม่") == [letters[3]]
    assert shelf.found("ฬ.pdf") == [letters[5]]
    _is_whole(shelf)


def test_text_that_is_read_later_is_found_then(shelf: Shelf):
    """A long PDF may take its time; the letter does not wait for it."""
    letter = shelf.register("ขอส่ง", files=(("ยาว.pdf", None),))
    shelf.settle()
    assert shelf.found("แผนที่") == []
    with shelf.database.write() as session:
        row = session.scalars(select(FileTextRow)).one()
        row.state, row.text = "done", "ดูแผนที่แนบ"
    shelf.settle()
    assert shelf.found("แผนที่") == [letter]


def test_a_waiting_letter_becomes_an_entry_under_the_same_document(shelf: Shelf):
    """It does not appear twice."""
    waits = shelf.wait("งบ")
    shelf.settle()
    assert [hit.state for hit in shelf.page("งบ").hits] == ["waiting"]
    shelf.change(LetterRow, waits, state="registered")
    shelf.enter(waits, "งบ")
    shelf.settle()
    assert [(hit.state, hit.letter_id) for hit in shelf.page("งบ").hits] == [("registered", waits)]


def test_a_reserved_number_is_found_and_then_its_letter(shelf: Shelf):
    """An entry without a letter has a document of its own, until a letter takes its number."""
    entry = shelf.enter(None, "จองเลขไว้", number=5)
    shelf.settle()
    assert [hit.entry_id for hit in shelf.page("จอง").hits] == [entry]
    letter = shelf.wait("จองเลขไว้", state="registered")
    shelf.change(EntryRow, entry, letter_id=letter)
    shelf.settle()
    assert [hit.letter_id for hit in shelf.page("จอง").hits] == [letter]


def test_what_is_given_back_without_a_number_is_found_no_more(shelf: Shelf):
    """Only what is in a book or waits is there to be found."""
    waits = shelf.wait("งบ")
    shelf.settle()
    shelf.change(LetterRow, waits, state="returned")
    shelf.settle()
    assert shelf.found("งบ") == []


def test_a_letter_that_changes_during_a_merge_is_filed_in_what_was_merged(
    shelf: Shelf, monkeypatch: pytest.MonkeyPatch
):
    """A merge takes many steps, and letters do not wait for it."""
    monkeypatch.setattr(upkeep, "_PIECE", 1)
    letters = [shelf.register(f"เรื่องที่ {at}") for at in range(32)]
    half = select(SearchSegmentRow.id).where(SearchSegmentRow.state == "building")
    merging = None
    while merging is None:
        assert step(shelf.database, shelf.clock)
        with shelf.database.read() as session:
            merging = session.scalar(half)
    shelf.change(LetterRow, letters[3], subject="ใหม่ๆ")
    shelf.settle()
    assert shelf.found("ใหม่ๆ") == [letters[3]]
    _is_whole(shelf)


def test_a_killed_merge_is_begun_again(shelf: Shelf, monkeypatch: pytest.MonkeyPatch):
    """What it left half done is thrown away."""
    for at in range(40):
        shelf.register(f"เรื่องที่ {at}")

    def dies(*_args: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(segments, "finish", dies)
        with pytest.raises(KeyboardInterrupt):
            shelf.settle()
    shelf.settle()
    _is_whole(shelf)
    assert len(shelf.found("เรื่องที่")) == 40


_DIES = """
import os, signal, sys
from registry.clock import SystemClock
from registry.db import Database
from registry.search import blocks, index, segments, upkeep

segments.SPANS, upkeep._DIRECT, upkeep._PIECE, blocks.BYTES = (8, 16, 32), 1, 1, 120
left, write = int(sys.argv[2]), segments.write

def dies(*given):
    global left
    left -= 1
    write(*given)
    if not left:
        os.kill(os.getpid(), signal.SIGKILL)

segments.write = dies
while index.step(Database.open(sys.argv[1]), SystemClock()):
    pass
"""


def test_what_a_killed_process_had_made_of_segments_is_kept_and_gone_on_with(shelf: Shelf):
    """Killed while a segment is made of documents, and twice within a merge."""
    letters = [shelf.register(f"เรื่องที่ {at}") for at in range(40)]
    url = shelf.database.engine.url.render_as_string(hide_password=False)
    for writes in (1, 4, 3):
        command = [sys.executable, "-c", _DIES, url, str(writes)]
        assert subprocess.run(command, check=False).returncode == -signal.SIGKILL
    with shelf.database.read() as session:
        states = set(session.scalars(select(SearchSegmentRow.state)))
    assert states == {"ready", "building"}
    shelf.settle()
    _is_whole(shelf)
    assert set(shelf.found("เรื่องที่")) == set(letters)


def test_a_rebuild_goes_on_where_it_was_killed(shelf: Shelf):
    """Search answers meanwhile, and what comes in meanwhile is found."""
    letters = [shelf.register(f"เรื่องที่ {at}") for at in range(50)]
    waits = shelf.wait("เรื่องที่รอ")
    shelf.settle()
    with shelf.database.write() as session:
        session.execute(delete(SearchPostingRow))
        rebuild.request(session)
    step(shelf.database, shelf.clock, 20)
    step(shelf.database, shelf.clock, 20)
    with shelf.database.write() as session:
        standing = rebuild.progress(session)
        assert standing is not None
        assert (standing.done, standing.of) == (40, 51)
        rebuild.request(session)  # asks again after a kill: it is under way
        assert rebuild.progress(session) == standing
    late = shelf.register("เรื่องที่ใหม่")
    shelf.settle()
    assert sorted(filter(None, shelf.found("เรื่องที่"))) == sorted([*letters, waits, late])
    _is_whole(shelf)
    with shelf.database.read() as session:
        assert rebuild.progress(session) is None
        oldest = session.scalars(select(SearchDocRow.ref).order_by(SearchDocRow.doc)).first()
    assert oldest == min(letters)


def test_an_index_in_step_has_nothing_to_do(shelf: Shelf):
    """A service that asks every second does not write every second."""
    shelf.register("งบ")
    shelf.settle()
    assert step(shelf.database, shelf.clock) == 0
    with shelf.database.read() as session:
        assert session.scalar(select(func.count()).select_from(SearchDocRow)) == 1


def test_however_much_comes_at_once_few_documents_are_in_no_segment(shelf: Shelf):
    """Every search reads all of those, one by one."""
    for at in range(200):
        shelf.wait(f"เรื่องที่ {at}")
    most = 0
    while step(shelf.database, shelf.clock, 40):
        with shelf.database.read() as session:
            newest = session.scalar(select(func.max(SearchDocRow.doc))) or 0
            filed = session.scalar(select(func.max(SearchSegmentRow.hi))) or 0
        most = max(most, newest - filed)
    assert 0 < most <= 40 + 16
    _is_whole(shelf)
