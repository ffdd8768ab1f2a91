"""Files are read by themselves, each in the end in a clear state, whatever happens on the way."""

import os
import signal
import threading
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta

import pytest

from registry.blobs import BlobStore
from registry.clock import FrozenClock
from registry.db import Database
from registry.ids import new_id
from registry.models.letters import EnclosureRow, LetterRow
from registry.models.search import FileTextRow
from registry.settings import ReadingSettings
from registry.texts import claims
from registry.texts.reading import Reading
from tests.registry.conftest import Office
from tests.registry.texts import papers
from tests.servers.waiting import wait_until

PDF = "application/pdf"
Letter = Callable[..., str]


@pytest.fixture
def letter(database: Database, office: Office, blobs: BlobStore, clock: FrozenClock) -> Letter:
    """Keep a letter with one file of these bytes; give its id."""

    def keep(data: bytes, media_type: str = PDF, *, inline: bool = False, **columns: object) -> str:
        letter_id, sha256 = new_id(), blobs.put(data)
        facts = {"entity_id": office.phrae, "direction": "in", "state": "registered"} | columns
        with database.write() as session:
            session.add(LetterRow(id=letter_id, accepted_at=clock.now(), **facts))
            session.flush()
            session.add(
                EnclosureRow(
                    letter_id=letter_id, position=0, role="enclosure", name="ไฟล์", bytes=len(data),
                    sha256=sha256, media_type=media_type, inline=inline,
                )
            )  # fmt: skip
        return letter_id

    return keep


@pytest.fixture
def endless(letter: Letter, blobs: BlobStore, monkeypatch, tmp_path) -> str:
    """A letter whose file never ends."""
    made, [sha256], path_of = letter(b"endless", "text/plain"), blobs.all(), blobs.path
    pipe = tmp_path / "endless"
    os.mkfifo(pipe)
    monkeypatch.setattr(blobs, "path", lambda one: pipe if one == sha256 else path_of(one))
    return made


@pytest.fixture
def reading(
    database: Database, blobs: BlobStore, clock: FrozenClock
) -> Iterator[Callable[..., Reading]]:
    """Processes that read; they end with the test."""
    made: list[Reading] = []

    def make(**settings: float) -> Reading:
        made.append(Reading(database, blobs, clock, replace(ReadingSettings(), **settings)))
        return made[-1]

    yield make
    for one in made:
        one.close()


def rows(database: Database) -> dict[str, FileTextRow]:
    with database.read() as session:
        return {row.sha256: row for row in session.query(FileTextRow)}


def of(database: Database, letter_id: str) -> FileTextRow | None:
    with database.read() as session:
        files = session.query(EnclosureRow.sha256).where(EnclosureRow.letter_id == letter_id)
        return session.get(FileTextRow, files.one()[0])


def said(database: Database, letter_id: str) -> tuple[str, str]:
    row = of(database, letter_id)
    return ("", "") if row is None else (row.state, row.text)


def test_each_kind_of_file_is_read_once_however_many_letters_carry_it(
    database, reading, letter, tmp_path
):
    first, again = (letter(papers.saying(b"(Hello) Tj", times=2)) for _ in range(2))
    word = papers.docx(tmp_path / "a.docx", papers.paragraph("เรื่อง"))
    kind = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
    document, photo = letter(word.read_bytes(), kind), letter(b"\xff\xd8\xff", "image/jpeg")
    letter(b"PK", "application/zip")
    letter(b"logo", "image/png", inline=True)
    one = reading()
    assert (one.turn(), one.turn()) == (3, 0)
    assert said(database, first) == said(database, again) == ("done", "Hello\fHello")
    assert said(database, document) == ("done", "เรื่อง")
    assert said(database, photo) == ("none", "")
    row = of(database, first)
    assert row is not None
    assert (row.pages, row.kind, row.tries) == (2, "pdf", 1)
    assert len(rows(database)) == 3


