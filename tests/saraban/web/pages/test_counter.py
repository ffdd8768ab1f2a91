"""Paper at the counter without script: registered once, doubles asked about, scans with it."""

import base64
import re
from dataclasses import replace

import pytest

from registry.ids import new_id
from tests.saraban.office import CLERK, OFFICER, SECRETS
from tests.saraban.web.desk import token_of
from tests.saraban.web.pages.test_inbox import form_of, plain
from tests.saraban.web.seed import AUDITOR, DOUBLE, SECOND, TOWN_OFFICER, waiting

PDF = b"%PDF-1.7 scanned"
PAPER = {"subject": "ขอใช้สถานที่", "sender": "นายสมศักดิ์ แพร่งาม", "way": "hand", "pages": "๒"}


def send(client, files=(), **fields):
    """Fill in the form and send it; give the answer."""
    data = form_of(client.get("/counter").text, "/counter") | PAPER | fields
    many = [(field, (name, body, "application/pdf")) for field, name, body in files]
    return client.post("/counter", data=data, files=many or None)


def tus(desk, client, tray, name, body, *, token=None):
    """Announce a file for a tray; give the answer."""
    headers = {
        "X-Form-Token": token if token is not None else token_of(client.get("/account").text),
        "Upload-Length": str(len(body)), "Origin": desk.url,
        "Upload-Metadata": "filename " + base64.b64encode(name.encode()).decode(),
    }  # fmt: skip
    return client.post(f"/trays/{tray}", headers=headers)


def patch(client, place, at, body):
    """Send a piece of a file."""
    headers = {"X-Form-Token": token_of(client.get("/account").text), "Upload-Offset": str(at)}
    more = {"Content-Type": "application/offset+octet-stream"}
    return client.patch(place, headers=headers | more, content=body)


def test_paper_takes_the_next_number_and_the_slip_shows_it_large(desk):
    client, before = desk.signed_in(), len(desk.office.received())
    done = send(client, files=[("letter_files", "หนังสือ.pdf", PDF)])
    html = plain(client.get(done.headers["location"]).text)
    newest = desk.office.received()[-1]
    assert len(desk.office.received()) == before + 1
    assert newest["note"] == "รับเป็นกระดาษ ทางผู้นำส่ง ๒ หน้า"
    assert [one["name"] for one in newest["enclosures"]] == ["หนังสือ.pdf"]
    assert "จังหวัดแพร่" in html
    assert "/counter?sender=" in html
    assert re.search(r'<svg[^>]* viewBox="0 0 ', html)  # as large as it is drawn, on paper too


def test_the_next_paper_keeps_whom_it_is_from_and_how_it_came(desk):
    client = desk.signed_in()
    done = send(client)
    way = client.get(done.headers["location"]).text.partition('href="/counter?')[2]
    html = client.get("/counter?" + way.partition('"')[0].replace("&amp;", "&")).text
    assert 'value="นายสมศักดิ์ แพร่งาม"' in html
    assert '<option value="hand" selected>' in html
    assert "ขอใช้สถานที่" not in html


def test_a_form_sent_twice_takes_one_number(desk):
    client, before = desk.signed_in(), len(desk.office.received())
    data = form_of(client.get("/counter").text, "/counter") | PAPER
    answers = [client.post("/counter", data=data) for _ in range(2)]
    assert answers[0].headers["location"] == answers[1].headers["location"]
    assert len(desk.office.received()) == before + 1


def test_a_double_is_asked_about_and_the_scans_are_not_lost(desk):
    client, before = desk.signed_in(), len(desk.office.received())
    same = {"letter_number": "มท ๐๘๑๐.๓/๖๖๑๐", "dated": "๑๗ ต.ค. ๒๕๖๒", "subject": DOUBLE}
    asked = send(client, files=[("enclosure_files", "แผนที่.pdf", PDF)], **same)
    assert asked.status_code == 422
    assert "คนละฉบับ" in asked.text
    assert waiting(desk.office, DOUBLE).id in asked.text
    assert "แผนที่.pdf" in plain(asked.text)
    assert len(desk.office.received()) == before
    fields = form_of(asked.text, "/counter") | PAPER | same | {"distinct": "yes"}
    assert client.post("/counter", data=fields).status_code == 303
    newest = desk.office.received()[-1]
    assert [one["name"] for one in newest["enclosures"]] == ["แผนที่.pdf"]
    assert "อาจ" not in newest["note"]


def test_what_bears_the_number_is_shown_while_it_is_typed(desk):
    client, ask = desk.signed_in(), {"letter_number": "มท 0810.3/6610", "dated": "17/10/2562"}
    html = client.get("/counter/alike", params=ask).text
    assert "เลขที่และวันที่ตรงกันแล้ว" in html
    assert "<html" not in html
    assert "alike" not in client.get("/counter/alike", params={"letter_number": "มท 1/1"}).text
    town = desk.signed_in(TOWN_OFFICER)
    assert "alike" not in town.get("/counter/alike", params=ask).text


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        ("มท 0810.3/ว 3974", "รหัสของกรมส่งเสริมการปกครองท้องถิ่น"),
        ("พร ๐๐๒๓", "รหัสของจังหวัดแพร่"),
        ("ฮฮ 1/1", ""),
        ("มท", ""),
    ],
)
def test_it_is_told_whose_code_is_typed(desk, typed, told):
    """A code that is typed wrongly is seen before the number is taken."""
    html = desk.signed_in().get("/counter/alike", params={"letter_number": typed}).text
    assert re.sub("<[^>]*>", "", html).strip() == told


