"""Letters that are or may be secret: opened by name, by who is cleared and by nobody else."""

import pytest
from sqlalchemy import update

from registry import directory, events, letters, readings
from registry.models.letters import LetterRow
from tests.saraban.office import CLERK, OFFICER, SECRETS
from tests.saraban.web import papers
from tests.saraban.web.looking import page
from tests.saraban.web.pages.test_inbox import form_of, plain
from tests.saraban.web.pages.test_send import Pen
from tests.saraban.web.seed import ADMIN, AUDITOR, SECRET


@pytest.fixture
def marked(desk):
    """The letter that came with a marking."""
    with desk.runtime.database.read() as session:
        return next(one for one in letters.waiting(session, "phrae") if SECRET in one.subject)


@pytest.fixture
def unread(desk, letter):
    """A letter that no program could read."""
    with desk.runtime.database.write() as session:
        wanted = update(LetterRow).where(LetterRow.id == letter.id)
        session.execute(wanted.values(facts={"unread": True}))
    return letter


def opened(desk, client, letter):
    """Open a letter by its button; give its page."""
    action = f"/letters/{letter.id}/open"
    data = form_of(client.get(f"/inbox/{letter.id}").text, action)
    done = client.post(action, data=data)
    assert done.headers["location"] == f"/letters/{letter.id}"
    return plain(client.get(f"/letters/{letter.id}").text)


def acts(desk, letter):
    """Give what the journal says of a letter."""
    with desk.runtime.database.read() as session:
        own = directory.entity_by_code(session, "phrae")
        found = events.since(session, own.id, 0, 5000)
    return [(one.type, one.by) for one in found if one.letter_id == letter.id]


def test_it_says_nothing_before_it_is_opened_and_everything_after(desk, marked):
    client = desk.signed_in(SECRETS)
    for where in ("inbox", "letters"):
        html = plain(client.get(f"/{where}/{marked.id}").text)
        assert "ยังไม่ได้เปิดอ่าน" in html
        assert SECRET not in html
        assert marked.enclosures[0].name not in html
    assert SECRET in opened(desk, client, marked)
    assert ("opened", SECRETS) in acts(desk, marked)
    assert SECRET in plain(client.get("/inbox").text)


def test_files_come_out_only_after_it_was_opened_and_acts_as_well(desk, marked):
    client = desk.signed_in(SECRETS)
    file = f"/letters/{marked.id}/files/{marked.enclosures[0].id}"
    for where in (file, f"{file}/view", f"/letters/{marked.id}/original"):
        assert client.get(where).status_code == 409
    refused = desk.post(client, f"/inbox/{marked.id}/register")
    assert (refused.status_code, "โปรดเปิดอ่านก่อน" in refused.text) == (409, True)
    assert desk.post(client, f"/letters/{marked.id}/return", reason="x").status_code == 409
    opened(desk, client, marked)
    assert client.get(file).status_code == 200


@pytest.mark.parametrize("who", [OFFICER, ADMIN, AUDITOR])
def test_who_opened_its_files_is_told_without_their_names(desk, marked, who):
    client, name = desk.signed_in(SECRETS), marked.enclosures[0].name
    opened(desk, client, marked)
    assert client.get(f"/letters/{marked.id}/files/{marked.enclosures[0].id}").status_code == 200
    with desk.runtime.database.write() as session:  # as it was written down before
        phrae = directory.entity_by_code(session, "phrae")
        readings.record(
            session, phrae.id, SECRETS, "file", desk.clock.now(), letter_id=marked.id, detail=name
        )
    html = plain(desk.signed_in(who).get("/readings").text)
    assert "เปิดไฟล์" in html
    assert name not in html
    assert name in plain(client.get("/readings").text)


@pytest.mark.parametrize("who", [OFFICER, CLERK, AUDITOR])
def test_for_others_neither_is_there(desk, marked, unread, who):
    client = desk.signed_in(who)
    html = client.get("/inbox").text
    for letter in (marked, unread):
        assert letter.id not in html
        for where in (f"/inbox/{letter.id}", f"/letters/{letter.id}"):
            assert client.get(where).status_code == 404
        refused = desk.post(client, f"/letters/{letter.id}/open")
        assert refused.status_code == (404 if who == OFFICER else 403)
    assert "เรื่องรอลงรับ" in html
    assert "๒๔ เรื่องรอลงรับ" in html


def test_it_is_registered_in_the_book_of_secret_letters(desk, marked):
    client = desk.signed_in(SECRETS)
    opened(desk, client, marked)
    action = f"/letters/{marked.id}/register"
    fields = form_of(client.get(f"/letters/{marked.id}").text, action)
    done = client.post(action, data=fields | {"subject": SECRET, "secrecy": "ลับมาก"})
    made = papers.entry(desk.office, done.headers["location"].rpartition("/")[2])
    assert (made.series, made.secrecy) == ("secret", "ลับมาก")
    assert SECRET not in page(desk.signed_in(), made.id)


