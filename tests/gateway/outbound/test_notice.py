"""Notices: every text renders, from few facts and from all, in words and never in code."""

import re
from dataclasses import replace
from pathlib import Path

import pytest

from gateway.outbound import template
from gateway.quoting import REPLY_LINE
from registry.errors import NotFound
from registry.models.letters import LetterRow
from registry.outbox import Kind
from registry.tokens import Token, read_tag
from tests.gateway.outbound.office import CLERK, SUBJECT

TEXTS = Path(template.__file__).parent / "texts"
NOTICES = (
    "letter_sent", "draft_waiting", "number_slip", "note_taken", "send_failed", "send_late",
    "digest", "citizen_receipt", "refused_code", "not_known_clerk", "draft_returned", "withdrawn",
    "letter_returned", "recall_request", "set_aside", "files_infected", "mailbox_sighting",
    "alert", "recall_asked", "recall_answered", "called_back",
    "loop_stopped", "order_given", "reminder", "directory_changed",
)  # fmt: skip


@pytest.fixture
def told(office):
    """Compose a notice about a sent letter, or about nothing."""

    def make(text, *, about="sent", **facts):
        ids = {}
        if about == "sent":
            sent = office.get(office.send(to="saraban@town.example", to_name="เทศบาลเมืองแพร่"))
            ids = {"entry_id": sent.entry_id, "letter_id": sent.letter_id}
        if about == "received":
            letter, entry = office.receive()
            ids = {"entry_id": entry, "letter_id": letter}
        job = office.job(Kind.NOTICE, CLERK, facts={"text": text, **facts}, **ids)
        composed, message = office.compose(job)
        body = message.get_body(("plain",))
        assert body is not None
        return composed, message, body.get_content().replace("\r\n", "\n")

    return make


@pytest.mark.parametrize("text", NOTICES)
@pytest.mark.parametrize("about", ["sent", "nothing"])
def test_every_text_renders_from_whatever_facts_in_words_of_the_office(told, text, about):
    composed, message, body = told(text, about=about)
    assert message["Subject"].strip()
    assert len(body.strip().splitlines()) >= 1
    assert not re.search(r"\{\{|\}\}|\{%|None|Undefined|\n\n\n", body + message["Subject"])
    by_a_person = text in {"recall_request", "reminder"}
    by_machine = {"auto-generated", "auto-replied"}
    assert message["Auto-Submitted"] in ({None} if by_a_person else by_machine)
    assert bool(composed.mail_from) is by_a_person
    assert not re.search(r"\b(error|job|queue|token|exception|SMTP)\b", body, re.IGNORECASE)


def test_the_clerk_hears_the_number(told):
    _, message, body = told("letter_sent")
    assert message["Subject"].startswith("ส่งแล้ว เลขที่ พร ๐๐๒๓.๓/๑")
    assert "ส่งถึง  เทศบาลเมืองแพร่" in body


def test_a_held_letter_is_not_said_to_have_left(told):
    _, message, body = told("letter_sent", hold_seconds=300)
    assert message["Subject"].startswith("ออกเลขแล้ว รอส่ง")
    assert "ครบเวลาพัก ๕ นาที" in body
    assert "ดึงกลับก่อนส่ง" in body
    assert "เรียกคืน" not in body


def test_taking_back_before_it_left_is_not_called_a_recall(told):
    _, message, body = told("withdrawn", stopped=["เทศบาลเมืองแพร่"], by="สมชาย")
    assert message["Subject"].startswith("ดึงกลับก่อนส่งแล้ว")
    assert "ผู้ดึงกลับ  สมชาย" in body
    assert "เรียกคืน" not in body


def test_a_slip_is_answered_under_its_own_number(office, told):
    _, message, body = told("number_slip", to="เทศบาลเมืองแพร่")
    tag = message["Reply-To"].addresses[0].username.partition("+")[2]
    found = read_tag(office.runtime.keys, tag)
    assert found == Token("r", found.id)
    assert body.startswith(REPLY_LINE)
    assert "แนบไฟล์ PDF ที่ลงนามแล้ว" in body


