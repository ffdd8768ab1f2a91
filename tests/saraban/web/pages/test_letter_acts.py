"""What the forms of a letter's page do, and what they refuse: each act once, told, and by whom."""

import re
from datetime import timedelta

from registry import directory
from registry.accounts import deputies
from tests.saraban.office import CLERK, OFFICER
from tests.saraban.web import papers
from tests.saraban.web.looking import page, send
from tests.saraban.web.pages.test_inbox import form_of, plain
from tests.saraban.web.seed import AUDITOR, SECOND


def test_a_correction_strikes_through_what_stood_there(desk, entry):
    client = desk.signed_in()
    fields = {
        "subject": "เรื่องที่ถูกต้อง", "letter_number": "มท ๐๘๑๐.๓/๗๘", "dated": "๑๗ กันยายน ๒๕๖๒",
        "from_text": entry.from_text, "to_text": entry.to_text, "urgency": "ด่วน", "action": "",
        "note": "", "reason": "เทียบกับต้นฉบับแล้ว",
    }  # fmt: skip
    assert send(client, entry.id, "amend", **fields).status_code == 303
    html = page(client, entry.id)
    assert f"<del>{papers.SUBJECT}</del>" in html
    assert "<del>๑๖ กันยายน ๒๕๖๒</del>" in html
    assert f"แก้โดย {OFFICER}" in html
    assert html.count("เทียบกับต้นฉบับแล้ว") == 4  # beside each value; not once more as a note
    after = papers.entry(desk.office, entry.id)
    assert (after.subject, after.letter_number, after.urgency) == (
        "เรื่องที่ถูกต้อง",
        "มท 0810.3/78",
        "ด่วน",
    )


def test_a_correction_that_cannot_be_read_is_told_and_what_was_typed_stays(desk, entry):
    refused = send(
        desk.signed_in(), entry.id, "amend", subject="ใหม่กว่า", dated="๙๙ มกราคม", reason="x"
    )
    assert refused.status_code == 422
    assert "ใหม่กว่า" in refused.text
    assert "๙๙ มกราคม" in refused.text
    assert papers.entry(desk.office, entry.id).subject == papers.SUBJECT


def test_a_correction_without_a_reason_changes_nothing(desk, entry):
    refused = send(desk.signed_in(), entry.id, "amend", subject="ใหม่", reason=" ")
    assert (refused.status_code, "โปรดเขียนเหตุผลที่แก้ไข" in refused.text) == (422, True)


def test_a_stale_form_corrects_nothing(desk, entry):
    one, other = desk.signed_in(), desk.signed_in(SECOND)
    action = f"/entries/{entry.id}/amend"
    fields = form_of(one.get(f"/entries/{entry.id}").text, action)
    send(other, entry.id, "amend", subject="ของคนแรก", reason="แก้ก่อน")
    late = one.post(action, data=fields | {"subject": "ของคนหลัง", "reason": "แก้ทีหลัง"})
    assert (late.status_code, "มีผู้แก้ไขรายการนี้" in late.text) == (409, True)
    assert papers.entry(desk.office, entry.id).subject == "ของคนแรก"


def test_an_officer_confirms_the_line(desk, entry):
    client = desk.signed_in()
    send(client, entry.id, "confirm")
    assert "ยืนยันแล้ว" in page(client, entry.id)


def test_presenting_writes_the_mail_and_offers_to_take_it_back(desk, entry):
    client = desk.signed_in()
    send(client, entry.id, "propose", to=SECOND, words="เห็นควรมอบ สถจ.")
    html = page(client, entry.id)
    assert "รอคำสั่ง" in html
    assert "เห็นควรมอบ สถจ." in html
    undo = re.search(rf"/entries/{entry.id}/propose/\d+/back", html)
    assert undo
    client.post(undo[0], data=form_of(html, undo[0]))
    assert "ถอนคืนแล้ว" in page(client, entry.id)


def test_the_one_asked_orders_in_the_pages(desk, entry):
    send(desk.signed_in(), entry.id, "propose", to=SECOND)
    send(desk.signed_in(SECOND), entry.id, "endorse", words="ดำเนินการตามเสนอ <b>")
    html = page(desk.signed_in(), entry.id)
    assert "สั่งการ" in html
    assert "ดำเนินการตามเสนอ &lt;b&gt;" in html
    assert "รอคำสั่ง" not in html


