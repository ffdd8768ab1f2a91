"""ผู้ใช้งาน: an administrator's accounts, and nobody else's; passwords shown once."""

import re

import pytest
from sqlalchemy import select, update

from registry import directory
from registry.accounts.passwords import verify_password
from registry.models.evidence import JournalRow
from registry.models.people import OfficerRow
from tests.saraban.office import CLERK, OFFICER, SECRETS
from tests.saraban.web.desk import token_of
from tests.saraban.web.seed import ADMIN, AUDITOR, TOWN_OFFICER

HOSTILE = "<script>alert(1)</script>"


@pytest.fixture
def admin(desk):
    return desk.signed_in(ADMIN)


def number_of(desk, email):
    with desk.runtime.database.read() as session:
        return directory.officer_by_email(session, email).id


def form_of(html, action):
    """Give the fields of the form that goes there, as they are before anybody types."""
    form = html.partition(f'action="{action}"')[2].partition("</form>")[0]
    tags = [tag for tag in re.findall(r"<input[^>]*>", form) if _is_sent(tag)]
    return dict(re.findall(r'name="(\w+)"[^>]* value="([^"]*)"', " ".join(tags)))


def _is_sent(tag):
    return 'type="checkbox"' not in tag or " checked" in tag


def press(client, page, action, **fields):
    """Open a page and send one of its forms; a field that is None is left out."""
    sent = form_of(client.get(page).text, action) | fields
    return client.post(action, data={name: one for name, one in sent.items() if one is not None})


def add(client, **fields):
    given = {"email": "new@phrae.go.th", "role": "auditor", "name": "", "unit": "", "ends": ""}
    return press(client, "/people/new", "/people", **(given | fields))


@pytest.mark.parametrize("email", [OFFICER, CLERK, SECRETS, AUDITOR])
def test_only_an_administrator_has_accounts_in_hand(desk, email):
    client = desk.signed_in(email)
    assert client.get("/people").status_code == 403
    data = {"_token": token_of(client.get("/account").text)}
    number = number_of(desk, email)
    for action in (f"/people/{number}", f"/people/{number}/password", "/people", "/deputies"):
        assert client.post(action, data=data).status_code == 403


def test_officers_of_another_entity_are_not_there(desk, admin):
    assert TOWN_OFFICER not in admin.get("/people").text
    number, data = (
        number_of(desk, TOWN_OFFICER),
        {"_token": token_of(admin.get("/account").text), "role": "clerk"},
    )
    assert admin.get(f"/people/{number}").status_code == 404
    for act in ("", "/password", "/disable", "/sign-out", "/second-factor"):
        assert admin.post(f"/people/{number}{act}", data=data).status_code == 404


def test_a_number_that_no_table_holds_is_not_there(admin):
    assert admin.get(f"/people/{2**40}").status_code == 404
    assert admin.get("/people/one").status_code == 404


def test_a_new_officer_gets_a_password_that_is_shown_once_and_works(desk, admin):
    way = add(admin, name=HOSTILE, ends="๓๐ ก.ย. ๒๕๗๕").headers["location"]
    html = admin.get(way).text
    assert HOSTILE not in html
    shown = press(admin, way, f"{way}/password")
    password = re.search(r"secret-word\">([\w-]+)<", shown.text)[1]
    assert password not in admin.get(way).text
    with desk.runtime.database.read() as session:
        assert verify_password(session, "new@phrae.go.th", password) is not None


@pytest.mark.parametrize(
    ("field", "value", "said"),
    [
        ("email", "", "โปรดพิมพ์อีเมล"),
        ("email", "nobody", "อีเมลไม่ถูกรูปแบบ"),
        ("role", "king", "โปรดเลือกจากรายการ"),
        ("ends", "สักวัน", 'class="field bad"'),
    ],
)
def test_what_is_wrong_in_a_new_account_is_told_and_what_was_typed_stays(admin, field, value, said):
    answer = add(admin, name="สมศรี", **{field: value})
    assert answer.status_code == 422
    assert 'value="สมศรี"' in answer.text
    assert said in answer.text


def test_an_address_that_is_taken_is_told(admin):
    assert add(admin, email=CLERK).status_code == 409


def test_a_changed_role_counts_at_once(desk, admin):
    clerk, number = desk.signed_in(CLERK), number_of(desk, CLERK)
    way = f"/people/{number}"
    answer = press(admin, way, way, role="officer", unit="local", name="สมใจ", ends="")
    assert answer.status_code == 303
    assert clerk.get("/inbox").headers["location"].startswith("/signin")
    assert "เจ้าหน้าที่สารบรรณ" in admin.get(way).text


def test_a_stale_form_of_an_account_changes_nothing(desk, admin):
    way = f"/people/{number_of(desk, CLERK)}"
    old = form_of(admin.get(way).text, way)
    press(admin, way, way, role="officer", unit="")
    again = admin.post(way, data=old | {"_once": "another", "role": "admin"})
    assert again.status_code == 409
    assert "ผู้ดูแลระบบ</p>" not in admin.get(way).text


def test_the_last_administrator_cannot_be_shut_out(desk, admin):
    way = f"/people/{number_of(desk, ADMIN)}"
    assert press(admin, way, f"{way}/disable").status_code == 409
    assert press(admin, way, way, role="clerk", unit="").status_code == 409
    assert admin.get("/people").status_code == 200


def test_a_dismissed_officer_is_out_at_the_next_step(desk, admin):
    clerk, way = desk.signed_in(CLERK), f"/people/{number_of(desk, CLERK)}"
    assert clerk.get("/inbox").status_code == 200
    press(admin, way, f"{way}/disable")
    assert clerk.get("/inbox").status_code == 303
    press(admin, way, f"{way}/enable")
    assert "ใช้งานได้" in admin.get(way).text


