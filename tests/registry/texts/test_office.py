"""The text of office documents, and what hostile ones come to."""

import zipfile
from pathlib import Path

import pytest

from registry.texts.extract import EMPTY, Bounds, Extract, Unreadable
from registry.texts.office import read_office
from registry.texts.packed import LOCKED
from tests.registry.texts.papers import docx, odt, paragraph, xlsx, zipped


def read(path: Path, **bounds: float) -> Extract:
    return read_office(path, Bounds(**bounds))  # type: ignore[arg-type]


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "file.zip"


def test_a_word_that_word_cut_into_runs_is_whole_again(file: Path):
    found = read(docx(file, paragraph("การบริ", "การภาค", "รัฐ") + paragraph("ที่", " ๒")))
    assert (found.state, found.text) == ("done", "การบริการภาครัฐ\nที่ ๒")


def test_a_table_of_word_is_rows_with_cells_between_tabs(file: Path):
    cells = "".join(f"<w:tc>{paragraph(one)}</w:tc>" for one in ("ลำดับ", "อำเภอ"))
    found = read(docx(file, f"<w:tbl><w:tr>{cells}</w:tr></w:tbl>"))
    assert found.text.split() == ["ลำดับ", "อำเภอ"]
    assert "\t" in found.text
    assert "\n" not in found.text


def test_headers_and_notes_are_read_behind_the_text(file: Path):
    said = '<w:hdr xmlns:w="w"><w:p><w:r><w:t>หัวกระดาษ</w:t></w:r></w:p></w:hdr>'
    assert read(docx(file, paragraph("เนื้อความ"), word__header1=said)).text == "เนื้อความ\nหัวกระดาษ"


def test_what_was_struck_out_or_is_said_twice_is_read_once(file: Path):
    deleted = "<w:p><w:del><w:r><w:delText>เดิม</w:delText></w:r></w:del></w:p>"
    again = f"<Fallback>{paragraph('กล่อง')}</Fallback>"
    assert read(docx(file, paragraph("กล่อง") + again + deleted)).text == "กล่อง"


def test_a_workbook_gives_each_sheet_as_a_page(file: Path):
    row = '<row><c t="s"><v>{}</v></c><c><v>{}</v></c><c t="inlineStr"><is><t>{}</t></is></c></row>'
    sheets = [row.format(0, 25, "แพร่"), row.format(1, 3.5, "น่าน") + row.format(99, 1, "x")]
    found = read(xlsx(file, ["จังหวัด", "อำเภอ"], *sheets))
    assert found.pages == ("จังหวัด\t25\tแพร่", "อำเภอ\t3.5\tน่าน\n\t1\tx")


def test_an_open_document_is_read_with_its_spaces_and_breaks(file: Path):
    text = "<text:h>เรื่อง</text:h>"
    text += "<text:p>ก<text:s text:c='2'/>ข<text:tab/>ค<text:line-break/>ง</text:p>"
    struck = "<text:tracked-changes><text:p>ขีดฆ่า</text:p></text:tracked-changes>"
    assert read(odt(file, struck + text)).text == "เรื่อง\nก  ข\tค\nง"


def test_slides_come_in_their_order(file: Path):
    slides = {f"ppt__slides__slide{n}": f"<s><p><r><t>{n}</t></r></p></s>" for n in (10, 9, 1)}
    assert read(zipped(file, **slides)).pages == ("1", "9", "10")


def test_an_empty_document_has_no_text(file: Path):
    found = read(docx(file, paragraph(" ")))
    assert (found.state, found.text, found.detail) == ("none", "", EMPTY)


def test_a_document_that_unpacks_without_end_is_read_as_far_as_the_bound(file: Path):
    found = read(docx(file, paragraph("ต้น") + paragraph("ก" * 3_000_000)), unpacked=1_000_000)
    assert found.text.startswith("ต้น\nกกก")
    assert found.detail == "ไฟล์แตกแล้วใหญ่ผิดปกติ อ่านเพียงส่วนแรก"
    assert len(found.text) < 400_000


def test_only_so_many_characters_are_kept(file: Path):
    found = read(docx(file, paragraph("กขคงจ")), characters=3)
    assert (found.text, found.detail) == ("กขค", "อ่านเพียง ๓ ตัวอักษรแรก")


def test_entities_that_grow_are_refused(file: Path):
    laughs = '<!DOCTYPE x [<!ENTITY a "hahaha"><!ENTITY b "&a;&a;&a;">]><x><p><t>&b;</t></p></x>'
    with pytest.raises(Unreadable):
        read(zipped(file, word__document=laughs))


@pytest.mark.parametrize(
    "members",
    [
        {"word__document": "<w>cut"},
        {"word__document": b"\x00\xff\xfe"},
        {"content": ""},
        {"something__else": "<x/>"},
    ],
)
def test_what_is_no_document_is_unreadable(file: Path, members):
    with pytest.raises(Unreadable):
        read(zipped(file, **members))


def test_what_is_no_zip_is_unreadable(file: Path):
    file.write_bytes(b"PK\x03\x04 and no more")
    with pytest.raises(Unreadable):
        read(file)


def test_a_document_behind_a_password_says_so(file: Path):
    zipped(file, word__document="<w/>")
    data = bytearray(file.read_bytes())
    for mark, at in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        data[data.index(mark) + at] |= 1
    file.write_bytes(data)
    with pytest.raises(Unreadable, match=LOCKED):
        read(file)


def test_a_member_whose_bytes_are_spoiled_is_unreadable(file: Path):
    docx(file, paragraph("ก" * 1000))
    with zipfile.ZipFile(file) as archive:
        at = archive.infolist()[0].header_offset + 60
    data = bytearray(file.read_bytes())
    data[at : at + 8] = b"\xff" * 8
    file.write_bytes(data)
    with pytest.raises(Unreadable):
        read(file)
