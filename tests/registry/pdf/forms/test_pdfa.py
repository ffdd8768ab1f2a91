"""Every form and report that we print is PDF/A-2b, by each clause that a program can look at."""

import io
from datetime import date, datetime

import pytest

from registry.books.listforms import FORMS
from registry.clock import BANGKOK
from registry.pdf.forms.book import print_book
from registry.pdf.forms.lists import print_list
from registry.pdf.forms.report import Section, print_report
from tests.registry.lines import RECEIVED, line
from tests.registry.pdf.forms.pdfa import faults

AT = datetime(2026, 11, 23, 9, 30, tzinfo=BANGKOK)
ODD = "ประชุม 🐘 ครั้งที่ 2 \x07 <ก> & “ข” ﷽ https://x.example/1 " + "น้ำใจ" * 40


def form(number: str, *, thai: bool) -> bytes:
    out, heads = io.BytesIO(), FORMS[number].heads
    row = tuple({"เรื่อง": ODD, "ลงวันที่": date(2025, 10, 3)}.get(head, "12") for head in heads)
    print_list(out, [row] * 30, FORMS[number], f"จังหวัด {ODD[:20]}", of="ปี 2568", at=AT, thai=thai)
    return out.getvalue()


def book() -> bytes:
    out = io.BytesIO()
    print_book(out, (line(n, subject=ODD) for n in range(1, 9)), RECEIVED, "แพร่", of="", at=AT)
    return out.getvalue()


@pytest.mark.parametrize("thai", [True, False])
@pytest.mark.parametrize("number", FORMS)
def test_forms_are_pdf_a(number, thai):
    assert faults(form(number, thai=thai)) == []


def test_books_and_empty_forms_are_pdf_a():
    assert faults(book()) == []
    out = io.BytesIO()
    print_list(out, [], FORMS["25"], "แพร่", of="", at=AT)
    assert faults(out.getvalue()) == []


def test_reports_are_pdf_a():
    out = io.BytesIO()
    parts = [Section("ไฟล์", rows=[("ชื่อ", ODD)]), Section("คำอธิบาย", text=ODD)]
    print_report(out, "แฟ้มหลักฐาน", ODD, parts, AT, thai=True)
    assert faults(out.getvalue()) == []


@pytest.mark.parametrize(
    ("old", "new", "clause"),
    [
        (b"%\xe2\xe3\xcf\xd3", b"%abcd", "6.1.2"),
        (b"/ID[", b"/IX[", "6.1.3"),
        (b"%%EOF\n", b"%%EOF\n\nmore", "6.1.3"),
        (b"\nxref\n0 ", b"\nxref \n0 ", "6.1.4"),
        (b"/GTS_PDFA1", b"/GTS_PDFX1", "6.2.3"),
        (b"/N 3", b"/N 4", "6.2.3"),
        (b"<pdfaid:part>2", b"<pdfaid:part>3", "6.6.4"),
        (b"pdf:Producer", b"xyz:Producer", "6.6.2.3"),
        (b"/Lang(th-TH)", b"/AA <<>>    ", "6.5.2"),
        (b"/Lang(th-TH)", b"/AcroForm 1 ", "6.4"),
        (b"/FontFile2", b"/FontFileX", "6.2.11.4.1"),
        (b"/DW 600/W[", b"/DW 999/X[", "6.2.11.5"),
        (b"/ToUnicode", b"/ToUnicodX", "6.2.11.7.2"),
        (b"/CIDToGIDMap", b"/CIDToGIDMaq", "6.2.11.3"),
        (b"/Contents ", b"/Annots[]/Contents ", "6.3"),
        (b"/Length1 ", b"/F (x)/Length1 ", "6.1.7.1"),
    ],
)
def test_what_is_spoiled_is_found(old, new, clause):
    sound = book()
    if old == b"pdf:Producer":
        new = new.replace(b"xyz:", b"pdf:")
        sound, old = (
            sound.replace(b"http://ns.adobe.com/pdf/1.3/", b"http://ns.adobe.com/xyz/1.3/"),
            new,
        )
    spoiled = sound.replace(old, new)
    found = faults(spoiled)
    assert [one for one in found if one.startswith(clause)], found
