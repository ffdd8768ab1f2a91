"""Files that lie in a PDF come out of it, each by itself, within bounds."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from registry.pdf.enclosed import MOST_FILES, EnclosedFiles
from tests.registry.pdf.enclosing import BOMB, carrying, named_of_old, pinned
from tests.registry.texts import papers

Taken = list[tuple[str, bytes | None]]
Take = Callable[..., Taken]
NOT_ALL = ("", None)


@pytest.fixture(scope="module")
def enclosed() -> Iterator[EnclosedFiles]:
    """One process for all."""
    made = EnclosedFiles()
    yield made
    made.close()


@pytest.fixture
def take(enclosed: EnclosedFiles, tmp_path: Path) -> Take:
    """Take all files out of a PDF."""

    def take_out(data: bytes, most: int = 1_000_000) -> Taken:
        path = tmp_path / "file.pdf"
        path.write_bytes(data)
        return [(one.name, one.data) for one in enclosed.of(path, len(data), most)]

    return take_out


def test_every_file_comes_out_with_its_name_as_it_stands(take: Take):
    files = {"../ผนวก/ก.txt": "หนึ่ง".encode(), "บัญชีแนบท้าย.csv": b"1,2", "ว่าง.txt": b""}
    assert take(carrying(files)) == list(files.items())


def test_a_file_pinned_to_a_page_comes_out(take: Take):
    assert take(pinned("ก.txt", b"a")) == [("ก.txt", b"a")]


@pytest.mark.parametrize("encoding", ["cp874", "utf-8"])
def test_a_name_in_bytes_is_read_as_thai(take: Take, encoding: str):
    assert take(named_of_old("บัญชี.txt".encode(encoding), b"a")) == [("บัญชี.txt", b"a")]


def test_a_pdf_without_files_gives_none(take: Take):
    assert take(papers.saying(b"(Hello) Tj")) == []


def test_a_bomb_costs_only_itself(take: Take):
    data = carrying({"a.txt": b"a", "bomb.txt": BOMB, "c.txt": b"c"})
    assert len(data) < 100_000
    assert take(data) == [("a.txt", b"a"), ("bomb.txt", None), ("c.txt", b"c")]


def test_what_comes_out_together_is_bounded(take: Take):
    found = take(carrying({"a": b"a" * 60, "b": b"b" * 60, "c": b"c" * 40}), 100)
    assert [data is not None for _, data in found] == [True, False, True]


def test_a_broken_file_costs_only_itself(take: Take):
    data = carrying({"a.txt": bytes(range(256)), "b.txt": b"b"})
    at = data.index(b"x\x9c")  # where what is packed begins
    broken = data[:at] + b"\xff" * 10 + data[at + 10 :]
    assert take(broken) == [("a.txt", None), ("b.txt", b"b")]


@pytest.mark.parametrize("data", [b"%PDF-1.7 /EmbeddedFile", carrying({"a": b"a"}, "secret")])
def test_a_pdf_that_does_not_open_keeps_its_files(take: Take, data: bytes):
    assert take(data) == [NOT_ALL]


def test_more_files_than_a_letter_has_are_left_where_they_are(take: Take):
    many = {f"{number:02}": b"x%d" % number for number in range(MOST_FILES + 1)}
    assert take(carrying(many)) == [*list(many.items())[:MOST_FILES], NOT_ALL]
    del many["00"]
    assert take(carrying(many)) == list(many.items())


def test_who_brings_the_process_down_costs_itself_and_the_next_comes_out(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setenv("SARABAN_FAULT", f"in_an_enclosed_file:2@{tmp_path / 'died'}")
    path = tmp_path / "file.pdf"
    path.write_bytes(carrying({"a": b"a", "b": b"b", "c": b"c"}))
    enclosed = EnclosedFiles()
    found = [one.data for one in enclosed.of(path, 1000, 1000)]
    enclosed.close()
    assert (tmp_path / "died").exists()
    assert found == [b"a", None, b"c"]


def test_a_file_that_is_gone_is_no_trouble(enclosed: EnclosedFiles, tmp_path: Path):
    [nothing] = enclosed.of(tmp_path / "none.pdf", 10, 10)
    assert nothing.data is None