def test_a_lost_telephone_is_taken_off_and_open_sessions_with_it(desk, admin):
    with desk.runtime.database.write() as session:
        wanted = update(OfficerRow).where(OfficerRow.email == CLERK)
        session.execute(wanted.values(totp_secret="sealed"))
    clerk, way = desk.signed_in(CLERK), f"/people/{number_of(desk, CLERK)}"
    press(admin, way, f"{way}/second-factor")
    assert "ยังไม่ได้ตั้ง" in admin.get(way).text
    assert clerk.get("/inbox").status_code == 303


def test_signing_out_everywhere_says_how_many(desk, admin):
    clerk, way = desk.signed_in(CLERK), f"/people/{number_of(desk, CLERK)}"
    press(admin, way, f"{way}/sign-out")
    assert "๑ เครื่อง" in admin.get(way).text
    assert clerk.get("/inbox").status_code == 303


def test_a_deputy_is_appointed_for_days_and_may_then_act(desk, admin):
    officer, clerk = number_of(desk, OFFICER), number_of(desk, CLERK)
    way = f"/people/{officer}"
    today = desk.clock.now().date()
    said = f"{today.day}/{today.month}/{today.year + 543}"
    answer = press(admin, way, "/deputies", deputy=str(clerk), from_day=said, to_day=said)
    assert answer.headers["location"] == "/people"
    assert "ปฏิบัติแทน" in desk.signed_in(CLERK).get("/account").text
    html = admin.get("/people").text
    appointment = re.search(r"/deputies/(\d+)/end", html)[1]
    press(admin, "/people", f"/deputies/{appointment}/end")
    assert "ไม่มีผู้ปฏิบัติแทน" in admin.get("/people").text
    again = {"_token": token_of(html)}
    assert admin.post(f"/deputies/{appointment}/end", data=again).status_code == 404


@pytest.mark.parametrize(("first", "last"), [("3/10/2569", "2/10/2569"), ("1/1/2560", "2/1/2560")])
def test_days_that_run_backwards_or_are_over_are_refused(desk, admin, first, last):
    way = f"/people/{number_of(desk, OFFICER)}"
    clerk = str(number_of(desk, CLERK))
    answer = press(admin, way, "/deputies", deputy=clerk, from_day=first, to_day=last)
    assert answer.status_code == 422
    assert "วันสุดท้ายต้องไม่ก่อนวันแรก" in answer.text


def test_the_matrix_says_who_may_what(admin):
    html = admin.get("/people/rights").text
    row = html.partition("อ่านหนังสือที่มีชั้นความลับ")[2].partition("</tr>")[0]
    assert row.count("ได้</span>") - row.count("ไม่ได้</span>") == 1


def test_an_officer_of_secret_letters_is_cleared_up_to_a_grade_and_the_journal_says_so(desk, admin):
    way = f"/people/{number_of(desk, SECRETS)}"
    assert "ถึงชั้นลับที่สุด" in admin.get("/people").text
    done = press(admin, way, way, role="secret-officer", unit="", clearance="ลับ")
    assert done.status_code == 303
    assert '<option value="ลับ" selected>' in admin.get(way).text
    assert "ถึงชั้นลับ<" in admin.get("/people").text
    [listed] = [one for one in desk.office.data("officer", "list") if one["email"] == SECRETS]
    assert listed["clearance"] == "ลับ"
    with desk.runtime.database.read() as session:
        wanted = select(JournalRow).where(JournalRow.act == "officer-changed")
        [line] = session.scalars(wanted).all()
    assert (line.actor, line.facts["clearance"]) == (ADMIN, "ลับ")


def test_a_form_that_does_not_ask_for_the_grade_leaves_it_and_none_is_made_up(desk, admin):
    way = f"/people/{number_of(desk, SECRETS)}"
    press(admin, way, way, role="secret-officer", unit="", clearance="ลับมาก")
    press(admin, way, way, role="secret-officer", unit="", name="วิไล")
    assert '<option value="ลับมาก" selected>' in admin.get(way).text
    wrong = press(admin, way, way, role="secret-officer", unit="", clearance="ลับๆ")
    assert wrong.status_code == 422
    assert "โปรดเลือกจากรายการ" in wrong.text


def test_a_new_officer_of_secret_letters_begins_with_their_grade(desk, admin):
    way = add(admin, role="secret-officer", clearance="ลับ").headers["location"]
    assert "ถึงชั้นลับ<" in admin.get("/people").text
    assert '<option value="ลับ" selected>' in admin.get(way).text


def test_a_grade_shows_no_secret_letter_to_who_is_no_officer_of_them(desk, admin):
    """Nor does it to the administrator, whatever they write into their own account."""
    for email, role in ((CLERK, "clerk"), (ADMIN, "admin")):
        way = f"/people/{number_of(desk, email)}"
        assert press(admin, way, way, role=role, unit="", clearance="ลับมาก").status_code == 303
        head = admin.get(way).text.partition("<h1>")[2].partition("</div>")[0]
        assert "ถึงชั้น" not in head
        with desk.runtime.database.read() as session:
            assert directory.officer_by_email(session, email).grade is None


@pytest.mark.parametrize("email", [OFFICER, CLERK, SECRETS, AUDITOR])
def test_nobody_else_clears_anybody(desk, email):
    client, number = desk.signed_in(email), number_of(desk, SECRETS)
    data = {"_token": token_of(client.get("/account").text), "role": "secret-officer"}
    assert client.post(f"/people/{number}", data=data | {"clearance": ""}).status_code == 403
