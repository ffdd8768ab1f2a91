"""หนังสือเข้า without script: what is listed for whom, and what its forms do."""

import re

import pytest

from registry.thai.numerals import to_thai
from tests.saraban.office import CLERK, OFFICER, SECRETS
from tests.saraban.web.desk import token_of
from tests.saraban.web.seed import (
    ADMIN,
    AUDITOR,
    CIRCULAR,
    DOUBLE,
    HOSTILE,
    QUESTION,
    SECOND,
    SECRET,
    TOWN_OFFICER,
    waiting,
)


def plain(html):
    """Give a page's text as it is read: without marks between words."""
    return re.sub(r"<wbr>|</?span[^>]*>", "", html)


def form_of(html, action):
    """Give the hidden fields of the form that goes there."""
    form = html.partition(f'action="{action}"')[2].partition("</form>")[0]
    return dict(re.findall(r'name="(\w+)" value="([^"]*)"', form))


def press(client, letter_id, act="register", **more):
    """Open a letter and press one of its buttons; give the answer and the page that follows."""
    html = client.get(f"/inbox/{letter_id}").text
    action = f"/inbox/{letter_id}/{act}"
    return client.post(action, data=form_of(html, action) | more)


def test_the_most_urgent_letter_stands_first_and_all_say_who_vouches(desk):
    html = plain(desk.signed_in().get("/inbox").text)
    assert html.index(CIRCULAR) < html.index(QUESTION)
    assert "ยืนยันผู้ส่งแล้ว" in html
    assert "ยังไม่ยืนยันผู้ส่ง" in html
    assert "อาจเป็นฉบับแทนหนังสือเลขรับ" in html


def test_registering_takes_the_next_number_and_says_it(desk):
    client, letter = desk.signed_in(), waiting(desk.office, QUESTION)
    before = len(desk.office.received())
    assert press(client, letter.id).headers["location"] == "/inbox"
    assert "ลงรับแล้ว เลขรับ" in client.get("/inbox").text
    assert "ลงรับแล้ว เลขรับ" not in client.get("/inbox").text
    assert len(desk.office.received()) == before + 1


def test_a_form_sent_twice_takes_one_number(desk):
    client, letter = desk.signed_in(), waiting(desk.office, QUESTION)
    action = f"/inbox/{letter.id}/register"
    fields = form_of(client.get(f"/inbox/{letter.id}").text, action)
    before = len(desk.office.received())
    answers = [client.post(action, data=fields) for _ in range(2)]
    assert [answer.status_code for answer in answers] == [303, 303]
    assert "ลงรับแล้ว เลขรับ" in client.get("/inbox").text
    assert len(desk.office.received()) == before + 1


def test_of_two_officers_the_second_is_told_who_was_first(desk):
    one, other = desk.signed_in(), desk.signed_in(SECOND)
    letter = waiting(desk.office, QUESTION)
    action = f"/inbox/{letter.id}/register"
    fields = form_of(other.get(f"/inbox/{letter.id}").text, action)
    press(one, letter.id)
    late = other.post(action, data=fields)
    assert late.status_code == 409
    assert OFFICER in late.text


def test_a_form_of_an_older_state_changes_nothing(desk):
    client, letter = desk.signed_in(), waiting(desk.office, QUESTION)
    refused = press(client, letter.id, _version="0123456789abcdef")
    assert refused.status_code == 409
    assert waiting(desk.office, QUESTION).id == letter.id


def test_a_look_alike_asks_first_and_may_be_attached_to_the_number_that_is_there(desk):
    client, letter = desk.signed_in(), waiting(desk.office, DOUBLE)
    before = len(desk.office.received())
    html = client.get(f"/inbox/{letter.id}").text
    assert "แนบกับเลขรับเดิม" in html
    assert "คนละฉบับ" in html
    asked = client.post(f"/inbox/{letter.id}/register", data={"_token": token_of(html)})
    assert asked.headers["location"] == f"/inbox/{letter.id}"
    press(client, letter.id, "attach")
    assert "แนบกับเลขรับ" in client.get("/inbox").text
    assert len(desk.office.received()) == before


def test_a_look_alike_that_is_another_letter_gets_a_number_and_no_hint(desk):
    client, letter = desk.signed_in(), waiting(desk.office, DOUBLE)
    press(client, letter.id)
    newest = desk.office.received()[-1]
    assert newest["subject"] == DOUBLE
    assert newest["note"] == ""


