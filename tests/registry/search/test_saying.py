"""A line taken apart for people, and put together again without one of its pieces."""

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as some

from registry.search.line import parse
from registry.search.saying import pieces, say, without

LINES = (
    "งบประมาณ", "จาก แพร่", "จาก แพร่ ปี 2569", "รับ ๒๒๓๑/๒๕๖๘", "มท ๐๘๑๐.๗/ว ๓๙๗๔ ด่วนที่สุด",
    '"ด่วนมาก" ประชุม', '"จาก" แพร่', "-งบ ประชุม", '-"งบ ประมาณ" ประชุม', "ว 3974", "2231/2568",
    "3 ตุลาคม 2562", "ตั้งแต่ 3 ตุลาคม 2562 ถึง 5 ตุลาคม 2562 น้ำท่วม", "ก่อน 3 ตุลาคม 2562", "รับ 2231",
    "a" * 64, "ทะเบียนส่ง รอออกเลข", 'เรื่อง "ขอ เชิญ"', '"3974"', "ปีใหม่ ปี 68", "3 ตุลาคม 2562 ถึง แพร่",
)  # fmt: skip


@pytest.mark.parametrize("line", LINES)
def test_what_is_said_reads_as_what_was_asked(line):
    query = parse(line)
    assert replace(parse(say(query)), notes=()) == replace(query, notes=())


@pytest.mark.parametrize("line", LINES)
def test_each_piece_can_be_taken_away(line):
    whole = pieces(line)
    for piece in whole:
        left = [(one.label, one.value) for one in pieces(piece.rest)]
        expected = [(one.label, one.value) for one in whole if one is not piece]
        assert left == expected, piece


def test_pieces_are_words_for_people():
    said = [f"{one.label} {one.value}" for one in pieces("จาก แพร่ -งบ ปี 69 รอลงรับ น้ำ")]
    assert said == ["จาก แพร่", "มีคำว่า น้ำ", "ไม่มี งบ", "ปี 2569", "เฉพาะ รอลงรับ"]


def test_a_click_replaces_what_the_line_says():
    assert without("น้ำ ปี 2568", "year") == "น้ำ"
    assert without("น้ำ ปี 2568", "book") == "น้ำ ปี 2568"


_WORDS = some.sampled_from(
    ["จาก", "ถึง", "ปี", "ด่วน", "แพร่", "-", '"', "2568", "2231/2568", "รับ", "ว", "3",
     "ลับ", "ก่อน", "12 มกราคม 2568"]
)  # fmt: skip


@given(some.lists(_WORDS | some.text(max_size=4), max_size=6).map(" ".join))
@settings(max_examples=60, deadline=None)
def test_no_line_is_too_odd_to_be_taken_apart(line):
    for piece in pieces(line):
        assert len(pieces(piece.rest)) <= len(pieces(line))
