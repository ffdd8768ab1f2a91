"""The page of a letter without script: who sees what of it, and its files."""

import hashlib

from registry import directory, letters, readings
from tests.saraban.office import OFFICER, SECRETS
from tests.saraban.web import papers
from tests.saraban.web.looking import page
from tests.saraban.web.pages.test_inbox import form_of
from tests.saraban.web.seed import ADMIN, HOSTILE, SECRET, TOWN_OFFICER, waiting


def file_of(letter, name):
    return next(one for one in letter.enclosures if one.name == name)


def test_it_shows_the_line_of_the_book_the_sender_and_the_files(desk, letter, entry):
    html = page(desk.signed_in(), entry.id)
    for words in (
        papers.SUBJECT, "มท ๐๘๑๐.๓/๗๗", "๑๖ กันยายน ๒๕๖๒", "จริง", "ตัวหนังสือ", "สิ่งที่ส่งมาด้วย",
        "อีเมลต้นฉบับ", "เรื่องเดิมและหนังสือที่เกี่ยวข้อง", "ทางเดินหนังสือ", papers.LETTER, papers.ANNEX,
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


def test_what_we_sent_shows_each_addressee_with_its_evidence(desk):
    sent = desk.office.data("register", "list", "--entity", "phrae", "--book", "sent")
    html = page(desk.signed_in(), sent[-1]["id"])
    assert "ตีกลับ" in html
    assert "550 no such user" in html
    assert "แจ้งแก้เลขรับ" not in html
