"""Letters that are marked secret, and those that only speak of secrets."""

import json

import pytest
from sqlalchemy import select

from registry.desk.screen import screen
from registry.letter.grades import Secrecy
from registry.letter.message import Means, Trust
from registry.letter.sorting import Kind
from registry.models.evidence import JournalRow
from registry.models.outgoing import OutboxRow
from tests.registry.desk.conftest import CLERK, House, Mails, pdf

SUBJECT = "แผนเผชิญเหตุชายแดน"


@pytest.mark.parametrize(
    ("fields", "secrecy"),
    [
        ({"subject": f"[ลับ] {SUBJECT}"}, Secrecy.CONFIDENTIAL),
        ({"text": f"ลับมาก\n\nเรื่อง {SUBJECT}"}, Secrecy.SECRET),
        ({"text": "ลับ\n\nลับที่สุด\n"}, Secrecy.TOP_SECRET),
        ({"subject": "ส่งกลับคืน สลับวัน"}, None),
        ({"text": "เรื่อง การรักษาความลับของทางราชการ"}, None),
        ({"subject": "ขอเชิญอบรม", "text": "ข้อมูลนี้เป็นความลับของลูกค้า"}, None),
    ],
)
def test_a_marking_counts_only_as_a_tag_or_alone_on_its_line(mail: Mails, fields, secrecy):
    assert screen(mail(**fields)) is secrecy


def test_a_marked_file_name_marks_the_letter(mail: Mails):
    assert screen(mail(parts=[pdf("(ลับ) แผน.pdf")])) is Secrecy.CONFIDENTIAL


def test_a_marked_letter_is_held_without_number_copy_or_answer(house: House, mail: Mails):
    outcome = house.one(mail(subject=f"[ลับมาก] {SUBJECT}", parts=[pdf()]))

    assert (outcome.kind, outcome.state, outcome.number) == (Kind.SECRET, "secret", None)
    assert house.letter(outcome.letter_id).secrecy == "ลับมาก"
    assert house.rows(OutboxRow) == []


def test_its_subject_is_in_no_journal_line_and_no_notice(house: House, mail: Mails):
    house.one(mail(subject=f"[ลับ] {SUBJECT}"))
    house.one(mail(subject=f"[ลับ] {SUBJECT}", message_id="<1@dla.example>", raw="raw 1"))

    with house.database.read() as session:
        lines = [row.facts for row in session.scalars(select(JournalRow))]
        jobs = [row.facts for row in session.scalars(select(OutboxRow))]
    assert SUBJECT not in json.dumps([lines, jobs], ensure_ascii=False)


def test_a_clerk_who_asks_for_a_number_by_secret_mail_hears_that_it_cannot_be(
    house: House, mail: Mails
):
    trust = Trust(Means.DKIM, domain="phrae.example")
    message = mail(
        sender=CLERK, trust=trust, subject=f"[ลับ] {SUBJECT}",
        recipients=("saraban+number@phrae.example",),
    )  # fmt: skip

    assert house.one(message).state == "secret"
    assert house.told("draft_returned") == [CLERK]
