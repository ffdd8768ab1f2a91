"""รอออกเลข: what waits for an officer is looked at as it would go, sent, or given back."""

import httpx
import pytest
from sqlalchemy import update

from registry.accounts.api_tokens import Scope
from registry.models.letters import LetterRow
from tests.saraban.api.conftest import token_of as program_token
from tests.saraban.office import CLERK, OFFICER, SECRETS
from tests.saraban.web.pages.test_inbox import form_of, plain
from tests.saraban.web.pages.test_send import Pen, sent
from tests.saraban.web.seed import AUDITOR, SECOND, TOWN_OFFICER

SUBJECT = "ขอส่งแผนปฏิบัติราชการ"


@pytest.fixture
def draft(desk):
    """The id of a draft that a clerk handed in by mail."""
    return desk.office.draft(SUBJECT)


def press(client, letter_id, act, at=0, **fields):
    """Open a draft and press one of its buttons."""
    html = client.get(f"/drafts/{letter_id}").text
    action = f"/drafts/{letter_id}/{act}"
    for _ in range(at):
        html = html.partition(f'action="{action}"')[2]
    return client.post(action, data=form_of(html, action) | fields)


def test_a_draft_is_shown_as_it_would_go_and_sent(desk, draft):
    client, before = desk.signed_in(), len(sent(desk))
    assert SUBJECT in plain(client.get("/drafts").text)
    html = plain(client.get(f"/drafts/{draft}").text)
    assert "กรมส่งเสริมการปกครองท้องถิ่น" in html
    assert "จึงเรียน" in html or "เรียน ผู้ว่าราชการจังหวัดแพร่" in html
    assert len(sent(desk)) == before
    assert press(client, draft, "send").headers["location"].startswith("/follow/")
    assert len(sent(desk)) == before + 1
    assert "/send/undo/" in client.get("/drafts").text


def test_a_number_on_the_paper_that_is_not_the_next_is_explained_with_ways_on(desk):
    draft = desk.office.draft("ที่ พร ๐๐๒๓/๙๙๙ ขอส่งรายงาน")
    client = desk.signed_in()
    html = plain(client.get(f"/drafts/{draft}").text)
    assert "ยังส่งตามนี้ไม่ได้" in html
    assert "๙๙๙" in html
    assert press(client, draft, "send", number="paper").status_code == 409
    assert press(client, draft, "send", number="fresh").status_code == 303
    assert sent(desk)[-1]["number"] != 999


def test_a_secret_draft_is_seen_by_its_officer_alone_and_only_given_back(desk):
    draft = desk.office.draft("[ลับ] แผน")
    assert desk.signed_in().get(f"/drafts/{draft}").status_code == 404
    html = desk.signed_in(SECRETS).get(f"/drafts/{draft}").text
    assert "ยังส่งตามนี้ไม่ได้" in plain(html)
    assert f"/drafts/{draft}/send" not in html
    assert f"/drafts/{draft}/return" in html


def test_giving_back_asks_why_and_the_clerk_begins_anew_from_it(desk):
    Pen(desk, CLERK).go()
    draft = desk.office.waiting()[-1]["id"]
    officer, clerk = desk.signed_in(), desk.signed_in(CLERK)
    refused = press(officer, draft, "return", reason=" ")
    assert refused.status_code == 422
    assert "โปรดเขียนว่าต้องแก้อะไร" in refused.text
    press(officer, draft, "return", reason="แก้ชื่อเรื่อง")
    assert "แก้ชื่อเรื่อง" in plain(clerk.get("/drafts").text)
    again = clerk.get(f"/send?again={draft}").text
    assert "ขอเชิญประชุมหัวหน้าส่วนราชการ" in again


def test_of_two_officers_the_second_is_told_who_was_first(desk, draft):
    one, other = desk.signed_in(), desk.signed_in(SECOND)
    action = f"/drafts/{draft}/send"
    data = form_of(other.get(f"/drafts/{draft}").text, action)
    press(one, draft, "send")
    late = other.post(action, data=data)
    assert late.status_code == 409
    assert OFFICER in late.text


def test_a_clerk_sees_their_own_and_cannot_send(desk, draft):
    client = desk.signed_in(CLERK)
    html = client.get(f"/drafts/{draft}").text
    assert "/send" not in html.partition('class="acts"')[2]
    data = {"_token": html.partition('name="_token" value="')[2].partition('"')[0]}
    data = data if data["_token"] else form_of(client.get("/account").text, "/signout")
    assert client.post(f"/drafts/{draft}/send", data=data).status_code == 403


def test_nobody_opens_or_begins_from_the_draft_of_another_clerk(desk, draft):
    with desk.runtime.database.write() as session:
        wanted = update(LetterRow).where(LetterRow.id == draft)
        session.execute(wanted.values(clerk="another@phrae.go.th"))
    for who in (CLERK, AUDITOR):
        client = desk.signed_in(who)
        assert client.get(f"/letters/{draft}").status_code == 404
        assert client.get(f"/send?again={draft}").status_code in {403, 404}
    assert desk.signed_in().get(f"/letters/{draft}").status_code == 200
    token = program_token(desk, Scope.READ, officer=CLERK)
    headers = {"Authorization": f"Bearer {token}"}
    with httpx.Client(base_url=f"{desk.url}/api/v1", headers=headers) as program:
        assert program.get(f"/letters/{draft}").status_code == 404
        found = program.get("/letters", params={"direction": "out"}).json()["items"]
    assert draft not in [one["id"] for one in found]


@pytest.mark.parametrize(("email", "status"), [(TOWN_OFFICER, 404), (AUDITOR, 403)])
def test_others_have_no_draft(desk, draft, email, status):
    assert desk.signed_in(email).get(f"/drafts/{draft}").status_code == status
