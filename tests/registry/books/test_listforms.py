"""Forms 16, 17, 19, 20 and 25 are filled from what the books know, and nothing else."""

import io
from datetime import date, timedelta

import openpyxl
import pytest
from pypdf import PdfReader

from registry import deliveries, entries
from registry.books.bookform import in_digits
from registry.books.listfiles import write_list
from registry.books.listforms import FORMS, rows_of
from registry.clock import BANGKOK
from registry.models.books import EntryRow
from registry.models.outgoing import DeliveryRow
from registry.thai.dates import long_date
from registry.thai.numerals import to_thai

OFFICER = "somsri@phrae.example"
SUBJECT = "ขอให้รายงานผลการเตรียมความพร้อมรับสถานการณ์น้ำท่วม"


@pytest.fixture
def sent(database, office, clock):
    """Two sent letters, one of them to two addressees of whom one has registered it; one void."""
    key = entries.BookKey(office.phrae, "", "sent", "ordinary", 2568)
    with database.write() as session:
        for n in (1, 2, 3):
            content = entries.EntryFields(
                letter_number=f"พร 0023.3/{n}", dated=date(2025, 10, 3), subject=SUBJECT,
                from_text="จังหวัดแพร่", to_text="นายอำเภอ", secrecy="ลับ" if n == 2 else None,
            )  # fmt: skip
            made = entries.write(session, key, None, content, OFFICER, clock)
            for name in ("เทศบาลเมืองแพร่", "อำเภอสอง")[: 3 - n]:
                session.add(
                    DeliveryRow(
                        entry_id=made.id, to_address=f"{name}@x.example", to_name=name,
                        at=clock.now(), position=0,
                    )
                )  # fmt: skip
            session.flush()
            if n == 3:
                entries.void(session, made.id, OFFICER, "ออกซ้ำ", at=clock.now())
        first = session.query(DeliveryRow).order_by(DeliveryRow.id).first()
        deliveries.move(session, first.id, "sent", clock.now())
        clock.advance(timedelta(minutes=5))
        deliveries.move(session, first.id, "registered", clock.now(), remote_number="7/2568")
    return key


@pytest.fixture
def received(database, office, clock):
    """Three received letters, of which the second's matter is closed."""
    key = entries.BookKey(office.phrae, "", "received", "ordinary", 2568)
    with database.write() as session:
        for n in (1, 2, 3):
            content = entries.EntryFields(
                letter_number=f"มท 0810/{n}", dated=date(2025, 9, 16), subject=SUBJECT,
                accepted_at=clock.now(),
            )  # fmt: skip
            made = entries.write(session, key, None, content, OFFICER, clock)
            if n == 2:
                session.get_one(EntryRow, made.id).closed = clock.now()
    return key


@pytest.fixture
def rows(database, clock):
    """Give the rows of a form."""

    def read(form, key, *, cleared=True, now=None):
        with database.read() as session:
            return list(
                rows_of(
                    session, form, key, 1, 99, cleared=cleared, keep_years=10,
                    now=now or clock.now(),
                )
            )  # fmt: skip

    return read


def test_the_delivery_book_has_a_row_for_each_addressee_and_what_became_of_it(rows, sent, clock):
    first, second, *others = rows("16", sent, cleared=False)
    assert others == []  # a secret letter and a void number are not told
    assert first == (
        "1", "จังหวัดแพร่", "นายอำเภอ", "เทศบาลเมืองแพร่", "เลขรับ 7/2568", clock.now(), "ลงรับแล้ว",
    )  # fmt: skip
    assert second[3:] == ("อำเภอสอง", "", "", "รอส่ง")
    assert len(rows("16", sent)) == 3
    [slip, waits] = rows("17", sent, cleared=False)
    assert slip[:3] == ("พร 0023.3/1", "เทศบาลเมืองแพร่", SUBJECT)
    assert slip[5] == "เลขรับ 7/2568"
    assert waits[3:] == ("", "", "")


def test_the_day_of_receipt_is_that_of_the_receive_number_and_never_of_the_report(
    rows, sent, database, clock
):
    registered = clock.now()
    clock.advance(timedelta(days=19))
    with database.write() as session:
        first, second, *_ = session.query(DeliveryRow).order_by(DeliveryRow.id)
        deliveries.reported(session, first.id, at=clock.now())
        deliveries.reported(session, second.id, at=clock.now())
    [numbered, other] = rows("16", sent, cleared=False)
    assert (numbered[5], other[5]) == (registered, "")
    [slip, other] = rows("17", sent, cleared=False)
    at = registered.astimezone(BANGKOK)
    assert slip[3:] == (at.date(), f"{at:%H.%M} น.", "เลขรับ 7/2568")
    assert other[3:] == ("", "", "")


def test_lists_of_keeping_name_what_was_closed_and_until_when(rows, received):
    assert rows("19", received) == [(1, "มท 0810/2", date(2025, 9, 16), SUBJECT, "10 ปี", "")]
    [(_, day, number, letter, subject, code, until, _)] = rows("20", received)
    assert (number, letter, subject, code, until) == (
        "2/2568", "มท 0810/2", SUBJECT, "", "ถึง พ.ศ. 2578",
    )  # fmt: skip
    assert isinstance(day, date)


