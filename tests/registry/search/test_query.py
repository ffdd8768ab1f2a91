"""Finding letters by pieces of words, numbers, fields and clicks; what a page shows."""

from datetime import date

from registry.models.books import EntryRow
from registry.models.letters import LetterRow
from registry.search.terms import Narrowing
from tests.registry.search.books import Shelf

PIECES = (
    "คู่มือ", "มือสำ", "สำหรับประชา", "หรับ", "ชน", "คู่มือ  ประชาชน", '"คู่มือ สำหรับ"', "ค", "ํา"
)  # fmt: skip
NUMBERS = (
    "มท ๐๘๑๐.๓/ว ๓๙๗๔", "มท0810.3/ว3974", "ที่ มท 0810.3/ว 3974", "ว 3974", "ว๓๙๗๔", "3974",
    "๐๘๑๐.๓", "0810.3/ว", "มท", "ม",
)  # fmt: skip


def test_half_a_word_finds_the_letter(shelf: Shelf):
    """Officers type what they remember, cut anywhere."""
    wanted = shelf.register("ขอส่งคู่มือสำหรับประชาชน")
    shelf.register("การเลือกตั้ง")
    shelf.settle()
    assert {line: shelf.found(line) for line in PIECES} == {line: [wanted] for line in PIECES}


def test_a_number_is_found_however_it_is_spaced_and_in_either_digits(shelf: Shelf):
    """No two clerks set one number alike."""
    wanted = shelf.register("แจ้งเวียน", letter_number="มท 0810.3/ว 3974")
    shelf.register("แจ้งเวียน", letter_number="กค 0405/1")
    shelf.settle()
    assert {line: shelf.found(line) for line in NUMBERS} == {line: [wanted] for line in NUMBERS}


def test_a_receive_number_finds_its_letter_alone(shelf: Shelf):
    """The number in the stamp is what people read out on the telephone."""
    wanted = shelf.register("หนึ่ง", number=2231)
    shelf.register("สอง 2231", number=2232)
    shelf.settle()
    for line in ("รับ 2231/2568", "รับ ๒๒๓๑/๒๕๖๘", "รับ/2231/2568", "2231/2568"):
        assert shelf.found(line) == [wanted]


def test_the_letter_that_bears_the_number_comes_before_those_that_mention_it(shelf: Shelf):
    """An exact number is the surest sign there is."""
    wanted = shelf.register("หนึ่ง", letter_number="มท 0810.3/3780")
    shelf.register("อ้างถึง มท 0810.3/3780", "มท 0810.3/3780")
    shelf.settle()
    assert shelf.found("มท 0810.3/3780")[0] == wanted


def test_the_subject_comes_before_the_text_and_the_newer_before_the_older(shelf: Shelf):
    """What a letter is about weighs more than what it mentions."""
    older = shelf.register("น้ำท่วม")
    shelf.settle()
    newer = shelf.register("น้ำท่วมอีก")
    shelf.settle()
    mentioned = shelf.register("อื่น", "เรื่องน้ำท่วม")
    shelf.settle()
    assert shelf.found("น้ำท่วม") == [newer, older, mentioned]


def test_a_code_comes_before_the_same_letters_inside_a_word(shelf: Shelf):
    """มท is an agency; in สมทบ it is nothing."""
    code = shelf.register("หนังสือของ มท ถึงจังหวัด")
    inside = shelf.register("เงินสมทบกองทุน")
    shelf.settle()
    assert shelf.found("มท") == [code, inside]


NARROWING = (
    ("จาก แพร่", {"one"}), ("ถึง แพร่", {"two"}), ("เรื่อง งบ", {"one"}), ("ปี 2567", {"two"}),
    ("ปี 67", {"two"}), ("ด่วนที่สุด", {"one"}), ("งบ -แพร่", set()), ("ทะเบียนส่ง", {"two"}),
    ("ลงวันที่ 3 ต.ค. 2568", {"one"}), ("ตั้งแต่ 1/10/2568 ถึง 31/10/2568", {"one"}),
    ("ก่อน 3 ตุลาคม ๒๕๖๘", {"two"}), ("3 ตุลาคม 2568", {"one"}), ("จาก น่าน ถึง แพร่", {"two"}),
)  # fmt: skip


def test_plain_words_narrow(shelf: Shelf):
    """The Thai keyboard has no colon, so none is needed."""
    names = {
        shelf.register(
            "งบประมาณ", from_text="จังหวัดแพร่", urgency="ด่วนที่สุด", dated=date(2025, 10, 3)
        ): "one",
        shelf.register(
            "ที่ดิน", from_text="จังหวัดน่าน", to_text="ผู้ว่าฯ แพร่", year=2567, book="sent",
            dated=date(2024, 9, 1),
        ): "two",
    }  # fmt: skip
    shelf.settle()
    for line, wanted in NARROWING:
        assert {names[found or ""] for found in shelf.found(line)} == wanted, line


