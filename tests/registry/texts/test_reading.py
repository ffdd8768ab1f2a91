"""Files are read by themselves, each in the end in a clear state, whatever happens on the way."""

import os
import signal
import threading

import pytest

from registry.models.letters import EnclosureRow
from tests.registry.pdf.enclosing import carrying
from tests.registry.texts import papers
from tests.registry.texts.conftest import of, rows, said
from tests.servers.waiting import wait_until


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
    assert said(database, photo) == ("failed", "")
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
    read = one.reader.read

    def with_little_time_for_one(path, *more, **how):
        one.reader._wait = lambda: 0.3 if path.name == "endless" else 60.0
        return read(path, *more, **how)

    one.reader.read = with_little_time_for_one
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


def test_a_file_that_is_gone_is_told(database, reading, letter, blobs):
    gone = letter(b"gone", "text/plain")
    blobs.path(next(iter(blobs.all()))).unlink()
    reading().turn()
    assert said(database, gone) == ("failed", "")


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


def lay_beside(database, letter_id, sha256):
    with database.write() as session:
        session.add(
            EnclosureRow(
                letter_id=letter_id, position=1, role="enclosure", name="ก.txt", bytes=33,
                sha256=sha256, media_type="text/plain",
            )
        )  # fmt: skip


def test_what_was_taken_out_of_a_pdf_is_read_by_itself_and_not_twice(
    database, reading, letter, blobs
):
    inner = "เรื่องเดียว".encode()
    lay_beside(database, letter(carrying({"ก.txt": inner, "ข.txt": b"other"})), blobs.put(inner))
    reading().turn()
    found = rows(database).values()
    assert sorted(row.text for row in found) == ["Hello\fข.txt\nother", "เรื่องเดียว"]
    assert "มีไฟล์แนบอยู่ใน PDF: ก.txt, ข.txt" in {row.detail for row in found}


def test_where_one_letter_has_the_pdf_alone_what_lies_in_it_is_found_by_the_pdf(
    database, reading, letter, blobs
):
    inner = "เรื่องเดียว".encode()
    data = carrying({"ก.txt": inner})
    lay_beside(database, letter(data), blobs.put(inner))
    alone = letter(data)
    reading().turn()
    assert said(database, alone) == ("done", "Hello\fก.txt\nเรื่องเดียว")


def test_the_first_lines_of_a_text_are_told_before_it_is_kept(database, reading, letter):
    told = []
    letter("ลับ\nคานารี".encode(), "text/plain")
    reading(hide=lambda _session, _sha256, page: told.append(page.text)).turn()
    assert told == ["ลับ\nคานารี"]