def test_nothing_is_listed_for_destruction_before_its_years_are_over(rows, received, clock):
    assert rows("25", received) == []
    assert rows("25", received, now=clock.now() + timedelta(days=10 * 366)) == []
    later = rows("25", received, now=clock.now() + timedelta(days=11 * 366))
    assert [row[0] for row in later] == [1, 2, 3]
    assert later[0][1:6] == ("", "มท 0810/1", date(2025, 9, 16), "1/2568", SUBJECT)


def test_a_form_of_sent_letters_has_no_rows_of_another_book(rows, received):
    assert rows("16", received) == rows("17", received) == []


@pytest.mark.parametrize("number", FORMS)
def test_each_form_is_printed_with_its_heads_on_every_page(number, clock):
    form, thai = FORMS[number], number in {"16", "17"}
    values = {"ลำดับที่": 1, "เรื่อง": SUBJECT, "ลงวันที่": date(2025, 9, 16), "วันและเวลา": clock.now()}
    row = tuple(values.get(head, "ข้อความ 12") for head in form.heads)
    out = io.BytesIO()
    write_list(out, "pdf", [row] * 60, form, "จังหวัดแพร่", of="ปี 2568", at=clock.now(), thai=thai)
    found = PdfReader(io.BytesIO(out.getvalue())).pages
    pages = [page.extract_text().replace("\u0e4d\u0e32", "ำ") for page in found]
    assert len(pages) > 1
    for page in pages:
        assert form.title in page
        assert form.heads[-1] in page
    assert ("๑๒" in pages[0]) is thai
    assert "เรื่อง" not in form.heads or "นํ้าท่วม" in "".join(pages[0].split())


def test_a_sheet_has_the_heads_real_days_and_no_formula_of_a_stranger(clock):
    out = io.BytesIO()
    form = FORMS["19"]
    write_list(
        out, "xlsx", [(1, "=1+1", date(2025, 9, 16), SUBJECT, "10 ปี", "")], form, "", of="",
        at=clock.now(),
    )  # fmt: skip
    sheet = openpyxl.load_workbook(io.BytesIO(out.getvalue())).active
    assert tuple(cell.value for cell in sheet[1]) == form.heads
    assert (sheet["B2"].data_type, sheet["B2"].value) == ("s", "=1+1")
    assert sheet["C2"].value.date() == date(2025, 9, 16)
    assert sheet["A2"].value == 1


def test_a_time_in_a_sheet_is_that_of_a_clock_on_a_wall(clock):
    out, at = io.BytesIO(), clock.now().replace(microsecond=183_000)
    write_list(out, "xlsx", [(at,)], FORMS["19"], "", of="", at=clock.now())
    cell = openpyxl.load_workbook(io.BytesIO(out.getvalue())).active["A2"]
    assert cell.value == at.astimezone(BANGKOK).replace(microsecond=0, tzinfo=None)


def test_an_empty_form_says_so_and_can_be_printed(clock):
    for form in FORMS.values():
        out = io.BytesIO()
        write_list(out, "pdf", [], form, "จังหวัดแพร่", of="ปี 2568", at=clock.now())
        [page] = PdfReader(io.BytesIO(out.getvalue())).pages
        assert "ไม่มีรายการ" in page.extract_text()


def test_what_is_too_long_for_a_slip_is_set_smaller_and_ends_in_dots_at_last(clock):
    def printed(subject: str) -> str:
        out = io.BytesIO()
        row = ("พร 0023.3/1", "นายอำเภอสูงเม่น", subject, "", "", "")
        write_list(out, "pdf", [row], FORMS["17"], "จังหวัดแพร่", of="", at=clock.now())
        [page] = PdfReader(io.BytesIO(out.getvalue())).pages
        return "".join(page.extract_text().split())

    assert "น้ำท่วม" in printed(SUBJECT * 2).replace("\u0e4d\u0e32", "ำ").replace("นํ้า", "น้ำ")
    assert "…" not in printed(SUBJECT * 2)
    assert "…" in printed(SUBJECT * 9)


def test_the_sheets_of_form_25_bear_its_day(clock):
    out = io.BytesIO()
    row = tuple("1" for _ in FORMS["25"].heads)
    write_list(out, "pdf", [row], FORMS["25"], "จังหวัดแพร่", of="ปี 2558", at=clock.now())
    [page] = PdfReader(io.BytesIO(out.getvalue())).pages
    assert f"วันที่ {to_thai(long_date(clock.now().date()))}" in page.extract_text()


def test_an_address_keeps_its_figures_in_thai_print():
    said = "รุ่นที่ 1 https://forms.example/d/1FA?x=2 หรือ a1@phrae2.example ภายใน 3 วัน"
    shown = "รุ่นที่ ๑ https://forms.example/d/1FA?x=2 หรือ a1@phrae2.example ภายใน ๓ วัน"
    assert in_digits(said, thai=True) == shown
    assert in_digits(shown, thai=False) == said
