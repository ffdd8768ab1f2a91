"""ส่งหนังสือ without script: what its forms save, refuse, show and send."""

import re

from registry import directory
from tests.saraban.office import CLERK, OFFICER
from tests.saraban.web.desk import token_of
from tests.saraban.web.pages.test_inbox import form_of, plain
from tests.saraban.web.seed import AUDITOR, DOUBLE, SECOND, TOWN_OFFICER

LETTER = {"subject": "ขอเชิญประชุมหัวหน้าส่วนราชการ", "text": "จึงเรียนมาเพื่อโปรดทราบ", "to": ["dla"]}


class Pen:
    """Writes a letter as one officer does."""

    def __init__(self, desk, email=OFFICER, page="/send"):
        self.desk, self.client = desk, desk.signed_in(email)
        self.html = self.client.get(page).text
        self.path = re.search(r'action="(/send/[a-z2-7]{16})"', self.html)[1]

    def press(self, do, files=None, **fields):
        """Press a button of the form; give the answer."""
        data = {"_token": token_of(self.html), "do": do} | LETTER | fields
        return self.client.post(self.path, data=data, files=files)

    def preview(self, **fields):
        """Go on to what receivers will get."""
        assert self.press("preview", **fields).headers["location"] == f"{self.path}/preview"
        return self.client.get(f"{self.path}/preview")

    def go(self, do="send", **fields):
        """Preview and send; give the answer."""
        shown = self.preview(**fields).text
        data = form_of(shown, f"{self.path}/go") | {"do": do}
        return self.client.post(f"{self.path}/go", data=data)


def sent(desk):
    """Give the sent book."""
    return desk.office.data("register", "list", "--entity", "phrae", "--book", "sent")


def test_finding_shows_where_an_entity_is(desk):
    with desk.runtime.database.write() as session:
        for code, district in (("one", "สอง"), ("two", "ลอง")):
            directory.add_entity(
                session, code=code, name="อบต.บ้านหลวง", address=f"saraban@{code}.go.th",
                at=desk.clock.now(), province="แพร่", district=district,
            )  # fmt: skip
    html = plain(Pen(desk).press("find", find="บ้านหลวง").text)
    assert "อ.สอง จ.แพร่" in html
    assert "อ.ลอง จ.แพร่" in html


def test_what_was_typed_is_saved_with_every_press_and_found_again(desk):
    pen = Pen(desk)
    pen.press("cc:town", due="พรุ่งนี้")
    html = plain(pen.client.get(pen.path).text)
    assert LETTER["subject"] in html
    assert "เทศบาลเมืองแพร่" in html
    assert 'value="พรุ่งนี้"' in html
    assert LETTER["subject"] in plain(pen.client.get("/send").text)
    pen.press("drop:town", copies=["town"])
    assert 'name="copies"' not in pen.client.get(pen.path).text


def test_the_preview_shows_the_next_number_and_keeps_nothing(desk):
    before, pen = sent(desk), Pen(desk)
    html = plain(pen.preview().text)
    assert f"พร ๐๐๒๓/{to_thai(before[-1]['number'] + 1)}" in html
    assert LETTER["text"] in html
    assert "ผู้รับ ๑ ราย" in html
    assert sent(desk) == before


def to_thai(number):
    """Write a number as the pages do."""
    return "".join("๐๑๒๓๔๕๖๗๘๙"[int(digit)] for digit in str(number))


def test_sending_takes_the_number_and_can_be_taken_back(desk):
    before, pen = len(sent(desk)), Pen(desk)
    answer = pen.go(urgency="ด่วนมาก")
    assert answer.headers["location"].startswith("/follow/")
    entry = sent(desk)[-1]
    assert (entry["subject"], entry["urgency"]) == (LETTER["subject"], "ด่วนมาก")
    assert len(sent(desk)) == before + 1
    assert desk.office.run("proof").exit_code == 0
    back = desk.post(pen.client, f"/send/undo/{entry['id']}", page="/send")
    assert back.headers["location"].startswith("/drafts/")
    assert sent(desk)[-1]["state"] == "reserved"


def test_pressing_twice_sends_one_letter(desk):
    pen = Pen(desk)
    data = form_of(pen.preview().text, f"{pen.path}/go") | {"do": "send"}
    answers = [pen.client.post(f"{pen.path}/go", data=data) for _ in range(2)]
    assert answers[0].headers["location"] == answers[1].headers["location"]
    assert [one["subject"] for one in sent(desk)].count(LETTER["subject"]) == 1


def test_a_preview_of_an_older_text_sends_nothing(desk):
    pen = Pen(desk)
    data = form_of(pen.preview().text, f"{pen.path}/go") | {"do": "send"}
    pen.press("save", subject="เปลี่ยนเรื่องแล้ว")
    assert pen.client.post(f"{pen.path}/go", data=data).status_code == 409
    assert "เปลี่ยนเรื่องแล้ว" not in [one["subject"] for one in sent(desk)]


