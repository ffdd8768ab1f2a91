"""A book's year on paper and its end; the evidence file of one number."""

import io
from datetime import datetime

import openpyxl
import pypdf
import pytest

from registry import directory, entries
from registry.clock import BANGKOK, FrozenClock
from registry.entries import BookKey, EntryFields
from tests.saraban.office import DLA, OFFICER, PHRAE, SECRETS

LAST_YEAR = datetime(2024, 12, 30, 9, 0, tzinfo=BANGKOK)


@pytest.fixture
def old_book(office) -> None:
    """Two numbers in the received book of 2567."""
    runtime = office.runtime()
    with runtime.database.write() as session:
        own = directory.hosted(session)[0]
        key = BookKey(own.id, "", "received", "ordinary", 2567)
        for subject in ("เรื่องแรก", "เรื่องที่สอง"):
            content = EntryFields(subject=subject)
            entries.write(session, key, None, content, OFFICER, FrozenClock(LAST_YEAR))
    runtime.close()


def text_of(pdf: bytes) -> str:
    pages = pypdf.PdfReader(io.BytesIO(pdf)).pages
    return "".join(page.extract_text() for page in pages).replace("\n", "")


def test_a_years_book_is_closed_and_tells_what_it_holds(office, old_book):
    done = office.run("register", "close", "--year", "2567", "--by", OFFICER)
    assert "เลข ๑…๒" in done.stderr
    office.run("number", "void", "รับ/1/2567", "--by", OFFICER, "--reason", "ผิด", code=1)


def test_a_closed_book_is_opened_with_a_reason_that_is_kept(office, old_book):
    office.run("register", "close", "--year", "2567", "--by", OFFICER)
    office.run("register", "reopen", "--year", "2567", "--by", OFFICER, "--reason", "ลงผิดเรื่อง")
    office.run("number", "void", "รับ/1/2567", "--by", OFFICER, "--reason", "ผิด")
    shown = office.run("register", "closings", "--year", "2567").stdout
    assert "ลงผิดเรื่อง" in shown


def test_only_a_registry_officer_closes_a_book(office, old_book):
    done = office.run("register", "close", "--year", "2567", "--by", "somjai@phrae.go.th", code=1)
    assert "ไม่มีสิทธิ" in done.stderr


def test_this_years_book_is_not_closed(office):
    office.receive()
    year = office.received()[0]["year"]
    assert office.run("register", "close", "--year", str(year), "--by", OFFICER, code=1)


def test_a_book_that_was_never_closed_says_so(office):
    assert "ยังไม่เคยปิด" in office.run("register", "closings", "--year", "2567").stdout


def test_a_book_is_printed_as_pdf(office, old_book):
    pdf = office.run("register", "print", "--year", "2567").stdout_bytes
    assert "ทะเบียนหนังสือรับ" in text_of(pdf)
    assert "เรื่องที่สอง" in text_of(pdf)


def test_some_days_of_a_book_are_printed(office, old_book):
    pdf = office.run(
        "register", "print", "--year", "2567", "--from", "1 ธ.ค. 2567", "--to", "29 ธ.ค. 2567"
    ).stdout_bytes  # fmt: skip
    assert "ไม่มีรายการ" in text_of(pdf)


def test_a_book_is_written_for_a_spreadsheet(office, old_book):
    data = office.run("register", "print", "--year", "2567", "--format", "xlsx").stdout_bytes
    assert openpyxl.load_workbook(io.BytesIO(data)).active.max_row == 3
    data = office.run("register", "print", "--year", "2567", "--format", "csv").stdout_bytes
    assert data.startswith(b"\xef\xbb\xbf")


def test_the_evidence_file_tells_line_letter_files_journal_and_proof(office):
    office.receive()
    [entry] = office.received()
    done = office.run("evidence", f"รับ/{entry['number']}/{entry['year']}")
    text = text_of(done.stdout_bytes)
    for told in (
        "หลักฐานของทะเบียนหนังสือรับ", "บรรทัดในทะเบียน", "หนังสือ.pdf", entry["original_sha256"][:32],
        entry["enclosures"][0]["sha256"][:32], "ลงทะเบียน", "ผลการตรวจสอบเลขนี้", "ปลายบันทึก",
    ):  # fmt: skip
        assert told in text, told
    assert "ไม่ถูกต้อง:" not in text


def test_the_evidence_file_says_what_was_changed_behind_the_register(office):
    office.receive()
    runtime = office.runtime()
    with runtime.database.write() as session:
        session.connection().exec_driver_sql("UPDATE entry SET subject = 'อื่น'")
    runtime.close()
    [entry] = office.received()
    text = text_of(office.run("evidence", entry["id"]).stdout_bytes)
    assert "ไม่ถูกต้อง:" in text
    assert "ถูกแก้นอกระบบ" in text


def test_the_evidence_of_a_sent_letter_has_its_deliveries(office):
    letter = office.draft()
    office.run("letter", "accept", letter, "--by", OFFICER)
    [entry] = office.data("register", "list", "--book", "sent")
    text = text_of(office.run("evidence", entry["id"], "--arabic").stdout_bytes)
    assert "ส่งถึง" in text
    assert DLA in text


def test_evidence_of_a_secret_number_is_for_the_cleared(office):
    office.receive(DLA, PHRAE, subject="[ลับ] แผนรักษาความปลอดภัย")
    [waiting] = office.data("letter", "waiting", "--as", SECRETS)
    office.run("letter", "accept", waiting["id"], "--by", SECRETS)
    [entry] = office.data("register", "list")
    assert "มีชั้นความลับ" in office.run("evidence", entry["id"], code=1).stderr
    assert office.run("evidence", entry["id"], "--as", SECRETS).stdout_bytes[:5] == b"%PDF-"
