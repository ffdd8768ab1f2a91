"""Letter numbers: every shape in use, and nothing that is none."""

import time
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from registry.errors import NotUnderstood
from registry.letter.number import LetterNumber, SenderCode, find

PHRAE = LetterNumber("พร", None, "0023.3", circular=True, number=4971)

CONSONANTS = st.sampled_from("กขคจชซญตทธนบปผพมยรลวศสหอฮ")
CODES = st.text(CONSONANTS, min_size=2, max_size=4)
FIGURES = st.text("0123456789", min_size=1, max_size=6)
OWNERS = st.tuples(
    FIGURES, st.lists(st.text("0123456789", min_size=1, max_size=4), max_size=3)
).map(lambda parts: ".".join([parts[0], *parts[1]]))
NUMBERS = st.builds(
    LetterNumber,
    CODES,
    st.none() | st.text(CONSONANTS, min_size=1, max_size=8),
    OWNERS | OWNERS.map(lambda owner: owner + "(11)"),
    circular=st.booleans(),
    number=st.integers(1, 999_999),
)


@pytest.mark.parametrize(
    "text",
    [
        "พร 0023.3/ว 4971",
        "ที่ พร ๐๐๒๓.๓/ว ๔๙๗๑",
        "ที่พร๐๐๒๓.๓/ว๔๙๗๑",
        "เลขที่ พร 0023.3/ว4971",
        "ที่: พร 0023.3 / ว 4971",
        "พร. 0023.3/ว. 4971",
        "  พร  0023 . 3/ ว 4971 ",
        "พร\u00a00023.3/ว\u00a04971",
        "ท\uf702\uf70a พร 0023.3/ว 4971",
        "พร\u200b 0023.3/ว 4971",
        "พร 0023.3/ว 004971",
    ],
)
def test_all_the_ways_to_write_one_number_are_that_number(text):
    assert LetterNumber.parse(text) == PHRAE


@pytest.mark.parametrize(
    ("text", "canonical"),
    [
        ("มท ๐๘๑๐.๓/๓๗๘๐", "มท 0810.3/3780"),
        ("กค (กวจ) ๐๔๐๕.๒/ว ๑๑๙", "กค (กวจ) 0405.2/ว 119"),
        ("กค(ก.ว.จ.)0405.2/ว119", "กค (กวจ) 0405.2/ว 119"),
        ("นร (ก.พ.ร.) 1200/ว 5", "นร (กพร) 1200/ว 5"),
        ("ศธ.04123/15", "ศธ 04123/15"),
        ("อว 64.1/12", "อว 64.1/12"),
        ("อว 8393(1)/1", "อว 8393(1)/1"),
        ("อว 8392(11).1/ว 33", "อว 8392(11).1/ว 33"),
        ("พร 52001/7", "พร 52001/7"),
        ("ศธ 0521.1.0201/123", "ศธ 0521.1.0201/123"),
        ("อก 0905/0007", "อก 0905/7"),
    ],
)
def test_the_shapes_of_annex_1_are_understood(text, canonical):
    number = LetterNumber.parse(text)
    assert str(number) == canonical
    assert LetterNumber.parse(number.thai()) == number


@pytest.mark.parametrize(
    "text",
    [
        "",
        "ที่",
        "พร",
        "4971",
        "ว 4971",
        "พร 0023.3",
        "พร 0023.3/",
        "พร 0023.3/ว",
        "พร 0023.3/ว 0",
        "พร 0023.3/ว 4971/2562",
        "พร 0023.3/ว 4971.5",
        "พร 0023.3/ว 1234567",
        "พร 0023.3-ว 4971",
        "พร 0023.3/ข 4971",
        "พร 0023.3/ว -1",
        "พ 0023.3/1",
        "กขคงจ 0023.3/1",
        "AB 0023.3/1",
        "แพร่ 0023.3/1",
        "พร 0023..3/1",
        "พร ०023.3/1",
        "กค () 0405.2/1",
        "กค (12) 0405.2/1",
        "พร 0023.3/ว 4971 และ พร 0023.3/ว 4972",
        "ที่มา ๑๘๑๐.๗/ว ๓๙๗๔",
        "พร 0023.3/\nว 4971",
    ],
)
def test_nonsense_is_refused_and_never_becomes_another_number(text):
    with pytest.raises(NotUnderstood) as refused:
        LetterNumber.parse(text)
    assert refused.value.text == text
    assert "เช่น" in refused.value.thai


@given(NUMBERS)
def test_a_printed_number_reads_back_as_the_same_number(number):
    assert LetterNumber.parse(str(number)) == number
    assert LetterNumber.parse(number.thai()) == number
    assert LetterNumber.parse(number.key) == number


@given(NUMBERS)
def test_a_printed_number_is_found_in_a_sentence(number):
    text = f"อ้างถึงหนังสือ ด่วนที่สุด ที่ {number.thai()} ลงวันที่ ๓ มกราคม ๒๕๖๒"
    found = [(hit, text[start:end]) for hit, start, end in find(text)]
    expected = [(number, number.thai())] if len(number.owner) > 1 else []
    assert found == expected


@given(st.text("พรมทกว0123๐๑๒๓/.() ที่\n", max_size=24))
def test_whatever_is_typed_gives_a_number_or_a_typed_error(text):
    with suppress(NotUnderstood):
        number = LetterNumber.parse(text)
        assert LetterNumber.parse(str(number)) == number