def test_a_failure_says_whom_it_did_not_reach_and_why(told):
    _, message, body = told(
        "send_failed",
        to="saraban@town.example",
        to_name="เทศบาลเมืองแพร่",
        why="กล่องอีเมลของผู้รับเต็ม",
        reply="552 5.2.2 full",
    )
    assert "เทศบาลเมืองแพร่" in message["Subject"]
    assert "กล่องอีเมลของผู้รับเต็ม" in body
    assert "552 5.2.2 full" in body


def test_a_notice_stands_in_the_thread_of_the_letter(told):
    _, message, _ = told("note_taken", about="received", note="รับทราบ")
    assert message["In-Reply-To"] == "<w3974@dla.example>"


def test_what_became_of_a_letter_stands_under_the_clerks_own_mail(office):
    """The receiver, asked to give it back, knows only the letter."""
    sent = office.get(office.send())
    ids = {"entry_id": sent.entry_id, "letter_id": sent.letter_id}
    with office.database.write() as session:
        letter = session.get_one(LetterRow, sent.letter_id)
        letter.facts = {"clerk_message_id": "<mine@phrae.example>"}
    for text, first in (
        ("letter_sent", "<mine@phrae.example>"),
        ("recall_request", sent.message_id),
    ):
        job = office.job(Kind.NOTICE, CLERK, facts={"text": text}, **ids)
        assert office.compose(job)[1]["In-Reply-To"] == first


def test_a_request_to_give_a_letter_back_hears_of_its_own_bounce(told):
    composed, message, _ = told("recall_request", reason="ส่งผิดหน่วยงาน")
    assert composed.mail_from.startswith("saraban+b-")
    assert message["Reply-To"] is None


def test_the_codes_that_name_nobody_are_told_with_what_goes_on(told):
    _, _, body = told("refused_code", codes=["พะเยา"], rest=["เทศบาลเมืองแพร่"])
    assert "– พะเยา" in body
    assert "ดำเนินการต่อถึง\n  – เทศบาลเมืองแพร่" in body


def test_a_code_that_names_nobody_promises_no_old_number(told):
    """A letter written anew is another letter; only the very same mail again keeps its number."""
    waits = told("refused_code", codes=["พะเยา"], rest=["เทศบาลเมืองแพร่"], waiting=True)[2]
    gone = told("refused_code", codes=["พะเยา"], rest=["เทศบาลเมืองแพร่"], waiting=False)[2]
    assert "ขอให้เจ้าหน้าที่สารบรรณส่งคืนร่างนี้" in waits
    assert "จะเป็นหนังสืออีกฉบับและได้เลขที่ใหม่" in gone
    assert "เลขที่เดิม" not in waits + gone


def test_what_the_system_could_not_send_is_not_said_to_come_from_an_officer(told):
    _, message, body = told("draft_returned", about="nothing", reason="ไม่มีทั้งข้อความและไฟล์แนบ")
    assert message["Subject"] == "ยังไม่ได้ส่ง"
    assert "เจ้าหน้าที่สารบรรณส่งคืน" not in body
    assert "เจ้าหน้าที่สารบรรณส่งคืนร่าง" in told("draft_returned", by="นายสมชาย")[2]


def test_a_letter_that_is_called_wrong_is_not_said_to_be_returned(told):
    facts = {"to_name": "เทศบาลเมืองแพร่", "reason": "ไม่มีสิ่งที่ส่งมาด้วย"}
    assert "ส่งคืน" not in told("letter_returned", wrong=True, **facts)[2]
    assert "เทศบาลเมืองแพร่ ส่งคืนหนังสือของท่าน" in told("letter_returned", wrong=False, **facts)[2]


def test_a_draft_names_everybody_whom_a_group_came_to(office):
    named = [{"address": f"{n}@x.example", "name": f"อำเภอที่ {n}"} for n in range(1, 41)]
    with office.database.write() as session:
        letter = office.letter(
            session, "out", {}, facts={"addressees": named}, to_text="๔๐ หน่วยงาน"
        )
    job = office.job(Kind.NOTICE, CLERK, letter_id=letter.id, facts={"text": "draft_waiting"})
    body = office.compose(job)[1].get_content()
    assert "ถึง  ๔๐ แห่ง" in body
    assert "– อำเภอที่ 30" in body
    assert "– อำเภอที่ 31" not in body
    assert "และอีก ๑๐ แห่ง" in body


