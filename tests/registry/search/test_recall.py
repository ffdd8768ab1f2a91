"""What is found is exactly what a plain scan of the folded texts finds, whatever is typed."""

import string

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from registry.models.letters import LetterRow
from registry.models.search import SearchDocRow
from registry.search import segments
from registry.search.find import Finder
from registry.search.folding import FIELD, PART, key_of
from registry.search.line import parse
from registry.search.terms import Query, Reader, Term
from registry.search.words import begins, cut
from tests.registry.search.books import Shelf

THAI = "".join(chr(code) for code in range(0x0E01, 0x0E5C) if code not in range(0x0E3B, 0x0E3F))
ODD = st.text(THAI + string.ascii_letters + "0123 /.-\n\u200b%_'\"*():^+ﬁßİ", max_size=40)
HOSTILE = (
    '"', "'", "''; DROP TABLE letter; --", "NEAR(a b)", "a OR b", "a AND NOT b", "^a", "a*", "{a}",
    "subject:a", "%", "_", "\\", "%%_%", "(", ")", "((((", "-", "--", '-"', '""', '"" ""', "\x00",
    "\ud800", "ก" * 600, " ".join("กขค"), "ปี", "รับ /", "รับ 0/2568", "ส่ง ว /2568", "ตั้งแต่ ถึง",
    "99/99/9999", "1/1/2568 ถึง 1/1/2567", "ถึง 1/1/2568", "จาก", "จาก -ก", "A" * 64, "0" * 64,
    "ว 000000", "๐", "ำ", "่", "่่่", "\u200b", "“ก", "ลับ", "ด่วน", "-ด่วน", "ที่", "9" * 40,
)  # fmt: skip
LETTERS = (
    ("ขอส่งคู่มือสำหรับประชาชน", "ตามที่ มท ๐๘๑๐.๓/ว ๓๙๗๔ ลงวันที่ ๓ ตุลาคม ๒๕๖๒ นั้น", "คู่มือ.pdf"),
    ("แจ้งการโอนงบประมาณ Budget 2569", "กค 0405.2/ว 119 นํ้าท่วม  เเผนที่", "งบ 69 (1).xlsx"),
    ("ด่วน! ประชุม ครั้งที่ 12/2568", "ฤๅษี กตัญญู ญี่ปุ่น %_' ก\u200bข Straße", "ภาพ.jpg"),
    ("", "มท", "a.txt"),
    ("พร", "", "ก.pdf"),
)


@pytest.fixture
def filled(shelf: Shelf, monkeypatch: pytest.MonkeyPatch) -> Shelf:
    """Odd letters, half of them in segments, half in the tail."""
    monkeypatch.setattr(segments, "SPANS", (8, 16, 32))
    for at in range(2):
        for subject, text, name in LETTERS:
            said = f"{text} {at}"
            shelf.register(subject, said, files=((name, f"{text}{subject}"),), from_text=subject)
    shelf.settle()
    return shelf


def _scanned(shelf: Shelf, key: str) -> set[str]:
    """Find the letters that hold a key by looking at every document there is."""
    with shelf.database.read() as session:
        rows = session.execute(select(SearchDocRow)).scalars().all()
        assert {row.ref for row in rows} == set(session.scalars(select(LetterRow.id)))
        return {
            row.ref
            for row in rows
            for part in (*row.fields.replace(FIELD, PART).split(PART), *row.body.split(PART))
            if key in part
        }


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.data())
def test_any_substring_of_any_field_is_found_as_a_plain_scan_finds_it(
    filled: Shelf, data: st.DataObject
):
    """Half a word, across words, with any mark in front: nothing is ever missed."""
    texts = [said for letter in LETTERS for said in letter if said]
    text = data.draw(st.sampled_from(texts))
    start = data.draw(st.integers(0, len(text) - 1))
    piece = text[start : start + data.draw(st.integers(1, 12))]
    key = key_of(piece)
    if not key:
        return
    with filled.database.read() as session:
        finder = Finder(session, Query((Term(key, piece),)), Reader())
        found = finder.page(100)
        assert found.cursor is None
        assert len(found.refs) == len(set(found.refs)) == finder.total().number
    assert set(found.refs) == _scanned(filled, key)


def test_a_hostile_line_is_searched_like_any_other(filled: Shelf):
    """Syntax of SQL or of search engines means nothing here."""
    for line in HOSTILE:
        page = filled.page(line)
        assert page.total is not None
        assert page.total.number >= len(page.hits)


@given(ODD)
def test_reading_a_line_never_fails(line: str):
    """A mistake is a note, never an error page."""
    query = parse(line)
    assert all(term.key or term.mark for term in (*query.terms, *query.without))


@given(ODD)
def test_the_key_of_a_key_is_the_key(text: str):
    """Else the same piece could be found in one place and not in another."""
    key = key_of(text)
    assert key_of(key) == key
    assert FIELD not in key
    assert PART not in key


@given(ODD)
def test_every_character_is_cut_or_begins_a_word(text: str):
    """The bits belong to the characters of the key."""
    key = key_of(text)
    cuts, short = cut(key)
    assert not key or begins(cuts, 0)
    assert begins(cuts, len(cuts) * 8)
    assert all(word in key for word in short)
    assert all(begins(cuts, at) for at, char in enumerate(key) if not "\u0e01" <= char <= "\u0e4e")
