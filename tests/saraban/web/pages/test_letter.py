"""The page of a letter without script: who sees what, its files, and what its forms do."""

import hashlib
import re

import pytest

from registry import directory, letters, readings
from tests.saraban.office import CLERK, OFFICER, SECRETS
from tests.saraban.web import papers
from tests.saraban.web.pages.test_inbox import form_of, plain
from tests.saraban.web.seed import ADMIN, AUDITOR, HOSTILE, SECOND, SECRET, TOWN_OFFICER, waiting


@pytest.fixture
def letter(desk):
    """A letter with a real PDF that waits."""
    return papers.lay(desk.office)


@pytest.fixture
def entry(desk, letter):
    """The same, registered."""
    return papers.register(desk.office, letter)


def send(client, entry_id, act, **fields):
    """Open the page of an entry and send one of its forms; give the answer."""
    path = f"/entries/{entry_id}"
    action = f"{path}/{act}"
    return client.post(action, data=form_of(client.get(path).text, action) | fields)


def page(client, entry_id):
    """Read the page of an entry as a person does."""
    answer = client.get(f"/entries/{entry_id}")
    assert answer.status_code == 200, answer.text
    return plain(answer.text)


def file_of(letter, name):
    return next(one for one in letter.enclosures if one.name == name)


def test_it_shows_the_line_of_the_book_the_sender_and_the_files(desk, letter, entry):
    html = page(desk.signed_in(), entry.id)
    for words in (
        papers.SUBJECT, "มท ๐๘๑๐.๓/๗๗", "๑๖ กันยายน ๒๕๖๒", "จริง", "ตัวหนังสือ", "สิ่งที่ส่งมาด้วย",
        "ไปรษณีย์ต้นฉบับ", "เรื่องเดิมและหนังสือที่เกี่ยวข้อง", "ทางเดินหนังสือ", papers.LETTER, papers.ANNEX,
        file_of(letter, papers.LETTER).sha256,
    ):  # fmt: skip
        assert words in html


