"""Commands and files within a PDF are told and never obeyed; odd files end in a clear state."""

import io
from collections.abc import Callable
from pathlib import Path

import pypdfium2
import pytest
from pypdf import PdfWriter

from registry.pdf.read import read_pdf
from registry.texts.extract import Bounds, Extract
from tests.registry.texts import papers

Read = Callable[..., Extract]
WARNED = "คำเตือน: ไฟล์มีคำสั่งฝังไว้ ({}) ระบบไม่เรียกใช้"


@pytest.fixture
def read(tmp_path: Path) -> Read:
    """Read a PDF's bytes, or what a writer writes."""

    def read_one(made: bytes | PdfWriter) -> Extract:
        path = tmp_path / "file.pdf"
        if isinstance(made, bytes):
            path.write_bytes(made)
        else:
            made.write(path)
        return read_pdf(path, Bounds())

    return read_one


@pytest.fixture
def writer(tmp_path: Path) -> PdfWriter:
    path = tmp_path / "plain.pdf"
    path.write_bytes(papers.saying(b"(Hello) Tj"))
    return PdfWriter(clone_from=path)


def opening(action: bytes) -> bytes:
    return papers.saying(b"(Hello) Tj").replace(
        b"/Type /Catalog ", b"/Type /Catalog /OpenAction << %s >> " % action
    )


@pytest.mark.parametrize(
    ("action", "told"),
    [
        (b"/S /JavaScript /JS (app.alert\\(1\\))", "JavaScript"),
        (b"/S /Launch /F (calc.exe)", "เปิดโปรแกรม"),
        (b"/S /GoTo /Next << /S /SubmitForm /F (http://x.example) >>", "ส่งข้อมูลออก"),
    ],
)
def test_a_command_at_opening_is_told(read: Read, action: bytes, told: str):
    found = read(opening(action))
    assert (found.state, found.text, found.detail) == ("done", "Hello", WARNED.format(told))


def test_commands_of_scripts_pages_and_notes_are_told_once_each(read: Read):
    data = papers.saying(b"(Hello) Tj", times=2).replace(
        b"/Type /Catalog ", b"/Type /Catalog /Names << /JavaScript << /Names [] >> >> "
    )
    launch = b"<< /S /Launch /F (x.exe) >>"
    note = b"<< /Subtype /Link /A %s >>" % launch
    page = b"/Type /Page /AA << /O %s >> /Annots [%s] " % (launch, note)
    found = read(data.replace(b"/Type /Page ", page))
    assert found.detail == WARNED.format("JavaScript, เปิดโปรแกรม")


def test_files_within_are_named_and_read(read: Read, writer: PdfWriter, tmp_path: Path):
    word = papers.docx(tmp_path / "a.docx", papers.paragraph("บัญชีแนบท้าย"))
    writer.add_attachment("บัญชี.docx", word.read_bytes())
    writer.add_attachment("../../etc/readme.txt", "อ่านก่อน".encode())
    writer.add_attachment("data.bin", b"\0\1")
    found = read(writer)
    assert found.detail == "มีไฟล์แนบอยู่ใน PDF: readme.txt, data.bin, บัญชี.docx"
    assert found.pages == ("Hello", "readme.txt\nอ่านก่อน", "data.bin", "บัญชี.docx\nบัญชีแนบท้าย")
    assert [page.number for page in found.leaves] == [1]


def test_a_pdf_within_a_pdf_within_a_pdf_is_named_and_not_read(read: Read, writer: PdfWriter):
    inner = papers.saying(b"(deep) Tj")
    for name in ("c.pdf", "b.pdf"):
        made = PdfWriter(clone_from=io.BytesIO(papers.saying(b"(outer) Tj")))
        made.add_attachment(name, inner)
        out = io.BytesIO()
        made.write(out)
        inner = out.getvalue()
    writer.add_attachment("a.pdf", inner)
    assert read(writer).pages == ("Hello", "a.pdf\nouter\fb.pdf")


def test_a_file_that_is_broken_to_one_reader_is_read_by_the_other(read: Read, monkeypatch):
    def breaks(*_args: object, **_named: object) -> None:
        raise ValueError("broken")

    data = papers.saying(b"(Hello) Tj")
    assert len(pypdfium2.PdfDocument(data)) == 1
    monkeypatch.setattr("registry.pdf.read.PdfReader", breaks)
    assert read(data).text == "Hello"


def test_commands_of_a_file_that_is_broken_to_the_first_reader_are_told_too(
    read: Read, monkeypatch
):
    def breaks(*_args: object, **_named: object) -> None:
        raise ValueError("broken")

    monkeypatch.setattr("registry.pdf.read.PdfReader", breaks)
    found = read(opening(b"/S  /Launch /F (calc.exe) /Next << /S/JavaScript >>"))
    assert (found.text, found.detail) == ("Hello", WARNED.format("JavaScript, เปิดโปรแกรม"))
    assert read(papers.saying(b"(/S /Launched) Tj")).detail == ""


def test_pages_of_a_long_file_are_all_read(read: Read):
    found = read(papers.saying(b"(Hello) Tj", times=120))
    assert found.pages == ("Hello",) * 120


def test_text_of_a_wrong_table_of_characters_waits_for_eyes(read: Read):
    """A font's /ToUnicode that says other Thai letters than are drawn."""
    wrong = "กดฟหวสงาทืแอผปฉฮ์" * 8
    mark = (
        b"/Span << /ActualText <FEFF%s> >> BDC (x) Tj EMC"
        % wrong.encode("utf-16-be").hex().encode()
    )
    found = read(papers.saying(mark))
    assert found.unseen == (1,)


def test_upright_and_lying_pages_are_each_read_as_they_lie(read: Read, writer: PdfWriter):
    writer.append(io.BytesIO(papers.saying(b"(Hello) Tj")))
    writer.pages[1].rotate(90)
    found = read(writer)
    assert found.pages == ("Hello", "Hello")
    assert [leaf.width > leaf.height for leaf in found.leaves] == [False, True]
