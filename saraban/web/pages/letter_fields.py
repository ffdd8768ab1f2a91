"""Judging the fields that were read off a letter's paper, one at a time, by keyboard.

The box of a field holds what was read: Enter confirms it, other words correct it, nothing in it
says that the paper does not bear it. The page comes back with the next field that nobody has
judged; with the same one, and why, where nothing was written.
"""

from typing import Final

from fastapi import APIRouter
from sqlalchemy.orm import Session
from starlette.responses import Response

from registry.desk.field_standing import ReadAnew
from registry.desk.judge_paper import Verdict, judge
from registry.errors import Conflict, NotUnderstood
from registry.paper_fields import NAMES, in_words
from registry.thai.text import tidy
from saraban.web import casefile, papershown
from saraban.web.cookies import Done
from saraban.web.pages.letter import show, show_letter
from saraban.web.viewer import Act
from saraban.web.visit import RowId, Visit, Visitor

router = APIRouter()

_SAID: Final[dict[Verdict, str]] = {
    "confirmed": "ยืนยัน{}แล้ว",
    "corrected": "แก้{}แล้ว",
    "emptied": "ลบ{}ที่อ่านได้แล้ว",
    "dropped": "ไม่ใช้{}ที่อ่านได้ ข้อมูลในทะเบียนคงเดิม",
}
_NOT_YET: Final = "ยังไม่ได้บันทึก ถ้าดูค่าล่าสุดแล้วยังใช้ค่าในช่องนี้ กด Enter อีกครั้ง"


@router.post("/letters/{letter_id}/fields/{field_id}")
def say(visit: Visitor, letter_id: str, field_id: RowId) -> Response:
    """Confirm a field that was left as it is, or correct it to what was typed."""
    visit.must(Act.REGISTER)
    value, wrong = visit.form.text("value"), visit.form.wrong
    if wrong:
        wrong[f"field-{field_id}"] = wrong.pop("value")
        return _again(visit, letter_id, 422)
    try:
        return visit.act(lambda session: _judge(session, visit, letter_id, field_id, value))
    except NotUnderstood as error:
        wrong[f"field-{field_id}"] = error.thai
        return _again(visit, letter_id, 422)
    except Conflict as error:
        wrong["_"] = error.thai
        if not isinstance(error, ReadAnew):  # the id may be another field's by now
            wrong[f"field-{field_id}"] = _NOT_YET
        return _again(visit, letter_id, 409)


def _judge(session: Session, visit: Visit, letter_id: str, field_id: int, value: str) -> Done:
    letter = casefile.letter_of(session, visit, letter_id)
    casefile.must_be_opened(letter)
    kept = papershown.field_of(session, letter_id, field_id)
    if kept is None:
        raise ReadAnew("no such field")
    right, seen = value == tidy(in_words(kept.field)).strip(), visit.form.raw("_version")
    verdict = judge(
        session, visit.desk, field_id, visit.viewer.email, right=right, value=value, seen=seen
    )
    following = papershown.of_letter(session, letter).next
    path = f"/entries/{letter.entry_id}" if letter.entry_id else f"/letters/{letter_id}"
    label = NAMES.get(kept.field.name, kept.field.name)
    where = f"{path}?field={following}" if following else path
    return Done(where, _SAID[verdict].format(label))


def _again(visit: Visit, letter_id: str, status: int) -> Response:
    """Show the letter as it is now, with what was typed and why it was not taken."""
    with visit.read() as session:
        letter = casefile.letter_of(session, visit, letter_id)
        casefile.must_be_opened(letter)
    if letter.entry_id is not None:
        return show(visit, letter.entry_id, status)
    return show_letter(visit, letter_id, status)
