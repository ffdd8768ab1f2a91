"""ผู้ปฏิบัติแทน: who stands in for whom, and on which days, as an administrator appoints them.

Only officers of the administrator's own entity are named; any other's number is not found. What is
wrong is told on the page of whoever will be away (:func:`saraban.web.pages.people.person`).
"""

from datetime import date

from fastapi import APIRouter
from sqlalchemy.orm import Session
from starlette.responses import Response

from registry.accounts import deputies, officers
from registry.clock import BANGKOK
from registry.errors import NotFound
from saraban.web.cookies import Done
from saraban.web.pages.people import person
from saraban.web.viewer import Act
from saraban.web.visit import RowId, Visit, Visitor

router = APIRouter()


@router.post("/deputies")
def appoint(visit: Visitor) -> Response:
    """Let one officer stand in for another on some days."""
    visit.must(Act.PEOPLE)
    form = visit.form
    deputy = form.number("deputy", need="โปรดเลือกผู้ปฏิบัติแทน")
    first, last = form.day("from_day", need="โปรดใส่วันแรก"), form.day("to_day", need="โปรดใส่วันสุดท้าย")
    if first and last and (first > last or last < _today(visit)):
        form.wrong["to_day"] = "วันสุดท้ายต้องไม่ก่อนวันแรก และยังไม่ผ่านไป"
    officer = form.number("officer", need="โปรดเลือกผู้ที่ไม่อยู่") or 0
    if form.wrong or not (first and last):
        return person(visit, officer, 422)

    def work(session: Session) -> Done:
        whom, who = (
            officers.account(session, visit.entity.id, one or 0, visit.now).officer
            for one in (officer, deputy)
        )
        deputies.appoint(session, whom, who, (first, last), visit.viewer.email, visit.now)
        return Done(
            "/people", f"ตั้งให้ {who.name or who.email} ปฏิบัติแทน {whom.name or whom.email} แล้ว"
        )

    return visit.act(work)


@router.post("/deputies/{appointment}/end")
def end_appointment(visit: Visitor, appointment: RowId) -> Response:
    """End an appointment before its last day."""
    visit.must(Act.PEOPLE)

    def work(session: Session) -> Done:
        mine = deputies.listing(session, visit.entity.id, _today(visit))
        if appointment not in {one.id for one in mine}:
            raise NotFound(f"no appointment {appointment}")
        deputies.end(session, appointment, visit.viewer.email, visit.now)
        return Done("/people", "เลิกการปฏิบัติแทนแล้ว")

    return visit.act(work)


def _today(visit: Visit) -> date:
    return visit.now.astimezone(BANGKOK).date()