def test_letters_that_wait_come_before_old_ones_and_new_ones_before_both(
    database, reading, letter, clock
):
    old = [letter(b"old %d" % n, "text/plain") for n in range(9)]
    waits = letter(b"waits", "text/plain", state="waiting")
    more = [letter(b"more %d" % n, "text/plain") for n in range(9)]
    one = reading()
    assert one.turn() == 8
    assert said(database, waits) == ("done", "waits")
    new = letter(b"new", "text/plain")
    assert one.turn() == 8
    assert said(database, new) == ("done", "new")
    assert one.turn() == 4
    assert one.turn() == 0
    assert {said(database, one)[0] for one in (*old, *more)} == {"done"}


@pytest.mark.parametrize(
    ("data", "state"),
    [
        (b"%PDF-1.4 broken", "failed"),
        (papers.deflate_bomb(200_000_000), "failed"),
        (papers.saying(b"(" + b"(x) Tj (" * 400_000 + b") Tj"), "failed"),
    ],
)
def test_a_hostile_file_ends_in_a_clear_state_and_the_next_is_read(
    database, reading, letter, data, state
):
    good = letter(b"good", "text/plain")
    bad = letter(data)
    reading().turn()
    row = of(database, bad)
    assert row is not None
    assert row.state == state
    assert not row.detail.isascii()
    assert said(database, good) == ("done", "good")


def test_a_file_that_takes_too_long_or_too_much_is_too_big(database, reading, endless, letter):
    good = letter(b"good", "text/plain")
    one = reading()
    one.reader._wait = lambda: 0.3
    one.turn()
    assert said(database, endless) == ("too_big", "")
    assert said(database, good) == ("done", "good")


def test_a_reader_killed_in_the_middle_is_replaced_and_reads_the_file_again(
    database, reading, letter, monkeypatch, tmp_path
):
    mark = tmp_path / "died"
    monkeypatch.setenv("SARABAN_FAULT", f"in_a_file@{mark}")
    only = letter(b"text", "text/plain")
    one = reading()
    one.turn()
    assert mark.exists()
    assert said(database, only) == ("pending", "")
    one.turn()
    assert said(database, only) == ("done", "text")


def test_a_file_that_kills_its_reader_three_times_is_left_alone(
    database, reading, letter, monkeypatch
):
    monkeypatch.setenv("SARABAN_FAULT", "in_a_file")
    deadly = letter(b"deadly", "text/plain")
    one = reading()
    for _ in range(3):
        assert said(database, deadly)[0] in {"", "pending"}
        one.turn()
    row = of(database, deadly)
    assert row is not None
    assert (row.state, row.tries) == ("failed", 3)
    assert one.turn() == 0


def test_what_a_dead_process_had_in_hand_comes_back_when_its_lease_is_over(
    database, reading, letter, clock, blobs
):
    only = letter(b"text", "text/plain")
    [sha256] = blobs.all()
    with database.write() as session:
        assert claims.claim(session, sha256, clock.now())
    one = reading()
    assert one.turn() == 0
    clock.advance(timedelta(minutes=16))
    assert one.turn() == 1
    assert said(database, only) == ("done", "text")


def test_who_comes_back_late_does_not_overwrite_what_another_wrote(
    database, reading, letter, clock, blobs
):
    only = letter(b"text", "text/plain")
    [sha256] = blobs.all()
    with database.write() as session:
        late = claims.claim(session, sha256, clock.now())
    clock.advance(timedelta(minutes=16))
    reading().turn()
    with database.write() as session:
        wrong = claims.Extract("failed", (), "")
        assert late is not None
        assert not claims.finish(session, late, wrong, clock.now())
    assert said(database, only) == ("done", "text")