def test_the_digest_lists_what_waits(told):
    items = [{"line": f"เรื่องที่ {n}", "why": "ผู้ส่งไม่อยู่ในทำเนียบ"} for n in range(60)]
    sections = [{"title": "หนังสือรับที่รอลงรับ", "items": items}]
    _, message, body = told("digest", about="nothing", sections=sections, total=60)
    assert message["Subject"] == "หนังสือที่รอเจ้าหน้าที่สารบรรณ ๖๐ เรื่อง – จังหวัดแพร่"
    assert "และอีก ๑๐ เรื่อง" in body


def test_a_template_that_there_is_none_of_is_not_found():
    for name in ("nothing", "../secrets", "", "Letter", "a.b"):
        with pytest.raises(NotFound):
            template.render(name, {})


def test_facts_with_line_breaks_cannot_reach_beyond_the_subject():
    rendered = template.render("send_failed", {"to": "x\r\nBcc: y@z\r\n\r\nbody"})
    assert "\n" not in rendered.subject
    assert rendered.subject.endswith("x Bcc: y@z body")


def test_every_text_begins_with_its_subject_line():
    for path in TEXTS.glob("[a-z]*.txt"):
        if path.stem != "table":
            first = path.read_text(encoding="utf-8").partition("\n")[0]
            assert re.search("[ก-๙]", first), path.name


def test_the_subject_of_a_letter_is_shown_to_its_clerk(told):
    assert SUBJECT in told("letter_sent")[2]


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("note_taken", "auto-replied"),
        ("number_slip", "auto-replied"),
        ("draft_waiting", "auto-replied"),
        ("letter_sent", "auto-generated"),
        ("send_failed", "auto-generated"),
        ("loop_stopped", "auto-generated"),
    ],
)
def test_a_notice_says_whether_it_answers_a_mail_or_came_of_itself(office, text, word):
    """RFC 3834 §5."""
    job = office.job(Kind.NOTICE, "clerk@phrae.example", facts={"text": text, "address": "a@b"})
    composed, message = office.compose(job)
    assert (composed.mail_from, message["Auto-Submitted"]) == ("", word)


def test_an_alarm_names_the_letter_that_nobody_looked_at(told):
    _, message, body = told("alert", about="received", event="unseen")
    assert "หนังสือด่วนที่สุดยังไม่มีผู้เปิดดู เลขรับ ๑/๒๕๖๘" in message["Subject"]
    assert "โปรดเปิดดูและดำเนินการทันที" in body
    assert SUBJECT in body


@pytest.mark.parametrize(
    ("text", "about", "path"),
    [
        ("digest", "nothing", "/inbox"),
        ("alert", "received", "/entries/"),
        ("files_infected", "received", "/entries/"),
        ("mailbox_sighting", "nothing", "/mailboxes"),
    ],
)
def test_officers_are_led_to_their_pages_where_their_address_is_known(
    office, told, text, about, path
):
    """Who works in a browser is not told to type commands."""
    facts = {"event": "urgent", "letter": "x", "id": "x", "sections": [], "total": 1}
    plain = told(text, about=about, **facts)[2]
    instance = replace(office.runtime.office.instance, public_url="https://desk.phrae.example/")
    office.runtime.__dict__["office"] = replace(office.runtime.office, instance=instance)
    led = told(text, about=about, **facts)[2]
    assert "https://desk.phrae.example" not in plain
    assert f"https://desk.phrae.example{path}" in led


def test_addressees_who_get_nothing_do_not_unsend_what_was_sent(told):
    _, message, body = told("draft_returned", kept=True, reason="หนังสือมีชั้นความลับ")
    assert message["Subject"].startswith("ไม่ได้ส่งให้ผู้รับที่เพิ่ม")
    assert "ไม่ได้ออกเลข" not in body
    assert "ส่งใหม่ทั้งฉบับ" not in body
