"""The other forms of a book are offered where the book is, and by a command."""

import io

import openpyxl
from pypdf import PdfReader

from registry.books.listforms import FORMS
from registry.clock import buddhist_year
from tests.saraban.web.seed import TOWN_OFFICER


def test_each_form_that_a_book_has_is_offered_and_given(desk):
    client, year = desk.signed_in(), buddhist_year(desk.clock.now())
    html = client.get("/books/sent").text
    for number, form in FORMS.items():
        assert form.title in html
        given = client.get(f"/books/sent/forms/{number}/pdf?year={year}")
        assert given.status_code == 200
        assert len(PdfReader(io.BytesIO(given.content)).pages) >= 1
    assert "สมุดส่งหนังสือ" not in client.get("/books/received").text
    sheet = client.get(f"/books/sent/forms/16/xlsx?year={year}")
    rows = list(openpyxl.load_workbook(io.BytesIO(sheet.content)).active.values)
    assert rows[0] == FORMS["16"].heads
    assert {row[3] for row in rows[1:]} == {"กรมส่งเสริมการปกครองท้องถิ่น"}
    for path in ("forms/18/pdf", "forms/16/csv"):
        assert client.get(f"/books/sent/{path}").status_code == 404
    town = desk.signed_in(TOWN_OFFICER).get(f"/books/sent/forms/16/xlsx?year={year}")
    assert len(list(openpyxl.load_workbook(io.BytesIO(town.content)).active.values)) == 1


def test_the_command_prints_a_form_of_the_book_it_is_for(desk):
    run = desk.office.run
    assert run("register", "print", "--entity", "phrae", "--form", "16").stdout_bytes.startswith(
        b"%PDF"
    )
    data = run(
        "register", "print", "--entity", "phrae", "--form", "19", "--format", "xlsx"
    ).stdout_bytes
    assert next(openpyxl.load_workbook(io.BytesIO(data)).active.values) == FORMS["19"].heads
    run("register", "print", "--entity", "phrae", "--form", "19", "--format", "csv", code=2)