def test_two_processes_never_have_the_same_file_in_hand(database, reading, letter, clock, blobs):
    letter(b"text", "text/plain")
    [sha256] = blobs.all()
    claimed = []

    def claim() -> None:
        with database.write() as session:
            claimed.append(claims.claim(session, sha256, clock.now()))

    threads = [threading.Thread(target=claim) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(one is not None for one in claimed) == [False, False, False, True]


def test_files_of_secret_letters_are_never_read(database, reading, letter):
    letter(b"secret", "text/plain", state="secret", secrecy="ลับ")
    shared = letter(b"shared", "text/plain", secrecy="ลับมาก")
    letter(b"shared", "text/plain")
    reading().turn()
    assert [row.text for row in rows(database).values()] == ["shared"]
    with database.write() as session:
        assert claims.forget(session, shared) == 0


def test_the_text_of_a_letter_that_becomes_secret_is_taken_away(database, reading, letter, clock):
    first, second = (letter(one, "text/plain") for one in (b"first", b"second"))
    one = reading()
    one.turn()
    with database.write() as session:
        for letter_id in (first, second):
            session.get_one(LetterRow, letter_id).secrecy = "ลับ"
        session.flush()
        assert claims.forget(session, first) == 1
    assert [row.text for row in rows(database).values()] == ["second"]
    clock.advance(timedelta(hours=2))
    one.turn()
    assert rows(database) == {}


def test_a_letter_marked_secret_while_its_file_is_read_leaves_no_text(
    database, reading, letter, clock, blobs
):
    marked = letter(b"text", "text/plain")
    [sha256] = blobs.all()
    with database.write() as session:
        mine = claims.claim(session, sha256, clock.now())
        session.get_one(LetterRow, marked).secrecy = "ลับ"
    with database.write() as session:
        assert mine is not None
        assert not claims.finish(session, mine, claims.Extract("done", ("text",)), clock.now())
    assert rows(database) == {}


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ({"scan": "not_scanned"}, {"scan": "cleared"}),
        ({"facts": {"unread": True}}, {"facts": {"unread": True, "opened_by": "somsri"}}),
    ],
)
def test_withheld_and_unopened_letters_files_are_read_once_somebody_lets_them_out(
    database, reading, letter, clock, before, after
):
    held = letter(b"held", "text/plain", **before)
    one = reading()
    assert one.turn() == 0
    assert said(database, held) == ("pending", "")
    with database.write() as session:
        for name, value in after.items():
            setattr(session.get_one(LetterRow, held), name, value)
    assert one.turn() == 0
    clock.advance(timedelta(minutes=2))
    assert one.turn() == 1
    assert said(database, held) == ("done", "held")


def test_a_file_that_is_gone_is_told(database, reading, letter, blobs):
    gone = letter(b"gone", "text/plain")
    blobs.path(next(iter(blobs.all()))).unlink()
    reading().turn()
    assert said(database, gone) == ("failed", "")


def test_a_letter_can_be_read_again(database, reading, letter):
    broken = letter(b"%PDF", PDF)
    one = reading()
    one.turn()
    with database.write() as session:
        assert claims.read_again(session, broken) == 1
    assert said(database, broken)[0] == "pending"
    assert one.turn() == 1
    assert said(database, broken)[0] == "failed"


def test_who_is_told_to_stop_gives_back_what_was_not_read(database, reading, letter, clock):
    letters = [letter(b"%d" % n, "text/plain") for n in range(3)]
    going = iter([True, False])
    reading().turn(lambda: next(going))
    states = sorted(said(database, one)[0] for one in letters)
    assert states == ["done", "pending", "pending"]
    assert {row.tries for row in rows(database).values() if row.state == "pending"} == {0}


def test_ending_in_the_middle_of_a_file_blames_nobody(database, reading, endless):
    one = reading()
    thread = threading.Thread(target=one.turn)
    thread.start()
    wait_until(lambda: one.reader.pid, "the file is opened")
    one.close()
    thread.join()
    row = of(database, endless)
    assert row is not None
    assert (row.state, row.tries) == ("pending", 0)


def test_a_reader_that_an_administrator_kills_is_started_again(database, reading, letter):
    first = letter(b"first", "text/plain")
    one = reading()
    one.turn()
    os.kill(one.reader.pid, signal.SIGKILL)
    second = letter(b"second", "text/plain")
    wait_until(lambda: one.turn() == 0, "all is read")
    assert said(database, first) == ("done", "first")
    assert said(database, second) == ("done", "second")
