"""Markings of secrecy on papers that are no PDF."""

from functools import partial
from pathlib import Path

import pytest

from registry.letter.grades import Secrecy
from registry.pdf.first_page import FirstPages
from registry.texts.first_lines import has_first_lines
from tests.registry.texts.papers import docx, odt, paragraph, xlsx

WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
SHEET = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
OPEN = "application/vnd.oasis.opendocument.text"
BODY = [paragraph("ที่ มท ๐๓๐๙.๒/๕๐๐๓"), *[paragraph(f"ข้อความ {number}") for number in range(60)]]


@pytest.fixture
def marking(tmp_path):
    """Look at one file; the process that looks ends with the test."""
    looker = FirstPages(1_000_000)

    def look(make, media_type):
        path: Path = tmp_path / "paper"
        make(path)
        return looker.marking([(path, path.stat().st_size, media_type)])

    yield look
    looker.close()


def word(*paragraphs, **more):
    return lambda path: docx(path, "".join(paragraphs), **more)


def test_a_word_document_is_marked_on_its_first_line(marking):
    assert marking(word(paragraph("ลับ", "มาก"), *BODY), WORD) is Secrecy.SECRET


def test_a_word_document_is_marked_above_its_pages(marking):
    """What Word prints above and below each page lies in a member of its own."""
    space = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
    header = f"<w:hdr {space}>{paragraph('ลับที่สุด')}</w:hdr>"
    assert marking(word(*BODY, word__header1=header), WORD) is Secrecy.TOP_SECRET


def test_a_cell_of_a_letter_laid_out_as_a_table_is_a_marking(marking):
    cells = "".join(f"<w:tc>{paragraph(one)}</w:tc>" for one in ("ที่ มท ๑/๒", "ลับ", "กรม"))
    table = f"<w:tbl><w:tr>{cells}</w:tr></w:tbl>"
    assert marking(word(table, *BODY), WORD) is Secrecy.CONFIDENTIAL


def test_a_word_in_the_middle_of_a_long_document_is_no_marking(marking):
    assert marking(word(*BODY[:30], paragraph("ลับ"), *BODY[30:]), WORD) is None


def test_open_documents_and_plain_text_are_looked_at(marking):
    text = "<text:p>ลับ</text:p><text:p>ที่ มท ๑/๒</text:p>"
    assert marking(partial(odt, text=text), OPEN) is Secrecy.CONFIDENTIAL
    plain = "ลับมาก\nที่ มท ๐๓๐๙.๒/๑\n".encode("cp874")
    assert marking(lambda path: path.write_bytes(plain), "text/plain") is Secrecy.SECRET


def test_a_column_of_a_sheet_that_tells_of_secrecy_is_no_marking(marking):
    rows = "".join(f'<row><c t="s"><v>{at}</v></c><c t="s"><v>2</v></c></row>' for at in range(2))
    assert marking(lambda path: xlsx(path, ["ก", "ข", "ลับ"], rows), SHEET) is None


@pytest.mark.parametrize("media_type", [WORD, OPEN, "text/plain", "text/html"])
def test_a_file_that_is_not_what_it_says_bears_no_marking(marking, media_type):
    assert marking(lambda path: path.write_bytes(b"PK\x03\x04 broken"), media_type) is None


def test_pictures_and_archives_are_not_looked_at():
    assert not has_first_lines("image/png")
    assert not has_first_lines("application/zip")
