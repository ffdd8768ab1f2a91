"""Number and date stand where a letter was left blank for them, and are read there again."""

import hashlib
import io
from datetime import date
from pathlib import Path

import pytest
from pypdf import PdfReader, PdfWriter

from registry.letter.number import LetterNumber
from registry.paper.read import read_pages
from registry.pdf.numbered import BROKEN, LOCKED, SIGNED, numbered
from registry.pdf.read import read_pdf
from registry.texts.extract import Bounds, Unreadable
from tests.registry.pdf import signing
from tests.registry.pdf.unnumbered import letter
from tests.registry.texts import papers

DAY = date(2025, 10, 13)
ORDINARY, CIRCULAR = "มท 0810.7/321", "มท 0810.7/ว 3974"


@pytest.fixture
def copy(tmp_path: Path):
    """Print on a PDF; give whether it is dated, and the path of the copy."""

    def make(data: bytes, number: str = ORDINARY) -> tuple[bool, Path]:
        path = tmp_path / "came.pdf"
        path.write_bytes(data)
        told, more = numbered(path, LetterNumber.parse(number), DAY)
        assert hashlib.sha256(path.read_bytes()).digest() == hashlib.sha256(data).digest()
        out = tmp_path / "copy.pdf"
        out.write_bytes((data if told["behind"] else b"") + more)
        return told["dated"], out

    return make


def fields(path: Path) -> dict[str, str]:
    found = read_pages([read_pdf(path, Bounds()).leaves[0]])
    return {one.name: one.value for one in found if one.name in {"number", "dated"}}


@pytest.mark.parametrize(
    ("line", "number"),
    [
        ("ที่ มท ๐๘๑๐.๗/", ORDINARY),
        ("ที่  มท 0810.7 /", ORDINARY),
        ("มท ๐๘๑๐.๗/", CIRCULAR),
        ("ที่ มท ๐๘๑๐.๗/ว", CIRCULAR),
        ("เลขที่ มท ๐๘๑๐.๗/ว.", CIRCULAR),
    ],
)
@pytest.mark.parametrize("size", [12, 16])
def test_the_copy_is_read_with_its_whole_number_and_date(copy, line, number, size):
    dated, made = copy(letter(line, size=size), number)
    read = fields(made)
    assert (dated, read["dated"]) == (True, "2025-10-13")
    assert LetterNumber.parse(read["number"].replace("ว.", "ว")) == LetterNumber.parse(number)


@pytest.mark.parametrize(
    ("number", "date", "said"),
    [
        ("ที่ มท 0810.7/", "ตุลาคม 2568", ("มท 0810.7/ว 3974", "13 ตุลาคม 2568")),
        ("ที่ มท 0810.7/ว", "วันที่", ("มท 0810.7/ว 3974", "13 ตุลาคม 2568")),
        ("ที่ มท 0810.7/ว", "........................", ("มท 0810.7/ว 3974", "13 ตุลาคม 2568")),
        ("ที่ มท ๐๘๑๐.๗/ว", "ตุลาคม", ("มท ๐๘๑๐.๗/ว ๓๙๗๔", "๑๓ ตุลาคม ๒๕๖๘")),
        ("ที่ มท ๐๘๑๐.๗/ว", "ตุลาคม 2568", ("มท ๐๘๑๐.๗/ว ๓๙๗๔", "13 ตุลาคม 2568")),
        ("ที่ มท 0810.7/ว", "ตุลาคม ๒๕๖๘", ("มท 0810.7/ว 3974", "๑๓ ตุลาคม ๒๕๖๘")),
    ],
)
def test_figures_are_written_as_those_that_stand_beside_them(copy, number, date, said):
    _, made = copy(letter(number, date), CIRCULAR)
    text = " ".join(one.text for one in read_pdf(made, Bounds()).leaves[0].lines)
    assert [one in " ".join(text.split()) for one in said] == [True, True], text


@pytest.mark.parametrize("line", ["ตุลาคม ๒๕๖๘", "วันที่", "ตุลาคม"])
def test_a_date_without_its_day_is_blank(copy, line):
    dated, made = copy(letter(date=line))
    assert dated
    assert "๑๓ ตุลาคม ๒๕๖๘" in " ".join(one.text for one in read_pdf(made, Bounds()).leaves[0].lines)


@pytest.mark.parametrize(
    "line",
    [
        "..............................",
        "วันที่              ตุลาคม ๒๕๖๘",
        "........ ตุลาคม ๒๕๖๘",
        "วันที่ ....... เดือน ............. พ.ศ. ..........",
    ],
)
def test_a_date_of_dots_or_with_a_gap_is_blank(copy, line):
    dated, made = copy(letter(date=line))
    said = "".join(one.text for one in read_pdf(made, Bounds()).leaves[0].lines)
    assert (dated, "๑๓" in said) == (True, True)


@pytest.mark.parametrize(
    "line", ["๒ ตุลาคม ๒๕๖๘", "กันยายน ๒๕๖๘", "ตุลาคม ๒๕๖๗", "วันที่ ตุลาคม ๒๕๖๘", "พ.ศ. ๒๕๖๘", ""]
)
def test_a_date_that_is_there_or_is_another_is_left_alone(copy, line):
    dated, made = copy(letter(date=line))
    read = fields(made)
    assert (dated, read["number"]) == (False, ORDINARY)
    assert read.get("dated") != "2025-10-13"


@pytest.mark.parametrize(
    ("data", "why"),
    [
        (letter("ที่ มท ๐๘๑๐.๗/๑๒"), "ไม่พบบรรทัด"),
        (letter("ที่ พร ๐๐๒๓/"), "ไม่พบบรรทัด"),
        (letter("ที่ มท ๐๘๑๐.๗/ว"), "ไม่พบบรรทัด"),
        (papers.saying(b"(a scan) Tj"), "ไม่พบบรรทัด"),
        (letter(more=("ที่ มท ๐๘๑๐.๗/",)), "มากกว่าหนึ่งแห่ง"),
        (letter("ที่ มท ๐๘๑๐.๗/", "วันที่")[:400], BROKEN),
    ],
)
def test_what_has_no_one_place_for_the_number_is_refused(copy, data, why):
    with pytest.raises(Unreadable, match=why):
        copy(data)


def test_a_place_that_is_too_narrow_for_the_number_is_refused(copy):
    narrow = letter("ที่ มท ๐๘๑๐.๗/" + " " * 14 + "กองกลาง")
    with pytest.raises(Unreadable, match="แคบเกินกว่าจะพิมพ์เลขได้"):
        copy(narrow, "มท 0810.7/ว 39745")
    assert copy(narrow)


def test_two_places_for_the_date_are_refused(copy):
    with pytest.raises(Unreadable, match="มากกว่าหนึ่งแห่ง"):
        copy(letter("ที่ มท ๐๘๑๐.๗/", "วันที่", above="ตุลาคม ๒๕๖๘"))


def test_a_signed_file_is_refused(copy):
    with pytest.raises(Unreadable, match=SIGNED):
        copy(signing.signed_pdf(letter(), signing.somying()))


@pytest.mark.parametrize("password", ["", "user"])
def test_a_file_that_only_forbids_changes_is_printed_on_and_one_behind_a_password_refused(
    copy, password
):
    writer = PdfWriter(clone_from=PdfReader(io.BytesIO(letter())))
    writer.encrypt(password, owner_password="owner", algorithm="AES-256")
    out = io.BytesIO()
    writer.write(out)
    if not password:
        assert fields(copy(out.getvalue())[1])["number"] == ORDINARY
        return
    with pytest.raises(Unreadable, match=LOCKED):
        copy(out.getvalue())
