"""Parts of scanned letters are told apart where their labels, marks and words came as rubble."""

import pytest

from registry.letter.paper import HIGH
from tests.registry.paper.pages import LETTER, MARGIN, RIGHT, TAB, fields, one, page


def scanned(*changes: tuple[int, str], letter=LETTER):
    """Give the letter as a scan, with other texts in some of its lines."""
    other = dict(changes)
    lines = [(left, other.get(at, text)) for at, (left, text) in enumerate(letter)]
    return page(lines, source="ocr")


@pytest.mark.parametrize("label", ["AWAY", "OWE", "อางอง", "อ ถึง"])
def test_letters_that_are_cited_are_found_behind_what_was_once_a_label(label: str) -> None:
    cited = LETTER[7][1].replace("อ้างถึง", label)
    found = fields(scanned((7, cited)))
    assert [each.facts.get("number") for each in found["reference"]] == ["มท 0810.7/ว 12", None]
    assert len(found["enclosure"]) == 2
    assert found["to"][0].value == "ผู้ว่าราชการจังหวัด ทุกจังหวัด"


def test_a_typeset_line_is_not_taken_for_a_label() -> None:
    lines = [(left, text.replace("อ้างถึง", "OWE")) for left, text in LETTER]
    assert "reference" not in fields(page(lines))


@pytest.mark.parametrize("mark", ["lo.", "lo,", "if", "©.", ".", ""])
def test_an_item_begins_where_the_one_before_was_counted(mark: str) -> None:
    found = fields(scanned((11, f"{mark} คู่มือ จำนวน ๑ เล่ม".strip())))
    assert [each.value for each in found["enclosure"]] == ["แบบรายงาน", "คู่มือ"]


def test_an_item_that_goes_on_is_not_cut() -> None:
    found = fields(scanned((10, "สิ่งที่ส่งมาด้วย แบบรายงานผลการดำเนินงาน"), (11, "และคู่มือ จำนวน ๑ เล่ม")))
    assert [each.value for each in found["enclosure"]] == ["แบบรายงานผลการดำเนินงาน และคู่มือ"]


@pytest.mark.parametrize(
    ("said", "quantity"), [("จ้านวน ๓ ชุด", 3), ("จานวน fo๑ .ฉบับ", 1), ("ขานวน ๕ UA", 5)]
)
def test_a_quantity_is_known_by_its_damaged_word(said: str, quantity: int) -> None:
    found = fields(scanned((11, f"๒. คู่มือ {said}")))
    assert (found["enclosure"][1].value, found["enclosure"][1].facts["quantity"]) == (
        "คู่มือ", quantity,
    )  # fmt: skip


@pytest.mark.parametrize("until", ["ภายในวันศุกร์ที ๑๘", "ภา ยในวันที่ ๑๘", "ภายในวัน i ๑๘"])
def test_a_day_is_due_whatever_became_of_its_words(until: str) -> None:
    said = f"รายงานให้กรมทราบ{until} ตุลาคม ๒๕๖๒ สำหรับจังหวัด แจ้งให้อำเภอทราบด้วย"
    assert one(scanned((13, said)), "due").value == "2019-10-18"


@pytest.mark.parametrize(
    ("said", "phone"),
    [
        ("[1 ๐-๒๒๔๑-๙๐๐๐ คือ ๒๓๑๒ ทรสาร ๐-๒๒๔๑-๖๙๕๖", "0-2241-9000 ต่อ 2312"),
        ("Ins. ๐-๒๒๔๑-๙๐๐๐๒๓๑๒ โทรสาร ๐-๒๒๔๑-๖๙๕๖", "0-2241-9000 ต่อ 2312"),
        ("โทร. ๐-๒๒๔๑-๙๐๐๐ โทรสาร ๐-๒๒๔๑-๖๙๕๖", "0-2241-9000"),
    ],
)
def test_a_telephone_is_known_by_its_figures(said: str, phone: str) -> None:
    assert one(scanned((20, said)), "contact").facts["phone"] == phone


def test_a_fax_alone_is_no_telephone() -> None:
    assert "phone" not in one(scanned((20, "โทรสาร ๐-๒๒๔๑-๖๙๕๖")), "contact").facts


def test_a_memorandum_s_office_ends_before_the_telephone() -> None:
    memo = (
        (0.4, "บันทึกข้อความ"),
        (MARGIN, "ส่วนราชการ กองคลัง กลุ่มงานพัสดุ Ins. ๘๖๘๔"),
        (MARGIN, "ที่ กค ๐๔๐๕.๒/๑๑๙ วันที่ ๙ มีนาคม ๒๕๖๑"),
        *LETTER[4:],
    )
    assert one(page(memo, source="ocr"), "owner").value == "กองคลัง กลุ่มงานพัสดุ"


@pytest.mark.parametrize(
    ("read", "meant"),
    [
        ("ทีทำการปกครองจังหุวัดตราด", "ที่ทำการปกครองจังหวัดตราด"),
        ("ที่ทำการปกครองจังหวัดตราด กล่มงานปกครอง", "ที่ทำการปกครองจังหวัดตราด กลุ่มงานปกครอง"),
    ],
)
def test_words_of_offices_are_put_right(read: str, meant: str) -> None:
    lines = [LETTER[0], (RIGHT, read), *LETTER[2:]]
    assert one(page(lines, source="ocr"), "owner").value == meant