def test_a_page_of_a_letter_is_a_picture_of_the_width_asked_for(desk, letter):
    client, file = desk.signed_in(), file_of(letter, papers.LETTER)
    base = f"/letters/{letter.id}/files/{file.id}"
    assert "๓ หน้า" in client.get(f"{base}/view").text
    drawn = client.get(f"{base}/pages/2?w=480")
    assert (drawn.status_code, drawn.headers["content-type"]) == (200, "image/webp")
    assert drawn.headers["cache-control"] == "private, max-age=3600"
    again = client.get(f"{base}/pages/2?w=480", headers={"If-None-Match": drawn.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")
    assert client.get(f"{base}/pages/9").status_code == 404
    assert client.get(f"{base}/pages/0").status_code == 404
    assert client.get(f"{base}/pages/1?w=99999").status_code == 404


def test_a_file_is_saved_under_its_name_and_never_opened(desk, letter):
    client, file = desk.signed_in(), file_of(letter, papers.LETTER)
    given = client.get(f"/letters/{letter.id}/files/{file.id}")
    assert hashlib.sha256(given.content).hexdigest() == file.sha256
    assert "filename*=UTF-8''" in given.headers["content-disposition"]
    assert given.headers["content-disposition"].startswith("attachment;")
    assert given.headers["content-security-policy"].startswith("sandbox")
    assert given.headers["x-content-type-options"] == "nosniff"
    part = client.get(f"/letters/{letter.id}/files/{file.id}", headers={"Range": "bytes=0-3"})
    assert (part.status_code, part.content) == (206, b"%PDF")


def test_the_mail_is_given_back_byte_for_byte(desk, letter):
    given = desk.signed_in().get(f"/letters/{letter.id}/original")
    assert hashlib.sha256(given.content).hexdigest() == letter.original_sha256
    assert given.headers["content-type"].startswith("message/rfc822")
    assert given.headers["content-disposition"].startswith("attachment;")


def test_looks_are_written_down(desk, letter, entry):
    client, file = desk.signed_in(), file_of(letter, papers.LETTER)
    page(client, entry.id)
    client.get(f"/letters/{letter.id}/files/{file.id}")
    client.get(f"/letters/{letter.id}/original")
    with desk.runtime.database.read() as session:
        found = readings.listing(session, entry_entity(desk), letter_id=letter.id)
    assert [one.what for one in found] == ["original", "file", "page"]
    assert {one.who for one in found} == {OFFICER}


def entry_entity(desk):
    with desk.runtime.database.read() as session:
        found = directory.entity_by_code(session, "phrae")
    assert found
    return found.id


def test_letters_of_another_entity_are_not_there(desk, letter):
    file = f"/files/{letter.enclosures[0].id}"
    for path in ("", file, f"{file}/view", f"{file}/pages/1", "/original"):
        where = f"/letters/{letter.id}{path}"
        assert desk.signed_in(TOWN_OFFICER).get(where).status_code == 404
        assert desk.signed_in(ADMIN).get(where).status_code == 403
        assert desk.browser().get(where).status_code == 303


def test_entries_of_another_entity_are_not_there_nor_done_with(desk, entry):
    other = desk.signed_in(TOWN_OFFICER)
    assert other.get(f"/entries/{entry.id}").status_code == 404
    done = desk.post(other, f"/entries/{entry.id}/endorse", words="x")
    assert done.status_code == 404


def test_what_is_no_id_is_not_there(desk):
    client = desk.signed_in()
    for ref in ("..%2f..%2fetc%2fpasswd", "รับ%2F1%2F2568", "zzz", "a" * 16):
        for kind in ("entries", "letters"):
            assert client.get(f"/{kind}/{ref}").status_code == 404


def test_a_file_of_another_letter_is_not_there(desk, letter):
    other = waiting(desk.office, HOSTILE[-10:])
    client = desk.signed_in()
    assert client.get(f"/letters/{other.id}/files/{letter.enclosures[0].id}").status_code == 404


def test_a_hostile_subject_is_text(desk):
    found = waiting(desk.office, HOSTILE[-10:])
    made = papers.register(desk.office, found)
    html = desk.signed_in().get(f"/entries/{made.id}").text
    assert "<script>alert" not in html
    assert "onerror=alert(1)&gt;" in html or "onerror=alert(1)>" not in html


def test_a_secret_letter_shows_its_number_and_nothing_else_to_others(desk):
    found = next(one for one in all_waiting(desk) if SECRET in one.subject)
    assert desk.signed_in().get(f"/letters/{found.id}").status_code == 404
    made = papers.register(desk.office, found, SECRETS)
    html = page(desk.signed_in(), made.id)
    assert "เฉพาะนายทะเบียนข้อมูลข่าวสารลับ" in html
    assert SECRET not in html
    assert SECRET in page(desk.signed_in(SECRETS), made.id)
    file = f"/letters/{found.id}/files/{found.enclosures[0].id}"
    assert desk.signed_in().get(file).status_code == 404
    assert desk.signed_in(SECRETS).get(file).status_code == 200


def all_waiting(desk):
    with desk.runtime.database.read() as session:
        return letters.waiting(session, "phrae")


def test_withheld_files_say_why_and_are_let_out_by_an_officer(desk):
    letter = papers.lay(desk.office, number="มท ๐๘๑๐.๓/๗๘", scan="not_scanned")
    made = papers.register(desk.office, letter)
    client, where = desk.signed_in(), f"/letters/{letter.id}/files/{letter.enclosures[0].id}"
    assert "ยังไม่ผ่านการตรวจไวรัส" in page(client, made.id)
    for path in (where, f"{where}/pages/1", f"{where}/view", f"/letters/{letter.id}/original"):
        refused = client.get(path)
        assert (refused.status_code, "ไวรัส" in refused.text) == (403, True)
    action = f"/letters/{letter.id}/clear"
    fields = form_of(client.get(f"/entries/{made.id}").text, action)
    client.post(action, data=fields | {"reason": "โทรถามแล้ว"})
    assert client.get(where).status_code == 200


def test_a_correction_strikes_through_what_stood_there(desk, entry):
    client = desk.signed_in()
    fields = {
        "subject": "เรื่องที่ถูกต้อง", "letter_number": "มท ๐๘๑๐.๓/๗๘", "dated": "๑๗ กันยายน ๒๕๖๒",
        "from_text": entry.from_text, "to_text": entry.to_text, "urgency": "ด่วน", "action": "",
        "note": "", "reason": "อ่านจากตัวหนังสือ",
    }  # fmt: skip
    assert send(client, entry.id, "amend", **fields).status_code == 303
    html = page(client, entry.id)
    assert f"<del>{papers.SUBJECT}</del>" in html
    assert "<del>๑๖ กันยายน ๒๕๖๒</del>" in html
    assert f"แก้โดย {OFFICER}" in html
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


def test_what_we_sent_shows_each_addressee_with_its_evidence(desk):
    sent = desk.office.data("register", "list", "--entity", "phrae", "--book", "sent")
    html = page(desk.signed_in(), sent[-1]["id"])
    assert "ตีกลับ" in html
    assert "550 no such user" in html
    assert "แจ้งแก้เลขรับ" not in html
