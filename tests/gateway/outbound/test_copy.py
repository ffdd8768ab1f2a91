"""The delivered copy: a clerk sees at once what it is, and an answer finds its entry."""

import pytest

from gateway.quoting import REPLY_LINE
from registry.errors import NotAllowed
from registry.models.letters import LetterRow
from registry.outbox import Kind
from registry.tokens import Token, read_tag
from tests.gateway.outbound.office import SUBJECT, plain

FACTS = {"unit": "local", "delivery": "full", "why": "กฎข้อ 1: เรื่องมีคำว่า “คู่มือ”"}


@pytest.fixture
def copied(office):
    """Compose a copy of a received letter; returns envelope, message and entry."""

    def make(files=None, *, secrecy=None, **facts):
        letter, entry = office.receive(files, secrecy=secrecy)
        job = office.job(
            Kind.COPY, "box@phrae.example", entry_id=entry, letter_id=letter, facts=FACTS | facts
        )
        composed, message = office.compose(job)
        return composed, message, entry

    return make


def test_the_subject_tells_urgency_receive_number_sender_and_matter(copied):
    _, message, _ = copied()
    sender = "กรมส่งเสริมการปกครองท้องถิ่น"
    assert message["Subject"] == f"[ด่วนที่สุด] เลขรับ ๑/๒๕๖๘ จาก {sender}: {SUBJECT}"


def test_the_head_tells_what_a_clerk_must_know(copied):
    text = plain(copied()[1])
    for words in (
        "เลขรับ ๑/๒๕๖๘",
        "ลงรับเมื่อวันที่ ๓ ตุลาคม ๒๕๖๘ เวลา ๑๐.๔๒ น.",
        "จาก  กรมส่งเสริมการปกครองท้องถิ่น",
        "ที่  มท ๐๘๑๐.๗/ว ๓๙๗๔",
        "ลงวันที่  ๓๐ กันยายน ๒๕๖๘",
        "ให้รายงานภายใน  ๑๙ ตุลาคม ๒๕๖๘ เวลา ๐๙.๐๐ น.",
        "ส่งให้  สำนักงานท้องถิ่นจังหวัดแพร่ – กฎข้อ ๑",
        "ตอบพร้อมแนบไฟล์",
        "เป็นร่าง รอเจ้าหน้าที่สารบรรณออกเลขก่อนส่ง",
        "ตอบข้อความอย่างเดียว",
        "ไม่ส่งออกไปที่ใด",
    ):
        assert words in text


def test_the_line_above_which_one_answers_comes_first(copied):
    assert plain(copied()[1]).startswith(REPLY_LINE)


def test_an_answer_goes_to_the_entry_and_the_conversation_holds_together(office, copied):
    composed, message, entry = copied()
    reply = message["Reply-To"].addresses[0].username.partition("+")[2]
    assert read_tag(office.runtime.keys, reply) == Token("r", entry)
    assert message["References"] == "<w3974@dla.example>"
    assert message["Message-ID"].startswith("<c.")
    assert composed.mail_from.startswith("saraban+b-")
    assert message["From"].addresses[0].addr_spec == "saraban@phrae.example"


def test_no_machine_answers_it_but_its_bounce_comes_back(copied):
    composed, message, _ = copied()
    assert message["Auto-Submitted"] == "auto-generated"
    assert "NDR" not in message["X-Auto-Response-Suppress"].replace(",", " ").split()
    assert message["Precedence"] is None
    assert composed.mail_from


def test_a_full_copy_carries_the_files_within_the_budget(copied):
    files = {"หนังสือ.pdf": b"letter", "ใหญ่.pdf": b"x" * 25_000_001}
    composed, message, _ = copied(files)
    names = [part.get_filename() for part in message.walk() if part.get_filename()]
    assert names == ["qr.png", "หนังสือ.pdf"]
    assert composed.size < 25_000_000


def test_a_notice_carries_no_file_and_links_to_all(copied):
    composed, message, _ = copied({"หนังสือ.pdf": b"letter"}, delivery="notice")
    names = [part.get_filename() for part in message.walk() if part.get_filename()]
    assert names == ["qr.png"]
    assert composed.by_link == 1
    assert "รับเฉพาะใบแจ้ง" in plain(message)