def test_the_word_of_who_heads_a_department_is_put_right() -> None:
    assert one(scanned((6, "เรียน อธิบดูกรมอนามัย")), "to").value == "อธิบดีกรมอนามัย"


def test_a_signer_s_chain_is_known_though_its_words_are_parted_and_a_parenthesis_lost() -> None:
    found = one(scanned((16, "นายสมชาย ใจดี)"), (17, "รองอธิบดี ปฏิบติ"), (18, "ราชการแทน อธิบดีกรมทีดิน")),
                "signer")  # fmt: skip
    assert (found.value, found.facts["position"]) == ("นายสมชาย ใจดี", "รองอธิบดี")
    assert found.facts["acting_for"] == ["อธิบดีกรมทีดิน"]


def test_an_order_whose_year_was_misread_has_no_letter_s_number() -> None:
    order = [(0.4, "คำสั่งจังหวัดนครปฐม"), (0.44, "ที่ ๖๕/๒๕๘๖๓"), *LETTER[4:6], *LETTER[12:]]
    assert "number" not in fields(page(order, source="ocr"))


def test_a_sentence_is_no_office_and_marks_of_no_letter_are_dropped() -> None:
    said = "สำนักงาน ก.พ.ร.พิจารณาแล้ว เพื่อให้การดำเนินการดังกล่าวเป็นไปด้วยความเรียบร้อย"
    assert "owner" not in fields(page([(MARGIN, said)], source="ocr"))
    lines = [LETTER[0], (RIGHT, "สำนักงาน ก.ุพ."), *LETTER[2:]]
    assert one(page(lines, source="ocr"), "owner").value == "สำนักงาน ก.พ."


def test_lines_of_a_page_that_lies_askew_keep_their_parts() -> None:
    """Its margin wanders: what goes in at the top is no farther right than what does not below."""
    lines = [(left + 0.002 * (len(LETTER) - at), text) for at, (left, text) in enumerate(LETTER)]
    found = fields(page(lines, source="ocr"))
    assert found["enclosure"][-1].value == "คู่มือ"
    assert all(each.confidence < HIGH for each in found["to"])
    assert found["to"][0].value == "ผู้ว่าราชการจังหวัด ทุกจังหวัด"


def test_the_second_line_of_an_addressee_is_kept_above_a_label_that_is_rubble() -> None:
    lines = [*LETTER[:6], (MARGIN, "เรียน นายอำเภอ (ทุกอำเภอ) และ"), (TAB, "นายกเทศมนตรีเมืองทุกแห่ง"),
             (MARGIN, LETTER[7][1].replace("อ้างถึง", "AWA")), *LETTER[8:]]  # fmt: skip
    found = one(page(lines, source="ocr"), "to")
    assert found.value == "นายอำเภอ (ทุกอำเภอ) และนายกเทศมนตรีเมืองทุกแห่ง"


@pytest.mark.parametrize(
    ("said", "number", "dated"),
    [
        ("หนังสือจังหวัดชลบุรี ที่ ชขบ ๐๐๓๓.๒/๗ ลงวันที่ ๒ ตุลาคม ๒๕๖๑", "ชบ 0033.2/7", "2018-10-02"),
        ("หนังสือกรมชลประทาน i กย ๐๓๐๗/๕ ลงวันที่ ๒๔ มิถุนายน ๒๕๖๑", "กษ 0307/5", "2018-06-24"),
        ("หนังสือจังหวัดตาก ที่ ตก ๐๐๑๗/ว ๕» ลงรวันที่ .๓๑ ธั้นวาคม ๒๕๖๑", "ตก 0017/ว 5", "2018-12-31"),
        ("หนังสือจังหวัดตาก ที่ ตก ๐๐๑๗/๕ ลงวันที่ ๙ กมภาพนธิ ๒๕๖๑", "ตก 0017/5", "2018-02-09"),
        ("หนังสือจังหวัดตาก ที่ ตก ๐๐๑๗/๕ ลงวันที่ ๙ กรกฎาคม. ๒๕๖๑", "ตก 0017/5", "2018-07-09"),
        ("หนังสืออำเภอแม่สอด ที่ ซบ ๐๐๑๗/๕ ลงวันที่ ๙ มีนาคม ๒๕๖๑", "ซบ 0017/5", "2018-03-09"),
    ],
)
def test_a_citation_has_its_months_and_its_offices_consonants(
    said: str, number: str, dated: str
) -> None:
    lines = [*LETTER[:7], (MARGIN, f"อ้างถึง {said}"), *LETTER[10:]]
    found = one(page(lines, source="ocr"), "reference")
    assert (found.facts["number"], found.facts["dated"]) == (number, dated)
    assert not found.believed


def test_a_typeset_citation_is_left_as_it_stands() -> None:
    said = "อ้างถึง หนังสือจังหวัดชลบุรี ที่ ขบ ๐๐๓๓.๒/๗ ลงวันที่ ๒ ตุลาคม ๒๕๖๑"
    found = one(page([*LETTER[:7], (MARGIN, said), *LETTER[10:]]), "reference")
    assert found.facts["number"] == "ขบ 0033.2/7"