def test_a_copy_on_paper_of_a_letter_that_is_there_takes_no_number(desk):
    client, before = desk.signed_in(), desk.office.received()
    html = client.get("/counter").text
    fields = form_of(html, "/counter/came-too") | {"entry": before[0]["id"], "way": "post"}
    assert client.post("/counter/came-too", data=fields).status_code == 303
    assert "ไม่ใช้เลขใหม่" in client.get("/counter").text
    assert len(desk.office.received()) == len(before)


def test_the_directory_is_offered_for_the_sender(desk):
    html = desk.signed_in().get("/counter/senders", params={"sender": "ส่งเสริม"}).text
    assert '<option value="กรมส่งเสริมการปกครองท้องถิ่น' in html


def test_what_is_wrong_stands_beside_its_field_and_nothing_is_lost(desk):
    client, before = desk.signed_in(), len(desk.office.received())
    wrong = send(client, dated="๓๑ กุมภาพันธ์ ๒๕๖๘", subject=" ", note='"><script>x</script>')
    assert wrong.status_code == 422
    assert "ไม่มีวันที่" in wrong.text
    assert "โปรดพิมพ์เรื่อง" in wrong.text
    assert "<script>x" not in wrong.text
    first = wrong.text.partition(" autofocus")[0].rpartition("<")[2]
    assert 'name="dated"' in first
    assert 'name="letter_number"' not in first
    assert len(desk.office.received()) == before


def test_a_file_comes_in_by_pieces_and_goes_on_where_it_broke(desk):
    client, tray, body = desk.signed_in(), new_id(), PDF * 1000
    place = tus(desk, client, tray, "../../สแกน.pdf", body).headers["location"]
    assert patch(client, place, 0, body[:5000]).status_code == 204
    assert client.head(place).headers["upload-offset"] == "5000"
    assert patch(client, place, 9, b"x").status_code == 409
    assert patch(client, place, 5000, body[5000:]).status_code == 204
    file_id = place.rpartition("/")[2]
    done = send(client, tray=tray, file=file_id, **{f"role.{file_id}": "letter"})
    (file,) = desk.office.received()[-1]["enclosures"]
    assert (file["name"], file["bytes"], file["role"]) == ("สแกน.pdf", len(body), "letter")
    assert done.status_code == 303
    assert client.head(place).status_code == 404


def test_a_tray_belongs_to_one_officer_and_wants_the_forms_token(desk):
    client, other, tray = desk.signed_in(), desk.signed_in(SECOND), new_id()
    place = tus(desk, client, tray, "a.pdf", PDF).headers["location"]
    assert other.head(place).status_code == 404
    assert tus(desk, client, tray, "a.pdf", PDF, token="").status_code == 403
    assert tus(desk, client, "..%2f..%2fblobs", "a.pdf", PDF).status_code == 404
    assert tus(desk, desk.signed_in(AUDITOR), tray, "a.pdf", PDF).status_code == 403


def test_a_file_that_is_too_large_is_turned_away_with_words(desk):
    client, tray = desk.signed_in(), new_id()
    large = desk.runtime.gateway.links.max_upload_bytes + 1
    token = token_of(client.get("/account").text)
    headers = {
        "X-Form-Token": token,
        "Upload-Length": str(large),
        "Upload-Metadata": "filename YQ==",
    }
    refused = client.post(f"/trays/{tray}", headers=headers)
    assert refused.status_code == 413
    assert "ใหญ่เกิน" in refused.text


def test_a_forbidden_type_is_turned_away_with_words_and_takes_no_number(desk):
    office, before = desk.runtime.office, len(desk.office.received())
    kinds = replace(office.attachments, forbidden_types=(".exe",))
    desk.runtime.office = replace(office, attachments=kinds)
    client, tray = desk.signed_in(), new_id()
    place = tus(desk, client, tray, "a.exe", PDF).headers["location"]
    refused = patch(client, place, 0, PDF)
    assert (refused.status_code, "ไม่รับไฟล์ชนิด" in refused.text) == (422, True)
    assert client.head(place).status_code == 404
    whole = send(client, files=[("enclosure_files", "b.exe", PDF)])
    assert whole.status_code == 422
    assert "b.exe: หน่วยงานนี้ไม่รับไฟล์ชนิด" in whole.text
    assert len(desk.office.received()) == before


def test_scans_are_laid_beside_a_letter_that_has_its_number(desk):
    client = desk.signed_in()
    place = send(client).headers["location"]
    path = place.partition("?")[0]
    html = client.get(place).text
    action = html.partition(f'action="{path}/scans')[2].partition('"')[0]
    data = form_of(html, f"{path}/scans{action}")
    target = f"{path}/scans{action.replace('&amp;', '&')}"
    assert client.post(target, data=data).status_code == 422
    files = [("letter_files", ("ตรา.pdf", PDF, "application/pdf"))]
    assert client.post(target, data=data, files=files).status_code == 303
    assert "ตรา.pdf" in plain(client.get(path).text)
    assert desk.office.data("proof")["problems"] == []


@pytest.mark.parametrize("email", [CLERK, TOWN_OFFICER])
def test_others_neither_register_nor_see_the_slip(desk, email):
    own = send(desk.signed_in()).headers["location"].partition("?")[0]
    client = desk.signed_in(email)
    assert client.get(own).status_code in {403, 404}


def test_secret_paper_is_for_the_officer_of_secret_letters(desk):
    assert 'name="secrecy"' not in desk.signed_in().get("/counter").text
    refused = send(desk.signed_in(), secrecy="ลับ")
    assert refused.status_code == 422
    done = send(desk.signed_in(SECRETS), secrecy="ลับ").headers["location"].partition("?")[0]
    assert desk.signed_in(OFFICER).get(done).status_code == 404
