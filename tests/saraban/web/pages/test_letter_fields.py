"""Judging fields on a letter's page: two officers, emptied boxes, and what cannot be read."""

import re
from datetime import timedelta
from html import unescape

from registry.models.letters import LetterRow
from tests.saraban.office import OFFICER, SECRETS
from tests.saraban.web import papers
from tests.saraban.web.pages.test_letter_read import SUBJECT, field, letter

TYPED = "มท ๐๘๑๐.๗/ว ๓๙๙๙"


__all__ = ["letter"]  # a fixture


def form_of(html, one):
    """Give what the form of a field carries, as a browser would send it unchanged."""
    text = re.search(rf'<form [^>]*/fields/{one.id}"[^>]*>(.*?)</form>', html, re.DOTALL)[1]
    carried = dict(re.findall(r'name="(_\w+)" value="([^"]*)"', text))
    value = re.search(r'name="value"[^>]* value="([^"]*)"|<textarea[^>]*>([^<]*)<', text)
    return carried | {"value": unescape(value[1] or value[2] or "")}


def send(desk, client, letter, one, form):
    path = f"/letters/{letter.id}/fields/{one.id}"
    return client.post(path, data=form, headers={"Origin": desk.url})


def test_a_field_found_right_goes_into_the_letter_that_waits(desk, letter):
    one, client = field(desk.office, letter, "subject"), desk.signed_in()
    form = form_of(client.get(f"/letters/{letter.id}").text, one)
    assert form["value"] == SUBJECT
    sent = send(desk, client, letter, one, form)
    assert "ยืนยันเรื่องแล้ว" in client.get(sent.headers["location"]).text
    after = field(desk.office, letter, "subject")
    assert (after.state, after.by) == ("confirmed", OFFICER)
    runtime = desk.office.runtime()
    with runtime.database.read() as session:
        assert session.get_one(LetterRow, letter.id).subject == SUBJECT
    runtime.close()


def test_a_field_typed_otherwise_is_refused_and_what_was_typed_stands(desk, letter):
    entry, one = papers.register(desk.office, letter), field(desk.office, letter, "due")
    client = desk.signed_in()
    form = form_of(client.get(f"/entries/{entry.id}").text, one)
    send(desk, client, letter, one, form | {"value": "๒๐ ตุลาคม ๒๕๖๒"})
    assert field(desk.office, letter, "due").state == "refused"
    due = papers.entry(desk.office, entry.id).due
    assert due is not None
    assert due.date().isoformat() == "2019-10-20"


def test_enter_on_an_older_page_says_who_corrected_the_field_and_changes_nothing(desk, letter):
    entry, one = papers.register(desk.office, letter), field(desk.office, letter, "owner")
    first, other = desk.signed_in(), desk.signed_in(SECRETS)
    ours, theirs = (form_of(who.get(f"/entries/{entry.id}").text, one) for who in (first, other))
    desk.clock.advance(timedelta(minutes=5))
    assert send(desk, first, letter, one, ours | {"value": "กรมอื่น"}).status_code == 303
    refused = send(desk, other, letter, one, theirs)
    assert refused.status_code == 409
    assert f"{OFFICER} แก้จากแล้วเมื่อ" in refused.text
    assert "<dd><del>" in refused.text
    assert papers.entry(desk.office, entry.id).from_text == "กรมอื่น"
    assert field(desk.office, letter, "owner").by == OFFICER


def test_enter_once_more_on_the_fresh_page_overrules(desk, letter):
    one, client = field(desk.office, letter, "number"), desk.signed_in(SECRETS)
    form = form_of(client.get(f"/letters/{letter.id}").text, one)
    mine = form_of((first := desk.signed_in()).get(f"/letters/{letter.id}").text, one)
    send(desk, first, letter, one, mine | {"value": TYPED})
    refused = send(desk, client, letter, one, form)
    assert TYPED in refused.text
    again = form_of(refused.text, one)
    assert again["value"] == form["value"]
    assert send(desk, client, letter, one, again).status_code == 303
    after = field(desk.office, letter, "number")
    assert (after.state, after.by) == ("confirmed", SECRETS)


def test_a_form_that_does_not_say_what_it_was_made_from_judges_nothing(desk, letter):
    one = field(desk.office, letter, "subject")
    client = desk.signed_in()
    form = form_of(client.get(f"/letters/{letter.id}").text, one)
    del form["_version"]
    assert send(desk, client, letter, one, form).status_code == 409
    assert field(desk.office, letter, "subject").state == "proposed"


def test_words_of_one_field_are_not_taken_for_another_that_has_its_id_by_now(desk, letter):
    """A letter that is read anew gives its ids to other fields."""
    one, client = field(desk.office, letter, "to"), desk.signed_in()
    form = form_of(client.get(f"/letters/{letter.id}").text, one)
    refused = send(desk, client, letter, field(desk.office, letter, "owner"), form)
    assert refused.status_code == 409
    assert "อ่านตัวหนังสือนี้ใหม่" in refused.text
    assert form_of(refused.text, field(desk.office, letter, "owner"))["value"] != form["value"]
    assert field(desk.office, letter, "owner").state == "proposed"


def test_words_longer_than_a_line_of_the_box_are_seen_whole(desk, letter):
    """A box of one line would hide the end of thirty letters, and Enter would confirm it."""
    html = desk.signed_in().get(f"/letters/{letter.id}").text
    assert re.search(r'<textarea data-enter rows=2 [^>]*aria-label="ถึง"', html)


def test_an_emptied_field_is_told_as_what_it_is(desk, letter):
    one, client = field(desk.office, letter, "due"), desk.signed_in()
    form = form_of(client.get(f"/letters/{letter.id}").text, one)
    sent = send(desk, client, letter, one, form | {"value": ""})
    html = client.get(sent.headers["location"]).text
    assert "ไม่ใช้ให้เสร็จภายในที่อ่านได้ ข้อมูลในทะเบียนคงเดิม" in html
    assert field(desk.office, letter, "due").state == "refused"


def test_a_day_that_cannot_be_read_stays_in_its_box_with_what_is_wrong(desk, letter):
    one, client = field(desk.office, letter, "dated"), desk.signed_in()
    form = form_of(client.get(f"/letters/{letter.id}").text, one)
    refused = send(desk, client, letter, one, form | {"value": "๓๑ กุมภาพันธ์ ๒๕๖๒"})
    assert refused.status_code == 422
    assert form_of(refused.text, one)["value"] == "๓๑ กุมภาพันธ์ ๒๕๖๒"
    assert f'id="wrong-{one.id}"' in refused.text
    assert field(desk.office, letter, "dated").state == "taken"
