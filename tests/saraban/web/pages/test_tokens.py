"""โปรแกรมที่เชื่อมต่อ: an administrator's tokens and webhooks, shown once, ended at once."""

import re

import httpx
import pytest

from registry.accounts import api_tokens
from tests.saraban.office import CLERK, OFFICER, SECRETS
from tests.saraban.web.pages.test_inbox import form_of
from tests.saraban.web.seed import ADMIN, AUDITOR, SECOND, TOWN_OFFICER

NAME = "<script>เบิกจ่าย"


@pytest.fixture
def admin(desk):
    return desk.signed_in(ADMIN)


def make(client, **fields):
    """Fill in the form of a token and send it; give the answer."""
    given = {"name": NAME, "scope": ["read"], "officer": "", "days": ""}
    data = form_of(client.get("/tokens").text, "/tokens") | given | fields
    return client.post("/tokens", data=data)


def secret_in(html):
    """Give the token that a page shows."""
    return re.search(r"sbn_[\w-]+", html)[0]


@pytest.mark.parametrize("who", [OFFICER, CLERK, SECRETS, AUDITOR])
def test_only_an_administrator_comes_here(desk, who):
    client = desk.signed_in(who)
    assert client.get("/tokens").status_code == 403
    assert desk.post(client, "/tokens", name="x", scope="read").status_code == 403


def test_a_token_is_shown_once_works_and_tells_when_it_was_used(desk, admin):
    answer = make(admin)
    assert (answer.status_code, answer.headers["cache-control"]) == (200, "no-store")
    secret, listed = secret_in(answer.text), admin.get("/tokens").text
    assert secret not in listed
    assert "&lt;script&gt;" in listed
    assert "ยังไม่เคยใช้" in listed
    headers = {"Authorization": f"Bearer {secret}"}
    with httpx.Client(base_url=desk.url) as program:
        assert program.get("/api/v1/letters", headers=headers).status_code == 200
        assert "ยังไม่เคยใช้" not in admin.get("/tokens").text
        number = re.search(r"/tokens/(\d+)/revoke", listed)[1]
        ended = admin.post(
            f"/tokens/{number}/revoke", data=form_of(listed, f"/tokens/{number}/revoke")
        )
        assert ended.headers["location"] == "/tokens"
        assert program.get("/api/v1/letters", headers=headers).status_code == 401
    assert "ยกเลิกแล้ว" in admin.get("/tokens").text
    assert "ยกเลิกโทเค็นของโปรแกรม" in admin.get("/journal").text


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"name": " "}, "โปรดพิมพ์ชื่อโปรแกรม"), ({"scope": []}, "โปรดเลือกสิทธิ"),
        ({"scope": ["secret"], "officer": SECRETS}, "โปรดเลือกสิทธิ"),
        ({"scope": ["register"]}, "สิทธินี้ต้องระบุเจ้าหน้าที่"),
        ({"scope": ["register"], "officer": TOWN_OFFICER}, "สิทธินี้ต้องระบุเจ้าหน้าที่"),
        ({"days": "99999"}, "ไม่เกินสิบปี"), ({"days": "สิบ"}, "โปรดพิมพ์เป็นตัวเลข"),
    ],
)  # fmt: skip
def test_what_is_no_good_makes_none_and_is_told(desk, admin, fields, said):
    answer = make(admin, **fields)
    assert (answer.status_code, said in answer.text) == (422, True)
    with desk.runtime.database.read() as session:
        assert api_tokens.listing(session) == []


def test_a_token_of_an_officer_says_in_whose_name_and_when_they_are_gone(desk, admin):
    assert make(admin, scope=["register", "send"], officer=SECOND).status_code == 200
    listed = admin.get("/tokens").text
    assert ("วิชัย แพร่งาม" in listed, "ใช้ได้</span>" in listed) == (True, True)
    desk.office.run("officer", "disable", SECOND)
    assert "เจ้าหน้าที่พ้นหน้าที่" in admin.get("/tokens").text


def test_a_form_sent_twice_makes_one_token(desk, admin):
    data = form_of(admin.get("/tokens").text, "/tokens") | {"name": "ก", "scope": "read"}
    answers = [admin.post("/tokens", data=data).status_code for _ in range(2)]
    assert answers == [200, 409]
    with desk.runtime.database.read() as session:
        assert len(api_tokens.listing(session)) == 1


def test_tokens_of_another_entity_are_not_there(desk, admin):
    desk.office.run("officer", "add", "admin@town.go.th", "--entity", "town", "--role", "admin")
    make(admin)
    number = re.search(r"/tokens/(\d+)/revoke", admin.get("/tokens").text)[1]
    other = desk.signed_in("admin@town.go.th")
    assert "ยังไม่มีโปรแกรมที่เชื่อมต่อ" in other.get("/tokens").text
    assert desk.post(other, f"/tokens/{number}/revoke").status_code == 404


def test_an_address_hears_of_events_until_it_is_ended(admin):
    html = admin.get("/tokens").text
    data = form_of(html, "/tokens/hooks") | {"url": "https://program.example/in"}
    made = admin.post("/tokens/hooks", data=data | {"event": ["registered", "x"]})
    assert "whsec_" in made.text
    listed = admin.get("/tokens").text
    assert "https://program.example/in" in listed
    assert "whsec_" not in listed
    number = re.search(r"/tokens/hooks/(\d+)/end", listed)[1]
    admin.post(f"/tokens/hooks/{number}/end", data=form_of(listed, f"/tokens/hooks/{number}/end"))
    assert "เลิกแล้ว" in admin.get("/tokens").text


def test_an_address_that_is_none_is_told(admin):
    data = form_of(admin.get("/tokens").text, "/tokens/hooks") | {"url": "file:///etc/passwd"}
    answer = admin.post("/tokens/hooks", data=data)
    assert (answer.status_code, "ที่อยู่ต้องเป็น https://" in answer.text) == (422, True)
