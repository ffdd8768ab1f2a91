"""Judging the fields that were read off a letter's paper, one at a time, by keyboard.

The box of a field holds what was read: Enter confirms it, other words correct it. The page comes
back with the next field that nobody has judged.
"""

from fastapi import APIRouter
from sqlalchemy.orm import Session
from starlette.responses import Response

from registry.desk.judge_paper import judge
from registry.errors import NotFound
from registry.paper_fields import NAMES, in_words
from saraban.web import casefile, papershown
from saraban.web.cookies import Done
from saraban.web.viewer import Act
from saraban.web.visit import RowId, Visit, Visitor

router = APIRouter()


@router.post("/letters/{letter_id}/fields/{field_id}")
def say(visit: Visitor, letter_id: str, field_id: RowId) -> Response:
    """Confirm a field that was left as it is, or correct it to what was typed."""
    visit.must(Act.REGISTER)
    value = visit.form.text("value")
    return visit.act(lambda session: _judge(session, visit, letter_id, field_id, value))


def _judge(session: Session, visit: Visit, letter_id: str, field_id: int, value: str) -> Done:
    letter = casefile.letter_of(session, visit, letter_id)
    casefile.must_be_opened(letter)
    kept = papershown.field_of(session, letter_id, field_id)
    if kept is None:
        raise NotFound("no such field", thai="ข้อมูลนี้ถูกอ่านใหม่แล้ว โปรดเปิดหน้านี้อีกครั้ง")
    right = value == in_words(kept.field)
    judge(session, visit.desk, field_id, visit.viewer.email, right=right, value=value)
    following = papershown.of_letter(session, letter).next
    path = f"/entries/{letter.entry_id}" if letter.entry_id else f"/letters/{letter_id}"
    label = NAMES.get(kept.field.name, kept.field.name)
    where = f"{path}?field={following}" if following else path
    return Done(where, f"ยืนยัน{label}แล้ว" if right else f"แก้{label}แล้ว")
