"""Scans are read with eyes after plain text, a page at a time, and end in a clear state."""

from PIL import Image
from sqlalchemy import select

from benchmarks.reading.layered import as_lines, layered
from registry import paper_claims
from registry.letter.page import Page
from registry.models.letters import LetterRow
from registry.models.paper import FileLookRow, PaperReadingRow
from registry.pdf.sight import TOO_LARGE
from registry.texts import leaves
from registry.texts.extract import NO_LETTERS, SCAN, WAITS
from registry.texts.reader import DEAR_PAGE
from tests.registry.texts import papers
from tests.registry.texts.conftest import of, rows, said
from tests.registry.texts.scans import as_file, drawn

SUBJECT = "เรื่อง การปรับปรุงคู่มือสำหรับประชาชน"


def waiting(database) -> list[list[int]]:
    with database.read() as session:
        return list(session.scalars(select(FileLookRow.pages)))


def detail(database, letter_id: str) -> str:
    row = of(database, letter_id)
    return "" if row is None else row.detail


def kept(database) -> list[tuple[int, str, str]]:
    with database.read() as session:
        [sha256] = rows(database)
        return [(one.number, one.source, one.text) for one in leaves.pages_of(session, sha256)]


def test_a_scan_waits_until_plain_text_was_read_and_is_then_read_from_its_picture(
    database, reading, letter, clock
):
    scan = letter(as_file("PDF", drawn(SUBJECT)))
    one = reading()
    assert one.turn() == 1
    assert (said(database, scan), detail(database, scan)) == (("none", ""), WAITS)
    with database.write() as session:
        assert paper_claims.claim(session, scan, clock.now()) is None
    plain = letter(b"plain", "text/plain")
    assert one.turn() == 1
    assert said(database, plain) == ("done", "plain")
    assert said(database, scan) == ("none", "")
    assert one.turn() == 1
    assert said(database, scan) == ("done", SUBJECT)
    assert detail(database, scan) == "อ่านจากภาพ ๑ หน้า ตัวอักษรบางตัวอาจไม่ตรง"
    with database.read() as session:
        row = session.get_one(PaperReadingRow, scan)
        assert (row.state, row.at) == ("pending", clock.now())
    assert waiting(database) == []


def test_a_reader_killed_between_two_pages_goes_on_with_the_second(database, reading, letter):
    blank = drawn()
    picture = letter(as_file("TIFF", drawn("หน้าที่หนึ่ง"), *[blank] * 4), "image/tiff")
    one = reading()
    one.turn()
    one.turn()
    assert waiting(database) == [[2, 3, 4, 5]]
    assert said(database, picture) == ("none", "\f" * 4)
    again = reading()
    while again.turn():
        pass
    assert said(database, picture) == ("done", "หน้าที่หนึ่ง" + "\f" * 4)
    assert detail(database, picture).endswith("; ๔ หน้าไม่มีข้อความ")
    assert kept(database) == [(1, "ocr", "หน้าที่หนึ่ง")]


def test_only_so_many_pages_of_a_file_are_looked_at_the_last_among_them(database, reading, letter):
    many = letter(as_file("TIFF", *[drawn()] * 9), "image/tiff")
    one = reading(ocr_pages=3)
    one.turn()
    assert waiting(database) == [[1, 2, 9]]
    while one.turn():
        pass
    assert said(database, many)[0] == "none"
    assert detail(database, many) == "อ่านจากภาพเพียง ๓ หน้า"


def test_a_page_without_letters_says_so(database, reading, letter):
    blank = letter(as_file("PNG", drawn()), "image/png")
    one = reading()
    while one.turn():
        pass
    assert (said(database, blank)[0], detail(database, blank)) == ("none", NO_LETTERS)