def test_pictures_of_the_text_travel_and_are_no_enclosures(copied):
    _, message, _ = copied({"หนังสือ.pdf": b"letter", "logo.png": b"logo"})
    names = [part.get_filename() for part in message.walk() if part.get_filename()]
    assert names == ["หนังสือ.pdf", "logo.png"]
    text = plain(message)
    assert "ตัวหนังสือ ๑ ไฟล์" in text
    assert "ภาพที่อยู่ในข้อความ ๑ ภาพ แนบมาเป็นไฟล์ต่างหาก" in text
    assert "logo.png" not in text


def test_a_picture_that_must_be_downloaded_is_listed_like_any_file(copied):
    _, message, _ = copied({"logo.png": b"logo"}, delivery="notice")
    assert "๑. logo.png" in plain(message)
    assert "ภาพที่อยู่ในข้อความ" not in plain(message)


def test_a_long_matter_is_cut_in_the_subject_and_whole_in_the_text(office):
    long = "แนวทางการปรับปรุงคู่มือ " * 12
    letter, entry = office.receive(subject=long.strip())
    job = office.job(Kind.COPY, "box@phrae.example", entry_id=entry, letter_id=letter)
    _, message = office.compose(job)
    assert message["Subject"].endswith("แนวทางการปรับปรุงคู่มือ…")
    assert len(message["Subject"]) < 200
    assert f"เรื่อง  {long.strip()}" in plain(message)


def test_the_senders_own_words_stand_at_the_end(copied):
    assert plain(copied()[1]).endswith("── ข้อความจากผู้ส่ง ──\nเรียนมาเพื่อโปรดทราบ\n")


def test_no_copy_is_made_of_a_secret_letter(copied):
    with pytest.raises(NotAllowed):
        copied(secrecy="ลับ")


def test_withheld_files_are_named_and_left_out_of_mail_and_page(office):
    letter, entry = office.receive({"ก.pdf": b"%PDF", "ข.pdf": b"x" * 900}, scan="not_scanned")
    job = office.job(Kind.COPY, "box@phrae.example", entry_id=entry, letter_id=letter, facts=FACTS)
    composed, message = office.compose(job)
    text = plain(message)
    assert list(message.iter_attachments()) == []
    assert composed.by_link == 0
    assert "ไฟล์แนบยังไม่ผ่านการตรวจไวรัส" in text
    assert "- ก.pdf" in text
    assert "- ข.pdf" in text
    assert "แนบมาพร้อมนี้" not in text


def test_a_copy_sent_again_brings_the_files_and_says_so(office):
    letter, entry = office.receive(scan="cleared")
    facts = FACTS | {"again": True}
    job = office.job(Kind.COPY, "box@phrae.example", entry_id=entry, letter_id=letter, facts=facts)
    _, message = office.compose(job)
    assert [part.get_filename() for part in message.iter_attachments()] == ["หนังสือ.pdf"]
    assert "ส่งให้อีกครั้งพร้อมไฟล์แนบ" in plain(message)


def test_a_unit_learns_that_the_paper_lies_at_the_counter(office):
    """The sender has no address: an answer waits for an officer who says whom it goes to."""
    letter, entry = office.receive(
        {}, facts={"paper": {"way": "post"}}, from_entity_id=None
    )  # fmt: skip
    with office.database.write() as session:
        session.get_one(LetterRow, letter).sender = ""
    job = office.job(Kind.COPY, "box@phrae.example", entry_id=entry, letter_id=letter, facts=FACTS)
    _, message = office.compose(job)
    html = message.get_body(("html",)).get_content()
    for text in (plain(message), html):
        assert "ตัวหนังสือเป็นกระดาษ รับได้ที่งานสารบรรณ" in text
        assert "รอเจ้าหน้าที่สารบรรณระบุผู้รับและออกเลขก่อนส่ง" in text
        assert "ภาพสแกน" not in text
