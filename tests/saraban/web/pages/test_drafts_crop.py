"""Beside the number that a draft would take stands the head of its paper."""

import os
from email.message import EmailMessage

from playwright.sync_api import expect

from tests.saraban.office import CLERK
from tests.saraban.web import papers


def draft(office, *files: bytes) -> str:
    """Let the clerk hand in a letter with these PDFs; give the id of the draft."""
    message = EmailMessage()
    message["From"], message["To"] = CLERK, "saraban+dla@phrae.go.th"
    message["Subject"] = "ขอเชิญประชุม"
    message["Message-ID"] = f"<{os.urandom(8).hex()}@phrae.go.th>"
    message["Date"] = "Fri, 03 Oct 2025 10:42:00 +0700"
    message.set_content("เรียน ผู้ว่าราชการจังหวัดแพร่\n")
    for number, data in enumerate(files):
        name = f"หนังสือ{number or ''}.pdf"
        message.add_attachment(data, maintype="application", subtype="pdf", filename=name)
    raw = message.as_bytes().replace(b"\n", b"\r\n")
    office.lay_raw(raw, CLERK, "saraban+dla@phrae.go.th")
    office.enter()
    return str(office.waiting()[-1]["id"])


def test_the_head_of_the_paper_is_shown_beside_the_number(desk):
    letter_id = draft(desk.office, papers.paper())
    client = desk.signed_in()
    html = client.get(f"/drafts/{letter_id}").text
    assert "ส่วนบนของหน้าแรก" in html
    picture = html.partition('<img src="')[2].partition('"')[0]
    assert client.get(picture).headers["content-type"] == "image/webp"


def test_a_paper_that_no_picture_can_be_made_of_says_so_in_its_place(desk, page):
    letter_id = draft(desk.office, b"%PDF-1.7 and no more")
    page.goto(f"/drafts/{letter_id}")
    expect(page.locator(".crop .note")).to_contain_text("โปรดเปิดไฟล์ดูเลขที่และวันที่")
    expect(page.locator(".crop img")).to_have_count(0)


def test_so_does_one_whose_picture_failed_before_the_script_was_there(desk, page):
    letter_id, waits, failed = draft(desk.office, papers.paper()), [], []

    def script(route):
        if failed:
            route.continue_()
        else:
            waits.append(route)

    def picture(route):
        failed.append(route)
        route.fulfill(status=404, body="")
        while waits:
            waits.pop().continue_()

    page.route("**/desk*.js*", script)
    page.route("**/pages/1*", picture)
    page.goto(f"/drafts/{letter_id}")
    page.locator(".crop .note").wait_for()
    assert failed
