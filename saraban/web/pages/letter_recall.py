"""Answering a sender who asks for a letter back (ขอเรียกคืน): it goes back, or stays with a reason.

The question stands on the letter's page until an officer answers it; the sender hears the answer,
and the units that have a copy are asked to lay it aside (:mod:`registry.desk.recalled`).
"""

from fastapi import APIRouter
from sqlalchemy.orm import Session
from starlette.responses import Response

from registry.desk.recalled import answer_recall
from saraban.web import casefile
from saraban.web.cookies import Done
from saraban.web.pages import letter
from saraban.web.viewer import Act
from saraban.web.visit import Visit, Visitor

router = APIRouter()

_NEED = "โปรดเขียนเหตุผลที่ไม่คืน ผู้ส่งจะได้รับเหตุผลนี้"


@router.post("/letters/{letter_id}/recall")
def answer(visit: Visitor, letter_id: str) -> Response:
    """Give the letter back as its sender asked, or decline with a reason."""
    visit.must(Act.REGISTER)
    agree = visit.form.choice("answer", ("agree", "decline"), need="โปรดเลือกคืนหรือไม่คืน") == "agree"
    reason = visit.form.text("why", need="" if agree else _NEED)
    if visit.form.wrong:
        return _again(visit, letter_id)

    def work(session: Session) -> Done:
        found = casefile.letter_of(session, visit, letter_id)
        casefile.must_be_opened(found)
        by = visit.viewer.email
        told = answer_recall(session, visit.desk, letter_id, by, agree=agree, reason=reason)
        where = f"/entries/{found.entry_id}" if found.entry_id else "/inbox"
        return Done(where, _said(agree=agree, told=told))

    return visit.act(work)


def _said(*, agree: bool, told: bool) -> str:
    did = "คืนหนังสือตามที่ผู้ส่งขอแล้ว" if agree else "ไม่คืนหนังสือ"
    return f"{did} และแจ้งผู้ส่งแล้ว" if told else f"{did} ระบบแจ้งผู้ส่งทางอีเมลไม่ได้ โปรดแจ้งทางอื่น"


def _again(visit: Visit, letter_id: str) -> Response:
    """Show the page with what is wanting, where the letter now stands."""
    with visit.read() as session:
        entry_id = casefile.letter_of(session, visit, letter_id).entry_id
    if entry_id is None:
        return letter.show_letter(visit, letter_id, 422)
    return letter.show(visit, entry_id, 422)
