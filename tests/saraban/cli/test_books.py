"""The books on the terminal, as JSON and as CSV; searching them; proving them."""

import csv
import io
import sqlite3

import pytest

from registry.thai.layout import display_width
from tests.saraban.office import DLA, OFFICER, PHRAE, SECRETS

KEYS = {
    "id", "entity", "unit", "book", "series", "year", "number", "letter_number", "dated", "from",
    "to", "subject", "urgency", "secrecy", "action", "note", "due", "closed", "date_header",
    "accepted_at", "deemed_received_at", "registered_at", "message_id", "original_sha256", "state",
    "references", "enclosures", "links", "deliveries",
}  # fmt: skip


def test_an_entry_as_json_has_exactly_the_promised_keys(office):
    office.receive()
    [entry] = office.received()
    assert set(entry) == KEYS
    [file] = entry["enclosures"]
    assert set(file) == {
            "name", "role", "bytes", "sha256", "media_type", "split", "url", "withheld",
        }  # fmt: skip


def test_times_carry_their_offset_and_the_message_id_its_brackets(office):
    office.receive()
    [entry] = office.received()
    assert entry["registered_at"].endswith("+07:00")
    assert entry["message_id"].startswith("<")
    assert entry["message_id"].endswith(">")


def test_an_empty_book_is_said_in_words_or_as_an_empty_array(office):
    assert office.run("register", "list").stdout == "ยังไม่มีรายการในทะเบียนหนังสือรับของจังหวัดแพร่\n"
    assert office.received() == []


def test_the_table_is_straight_and_in_thai_digits(office):
    office.receive()
    office.receive(subject="ที่ มท ๐๘๑๐.๗/ว ๓๙๗๕ ขอข้อมูล")
    lines = office.run("register", "list").stdout.splitlines()
    starts = {display_width(line[: line.index("กรมส่งเสริม")]) for line in lines[2:]}
    assert len(starts) == 1
    assert "๑" in lines[2]
    assert "มท ๐๘๑๐.๗/ว ๓๙๗๔" in lines[2]


def test_a_book_may_be_named_in_thai(office):
    office.receive()
    assert len(office.data("register", "list", "--book", "รับ")) == 1


def test_another_year_is_another_book(office):
    office.receive()
    assert office.data("register", "list", "--year", "2560") == []


def test_a_year_of_another_era_is_wrong_usage(office):
    office.run("register", "list", "--year", "2026", code=2)


def test_books_of_units_are_told_apart(office):
    office.run("unit", "add", "fin", "--name", "คลังจังหวัด", "--keeps-books")
    for unit in ((), ("--unit", "fin")):
        office.run("number", "reserve", "--by", OFFICER, *unit)
    shown = office.run("register", "list", "--book", "sent").stdout
    assert shown.startswith("หน่วยงานย่อย")
    found = office.data("register", "list", "--book", "sent")
    assert [(one["unit"], one["number"]) for one in found] == [("", 1), ("fin", 1)]
    [own] = office.data("register", "list", "--book", "sent", "--unit", "FIN")
    assert own["unit"] == "fin"
    office.run("register", "list", "--unit", "nowhere", code=1)


def test_a_place_in_a_units_book_names_the_unit_behind_the_entity(office):
    office.run("unit", "add", "fin", "--name", "คลังจังหวัด", "--keeps-books")
    office.run("number", "reserve", "--by", OFFICER, "--unit", "fin")
    [entry] = office.data("register", "list", "--book", "sent")
    place = f"ส่ง/1/{entry['year']}"
    office.run("letter", "show", place, code=1)
    assert office.data("letter", "show", place, "--entity", "phrae+fin")["id"] == entry["id"]


def test_a_spreadsheet_gets_thai_and_no_formula_of_a_stranger(office):
    office.receive(subject="=HYPERLINK(1) เรื่อง")
    text = office.run("register", "list", "--csv").stdout
    assert text.startswith("\ufeff")
    rows = list(csv.reader(io.StringIO(text.lstrip("\ufeff"))))
    assert rows[0][0] == "เลขรับ"
    assert not any(cell.startswith("=") for row in rows for cell in row)