def test_without_tesseract_a_scan_says_so_and_is_read_once_it_is_there(database, reading, letter):
    scan = letter(as_file("PDF", drawn(SUBJECT)))
    without = reading(ocr_languages="xyz")
    while without.turn():
        pass
    assert (said(database, scan), detail(database, scan)) == (("none", ""), SCAN)
    one = reading()
    while one.turn():
        pass
    assert said(database, scan) == ("done", SUBJECT)


def test_a_page_over_which_the_reader_dies_is_passed_over(database, reading, letter, monkeypatch):
    deadly = letter(as_file("TIFF", drawn(), drawn()), "image/tiff")
    one = reading()
    one.turn()
    monkeypatch.setenv("SARABAN_FAULT", "in_a_file")
    one.reader._apart.close()
    one = reading()
    for _ in range(3):
        assert waiting(database) == [[1, 2]]
        one.turn()
    assert waiting(database) == [[2]]
    for _ in range(3):
        one.turn()
    assert (said(database, deadly)[0], detail(database, deadly)) == ("none", DEAR_PAGE)


def test_a_picture_that_is_too_large_says_so(database, reading, letter):
    large = letter(as_file("PNG", Image.new("1", (12_000, 12_000))), "image/png")
    one = reading()
    while one.turn():
        pass
    assert (said(database, large)[0], detail(database, large)) == ("none", TOO_LARGE)


def test_a_marking_on_the_first_page_is_told_before_anything_of_it_is_kept(
    database, reading, letter
):
    scan = letter(as_file("PDF", drawn("ลับ", SUBJECT)))
    told: list[str] = []

    def hide(session, sha256: str, page: Page) -> None:
        told.append(page.text)
        if page.lines:
            session.get_one(LetterRow, scan).state = "secret"

    one = reading(hide=hide)
    while one.turn():
        pass
    assert told == ["", f"ลับ\n{SUBJECT}"]
    assert said(database, scan)[1] == ""
    with database.read() as session:
        assert all(
            not page.lines for sha in rows(database) for page in leaves.pages_of(session, sha)
        )


def test_a_letter_that_becomes_secret_is_not_looked_at_any_more(database, reading, letter):
    scan = letter(as_file("PDF", drawn(SUBJECT)))
    one = reading()
    one.turn()
    with database.write() as session:
        session.get_one(LetterRow, scan).state = "secret"
    one.turn()
    assert waiting(database) == []


def test_files_read_before_pages_were_kept_are_read_again(database, reading, letter):
    old = letter(papers.saying(b"(old) Tj"))
    reading().turn()
    with database.write() as session:
        leaves.drop_pages(session, list(rows(database)))
    one = reading()
    while one.turn():
        pass
    assert said(database, old) == ("done", "old")
    assert kept(database) == [(1, "text", "old")]


def test_words_behind_a_scan_give_way_to_what_is_seen_of_it(database, reading, letter):
    """A layer reads fluently and is wrong: ๒๕๖๕ where the paper says ๒๕๕๘."""
    meant = "เรื่อง คู่มือสำหรับประชาชน พ.ศ. ๒๕๕๘"
    wrong = as_lines("เรื่อง คุณภาพสำหรับประชาชน พ.ศ. ๒๕๖๕")
    scan = letter(layered(as_file("PDF", drawn(meant)), wrong))
    one = reading()
    one.turn()
    assert (kept(database)[0][1], waiting(database)) == ("text", [[1]])
    one.turn()
    assert kept(database) == [(1, "ocr", meant)]
    assert said(database, scan) == ("done", meant)


def test_words_behind_a_scan_stay_where_hardly_any_are_seen(database, reading, letter):
    behind = as_lines("เรื่อง การปรับปรุงคู่มือสำหรับประชาชน")
    scan = letter(layered(as_file("PDF", drawn("คู่มือ")), behind))
    one = reading()
    while one.turn():
        pass
    assert kept(database)[0][1] == "text"
    assert said(database, scan) == ("done", "เรื่อง การปรับปรุงคู่มือสำหรับประชาชน")
