"""What is printed says that it is for archives, and has what that takes."""

import io
import re
from datetime import date, datetime

import pytest
from pypdf import PdfReader

from registry.books.listforms import FORMS
from registry.clock import BANGKOK
from registry.pdf.forms.lists import print_list

AT = datetime(2026, 11, 23, 9, 30, tzinfo=BANGKOK)
TITLE = "บัญชีหนังสือส่งเก็บ <จังหวัด> & แพร่"


@pytest.fixture(scope="module")
def printed() -> PdfReader:
    """A form whose subject has a letter that no font of ours has."""
    out = io.BytesIO()
    row = (1, "มท 0810/1", date(2025, 10, 3), "ประชุม 🐘 ครั้งที่ 2", "10 ปี", "")
    print_list(out, [row], FORMS["19"], TITLE.partition(" ")[2], of="ปี 2568", at=AT)
    return PdfReader(io.BytesIO(out.getvalue()))


def test_its_metadata_say_pdf_a_and_what_the_information_says(printed):
    told = printed.xmp_metadata
    assert told is not None
    assert (told.pdfaid_part, told.pdfaid_conformance) == ("2", "B")
    assert told.dc_title == {"x-default": TITLE}
    assert printed.metadata.title == TITLE
    assert told.xmp_create_date.isoformat() == "2026-11-23T02:30:00"
    assert printed.metadata.creation_date == AT


def test_it_says_what_its_colours_are_and_who_it_is(printed):
    [meant] = printed.trailer["/Root"]["/OutputIntents"]
    profile = meant["/DestOutputProfile"]
    assert (meant["/S"], profile["/N"], profile.get_data()[36:40]) == ("/GTS_PDFA1", 3, b"acsp")
    assert len(printed.trailer["/ID"]) == 2


def test_fonts_are_embedded_and_no_glyph_stands_for_none(printed):
    page = printed.pages[0]
    for font in page["/Resources"]["/Font"].values():
        [inner] = font["/DescendantFonts"]
        assert inner["/FontDescriptor"]["/FontFile2"]
    content = page.get_contents().get_data()
    shown = {int(glyph, 16) for glyph in re.findall(rb"<([0-9a-f]{4})>", content)}
    assert shown
    assert 0 not in shown
    assert "ประชุม ? ครั้งที่" in " ".join(page.extract_text().split())