def test_a_marking_that_was_none_is_taken_off_when_it_is_registered(desk, marked):
    client = desk.signed_in(SECRETS)
    opened(desk, client, marked)
    action = f"/letters/{marked.id}/register"
    fields = form_of(client.get(f"/letters/{marked.id}").text, action)
    done = client.post(action, data=fields | {"subject": "ไม่ลับ", "secrecy": ""})
    assert "ไม่ลับ" in plain(desk.signed_in().get(done.headers["location"]).text)


def test_what_could_not_be_read_is_opened_and_may_be_marked(desk, unread):
    client = desk.signed_in(SECRETS)
    assert papers.SUBJECT in opened(desk, client, unread)
    assert ("opened", SECRETS) in acts(desk, unread)
    assert papers.SUBJECT in plain(desk.signed_in().get(f"/letters/{unread.id}").text)


def test_who_finds_a_marking_hands_the_letter_on_and_sees_it_no_more(desk, letter):
    client = desk.signed_in()
    action = f"/letters/{letter.id}/secret"
    data = form_of(client.get(f"/letters/{letter.id}").text, action)
    assert client.post(action, data=data | {"grade": "ลับ"}).headers["location"] == "/inbox"
    assert client.get(f"/letters/{letter.id}").status_code == 404
    assert "ยังไม่ได้เปิดอ่าน" in plain(desk.signed_in(SECRETS).get(f"/letters/{letter.id}").text)


def hidden_form(client, entry_id, act, **fields):
    """Send one of the forms by which a registered letter is hidden, moved or freed."""
    action = f"/entries/{entry_id}/{act}"
    data = form_of(client.get(f"/entries/{entry_id}").text, action)
    return client.post(action, data=data | fields)


def test_who_finds_a_marking_on_a_registered_letter_hides_it_at_once(desk, entry):
    client = desk.signed_in()
    done = hidden_form(client, entry.id, "secret", grade="ลับ", reason="มุมบนของหนังสือ")
    assert done.headers["location"] == "/inbox"
    for who in (OFFICER, CLERK, AUDITOR):
        assert entry.subject not in plain(desk.signed_in(who).get(f"/entries/{entry.id}").text)
        assert entry.id not in desk.signed_in(who).get("/search?q=" + entry.subject).text
    html = plain(desk.signed_in(SECRETS).get(f"/entries/{entry.id}").text)
    assert entry.subject in html
    assert "พบคำแสดงชั้นความลับบนตัวหนังสือ" in html
    assert "ใครได้รับหรือเปิดดูแล้ว" in html


def test_the_officer_of_secret_letters_moves_it_and_its_old_line_says_only_that(desk, entry):
    client = desk.signed_in(SECRETS)
    fields = {"grade": "ลับมาก", "reason": "มุมบนของหนังสือ"}
    done = hidden_form(client, entry.id, "secret", **fields)
    moved = papers.entry(desk.office, done.headers["location"].rpartition("/")[2])
    assert (moved.series, moved.secrecy, moved.subject) == ("secret", "ลับมาก", entry.subject)
    for who in (OFFICER, SECRETS):
        html = plain(desk.signed_in(who).get(f"/entries/{entry.id}").text)
        assert "ย้ายไปทะเบียนหนังสือลับ" in html
        assert entry.subject not in html
    assert entry.subject not in plain(desk.signed_in().get(f"/entries/{moved.id}").text)


def test_a_letter_hidden_by_mistake_is_opened_again(desk, entry):
    hidden_form(desk.signed_in(), entry.id, "secret", grade="ลับ", reason="เห็นคำว่าลับ")
    client = desk.signed_in(SECRETS)
    hidden_form(client, entry.id, "not-secret", reason="เป็นคำว่ากลับ")
    assert entry.subject in plain(desk.signed_in().get(f"/entries/{entry.id}").text)


def test_a_draft_that_answers_it_goes_to_its_officer_who_lets_it_go_on(desk, entry):
    Pen(desk, page=f"/send?answers={entry.id}").go("leave", answers=entry.id)
    with desk.runtime.database.read() as session:
        draft = letters.drafts(session, "phrae")[-1]
    writing = Pen(desk, page=f"/send?answers={entry.id}")
    writing.press("save", answers=entry.id)
    client = desk.signed_in()
    hidden_form(client, entry.id, "secret", grade="ลับ", reason="มุมบนของหนังสือ")
    assert "พบว่ามีชั้นความลับแล้ว" in plain(writing.client.get(writing.path).text)
    assert client.get(f"/drafts/{draft.id}").status_code == 404
    assert draft.subject not in plain(client.get("/drafts").text)
    own = desk.signed_in(SECRETS)
    html = own.get(f"/letters/{draft.id}").text
    assert "ร่างนี้ตอบหรือแนบหนังสือที่พบว่ามีชั้นความลับ" in plain(html)
    action = f"/letters/{draft.id}/not-secret"
    own.post(action, data=form_of(html, action) | {"reason": "ไม่ใช่"})
    assert client.get(f"/drafts/{draft.id}").status_code == 200
