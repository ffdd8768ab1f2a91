"""The mail that asks a superior for an order: what it shows, what a secret letter's does not."""

import pytest

from gateway.quoting import REPLY_LINE
from registry.outbox import Kind
from registry.tokens import Token, read_tag
from tests.gateway.outbound.office import CLERK, SUBJECT, plain

FACTS = {"movement": 1, "words": "เห็นควรมอบ สถจ. ดำเนินการ", "by": CLERK}


@pytest.fixture
def proposed(office):
    """Compose the mail for a received letter; returns envelope, message and entry."""

    def make(files=None, *, secrecy=None):
        letter, entry = office.receive(files, secrecy=secrecy)
        job = office.job(
            Kind.COPY, "governor@phrae.example", entry_id=entry, letter_id=letter, facts=FACTS
        )
        return *office.compose(job), entry

    return make


def test_it_says_what_is_asked_and_what_an_answer_does(proposed):
    _, message, _ = proposed()
    text = plain(message)

    assert message["Subject"].startswith("เสนอเพื่อสั่งการ: [ด่วนที่สุด] เลขรับ ๑/๒๕๖๘")
    assert text.startswith(REPLY_LINE)
    for words in (FACTS["words"], "บันทึกเป็นเกษียน", SUBJECT, "จาก  กรมส่งเสริมการปกครองท้องถิ่น"):
        assert words in text
    html = message.get_body(("html",)).get_content()
    assert FACTS["words"] in html


def test_the_files_travel_with_it(proposed):
    _, message, _ = proposed({"หนังสือ.pdf": b"%PDF letter"})
    names = [part.get_filename() for part in message.iter_attachments()]
    assert any(name and name.endswith("หนังสือ.pdf") for name in names)


def test_the_answer_goes_to_the_entry_and_no_machine_answers(office, proposed):
    composed, message, entry = proposed()
    reply = message["Reply-To"].addresses[0].username.partition("+")[2]
    assert read_tag(office.runtime.keys, reply) == Token("r", entry)
    assert message["Auto-Submitted"] == "auto-generated"
    assert composed.mail_from.startswith("saraban+b-")


def test_of_a_secret_letter_it_tells_the_number_and_nothing_else(proposed):
    _, message, _ = proposed({"แผน.pdf": b"%PDF secret"}, secrecy="ลับ")
    whole = message.as_string() + plain(message)

    assert "เลขรับ ๑/๒๕๖๘" in plain(message)
    assert "ไม่มีเนื้อหาและไฟล์" in plain(message)
    for hidden in (SUBJECT, FACTS["words"], "แผน.pdf", "กรมส่งเสริม", "มท ๐๘๑๐"):
        assert hidden not in whole
    assert list(message.iter_attachments()) == []