def test_what_was_presented_to_me_is_among_what_comes_in_until_i_order(desk, entry):
    send(desk.signed_in(), entry.id, "propose", to=SECOND, words="เห็นควรทราบ")
    client = desk.signed_in(SECOND)
    html = plain(client.get("/inbox?show=asked").text)
    assert papers.SUBJECT in html
    assert "เห็นควรทราบ" in html
    assert "เสนอถึงท่าน" not in desk.signed_in().get("/inbox").text
    send(client, entry.id, "endorse", words="ทราบ")
    assert "ไม่มีเรื่องรอท่านสั่งการ" in client.get("/inbox?show=asked").text


def test_presenting_to_nobody_is_told(desk, entry):
    assert send(desk.signed_in(), entry.id, "propose", to="").status_code == 422
    assert send(desk.signed_in(), entry.id, "propose", to="x@elsewhere.example").status_code == 403


def test_a_matter_is_closed_and_opened_again(desk, entry):
    client = desk.signed_in(CLERK)
    assert send(client, entry.id, "close", how="sideways").status_code == 422
    send(client, entry.id, "close", how="noted", words="แจ้งเวียนแล้ว")
    assert "ทราบ: แจ้งเวียนแล้ว" in page(client, entry.id)
    send(client, entry.id, "reopen", reason="มีเรื่องเพิ่ม")
    assert papers.entry(desk.office, entry.id).closed is None


def test_two_letters_are_joined_and_parted_for_a_reason(desk, entry):
    client = desk.signed_in()
    other = desk.office.received()[0]
    ref = f"รับ/{other['number']}/{other['year']}"
    send(client, entry.id, "link", relation="cites", other=ref)
    html = page(client, entry.id)
    assert "อ้างถึง" in html
    assert other["subject"] in html
    action = f"/entries/{entry.id}/unlink"
    refused = client.post(action, data=form_of(html, action))
    assert refused.status_code == 422
    client.post(action, data=form_of(html, action) | {"reason": "คนละเรื่อง"})
    html = page(client, entry.id)
    assert "ยกเลิกการเชื่อมโยง: คนละเรื่อง" in html
    assert "หนังสือที่ตอบ อ้างถึง หรือส่งต่อเรื่องนี้จะขึ้นที่นี่" in html


def test_a_number_there_is_none_of_is_told_on_the_form(desk, entry):
    refused = send(desk.signed_in(), entry.id, "link", relation="cites", other="อะไรก็ไม่รู้")
    assert refused.status_code in {404, 422}


def test_a_letter_goes_back_once_with_its_reason(desk, entry):
    client = desk.signed_in()
    assert send(client, entry.id, "return", kind="misdirected", reason=" ").status_code == 422
    fields = form_of(client.get(f"/entries/{entry.id}").text, f"/entries/{entry.id}/return")
    send(client, entry.id, "return", kind="misdirected", reason="เป็นของจังหวัดน่าน")
    html = page(client, entry.id)
    assert "ส่งผิดหน่วยงาน: เป็นของจังหวัดน่าน" in html
    again = client.post(
        f"/entries/{entry.id}/return",
        data=fields | {"_once": "another", "reason": "อีกครั้ง", "kind": "returned"},
    )
    assert (again.status_code, OFFICER in again.text) == (409, True)


def test_the_right_number_is_told_again(desk, entry):
    client = desk.signed_in()
    send(client, entry.id, "correct-number", told="๙๙", reason="พิมพ์ผิด")
    assert "แจ้งแก้เลขรับ จากที่แจ้งไว้" in page(client, entry.id)


def test_a_number_is_void_for_a_reason_that_stays(desk, entry):
    client = desk.signed_in()
    send(client, entry.id, "void", reason="ลงรับผิดเล่ม")
    html = page(client, entry.id)
    assert "ยกเลิกเลข" in html
    assert "ลงรับผิดเล่ม" in html
    assert "ส่งเสนอ" not in html


def test_an_auditor_reads_and_does_nothing(desk, entry):
    client = desk.signed_in(AUDITOR)
    html = page(client, entry.id)
    assert "<summary" in html
    assert "/endorse" not in html
    for act in ("endorse", "void", "amend"):
        done = desk.post(client, f"/entries/{entry.id}/{act}", words="x", reason="x", subject="x")
        assert done.status_code == 403


def test_a_clerk_corrects_and_voids_nothing(desk, entry):
    client = desk.signed_in(CLERK)
    assert "แก้ไขทะเบียน" not in page(client, entry.id)
    assert desk.post(client, f"/entries/{entry.id}/void", reason="x").status_code == 403


