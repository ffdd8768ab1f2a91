"""PDFs of 600 MB are read by the process that has a gigabyte, or end in a clear state, soon."""

from collections.abc import Callable, Iterator
from dataclasses import asdict
from pathlib import Path

import pytest

from registry.apart import Apart, Died
from registry.letter.stamp import Stamp
from registry.settings import ReadingSettings
from registry.texts.extract import Extract
from registry.texts.reader import FileReader
from tests.registry.pdf import large

SIZE = 600_000_000
PDF = "application/pdf"
STAMP = asdict(Stamp("จังหวัดแพร่", "๑", "๑ ม.ค. ๖๘", "๑๐.๐๐ น."))


@pytest.fixture
def reader() -> Iterator[FileReader]:
    reader = FileReader(ReadingSettings())
    yield reader
    reader.close()


@pytest.fixture
def read(reader: FileReader, tmp_path: Path) -> Callable[..., Extract]:
    """Make a file and read it, as the second time if the first brought the process down."""

    def read_one(make: Callable[..., Path], *more: int) -> Extract:
        path = make(tmp_path / "large.pdf", *more)
        try:
            return reader.read(path, PDF)
        except Died:
            return reader.read(path, PDF, careful=True)

    return read_one


def cpu(pid: int) -> float:
    """Give the seconds of CPU that a process has taken."""
    fields = Path(f"/proc/{pid}/stat").read_text(encoding="ascii").rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / 100


def test_words_beside_a_picture_of_600_mb_are_read(read):
    found = read(large.with_picture, SIZE)
    assert (found.state, found.text.strip(), found.unseen) == ("done", "Hello", ())


def test_a_page_whose_content_is_600_mb_ends_in_a_clear_state(read):
    found = read(large.of_one_content, SIZE)
    assert (found.state, found.text) == ("failed", "")
    assert not found.detail.isascii()


def test_a_file_of_600_mb_that_was_cut_off_costs_a_few_seconds_and_not_minutes(read, reader):
    found = read(large.cut_off, SIZE)
    assert (found.state, found.text) == ("failed", "")
    assert "ไม่สมบูรณ์" in found.detail
    assert cpu(reader.pid) < 10


def test_pages_of_a_large_file_are_read_as_far_as_the_settings_say(read):
    found = read(large.of_many_pages, 60_000_000, 2100)
    assert (found.state, len(found.pages), found.detail) == ("done", 2000, "อ่านเพียง ๒,๐๐๐ หน้าแรก")
    assert {page.strip() for page in found.pages} == {"Hello"}


@pytest.fixture
def apart() -> Iterator[Apart]:
    apart = Apart("registry.texts.child", ReadingSettings().memory, 0)
    yield apart
    apart.close()


def test_a_page_with_a_huge_picture_is_stamped_in_its_corner_and_not_drawn(apart, tmp_path):
    path = str(large.with_picture(tmp_path / "large.pdf", 130_000_000))
    told, data = apart.ask(
        {"act": "stamp", "path": path, "stamp": STAMP, "media_type": PDF}, 30, 90
    )
    assert (told, len(data) < 20_000) == ({"behind": True, "signed": False, "moved": False}, True)
    drawn = {"act": "picture", "path": path, "media_type": PDF, "page": 1, "width": 160}
    told, data = apart.ask(drawn, 10, 30)
    assert (told["trouble"], data) == ("file", b"")
    assert "ภาพใหญ่เกินกำหนด" in told["detail"]


@pytest.mark.parametrize(
    "act",
    [
        {"act": "stamp", "stamp": STAMP, "media_type": PDF},
        {"act": "number", "number": "พร 0023/1", "day": "2025-01-01"},
        {"act": "signatures", "anchors": "/nowhere", "at": "2026-01-01T00:00:00+07:00"},
    ],
    ids=["stamp", "number", "signatures"],
)
def test_nothing_looks_for_the_end_of_a_long_file_through_all_of_it(apart, tmp_path, act):
    path = str(large.cut_off(tmp_path / "large.pdf", SIZE // 3))
    told, _ = apart.ask({**act, "path": path}, 30, 90)
    assert told.get("trouble", "broken") in {"file", "broken"}
    assert cpu(apart.pid) < 8