def test_numbers_are_the_same_by_value_and_by_key():
    assert LetterNumber.parse("พร๐๐๒๓.๓/ว๔๙๗๑").key == PHRAE.key == "พร0023.3/ว4971"
    assert {PHRAE, LetterNumber.parse("พร 0023.3/ว 4971")} == {PHRAE}


def test_a_circular_is_not_the_ordinary_letter_of_that_number():
    assert LetterNumber.parse("พร 0023.3/4971") != PHRAE


@pytest.mark.parametrize(
    ("code", "committee", "owner", "number"),
    [
        ("P1", None, "0023", 1),
        ("พร", None, "๐๐๒๓", 1),
        ("พร", None, "", 1),
        ("พร", "ก.พ.ร.", "0023", 1),
        ("พร", None, "0023", 0),
        ("พร", None, "0023", 1_000_000),
    ],
)
def test_a_number_that_could_not_be_read_back_cannot_be_made(code, committee, owner, number):
    with pytest.raises(NotUnderstood):
        LetterNumber(code, committee, owner, circular=False, number=number)


def test_the_numbers_of_a_real_letter_are_found_in_order():
    """Head and references of a circular of Phrae province, 2562, with OCR damage."""
    text = (
        "ด่วนที่สุด\n\nที่ พร ๐๐๒๓.๓/ว ๔๙๗๑\n\nศาลากลางจังหวัดแพร่\nถนนไชยบูรณ์ พร ๕๕๐๐\n\n"
        "อ้างถึง ๑. หนังสือจังหวัดแพร่ ด่วนที่สุด ที่ พร ๐๐๒๓.๓/ว ๒๐๓๒ ลงวันที่ ๒๘ พฤษภาคม ๒๕๖๑\n"
        "๒. หนังสือจังหวัดแพร่ ด่วนที่สุด ที่ พร ๐๐๒๓.๓/ว ๓๒ ลงวันที่ ๓ มกราคม ๒๕๖๒\n"
        "สิ่งที่ส่งมาด้วย สำเนาหนังสือกรมส่งเสริมการปกครองท้องถิ่น ด่วนที่สุด ที่ มท ๐๘๑๐.๓/๓๗๘๐\n"
        "ตามข้อบัญญัติ/เทศบัญญัติ เลขที่ 3374\nที่มา ๑๘๑๐.๗/ว ๓๙๗๔"
    )
    assert [str(number) for number, _, _ in find(text)] == [
        "พร 0023.3/ว 4971",
        "พร 0023.3/ว 2032",
        "พร 0023.3/ว 32",
        "มท 0810.3/3780",
    ]


@pytest.mark.parametrize(
    "text",
    [
        "บ้านเลขที่ 12/34 ถนน 5/67 ตำบลในเวียง",
        "ลงวันที่ ถนน 12/34",
        "ครบ 3/4 ของงาน รวม 12/10/2562",
        "รวม 1012/10/2562",
        "หนังสือมท 0810.3/3780",
        "พร 0023.3/ว 49711111",
        "พ.ศ. ๒๕๖๒/๑",
        "ที่ พบ 3/4",
        "มท 0810.3/0",
        "มท 0810.3/\n3780",
    ],
)
def test_what_only_looks_like_a_number_is_not_found(text):
    assert find(text) == []


def test_a_number_without_its_lead_is_found_if_its_unit_code_is_plain():
    assert [str(n) for n, _, _ in find("Re: มท 0810.3/3780 และ อว 64.1/12 (นร 1200/ว 5)")] == [
        "มท 0810.3/3780",
        "อว 64.1/12",
        "นร 1200/ว 5",
    ]


def test_a_number_glued_to_the_word_before_it_is_found():
    assert [str(n) for n, _, _ in find("ด่วนที่สุดที่พร ๐๐๒๓.๓/ว๔๙๗๑")] == ["พร 0023.3/ว 4971"]


def test_a_sender_code_is_the_number_without_its_running_part():
    assert PHRAE.sender == SenderCode.parse("ที่ พร ๐๐๒๓.๓/") == SenderCode("พร", "0023.3")


def test_a_sender_code_makes_the_numbers_of_its_letters():
    sender = SenderCode.parse("มท ๐๘๑๐.๗")
    assert str(sender.number(3974, circular=True)) == "มท 0810.7/ว 3974"
    assert str(sender.number(5, owner="0810.3")) == "มท 0810.3/5"
    assert sender.thai() == "มท ๐๘๑๐.๗"


def test_a_committee_is_part_of_the_sender_code():
    sender = SenderCode.parse("กค (กวจ) 0405.2")
    assert str(sender.number(119)) == "กค (กวจ) 0405.2/119"


@pytest.mark.parametrize("text", ["", "มท", "0810", "มท 0810.7/5", "มท 0810.7 กอง"])
def test_what_is_no_sender_code_is_refused(text):
    with pytest.raises(NotUnderstood):
        SenderCode.parse(text)


def test_a_hostile_text_does_not_hold_up_the_search():
    start = time.process_time()
    find("ที่ กค (" + "ก" * 200_000 + "พร 0" + "." * 100_000 + " " * 100_000)
    find("พร 00" * 50_000)
    assert time.process_time() - start < 5
