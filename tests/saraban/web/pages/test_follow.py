"""ติดตาม and โทรตาม: who has answered, who is reminded, what was heard."""

import re

import pytest

from registry import outbox
from registry.letter.delivery import DeliveryState
from tests.saraban.office import CLERK
from tests.saraban.web.pages.test_inbox import form_of, plain
from tests.saraban.web.pages.test_send import Pen, sent
from tests.saraban.web.seed import AUDITOR, TOWN_OFFICER

LATE, LOST = "ขอรายงานผลการดำเนินงาน", "ขอส่งบัญชีรายชื่อ"


@pytest.fixture
def letter(desk):
    """A letter to two entities, asking for a report, that has left; one has received it."""
    Pen(desk).go(to=["dla", "town"], due="๓๑ ธ.ค. ๒๕๙๙")
    entry = sent(desk)[-1]
    with desk.runtime.database.write() as session:
        for one in outbox.listing(session, states=("queued",), entry_id=entry["id"]):
            if one.delivery_id is not None:
                outbox.move(session, one.delivery_id, DeliveryState.SENT, at=desk.clock.now())
                last = one.delivery_id
        outbox.move(
            session, last, DeliveryState.REGISTERED, at=desk.clock.now(), remote_number="๗๗/๒๕๖๘"
        )
    return entry["id"]


def press(client, entry_id, act, **fields):
    """Open a letter's page and press one of its buttons."""
    page = f"/follow/{entry_id}"
    html = client.get(page).text
    form = f"{page}/recall" if act == "recall" else f"{page}/remind"
    chosen = re.findall(r'name="delivery" value="(\d+)"', html)
    data = form_of(html, form) | {"delivery": chosen} | fields
    return client.post(f"{page}/{act}", data=data)


def told(client):
    """Give what the next page says was done."""
    return plain(client.get("/follow").text)


FILTERS = (
    ("open", LATE, "ไม่มีที่ไหน"), ("late", LATE, LOST), ("unreceived", LOST, "ไม่มีที่ไหน"),
    ("urgent", "ไม่มีเรื่องค้าง", LATE), ("all", LOST, "ไม่มีที่ไหน"), ("'--", LATE, "ไม่มีที่ไหน"),
)  # fmt: skip


def test_filters_narrow_the_list(desk):
    client = desk.signed_in()
    for show, there, not_there in FILTERS:
        html = plain(client.get("/follow", params={"show": show}).text)
        assert there in html, show
        assert not_there not in html, show


def test_one_may_look_at_ones_own_alone(desk, letter):
    html = plain(desk.signed_in(CLERK).get("/follow?show=all&mine=1").text)
    assert LATE in html
    assert "ขอเชิญประชุมหัวหน้าส่วนราชการ" not in html


def test_a_letter_shows_each_addressee_with_its_receive_number(desk, letter):
    html = plain(desk.signed_in().get(f"/follow/{letter}").text)
    assert "๗๗/๒๕๖๘" in html
    assert html.count('name="delivery"') == 2
    assert "จาก ๒" in plain(desk.signed_in().get("/follow").text)


def test_a_reminder_goes_to_who_still_owes_and_once_a_day(desk, letter):
    client = desk.signed_in()
    press(client, letter, "remind", words="โปรดเร่งรัด")
    assert "ส่งอีเมลติดตามแล้ว ๒ ราย" in told(client)
    assert press(client, letter, "remind").status_code == 409


def test_a_report_by_another_way_is_noted_and_taken_back(desk, letter):
    client = desk.signed_in()
    assert press(client, letter, "reported", how="").status_code == 422
    press(client, letter, "reported", how="กรอกแบบออนไลน์")
    html = plain(client.get(f"/follow/{letter}").text)
    assert "รายงานทางอื่นแล้ว: กรอกแบบออนไลน์" in html
    press(client, letter, "not-reported")
    assert "ยกเลิกการบันทึกว่ารายงานแล้ว" in told(client)


def test_nobody_chosen_is_told(desk, letter):
    refused = press(desk.signed_in(), letter, "remind", delivery=[])
    assert refused.status_code == 422
    assert "ยังไม่ได้เลือกผู้รับ" in refused.text


def test_a_recall_asks_for_a_reason_and_its_state_is_shown(desk, letter):
    client = desk.signed_in()
    assert press(client, letter, "recall", reason="").status_code == 422
    press(client, letter, "recall", reason="ส่งผิดเรื่อง")
    html = plain(client.get(f"/follow/{letter}").text)
    assert "ขอเรียกคืนแล้ว" in html
    assert "ส่งผิดเรื่อง" in html
    assert "/recall" not in html


@pytest.mark.parametrize(("email", "status"), [(TOWN_OFFICER, 404), (AUDITOR, 403)])
def test_others_follow_nothing_of_ours(desk, letter, email, status):
    client = desk.signed_in(email)
    assert client.get(f"/follow/{letter}").status_code == status
    data = form_of(client.get("/account").text, "/signout") | {"delivery": ["1"], "words": ""}
    assert client.post(f"/follow/{letter}/remind", data=data).status_code == status


def test_a_call_is_written_down_and_a_number_heard_registers(desk):
    client = desk.signed_in()
    html = client.get("/calls").text
    action = re.search(r'action="(/calls/\d+)"', html)[1]
    refused = client.post(action, data=form_of(html, action) | {"result": ""})
    assert refused.status_code == 422
    data = form_of(refused.text, action) | {
        "spoke_to": "คุณมาลี", "result": "ได้รับแล้ว", "remote_number": "๑๒/๒๕๖๘",
    }  # fmt: skip
    client.post(action, data=data)
    after = plain(client.get("/calls").text)
    assert "สถานะ ลงรับแล้ว" in after
    assert action not in after


def test_calls_of_another_entity_are_not_there(desk):
    action = re.search(r'action="(/calls/\d+)"', desk.signed_in().get("/calls").text)[1]
    town = desk.signed_in(TOWN_OFFICER)
    assert LATE not in plain(town.get("/calls").text)
    data = form_of(town.get("/account").text, "/signout") | {"result": "x"}
    assert town.post(action, data=data).status_code == 404
