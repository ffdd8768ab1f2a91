"""Two real letters are read: their damaged text layers, typeset anew, and as a scan."""

from collections.abc import Callable
from pathlib import Path

import pypdfium2
import pytest

from benchmarks.reading.read import MODELS
from benchmarks.reading.scan import scan
from registry.letter.paper import PaperField
from registry.paper.likeness import likeness
from registry.paper.read import read_pages, read_rows
from registry.paper.rows import rows_of_text
from registry.pdf.ocr import read_sheet
from registry.pdf.read import read_pdf
from registry.pdf.sight import sheet_of
from registry.texts.extract import Bounds
from registry.thai.text import fold
from tests.registry.paper import real

Fields = dict[str, list[PaperField]]


def named(found: list[PaperField]) -> Fields:
    return {one.name: [each for each in found if each.name == one.name] for one in found}


def of_text(name: str) -> Fields:
    return named(read_rows(rows_of_text(real.damaged(name), "text")))


def of_pdf(data: bytes, folder: Path) -> Fields:
    path = folder / "letter.pdf"
    path.write_bytes(data)
    return named(read_pages(read_pdf(path, Bounds()).leaves))


def head_of_scan(data: bytes, folder: Path) -> Path:
    """Scan a letter, as far as its text begins."""
    typeset, scanned, head = (folder / name for name in ("letter.pdf", "scan.pdf", "head.png"))
    typeset.write_bytes(data)
    scan(typeset, scanned, 300)
    document = pypdfium2.PdfDocument(scanned)
    picture = document[0].render(scale=300 / 72).to_pil()
    document.close()
    picture.crop((0, 0, picture.width, int(picture.height * 0.42))).save(head, dpi=(300, 300))
    return head


def value(found: Fields, name: str) -> str:
    (only,) = found[name]
    return only.value


def test_the_damaged_text_of_the_provinces_letter_is_read() -> None:
    found = of_text("phrae-w4971")
    assert value(found, "number") == "พร 0023.3/ว 4971"
    assert value(found, "dated") == "2019-10-03"
    assert value(found, "urgency") == "ด่วนที่สุด"
    assert value(found, "owner") == "ศาลากลางจังหวัดแพร่"
    assert value(found, "subject").startswith("แนวทางการปรับปรุงคู่มือสำหรับประชาชนตามแผน")
    assert [one.facts["number"] for one in found["reference"]] == [
        "พร 0023.3/ว 2032", "พร 0023.3/ว 32",
    ]  # fmt: skip
    (enclosed,) = found["enclosure"]
    assert (enclosed.facts["number"], enclosed.facts["quantity"]) == ("มท 0810.3/3780", 1)
    assert value(found, "due") == "2019-10-19"
    (task,) = found["task"]
    assert task.facts["whom"] == "อำเภอ"
    (signer,) = found["signer"]
    assert signer.facts["acting_for"] == ["ผู้ว่าราชการจังหวัดแพร่"]
    assert value(found, "link") == "www.phraelocal.go.th"


def test_the_damaged_text_of_the_circular_is_read_and_its_number_doubted() -> None:
    found = of_text("dla-w3974")
    (number,) = found["number"]
    assert (number.value, number.believed) == ("มา 1810.7/ว 3974", False)
    assert value(found, "dated") == "2019-09-16"
    assert value(found, "owner") == "กรมส่งเสริมการปกครองท้องถิ่น"
    assert value(found, "to") == "ผู้ว่าราชการจังหวัด ทุกจังหวัด"
    (stamp,) = found["stamp"]
    assert (stamp.facts["number"], stamp.facts["dated"]) == ("3374", "2019-09-30")
    assert [one.facts.get("resolution") for one in found["reference"]] == [True, True]
    (signer,) = found["signer"]
    assert signer.facts["position"] == "รองอธิบดี"


def test_a_scan_of_the_circular_is_read_and_its_words_left_to_an_officer(tmp_path: Path) -> None:
    scanned = head_of_scan(real.circular(), tmp_path)
    page = read_sheet(sheet_of(scanned, "image/png", 1), 1, MODELS, "tha+eng")
    found = named(read_pages([page]))
    assert value(found, "number") == "มท 0810.7/ว 3974"
    assert value(found, "dated") == "2019-09-16"
    assert likeness(value(found, "subject"), real.matter()) > 0.9
    assert not found["subject"][0].believed


@pytest.mark.parametrize(
    ("make", "number", "dated"),
    [
        (real.circular, "มท 0810.7/ว 3974", "2019-09-16"),
        (real.passed_on, "พร 0023.3/ว 4971", "2019-10-03"),
    ],
)
def test_a_typeset_letter_is_read_and_believed(
    make: Callable[[], bytes], number: str, dated: str, tmp_path: Path
) -> None:
    found = of_pdf(make(), tmp_path)
    assert (value(found, "number"), value(found, "dated")) == (number, dated)
    assert fold(value(found, "subject")) == fold(real.matter())
    assert all(found[name][0].believed for name in ("number", "dated", "subject", "to", "owner"))
    assert len(found["reference"]) == 2
    assert value(found, "due") == "2019-10-19"
