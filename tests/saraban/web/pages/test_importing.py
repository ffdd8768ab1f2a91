"""นำเข้าทะเบียนเดิม: columns, a trial that changes nothing, and the register in the books."""

import html as entities
import re

import pytest

from tests.registry.importing.books import HEADING, line, workbook
from tests.saraban.office import CLERK
from tests.saraban.web.desk import token_of
from tests.saraban.web.pages.test_inbox import plain
from tests.saraban.web.seed import SECOND

HOSTILE = "<script>alert(1)</script>"
ROWS = (HEADING, line("๑"), line(2), line(2), line("3/2568", subject=HOSTILE), line(6), line("๗ก"))


def form_of(page, action):
    """Give what a browser would send of the form that goes there."""
    form = page.partition(f'action="{action}"')[2].partition("</form>")[0]
    fields = dict(re.findall(r'<input[^>]*? name="([\w.]+)"[^>]*? value="([^"]*)"', form))
    for name, options in re.findall(
        r'<select[^>]*? name="([\w.]+)">(.*?)</select>', form, re.DOTALL
    ):
        fields[name] = next(iter(re.findall(r'value="(\w*)" selected', options)), "")
    fields.pop("leave_out", None)
    return {name: entities.unescape(value) for name, value in fields.items()}


def opened(client, path, **fields):
    """Choose a file; give the page of its columns."""
    data = form_of(client.get("/import").text, "/import") | {"year": "๒๕๖๘"} | fields
    with path.open("rb") as file:
        return client.post("/import", data=data, files={"enclosure_files": (path.name, file)})


def tried(client, path):
    """Go on to the trial."""
    page = opened(client, path).text
    return client.post("/import/try", data=form_of(page, "/import/try"))


def book(desk):
    found = desk.office.data("register", "list", "--entity", "phrae", "--year", "2568")
    return [(one["number"], one["state"]) for one in found]


@pytest.fixture
def old(tmp_path):
    return workbook(tmp_path / "ทะเบียนรับ ๒๕๖๘.xlsx", ROWS)


def test_columns_are_guessed_and_the_first_rows_shown(desk, old):
    page = opened(desk.signed_in(), old).text
    assert form_of(page, "/import/try")["column.subject"] == "7"
    assert "&lt;script&gt;" in page
    assert HOSTILE not in page


def test_the_trial_tells_each_odd_row_and_changes_nothing(desk, old):
    page = plain(tried(desk.signed_in(), old).text)
    for words in (
        'แถวที่ <b class="num">๗</b>: “๗ก” ไม่ใช่เลขทะเบียน',
        "เลข ๒ ซ้ำกับแถวที่ ๓",
        "๔–๕",
        "ข้าม ๒ แถว",
    ):
        assert words in page
    assert book(desk) == []


def test_it_is_taken_over_once_though_the_form_is_sent_twice(desk, old):
    client = desk.signed_in()
    data = form_of(tried(client, old).text, "/import/commit")
    assert client.post("/import/commit", data=data).status_code == 422
    again = form_of(tried(client, old).text, "/import/commit") | {"leave_out": "yes"}
    answers = [client.post("/import/commit", data=again) for _ in range(2)]
    assert [one.status_code for one in answers] == [303, 303]
    assert "นำเข้าแล้ว ๔ รายการ เลขถัดไปคือ ๗" in client.get("/import").text
    assert book(desk)[3:] == [(4, "void"), (5, "void"), (6, "registered")]
    assert desk.office.data("proof")["problems"] == []
    assert "นำเข้าจากทะเบียนเดิม" in plain(client.get("/books/received?year=2568").text)
    first = desk.office.data("register", "list", "--entity", "phrae", "--year", "2568")[0]["id"]
    assert client.get(f"/entries/{first}").status_code == 200


def test_a_plan_that_is_old_is_shown_again_instead_of_being_carried_out(desk, old):
    one, other = desk.signed_in(), desk.signed_in(SECOND)
    plans = [form_of(tried(who, old).text, "/import/commit") for who in (one, other)]
    assert one.post("/import/commit", data=plans[0] | {"leave_out": "yes"}).status_code == 303
    late = other.post("/import/commit", data=plans[1] | {"leave_out": "yes"})
    assert late.status_code == 409
    assert len(book(desk)) == 6


def test_columns_without_a_number_are_asked_for(desk, old):
    client = desk.signed_in()
    data = form_of(opened(client, old).text, "/import/try") | {"column.number": ""}
    refused = client.post("/import/try", data=data)
    assert refused.status_code == 422
    assert "โปรดเลือกคอลัมน์ของ เลขทะเบียน" in refused.text


@pytest.mark.parametrize(
    ("body", "fields", "words"),
    [
        (b"PK\x03\x04 broken", {}, "โปรดบันทึกเป็น .xlsx"),
        (b"a,b\n", {"year": "12"}, "โปรดพิมพ์ปี"),
        (b"a,b\n", {"book": "1/2"}, "ชื่อทะเบียนใช้ไม่ได้"),
    ],
)
def test_what_cannot_be_read_is_told_in_words(desk, tmp_path, body, fields, words):
    path = tmp_path / "a.xlsx"
    path.write_bytes(body)
    refused = opened(desk.signed_in(), path, **fields)
    assert refused.status_code == 422
    assert words in refused.text


def test_another_officers_file_is_not_read(desk, old):
    page = opened(desk.signed_in(), old).text
    other = desk.signed_in(SECOND)
    data = form_of(page, "/import/try") | {"_token": token_of(other.get("/account").text)}
    refused = other.post("/import/try", data=data)
    assert refused.status_code == 422
    assert "ขอเชิญประชุม" not in refused.text


def test_a_clerk_imports_nothing(desk, old):
    assert desk.signed_in(CLERK).get("/import").status_code == 403