def test_a_name_that_is_no_book_is_wrong_usage(office):
    office.run("register", "list", "--book", "12/3", code=2)


def test_secret_lines_are_closed_but_their_numbers_are_not(office):
    office.receive(DLA, PHRAE, subject="[ลับ] แผนรักษาความปลอดภัย")
    [waiting] = office.waiting()
    office.run("letter", "accept", waiting["id"], "--by", SECRETS)
    [closed] = office.received()
    [seen] = office.data("register", "list", "--as", SECRETS)
    assert (closed["number"], closed["subject"], closed["from"]) == (1, "", "")
    assert "แผนรักษา" in seen["subject"]


def test_search_finds_pieces_of_words_and_thai_digits(office):
    office.receive()
    office.receive(subject="เรื่องอื่น")
    for query in ("ปรับปรุงคู่", "3974", "๓๙๗๔"):
        assert [one["number"] for one in office.data("search", query)] == [1]


def test_search_finds_entries_whole_and_no_waiting_letter(office):
    office.receive()
    office.receive("x@mail.example", subject="คู่มือ", trusted=False)
    [entry] = office.data("search", "คู่มือ")
    assert set(entry) == KEYS


def test_nothing_found_is_said_in_words_or_as_an_empty_array(office):
    assert "ไม่พบหนังสือ" in office.run("search", "ไม่มีแน่นอน").stdout
    assert office.data("search", "ไม่มีแน่นอน") == []


def test_search_is_narrowed_by_book_year_and_dates(office):
    office.receive("x@mail.example", subject="คู่มือ", trusted=False)
    [waiting] = office.waiting()
    office.run("letter", "accept", waiting["id"], "--by", OFFICER, "--dated", "2025-10-03")
    assert len(office.data("search", "คู่มือ", "--from", "3/10/2568", "--to", "2568-10-03")) == 1
    assert office.data("search", "คู่มือ", "--from", "2025-10-04") == []
    assert office.data("search", "คู่มือ", "--to", "2025-10-02") == []
    assert office.data("search", "คู่มือ", "--book", "sent") == []
    assert office.data("search", "คู่มือ", "--year", "2560") == []


def test_search_reads_the_line_as_the_pages_do(office):
    """Words that narrow, phrases, and what must not be there."""
    office.receive()
    assert len(office.data("search", "ปรับปรุง", "ทะเบียนรับ")) == 1
    assert office.data("search", "ปรับปรุง -คู่มือ") == []
    assert "missing" in office.run("search", code=2).stderr


def test_the_index_is_made_anew_with_progress(office):
    """A rebuild needs no service, and tells how far it is."""
    office.receive()
    said = office.run("search", "--rebuild").stderr
    assert "จาก 1" in said
    assert "ครบถ้วนแล้ว" in said
    assert len(office.data("search", "ปรับปรุงคู่")) == 1


@pytest.mark.parametrize("wrong", [("--from", "เมื่อวาน", 2), ("--entity", "nowhere", 1)])
def test_a_search_that_makes_no_sense_is_refused(office, wrong):
    office.run("search", "คำ", *wrong[:2], code=wrong[2])


def test_a_proof_is_printed_as_a_report_too(office, tmp_path):
    office.receive()
    office.run("proof", "--pdf", str(tmp_path / "proof.pdf"))
    assert (tmp_path / "proof.pdf").read_bytes().startswith(b"%PDF-1.7")


def test_a_proof_that_holds_says_so_with_the_numbers(office):
    office.receive()
    done = office.run("proof").stdout
    assert "๑…๑" in done
    assert "ครบถ้วนถูกต้อง" in done
    assert office.data("proof")["holds"] is True


def test_a_subject_changed_behind_the_books_is_exit_1_and_named(office):
    office.receive()
    with sqlite3.connect(office.folder / "saraban.db") as database:
        database.execute("UPDATE entry SET subject = 'เรื่องอื่น'")
    database.close()
    assert "ไม่ถูกต้อง" in office.run("proof", code=1).stdout
    assert len(office.data("proof", code=1)["problems"]) == 1