def test_a_form_sent_twice_endorses_once(desk, entry):
    client, action = desk.signed_in(), f"/entries/{entry.id}/endorse"
    fields = form_of(client.get(f"/entries/{entry.id}").text, action) | {"words": "ครั้งเดียวพอ"}
    for _ in range(2):
        assert client.post(action, data=fields).status_code == 303
    assert page(client, entry.id).count("ครั้งเดียวพอ") == 1


def test_a_form_whose_key_was_used_for_another_act_does_nothing_and_says_so(desk, entry):
    client, endorse = desk.signed_in(), f"/entries/{entry.id}/endorse"
    fields = form_of(client.get(f"/entries/{entry.id}").text, endorse)
    assert client.post(endorse, data=fields | {"words": "คำแรก"}).status_code == 303
    other = client.post(endorse, data=fields | {"words": "คำที่สอง"})
    assert (other.status_code, "โปรดเปิดหน้านี้ใหม่" in other.text) == (409, True)
    assert "คำที่สอง" not in page(client, entry.id)


def test_a_step_that_no_database_can_hold_is_no_page(desk, entry):
    way = f"/entries/{entry.id}/propose/99999999999999999999/back"
    assert desk.post(desk.signed_in(), way, page=f"/entries/{entry.id}").status_code == 404


def test_what_waits_is_corrected_before_it_is_registered(desk, letter):
    client, action = desk.signed_in(), f"/letters/{letter.id}/register"
    fields = form_of(client.get(f"/letters/{letter.id}").text, action)
    bad = client.post(action, data=fields | {"subject": "เรื่องใหม่", "dated": "ไม่ใช่วัน"})
    assert (bad.status_code, "ไม่ใช่วัน" in bad.text) == (422, True)
    fields = form_of(client.get(f"/letters/{letter.id}").text, action)
    done = client.post(
        action, data=fields | {"subject": "เรื่องใหม่", "dated": "๒ ต.ค. ๒๕๖๒", "urgency": "ด่วนมาก"}
    )
    assert done.status_code == 303
    made = papers.entry(desk.office, done.headers["location"].rpartition("/")[2])
    assert (made.subject, made.urgency, str(made.dated)) == ("เรื่องใหม่", "ด่วนมาก", "2019-10-02")
    moved = client.get(f"/letters/{letter.id}")
    assert (moved.status_code, moved.headers["location"]) == (303, f"/entries/{made.id}")


def test_of_two_officers_at_one_waiting_letter_the_second_is_told_who(desk, letter):
    one, other = desk.signed_in(), desk.signed_in(SECOND)
    action = f"/letters/{letter.id}/register"
    forms = [form_of(who.get(f"/letters/{letter.id}").text, action) for who in (one, other)]
    assert one.post(action, data=forms[0] | {"subject": "x"}).status_code == 303
    late = other.post(action, data=forms[1] | {"subject": "x"})
    assert (late.status_code, OFFICER in late.text) == (409, True)


def test_a_waiting_letter_is_sent_back_from_its_page(desk, letter):
    client, action = desk.signed_in(), f"/letters/{letter.id}/return"
    fields = form_of(client.get(f"/letters/{letter.id}").text, action)
    assert client.post(action, data=fields | {"reason": ""}).status_code == 422
    assert client.post(action, data=fields | {"reason": "ไม่มีไฟล์"}).status_code == 303
    assert "ไม่มีไฟล์" in plain(client.get(f"/letters/{letter.id}").text)


def test_who_stands_in_for_somebody_orders_in_their_place(desk, entry):
    send(desk.signed_in(), entry.id, "propose", to=SECOND)
    with desk.runtime.database.write() as session:
        boss, deputy = (directory.officer_by_email(session, one) for one in (SECOND, CLERK))
        today = desk.clock.now().date()
        days = (today, today + timedelta(days=1))
        deputies.appoint(session, boss, deputy, days, OFFICER, desk.clock.now())
    client = desk.signed_in(CLERK)
    assert desk.post(client, "/account/stand-in", **{"for": str(boss.id)}).status_code == 303
    send(client, entry.id, "endorse", words="ดำเนินการ")
    html = page(desk.signed_in(), entry.id)
    assert f"{CLERK} แทน {SECOND}" in html
    assert "สั่งการ" in html
    assert "รอคำสั่ง" not in html