def test_clicks_narrow_like_words(shelf: Shelf):
    """Filters stand above the line."""
    first = shelf.register("งบประมาณ", year=2567, urgency="ด่วน", dated=date(2024, 1, 5))
    waits = shelf.wait("งบประมาณ")
    shelf.settle()
    assert shelf.found("งบ", year=2567) == [first]
    assert shelf.found("งบ", urgency="ด่วน") == [first]
    assert shelf.found("งบ", kind="waiting") == [waits]
    assert shelf.found("", since=date(2024, 1, 5), until=date(2024, 1, 5)) == [first]
    assert shelf.found("", until=date(2024, 1, 4)) == []


def test_text_of_a_file_is_found_and_the_file_is_named(shelf: Shelf):
    """Most of a letter stands in its PDF."""
    shelf.register("ขอส่ง", files=(("หนังสือ.pdf", "แบบ ปค.๑๔ ว่าด้วยน้ำ"), ("ภาพ.jpg", None)))
    shelf.settle()
    [hit] = shelf.page("ปค.14").hits
    [match] = hit.matches
    start, end = match.spans[0]
    assert (match.where, match.file, match.text[start:end]) == ("file", "หนังสือ.pdf", "ปค.๑๔")


def test_a_match_is_shown_in_the_spelling_of_the_letter(shelf: Shelf):
    """Keys are never shown."""
    shelf.register("ประชุมครั้งที่ ๑๒/๒๕๖๘ เรื่องนํ้า")
    shelf.settle()
    [hit] = shelf.page("12/2568 น้ำ").hits
    match = next(one for one in hit.matches if one.where == "subject")
    assert [match.text[a:b] for a, b in match.spans] == ["๑๒/๒๕๖๘", "นํ้า"]


def test_digest_and_id_are_found_whole(shelf: Shelf):
    """What is printed in a proof leads back to its letter."""
    wanted = shelf.register("หนึ่ง", files=(("ก.pdf", ""),))
    shelf.register("สอง")
    shelf.settle()
    with shelf.database.read() as session:
        entry = session.query(EntryRow).filter_by(letter_id=wanted).one()
        digest = session.get_one(LetterRow, wanted).original_sha256
    assert digest is None
    assert shelf.found(entry.id) == [wanted]
    assert shelf.found(wanted.upper()) == [wanted]


def test_pages_follow_each_other_without_gap_or_double(shelf: Shelf):
    """A cursor holds while new letters come in and segments are made."""
    letters = [shelf.register("งบประมาณ" if at % 3 else "อื่น", "งบ" * 3) for at in range(90)]
    shelf.settle()
    seen, cursor = [], None
    while True:
        page = shelf.page("งบ", limit=7, cursor=cursor)
        seen += [hit.letter_id for hit in page.hits]
        cursor = page.cursor
        if cursor is None:
            break
        if len(seen) == 14:
            for _more in range(40):
                shelf.register("งบประมาณใหม่")
            shelf.settle()
    assert sorted(filter(None, seen)) == sorted(letters)


def test_a_cursor_of_somebody_else_begins_anew(shelf: Shelf):
    """Whoever tampers with an address gets the first page, not an error."""
    wanted = shelf.register("งบ")
    shelf.settle()
    for cursor in ("x", "9.9.1.1.1", "0.0.-1.0.0", "0.1", "0.0.0.0.99999999999"):
        assert [hit.letter_id for hit in shelf.page("งบ", cursor=cursor).hits] == [wanted]


def test_the_total_is_counted_and_capped(shelf: Shelf):
    """Nobody needs to know whether it was twelve or thirteen thousand."""
    for _each in range(30):
        shelf.register("งบ")
    shelf.settle()
    total = shelf.page("งบ", limit=5).total
    assert total is not None
    assert (total.number, total.more) == (30, False)


def test_nothing_found_says_what_was_searched_and_offers_what_is_near(shelf: Shelf):
    """Silence sends people to the paper shelf."""
    shelf.register("ขอส่งคู่มือ", letter_number="มท 0810.3/3780", number=2231)
    shelf.register("ภาพ", files=(("scan.jpg", None),))
    shelf.settle()
    shelf.register("เพิ่งเข้า")
    page = shelf.page("คู่มีอ")
    assert page.offers == ("คู่มือ",)
    assert "๒ ฉบับแล้ว" in page.explained[0]
    assert "อีก ๑ ฉบับ" in page.explained[1]
    assert "มี ๑ ฉบับ" in page.explained[2]
    assert shelf.page("รับ 2213/2568").offers == ("รับ 2231/2568",)
    assert shelf.page("มท 0810.3/3781").offers == ("มท0810.3/3780",)


def test_an_empty_line_finds_nothing_unless_something_narrows(shelf: Shelf):
    """A click alone lists; an empty box does not."""
    wanted = shelf.register("งบ")
    shelf.settle()
    assert shelf.page("  ").hits == ()
    assert [hit.letter_id for hit in shelf.page("", narrowing=Narrowing(year=2568)).hits] == [
        wanted
    ]
