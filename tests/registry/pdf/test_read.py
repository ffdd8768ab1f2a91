"""The text of PDFs: real letters whole, odd and hostile files in a clear state."""

from collections.abc import Callable
from pathlib import Path

import pytest
from pypdf import PdfReader, PdfWriter

from registry.pdf.read import LOCKED, read_pdf
from registry.texts.extract import SCAN, Bounds, Extract, Unreadable
from registry.thai.text import fold, tidy
from saraban.demo.scan import scan
from saraban.demo.typeset import typeset_text
from tests.registry.texts import papers

LETTERS = Path("tests/samples/letters")
Read = Callable[..., Extract]


@pytest.fixture
def read(tmp_path: Path) -> Read:
    """Read these bytes as a file."""

    def read_bytes(data: bytes, bounds: Bounds | None = None) -> Extract:
        path = tmp_path / "file.pdf"
        path.write_bytes(data)
        return read_pdf(path, bounds or Bounds())

    return read_bytes


def words(text: str) -> str:
    return "".join(fold(text).split())


@pytest.mark.parametrize("name", ["phrae-w4971", "dla-w3974", "cabinet-resolutions-annex"])
def test_a_letter_that_was_typeset_is_read_whole(read: Read, name: str):
    text = (LETTERS / f"{name}.txt").read_text(encoding="utf-8")
    found = read(typeset_text("", text))
    assert (found.state, found.detail) == ("done", "")
    assert words(found.text) == words(tidy(text))


def test_what_is_meant_stands_in_place_of_what_is_drawn(read: Read):
    """Chrome draws a tone mark over a vowel with a glyph that is no character."""
    meant = "ที่".encode("utf-16-be").hex().encode()
    mark = b"/Span << /ActualText <FEFF%s> >> BDC (x) Tj (y) Tj EMC" % meant
    assert read(papers.saying(b"(A) Tj", mark, b"(B) Tj")).text == "Aที่B"


def test_marks_that_never_close_or_say_nothing_harm_no_text(read: Read):
    odd = (b"EMC EMC /Span BMC (a) Tj", b"/Span /MC0 BDC (b) Tj", b"/Span << /X 1 >> BDC [(c)] TJ")
    assert read(papers.saying(*odd)).text == "abc"


def test_pages_stay_apart(read: Read):
    assert read(papers.saying(b"(page) Tj", times=3)).pages == ("page",) * 3


def test_a_scan_has_no_text_yet(read: Read):
    found = read(scan(100_000))
    assert (found.state, found.text, found.detail) == ("none", "", SCAN)


def test_a_page_of_rubble_is_told_beside_those_that_are_read(read: Read, tmp_path: Path):
    writer = PdfWriter()
    for content in (b"(read) Tj", b"(\001\002\003) Tj"):
        path = tmp_path / "one.pdf"
        path.write_bytes(papers.saying(content))
        writer.append(PdfReader(path))
    with (tmp_path / "both.pdf").open("wb") as file:
        writer.write(file)
    found = read((tmp_path / "both.pdf").read_bytes())
    assert (found.pages, found.detail) == (("read", ""), "๑ หน้าไม่มีข้อความ")


def locked(data: bytes, tmp_path: Path, user: str) -> bytes:
    (tmp_path / "open.pdf").write_bytes(data)
    writer = PdfWriter(clone_from=tmp_path / "open.pdf")
    writer.encrypt(user, "owner", algorithm="AES-256")
    with (tmp_path / "locked.pdf").open("wb") as file:
        writer.write(file)
    return (tmp_path / "locked.pdf").read_bytes()


def test_a_file_behind_a_password_says_so(read: Read, tmp_path: Path):
    with pytest.raises(Unreadable, match=LOCKED):
        read(locked(papers.saying(b"(secret) Tj"), tmp_path, "1234"))


def test_a_file_that_only_forbids_changes_is_read(read: Read, tmp_path: Path):
    assert read(locked(papers.saying(b"(open) Tj"), tmp_path, "")).text == "open"


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"%PDF-1.7\n",
        b"not a pdf at all",
        papers.saying(b"(cut) Tj")[:150],
        papers.pdf([b"<< /Type /Catalog >>"]),
        papers.pdf([b"<< /Type /Catalog /Pages 1 0 R >>"]),
    ],
)
def test_what_is_no_whole_pdf_is_unreadable(read: Read, data: bytes):
    with pytest.raises(Unreadable):
        read(data)


def test_a_tree_of_pages_that_bites_its_tail_ends(read: Read):
    tree = b"<< /Type /Pages /Kids [2 0 R] /Count 1 >>"
    with pytest.raises(Unreadable):
        read(papers.pdf([b"<< /Type /Catalog /Pages 2 0 R >>", tree]))


def test_an_object_stream_that_lies_in_itself_ends(read: Read):
    """The catalog is said to lie in an object stream that is said to lie in itself."""
    inner = papers.stream(b"1 0 << /Type /Catalog /Pages 9 0 R >>", b"/Type /ObjStm /N 1 /First 4 ")
    rows = b"\x00\x00\x00\x00\x02\x00\x02\x00\x02\x00\x02\x00\x01\x00\x09\x00"
    table = b"/Type /XRef /Size 4 /W [1 2 1] /Root 1 0 R "
    data = b"%PDF-1.5\n2 0 obj\n" + inner + b"\nendobj\n"
    end = b"3 0 obj\n" + papers.stream(rows, table) + b"\nendobj\nstartxref\n%d\n%%%%EOF\n"
    with pytest.raises(Unreadable):
        read(data + end % len(data))


def test_a_page_that_would_unpack_without_end_is_unreadable(read: Read):
    with pytest.raises(Unreadable):
        read(papers.deflate_bomb(200_000_000))


def test_only_so_many_pages_are_read(read: Read):
    found = read(papers.saying(b"(a) Tj", times=5000), Bounds(pages=20))
    assert (len(found.pages), found.state, found.detail) == (20, "done", "อ่านเพียง ๒๐ หน้าแรก")


def test_only_so_many_characters_are_read(read: Read):
    found = read(papers.saying(b"(abcdef) Tj", times=3), Bounds(characters=8))
    assert (found.pages, found.detail) == (("abcdef", "ab"), "อ่านเพียง ๘ ตัวอักษรแรก")


def test_what_was_read_when_the_time_is_over_is_kept(read: Read):
    found = read(papers.saying(b"(a) Tj", times=30), Bounds(seconds=0.0))
    assert found.pages == ("a",)
    assert found.detail == "ใช้เวลาอ่านนานเกินกำหนด อ่านได้ ๑ หน้าแรก"