def test_the_chosen_are_registered_but_for_those_that_need_a_look(desk):
    client = desk.signed_in()
    ids = [waiting(desk.office, words).id for words in (QUESTION, CIRCULAR, DOUBLE)]
    html = client.get("/inbox").text
    client.post("/inbox/register", data={"_token": token_of(html), "letter": ids})
    said = client.get("/inbox").text
    last = desk.office.received()[-1]
    first, year = last["number"] - 1, last["year"]
    numbers = to_thai(f"{first}–{last['number']}/{year}")
    assert f"ลงรับแล้ว ๒ ฉบับ เลขรับ {numbers} · เหลือ ๑ ฉบับที่ต้องเปิดดูก่อน" in said
    assert f"/books/received?year={year}&amp;from={first}#n{first}" in said


def test_the_sheet_tells_who_vouches_and_opens_the_words_of_a_letter_without_files(desk):
    client, bare = desk.signed_in(), waiting(desk.office, QUESTION)
    html = client.get(f"/inbox/{bare.id}").text
    assert bare.enclosures == ()
    assert '<details class="mail" open>' in html
    assert "ยังยืนยันผู้ส่งไม่ได้" in html or "จริง" in html
    letter = waiting(desk.office, CIRCULAR)
    assert '<details class="mail" open>' not in client.get(f"/inbox/{letter.id}").text


def test_sending_back_asks_for_a_reason(desk):
    client, letter = desk.signed_in(), waiting(desk.office, QUESTION)
    refused = press(client, letter.id, "return", reason="  ")
    assert refused.status_code == 422
    assert "โปรดเขียนเหตุผลที่ส่งคืน" in refused.text
    assert press(client, letter.id, "return", reason="ส่งผิดหน่วยงาน").status_code == 303


def test_a_hostile_subject_is_only_text(desk):
    client = desk.signed_in()
    html = (
        client.get("/inbox").text + client.get(f"/inbox/{waiting(desk.office, 'onerror').id}").text
    )
    assert "<img src=x" not in html
    assert "<script>" not in html
    assert HOSTILE.startswith('"><img')


def test_letters_of_another_entity_are_not_there(desk):
    town, letter = desk.signed_in(TOWN_OFFICER), waiting(desk.office, QUESTION)
    there, nowhere = town.get(f"/inbox/{letter.id}"), town.get("/inbox/aaaaaaaaaaaaaaaa")
    assert there.status_code == nowhere.status_code == 404
    assert QUESTION not in plain(town.get("/inbox").text)
    data = {"_token": token_of(town.get("/account").text)}
    assert town.post(f"/inbox/{letter.id}/register", data=data).status_code == 404


def test_secret_letters_are_there_for_one_alone_and_say_nothing_before_they_are_opened(desk):
    html = plain(desk.signed_in().get("/inbox").text)
    assert "ลับ" not in html
    assert SECRET not in html
    cleared = plain(desk.signed_in(SECRETS).get("/inbox").text)
    assert "หนังสือที่ยังไม่ได้เปิดอ่าน" in cleared
    assert SECRET not in cleared


@pytest.mark.parametrize("email", [CLERK, AUDITOR])
def test_who_may_only_read_has_no_button_and_cannot_press_it(desk, email):
    client, letter = desk.signed_in(email), waiting(desk.office, QUESTION)
    html = client.get(f"/inbox/{letter.id}").text
    assert "/register" not in html
    data = {"_token": token_of(client.get("/account").text)}
    assert client.post(f"/inbox/{letter.id}/register", data=data).status_code == 403


def test_an_admin_keeps_no_letters(desk):
    client = desk.signed_in(ADMIN)
    assert client.get("/inbox").status_code == 403
    assert client.get("/").headers["location"] != "/inbox"


@pytest.mark.parametrize(("tab", "words"), [("overdue", "ขอรายงานผล"), ("failed", "ขอส่งบัญชี")])
def test_deliveries_that_need_somebody_stand_in_their_list(desk, tab, words):
    assert words in plain(desk.signed_in().get(f"/inbox?show={tab}").text)


def test_numbers_are_in_the_digits_that_the_reader_likes(desk):
    client = desk.signed_in()
    desk.post(client, "/prefs", page="/account", digits="arabic", back="/inbox")
    assert "24 เรื่องรอลงรับ" in client.get("/inbox").text
