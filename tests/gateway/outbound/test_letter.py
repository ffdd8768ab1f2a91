"""A letter of ours, as the receiver's program reads it."""

import json
from datetime import datetime, timedelta

from gateway.outbound.write import write
from gateway.quoting import WORDS_BEGIN, WORDS_END
from registry.clock import BANGKOK
from registry.models.outgoing import DeliveryRow
from registry.models.people import EntityRow
from registry.tokens import Token, read_tag
from tests.gateway.outbound.office import CLERK, SUBJECT, TEXT, plain


def test_a_letter_is_from_the_central_address_with_the_clerk_named_in_it(office):
    composed, message = office.compose(office.send())
    sender = message["From"].addresses[0]
    assert sender.addr_spec == "saraban@phrae.example"
    assert "จังหวัดแพร่" in sender.display_name
    assert "สมศรี" in sender.display_name
    assert composed.rcpt_to == message["To"].addresses[0].addr_spec == "saraban@dla.example"


def test_the_subject_tells_urgency_number_and_matter(office):
    _, message = office.compose(office.send())
    assert message["Subject"] == f"ด่วนที่สุด ที่ พร ๐๐๒๓.๓/๑ เรื่อง {SUBJECT}"


def test_an_answer_and_a_bounce_come_back_to_addresses_that_name_entry_and_job(office):
    job = office.get(office.send())
    composed, message = office.compose(job.id)
    keys = office.runtime.keys
    reply = message["Reply-To"].addresses[0]
    assert read_tag(keys, reply.username.partition("+")[2]) == Token("r", job.entry_id)
    assert reply.domain == "phrae.example"
    bounce = composed.mail_from.partition("@")[0].partition("+")[2]
    assert read_tag(keys, bounce) == Token("b", job.id)


def test_a_mailbox_without_tags_is_answered_at_its_plain_address(office):
    with office.database.write() as session:
        session.get_one(EntityRow, office.phrae.id).knows_tags = False
    composed, message = office.compose(office.send())
    assert composed.mail_from == "saraban@phrae.example"
    assert message["Reply-To"].addresses[0].addr_spec == "saraban@phrae.example"


def test_the_message_id_is_the_entrys_and_references_name_the_answered_letter(office):
    job = office.get(office.send(facts={"references": ["<asked@dla.example>", "not an id"]}))
    _, message = office.compose(job.id)
    assert message["Message-ID"] == job.message_id
    assert message["In-Reply-To"] == message["References"] == "<asked@dla.example>"


def test_another_installation_reads_number_date_and_urgency_without_guessing(office):
    _, message = office.compose(office.send())
    assert message["X-Saraban-Letter-Number"] == "พร 0023.3/1"
    assert message["X-Saraban-Dated"] == "2025-10-03"
    assert message["X-Saraban-Urgency"] == "ด่วนที่สุด"
    assert message["X-Saraban-Subject"] == SUBJECT
    assert message["Auto-Submitted"] is None


def test_the_manifest_names_every_file_with_its_digest(office, sha):
    _, message = office.compose(office.send(files={"หนังสือ.pdf": b"letter", "ผนวก.pdf": b"annex"}))
    part = next(p for p in message.walk() if p.get_content_type().endswith("letter+json"))
    manifest = json.loads(part.get_content())
    assert [file["sha256"] for file in manifest["enclosures"]] == [sha(b"letter"), sha(b"annex")]
    assert [file["by"] for file in manifest["enclosures"]] == ["mail", "mail"]
    assert manifest["letter_number"] == "พร 0023.3/1"
    assert "page" not in manifest


def test_the_text_shows_what_a_clerk_needs_to_register_it(office):
    _, message = office.compose(office.send())
    text = plain(message)
    for words in (
        "ด่วนที่สุด",
        "ที่  พร ๐๐๒๓.๓/๑",
        "ลงวันที่  ๓ ตุลาคม ๒๕๖๘",
        f"เรื่อง  {SUBJECT}",
        "ถึง  กรมส่งเสริมการปกครองท้องถิ่น",
        "อ้างถึง  ๑. หนังสือจังหวัดแพร่",
        "จึงเรียนมาเพื่อโปรดพิจารณา",
        "๑. หนังสือ.pdf (ตัวหนังสือ)",
        "แนบมาพร้อมนี้",
        "ผู้ติดต่อ  นางสมศรี ใจดี สำนักงานท้องถิ่นจังหวัดแพร่ โทร. ๐ ๕๔๕๓ ๓๑๔๑",
        "โปรดตอบกลับอีเมลฉบับนี้เพื่อแจ้งเลขรับ",
    ):
        assert words in text


