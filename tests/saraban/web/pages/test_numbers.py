"""จองเลข: reserved, used on paper, voided with a reason; by its officers alone."""

from tests.saraban.office import CLERK
from tests.saraban.web.desk import token_of
from tests.saraban.web.pages.test_inbox import form_of, plain
from tests.saraban.web.seed import TOWN_OFFICER


def reserve(client, **fields):
    """Reserve a number by the form; give the path of its slip."""
    data = form_of(client.get("/numbers").text, "/numbers") | {"book": "ส่ง"} | fields
    return client.post("/numbers", data=data)


def act(client, slip, what, **fields):
    """Send one of the forms beside a reserved number."""
    path = f"/numbers/{slip.rpartition('/')[2]}/{what}"
    return client.post(path, data=form_of(client.get("/numbers").text, path) | fields)


def test_a_number_is_reserved_and_stands_among_those_that_wait(desk):
    client = desk.signed_in()
    slip = reserve(client, subject="คำสั่งแต่งตั้ง", circular="yes").headers["location"]
    html = client.get(slip).text
    assert "พิมพ์ใบจองเลข" in html
    assert "ใบเลขรับ" not in html
    assert "คำสั่งแต่งตั้ง" in plain(client.get("/numbers").text)


def test_a_reserved_number_is_used_for_paper_and_waits_no_more(desk):
    client = desk.signed_in()
    slip = reserve(client, subject="คำขอ").headers["location"]
    assert act(client, slip, "paper", subject="", to="").status_code == 422
    done = act(client, slip, "paper", subject="คำขอ", to="อธิบดี", way="post")
    assert done.headers["location"] == slip
    assert "ไฟล์สแกน" in client.get(slip).text
    data = {"_token": token_of(client.get("/account").text), "subject": "คำขอ", "to": "อธิบดี"}
    late = client.post(f"/numbers/{slip.rpartition('/')[2]}/paper", data=data)
    assert late.status_code == 422
    assert "ไม่ได้จองไว้แล้ว" in late.text
    assert "ไม่มีเลขที่จองค้าง" in client.get("/numbers").text


def test_a_void_number_keeps_its_reason(desk):
    client = desk.signed_in()
    slip = reserve(client, subject="ผิดเรื่อง").headers["location"]
    assert act(client, slip, "void", reason=" ").status_code == 422
    assert act(client, slip, "void", reason="<b>เลิก</b>").status_code == 303
    html = client.get("/numbers").text
    assert "&lt;b&gt;" in html
    assert "<b>เลิก" not in html


def test_any_number_is_voided_by_its_place(desk):
    client = desk.signed_in()
    year = desk.office.received()[0]["year"]
    data = form_of(client.get("/numbers").text, "/numbers/void")
    wrong = client.post("/numbers/void", data=data | {"place": "รับ/99999/2568", "reason": "ผิด"})
    assert wrong.status_code == 422
    data = form_of(client.get("/numbers").text, "/numbers/void")
    done = client.post("/numbers/void", data=data | {"place": f"รับ/1/{year}", "reason": "ผิด"})
    assert done.status_code == 303
    assert desk.office.received()[0]["state"] == "void"


def test_others_reserve_nothing_and_void_nothing(desk):
    slip = reserve(desk.signed_in()).headers["location"]
    clerk, town = desk.signed_in(CLERK), desk.signed_in(TOWN_OFFICER)
    assert clerk.get("/numbers").status_code == 403
    data = {"_token": token_of(town.get("/account").text), "reason": "ไม่ชอบ"}
    path = f"/numbers/{slip.rpartition('/')[2]}/void"
    assert town.post(path, data=data).status_code == 404