def test_a_clerks_letter_waits_for_an_officer_whatever_the_button_says(desk):
    before, pen = sent(desk), Pen(desk, CLERK)
    assert "ออกเลขและส่ง" not in pen.preview().text
    assert pen.go("send").headers["location"] == "/drafts"
    assert sent(desk) == before
    assert LETTER["subject"] in [one["subject"] for one in desk.office.waiting()]


WRONG = (
    ({"subject": " "}, "โปรดพิมพ์เรื่อง"),
    ({"to": []}, "โปรดเลือกผู้รับ"),
    ({"text": ""}, "โปรดพิมพ์ข้อความ"),
    ({"due": "วันไหนก็ได้"}, "วันไหนก็ได้"),
    ({"secrecy": "ลับ"}, "นายทะเบียนข้อมูลข่าวสารลับ"),
)


def test_what_cannot_go_on_is_told_beside_its_field(desk):
    pen = Pen(desk)
    for fields, words in WRONG:
        answer = pen.press("preview", **fields)
        assert answer.status_code == 422, fields
        assert "field bad" in answer.text or 'aria-invalid="true"' in answer.text, fields
        assert words in plain(answer.text), fields


def test_a_marking_in_the_text_is_refused_with_the_way_to_go(desk):
    html = Pen(desk).preview(text="ลับ\n\nแผนรักษาความปลอดภัย").text
    assert "นายทะเบียนข้อมูลข่าวสารลับ" in html
    assert "/go" not in html


def test_a_secret_choice_saves_nothing(desk):
    pen = Pen(desk)
    pen.press("save", secrecy="ลับมาก")
    assert pen.client.get(pen.path).status_code == 404


def test_files_travel_with_the_letter(desk):
    pen = Pen(desk)
    upload = [("enclosure_files", ("../../หนังสือ<b>.pdf", b"%PDF-1.7 signed", "application/pdf"))]
    html = pen.press("save", files=upload) and pen.client.get(pen.path).text
    file = re.search(r'name="file" value="([^"]+)"', html)[1]
    assert "<b>.pdf" not in html
    pen.go(file=file)
    (kept,) = sent(desk)[-1]["enclosures"]
    assert ("/" in kept["name"], kept["media_type"]) == (False, "application/pdf")
    pen = Pen(desk)
    pen.press("save", file=file)
    assert 'name="file"' not in pen.client.get(pen.path).text


def test_a_number_is_reserved_once_and_the_letter_bears_it(desk):
    pen = Pen(desk)
    data = form_of(pen.html, pen.path) | LETTER | {"do": "number"}
    for _ in range(2):
        assert pen.client.post(pen.path, data=data).headers["location"] == pen.path
    slip = sent(desk)[-1]
    assert [one["state"] for one in sent(desk)].count("reserved") == 1
    assert f'id="number">{slip["letter_number"].translate(DIGITS)}' in pen.client.get(pen.path).text
    pen.go()
    assert (sent(desk)[-1]["id"], sent(desk)[-1]["state"]) == (slip["id"], "registered")


DIGITS = str.maketrans("0123456789", "๐๑๒๓๔๕๖๗๘๙")


def test_an_answer_begins_with_what_it_answers(desk):
    entry = next(one for one in desk.office.received() if one["subject"] == DOUBLE)
    pen = Pen(desk, page=f"/send?answers={entry['id']}")
    assert f'name="answers" value="{entry["id"]}"' in pen.html
    assert "มท ๐๘๑๐.๓/๖๖๑๐" in plain(pen.html)
    pen.go(answers=entry["id"])
    assert ("answers", entry["id"]) in [
        (one["relation"], one["entry"]) for one in sent(desk)[-1]["links"]
    ]


def test_what_others_write_is_not_there(desk):
    pen = Pen(desk)
    pen.press("save")
    entry = desk.office.received()[0]
    for email in (SECOND, TOWN_OFFICER):
        other = desk.signed_in(email)
        assert other.get(pen.path).status_code == 404
    assert desk.signed_in(TOWN_OFFICER).get(f"/send?answers={entry['id']}").status_code == 404
    town = desk.signed_in(TOWN_OFFICER)
    mine = sent(desk)[-1]["id"]
    assert desk.post(town, f"/send/undo/{mine}", page="/send").status_code == 404


def test_an_auditor_writes_nothing(desk):
    assert desk.signed_in(AUDITOR).get("/send").status_code == 403


def test_hostile_words_are_only_text(desk):
    pen = Pen(desk)
    hostile = '"><script>alert(1)</script>'
    html = pen.press("find", find=hostile, subject=hostile, text=hostile).text
    html += pen.preview(subject=hostile, text=hostile).text
    assert "<script>alert" not in html


def test_throwing_away_forgets_it(desk):
    pen = Pen(desk)
    pen.press("save")
    desk.post(pen.client, f"{pen.path}/discard", page=pen.path)
    assert pen.client.get(pen.path).status_code == 404