def test_the_clerks_words_stand_between_two_quiet_lines(office):
    _, message = office.compose(office.send())
    assert f"\n{WORDS_BEGIN}\n{TEXT}\n{WORDS_END}\n" in plain(message)
    assert message["X-Saraban-Text"] is None


def test_a_letter_without_words_says_so_to_machines_alone(office):
    _, message = office.compose(office.send(text=""))
    assert message["X-Saraban-Text"] == "none"
    assert WORDS_BEGIN not in plain(message)


def test_what_the_clerk_wrote_under_refers_to_is_not_written_twice(office):
    """The head lists the references of the register only where the text has no block of its own."""
    _, message = office.compose(office.send(text="เรียน อธิบดี\n\nอ้างถึง หนังสือจังหวัดแพร่\n\nด้วย…"))
    assert plain(message).count("อ้างถึง") == 1
    assert message.get_body(("html",)).get_content().count("อ้างถึง") == 1


def test_the_day_by_which_to_act_is_told_to_another_installation(office):
    due = datetime(2025, 10, 19, 9, tzinfo=BANGKOK)
    _, message = office.compose(office.send(due=due))
    assert datetime.fromisoformat(message["X-Saraban-Due"]) == due
    assert "ให้รายงานภายใน  ๑๙ ตุลาคม ๒๕๖๘ เวลา ๐๙.๐๐ น." in plain(message)


def test_a_day_without_an_hour_is_told_as_the_officer_set_it(office):
    _, message = office.compose(office.send(due=datetime(2025, 11, 30, 16, 30, tzinfo=BANGKOK)))
    html = message.get_body(("html",)).get_content()
    assert "ให้รายงานภายใน  ๓๐ พฤศจิกายน ๒๕๖๘\n" in plain(message)
    assert "ให้รายงานภายใน" in html
    assert "๑๖.๓๐" not in html


def test_who_gets_a_copy_reads_so_and_owes_nothing(office):
    job = office.send(due=datetime(2025, 11, 30, 16, 30, tzinfo=BANGKOK))
    with office.database.write() as session:
        session.get_one(DeliveryRow, office.get(job).delivery_id).is_copy = True
    _, message = office.compose(job)
    assert "ขอส่งสำเนาหนังสือราชการมาเพื่อทราบ" in plain(message)
    assert "สำเนาหนังสือราชการจาก" in message.get_body(("html",)).get_content()
    assert message["X-Saraban-Due"] is None
    assert "ให้รายงานภายใน" not in plain(message)


def test_numbers_and_dates_stay_on_one_line_in_html(office):
    html = office.compose(office.send())[1].get_body(("html",)).get_content()
    assert '<span style="white-space:nowrap">พร ๐๐๒๓.๓/๑</span>' in html
    assert '<span style="white-space:nowrap">๓ ตุลาคม ๒๕๖๘</span>' in html


def test_files_arrive_byte_for_byte_under_their_thai_names(office):
    files = {"หนังสือที่ พร ๐๐๒๓.๓.pdf": b"%PDF one", "แบบรายงาน (ฉบับแก้).pdf": b"%PDF two"}
    _, message = office.compose(office.send(files=files))
    got = {
        part.get_filename(): part.get_payload(decode=True)
        for part in message.iter_attachments()
        if part.get_content_type() == "application/pdf"
    }
    assert got == files


def test_a_large_file_leaves_the_mail_and_the_table_says_where_it_is(office):
    files = {"หนังสือ.pdf": b"%PDF", "ภาพสแกน.pdf": b"x" * 25_000_001}
    composed, message = office.compose(office.send(files=files))
    text = plain(message)
    assert composed.by_link == 1
    assert "๒. ภาพสแกน.pdf\n   ๒๕.๐ MB – ดาวน์โหลดทางลิงก์" in text
    assert "https://files.phrae.example/l/" in text
    assert "ลิงก์นี้ใช้ได้ถึงวันที่ ๑ ตุลาคม ๒๕๗๘" in text
    names = [part.get_filename() for part in message.walk()]
    assert "ภาพสแกน.pdf" not in names
    assert "qr.png" in names


