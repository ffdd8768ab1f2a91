"""Every message is exactly one kind of thing; machines come first."""

from dataclasses import replace

import pytest

from registry.desk.case import Case, Twin
from registry.desk.read import read
from registry.desk.sort import sort
from registry.letter.entity import LegalEntity, Officer, Role
from registry.letter.grades import Secrecy
from registry.letter.message import Receipt
from registry.letter.sorting import Addressed, Kind, Sender, Tag
from tests.registry.desk.conftest import CLERK, PHRAE, Mails, pdf

ENTITY = LegalEntity(1, "phrae", "จังหวัดแพร่", PHRAE, ("phrae.example",), "", True, None, True, False)
OFFICER = Officer(1, CLERK, "phrae", "local", "สมชาย", Role.CLERK, False)
RECEIPT = Receipt("registered", "<1@x>")
VACATION = {"automatic": True, "text": "ลาพักผ่อน", "mail_from": "", "bounce": True}
FOUND_OUT = {"twin", "secrecy", "answered", "receipt_of", "echo"}
OUR_RECEIPT = {"receipt": RECEIPT, "mail_from": "", "bounce": True, "automatic": True}
THREAD = {"own_text": "", "references": ("<1@x>",)}
TWIN = Twin("a" * 16, None, "registered")


def case(mail: Mails, *, clerk: bool = False, tag: Tag = Tag.NONE, **fields) -> Case:
    known = {
        name: fields.pop(name)
        for name in ("twin", "secrecy", "answered", "receipt_of", "echo")
        if name in fields
    }
    message = mail(**fields)
    sender = Sender(message.sender, "", proven=True, officer=OFFICER if clerk else None)
    made = Case(
        message, ENTITY, (Addressed(PHRAE, ENTITY, tag),), sender, None,
        read(message, believe_marks=False),
    )  # fmt: skip
    return replace(made, **known)


@pytest.mark.parametrize(
    ("fields", "kind"),
    [
        ({}, Kind.LETTER),
        (
            {"receipt": RECEIPT, "mail_from": "", "bounce": True, "automatic": True},
            Kind.ACKNOWLEDGEMENT,
        ),
        ({"receipt": RECEIPT, "secrecy": Secrecy.SECRET}, Kind.ACKNOWLEDGEMENT),
        ({"bounce": True, "bounced_message_id": "<1@x>"}, Kind.BOUNCE),
        ({"bounce": True, "automatic": True, "bounce_detail": "5.1.1"}, Kind.BOUNCE),
        ({"bounce": True, "bounce_detail": "5.1.1", "parts": [pdf()]}, Kind.BOUNCE),
        ({"bounce": True, "tag": Tag.BOUNCE}, Kind.BOUNCE),
        ({"bounce": True}, Kind.BOUNCE),
        (VACATION, Kind.AUTOMATIC),
        (VACATION | {"tag": Tag.BOUNCE}, Kind.AUTOMATIC),
        ({"tag": Tag.BOUNCE}, Kind.LETTER),
        ({"bounce": True, "parts": [pdf()]}, Kind.UNCLEAR),
        ({"automatic": True, "parts": [pdf()]}, Kind.UNCLEAR),
        ({"echo": True, "parts": [pdf()]}, Kind.AUTOMATIC),
        ({"twin": TWIN}, Kind.DUPLICATE),
        ({"twin": TWIN, "secrecy": Secrecy.SECRET}, Kind.DUPLICATE),
        ({"twin": replace(TWIN, state="returned")}, Kind.LETTER),
        ({"secrecy": Secrecy.CONFIDENTIAL}, Kind.SECRET),
        ({"receipt_of": 1}, Kind.ACKNOWLEDGEMENT),
        ({"parsed": False}, Kind.UNCLEAR),
        ({"tag": Tag.NUMBER}, Kind.LETTER),
        ({"tag": Tag.DISPATCH}, Kind.LETTER),
    ],
)
def test_what_others_send(mail: Mails, fields, kind):
    assert sort(case(mail, **fields)) is kind


@pytest.mark.parametrize(
    ("fields", "kind"),
    [
        ({}, Kind.LETTER),
        ({"tag": Tag.DISPATCH}, Kind.DISPATCH),
        ({"tag": Tag.UNKNOWN}, Kind.DISPATCH),
        ({"tag": Tag.NUMBER}, Kind.SLIP),
        ({"answered": "e", "text": "รับทราบ"}, Kind.NOTE),
        ({"answered": "e", "parts": [pdf()]}, Kind.DISPATCH),
        ({"answered": "e", "text": ""}, Kind.AUTOMATIC),
        ({"answered": "e", "text": "ลา", "automatic": True}, Kind.AUTOMATIC),
        ({"tag": Tag.DISPATCH, "secrecy": Secrecy.SECRET}, Kind.DISPATCH),
        ({"tag": Tag.NUMBER, "secrecy": Secrecy.SECRET}, Kind.SECRET),
        ({"answered": "e", "text": "ลับ", "secrecy": Secrecy.SECRET}, Kind.SECRET),
    ],
)
def test_what_a_proven_clerk_of_ours_sends(mail: Mails, fields, kind):
    assert sort(case(mail, clerk=True, **fields)) is kind


@pytest.mark.parametrize(
    ("fields", "kind"),
    [
        ({"text": "", "subject": "Re: ขอเชิญ", "references": ("<1@x>",)}, Kind.AUTOMATIC),
        ({"text": "", "subject": ""}, Kind.AUTOMATIC),
        ({"text": "", "subject": "ขอเชิญประชุม"}, Kind.UNCLEAR),
        (
            {"text": "> เดิม", "own_text": "", "subject": "Re: ก", "references": ("<1@x>",)},
            Kind.AUTOMATIC,
        ),
        (
            {"text": "เดิม", "own_text": "", "subject": "Fwd: ก", "references": ("<1@x>",)},
            Kind.UNCLEAR,
        ),
        ({"text": "เดิม", "own_text": "", "subject": "ก"}, Kind.UNCLEAR),
    ],
)
def test_an_empty_answer_is_nothing_but_a_forward_is_read(mail: Mails, fields, kind):
    assert sort(case(mail, **fields)) is kind
