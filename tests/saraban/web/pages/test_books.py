"""The books without script: their lines, parts, files and closing."""

import csv
import io
from datetime import datetime, timedelta

import openpyxl
import pypdf
import pytest
from sqlalchemy import select

from registry import directory, entries, letters
from registry.clock import BANGKOK, FrozenClock, buddhist_year
from registry.desk.accept import accept
from registry.entries import BookKey, EntryFields
from registry.models.access import ReadingRow
from tests.saraban.office import CLERK, OFFICER, SECRETS
from tests.saraban.web.desk import token_of
from tests.saraban.web.pages.test_inbox import form_of, plain
from tests.saraban.web.seed import ADMIN, AUDITOR, DOUBLE, HOSTILE, TOWN_OFFICER

LAST_YEAR = datetime(2024, 12, 30, 9, 0, tzinfo=BANGKOK)


@pytest.fixture
def year(desk) -> int:
    """The พ.ศ. year in which the tests run."""
    return buddhist_year(desk.clock.now())


@pytest.fixture
def old_book(desk) -> str:
    """A hundred and twenty numbers of 2567, ten a day; the second void, the third corrected."""
    with desk.runtime.database.write() as session:
        own = directory.entity_by_code(session, "phrae")
        key = BookKey(own.id, "", "received", "ordinary", 2567)
        for n in range(120):
            clock = FrozenClock(LAST_YEAR - timedelta(days=11 - n // 10))
            content = EntryFields(subject=f"เรื่องที่ {n + 1} จบ", from_text="กรม")
            row = entries.write(session, key, None, content, OFFICER, clock)
            if n == 1:
                entries.void(session, row.id, OFFICER, "ลงซ้ำกับเลขก่อน", at=LAST_YEAR)
            if n == 2:
                entries.amend(session, row.id, OFFICER, "พิมพ์ผิด", at=LAST_YEAR, subject="เรื่องที่ถูกต้อง")
    return "/books/received"


def pressed(client, page: str, action: str, **more):
    """Press the button of a form on a page, and give the answer."""
    html = client.get(page).text
    found = html.partition(f'action="{action}')[2].partition('"')[0]
    assert f'action="{action}' in html, html
    path = (action + found).replace("&amp;", "&")
    return client.post(path, data=form_of(html, action + found) | more)


def test_the_book_has_the_columns_of_form_13_in_their_order(desk):
    html = plain(desk.signed_in().get("/books/received").text)
    places = [html.index(f">{word}</th>") for word in (
        "เลขทะเบียนรับ", "ที่", "ลงวันที่", "จาก", "ถึง", "เรื่อง", "การปฏิบัติ", "หมายเหตุ",
    )]  # fmt: skip
    assert places == sorted(places)
    assert DOUBLE in html


def test_the_sent_book_has_its_own_number_column(desk):
    html = plain(desk.signed_in(CLERK).get("/books/sent").text)
    assert ">เลขทะเบียนส่ง</th>" in html
    assert "ขอรายงานผลการดำเนินงาน" in html


def test_an_auditor_reads_the_books_an_admin_does_not_and_another_entity_has_its_own(desk):
    assert desk.signed_in(AUDITOR).get("/books/received").status_code == 200
    assert desk.signed_in(ADMIN).get("/books/received").status_code == 403
    html = desk.signed_in(TOWN_OFFICER).get("/books/received").text
    assert DOUBLE not in plain(html)
    assert "ไม่มีรายการ" in html


def test_a_year_opens_at_its_last_page_and_goes_back_page_by_page(desk, old_book):
    client = desk.signed_in()
    html = plain(client.get(f"{old_book}?year=2567").text)
    assert "เรื่องที่ 120 จบ" in html
    assert "เรื่องที่ 100 จบ" not in html
    html = plain(client.get(f"{old_book}?year=2567&from=51").text)
    assert "เรื่องที่ 51 จบ" in html
    assert "เรื่องที่ 101 จบ" not in html


def test_a_month_and_a_day_show_their_lines_alone(desk, old_book):
    client = desk.signed_in()
    html = plain(client.get(f"{old_book}", params={"day": "๓๐ ธันวาคม ๒๕๖๗"}).text)
    assert "เรื่องที่ 111 จบ" in html
    assert "เรื่องที่ 110 จบ" not in html
    html = plain(client.get(f"{old_book}?year=2567&month=11").text)
    assert "ไม่มีรายการ" in html


def test_a_number_is_jumped_to_in_either_digits(desk, old_book):
    client = desk.signed_in()
    for asked in ("๗๗", "77/2567", "รับ ๗๗/๒๕๖๗"):
        found = client.get(old_book, params={"go": asked, "year": "2567"})
        assert found.headers["location"].endswith("#n77"), asked
    assert 'id="n77"' in client.get(found.headers["location"]).text


def test_a_number_that_is_not_there_is_told(desk, old_book):
    client = desk.signed_in()
    for asked, told in (
        ("999", "ไม่มีเลข ๙๙๙"), ("ไม่ใช่เลข", "ไม่ใช่เลขทะเบียน"), ("0", "ไม่ใช่เลขทะเบียน"),
    ):  # fmt: skip
        assert told in client.get(old_book, params={"go": asked, "year": "2567"}).text


def test_an_address_that_makes_no_sense_leads_to_a_page_or_is_not_found(desk):
    client, book = desk.signed_in(), "/books/received"
    for query in (
        "year=๒๕๖๗", "year=x&month=99&from=-1", "day=31 ก.พ. 2567", "series=nothing&from=9e9",
    ):  # fmt: skip
        assert client.get(f"{book}?{query}").status_code == 200, query
    for path in ("/books/none", "/books/received?unit=none", "/books/a%2Fb"):
        assert client.get(path).status_code == 404, path


def test_a_void_number_says_why_and_a_corrected_value_is_struck_through(desk, old_book):
    html = plain(desk.signed_in().get(f"{old_book}?year=2567&from=1").text)
    assert "ยกเลิกเลข" in html
    assert "ลงซ้ำกับเลขก่อน" in html
    assert "<del>ข้อความเดิม เรื่องที่ 3 จบ</del>" in html
    assert "เรื่องที่ถูกต้อง" in html


def test_the_secret_book_is_for_the_cleared(desk):
    runtime = desk.runtime
    with runtime.database.write() as session:
        for one in letters.waiting(session, "phrae"):
            if one.secrecy:
                accept(session, runtime.desk, one.id, SECRETS)
    assert desk.signed_in().get("/books/received?series=secret").status_code == 403
    assert "series=secret" not in desk.signed_in().get("/books/received").text
    html = plain(desk.signed_in(SECRETS).get("/books/received?series=secret").text)
    assert "แผนรักษาความปลอดภัย" in html
    assert desk.signed_in().get("/books/received/export/csv?series=secret").status_code == 403


def test_hostile_subjects_stay_text(desk):
    runtime = desk.runtime
    with runtime.database.write() as session:
        found = [one for one in letters.waiting(session, "phrae") if HOSTILE in one.subject]
        accept(session, runtime.desk, found[0].id, OFFICER)
    client = desk.signed_in()
    html = client.get("/books/received").text
    assert "<script>alert" not in html
    assert "&lt;script&gt;" in plain(html).replace("&lt;<wbr>", "&lt;")
    assert client.get("/books/received/export/pdf").content[:5] == b"%PDF-"


def test_the_part_that_is_shown_is_printed_and_the_look_is_noted(desk, old_book):
    client = desk.signed_in()
    found = client.get(f"{old_book}/export/pdf?year=2567&month=12")
    assert found.headers["content-type"] == "application/pdf"
    assert "filename*=UTF-8''" in found.headers["content-disposition"]
    text = "".join(page.extract_text() for page in pypdf.PdfReader(io.BytesIO(found.content)).pages)
    assert "หน้า ๒" in text
    with desk.runtime.database.read() as session:
        [reading] = session.scalars(select(ReadingRow).where(ReadingRow.what == "print"))
    assert (reading.who, reading.detail) == (OFFICER, "received/ordinary/2567 1-120 pdf")


def test_a_book_is_taken_out_for_spreadsheets(desk, old_book):
    client = desk.signed_in()
    text = client.get(f"{old_book}/export/csv?year=2567").content.decode("utf-8-sig")
    assert len(list(csv.reader(io.StringIO(text)))) == 121
    data = client.get(f"{old_book}/export/xlsx?year=2567").content
    assert openpyxl.load_workbook(io.BytesIO(data)).active.max_row == 121
    assert client.get(f"{old_book}/export/exe?year=2567").status_code == 404


def test_a_year_is_closed_and_opened_again_with_a_reason(desk, old_book):
    client, page = desk.signed_in(), f"{old_book}/closing?year=2567"
    assert ">ปิดทะเบียน<" in client.get(f"{old_book}?year=2567").text
    assert pressed(client, page, f"{old_book}/close").status_code == 303
    book = client.get(f"{old_book}?year=2567").text
    assert ">เปิดทะเบียนอีกครั้ง<" in book
    assert ">ปิดทะเบียน<" not in book
    html = plain(client.get(page).text)
    assert "ปิดแล้ว" in html
    assert "๑๒๐ เลข ยกเลิก ๑" in html
    assert "ปิดทะเบียนแล้ว" in client.get(f"{old_book}?year=2567").text
    bare = pressed(client, page, f"{old_book}/reopen", reason=" ")
    assert bare.status_code == 422
    assert "โปรดเขียนเหตุผล" in bare.text
    assert pressed(client, page, f"{old_book}/reopen", reason="ต้องยกเลิกเลข ๕").status_code == 303
    assert "ต้องยกเลิกเลข ๕" in client.get(page).text


def test_a_year_that_runs_is_not_closed_and_the_page_says_when(desk, year):
    client = desk.signed_in()
    assert "/closing" not in client.get("/books/received").text
    html = client.get(f"/books/received/closing?year={year}").text
    assert "/books/received/close?" not in html
    assert "๑ มกราคม" in html
    refused = client.post(
        f"/books/received/close?year={year}", data={"_token": token_of(client.get("/account").text)}
    )
    assert refused.status_code == 409
    assert "๑ มกราคม" in refused.text


def test_two_officers_who_close_at_once_close_it_once(desk, old_book):
    page = f"{old_book}/closing?year=2567"
    one, other = desk.signed_in(), desk.signed_in(SECRETS)
    html = other.get(page).text
    assert pressed(one, page, f"{old_book}/close").status_code == 303
    late = other.post(
        f"{old_book}/close?year=2567", data=form_of(html, f"{old_book}/close?year=2567")
    )
    assert late.status_code == 409
    assert "ปิดไว้แล้ว" in late.text


def test_a_clerk_sees_the_closing_and_does_not_close(desk, old_book):
    client = desk.signed_in(CLERK)
    html = client.get(f"{old_book}/closing?year=2567").text
    assert "เจ้าหน้าที่สารบรรณเป็นผู้ปิด" in html
    token = client.get("/account").text.partition('name="_token" value="')[2].partition('"')[0]
    assert client.post(f"{old_book}/close?year=2567", data={"_token": token}).status_code == 403