def test_the_html_shows_the_qr_code_beside_the_link(office):
    _, message = office.compose(office.send(files={"ภาพสแกน.pdf": b"x" * 25_000_001}))
    html = message.get_body(("html",)).get_content()
    related = next(p for p in message.walk() if p.get_content_type() == "multipart/related")
    picture = list(related.iter_parts())[1]
    assert f"cid:{picture['Content-ID'].strip('<>')}" in html
    assert picture.get_payload(decode=True).startswith(b"\x89PNG")


def test_a_part_of_25_mb_stays_a_part_but_its_mail_would_be_too_big(office):
    """Base64 makes 34 MB of it; the receiver's server would refuse what the rule alone allows."""
    job = office.send(files={"หนังสือ.pdf": b"x" * 25_000_000})
    composed, _ = office.compose(job)
    assert composed.by_link == 1
    office.takes(office.dla, 40_000_000)
    composed, _ = office.compose(job)
    assert composed.by_link == 0


def test_the_next_hop_lowers_the_limit_and_the_largest_file_leaves_first(office):
    files = {"ก.pdf": b"a" * 100_000, "ข.pdf": b"b" * 900_000, "ค.pdf": b"c" * 200_000}
    job = office.send(files=files)
    whole, _ = office.compose(job)
    smaller, message = office.compose(job, next_hop=whole.size - 1)
    assert whole.by_link == 0
    assert smaller.by_link == 1
    assert "ข.pdf" not in [part.get_filename() for part in message.walk()]
    exact, _ = office.compose(job, next_hop=whole.size)
    assert exact.by_link == 0


def test_a_part_over_25_mb_leaves_even_where_the_receiver_takes_more(office):
    office.takes(office.dla, 90_000_000)
    composed, _ = office.compose(office.send(files={"หนังสือ.pdf": b"x" * 25_000_001}))
    assert composed.by_link == 1


def test_composing_again_gives_the_same_mail_and_the_same_link(office):
    job = office.send(files={"หนังสือ.pdf": b"%PDF", "ภาพสแกน.pdf": b"x" * 25_000_001})
    first, second = bytearray(), bytearray()
    write(office.compose(job)[0].mail, first.extend)
    office.runtime.clock.advance(timedelta(hours=3))
    write(office.compose(job)[0].mail, second.extend)
    assert first == second


def test_markup_in_a_subject_is_shown_and_not_obeyed(office):
    _, message = office.compose(office.send(subject="<script>alert(1)</script> & ตัวอย่าง"))
    html = message.get_body(("html",)).get_content()
    assert "<script>" not in html
    assert "&lt;script&gt;" in html


def test_a_line_break_in_a_subject_cannot_make_a_header(office):
    _, message = office.compose(office.send(subject="เรื่อง\r\nBcc: x@example.org\r\n\r\nbody"))
    assert message["Bcc"] is None
    assert "Bcc: x@example.org" in message["Subject"]


def test_the_clerks_name_comes_from_the_directory(office):
    _, message = office.compose(office.send())
    assert CLERK not in str(message["From"])


def test_a_very_long_file_name_is_cut_but_keeps_its_kind(office):
    name = "แนวทาง" * 40 + ".pdf"
    _, message = office.compose(office.send(files={name: b"%PDF"}))
    got = next(message.iter_attachments()).get_filename()
    assert got.endswith(".pdf")
    assert name.startswith(got.removesuffix(".pdf"))
    assert len(got.encode()) <= 200


def test_programs_without_rfc_2231_see_an_ascii_name_with_the_right_ending(office):
    _, message = office.compose(office.send(files={"ก.pdf": b"1", "ตาราง": b"2"}))
    names = [part.get_param("name") for part in message.iter_attachments()]
    assert names == ["letter-1.pdf", "enclosure-2.pdf", "saraban.json"]
