"""หนังสือที่ต้องโทรตาม: whom to telephone, and what came of each call.

The list is the desk's (:mod:`registry.desk.call`): overdue deliveries, and letters recalled that
nobody gave back. A call is written down with whom one spoke to; a receive number heard on the
telephone registers the delivery.
"""

from fastapi import APIRouter
from sqlalchemy.orm import Session
from starlette.responses import Response

from registry.desk import call
from registry.errors import NotFound
from saraban.web.cookies import Done
from saraban.web.viewer import Act
from saraban.web.visit import RowId, Visit, Visitor

router = APIRouter()


@router.get("/calls")
def calls(visit: Visitor) -> Response:
    """List the calls to make."""
    visit.must(Act.FOLLOW)
    return _page(visit)


@router.post("/calls/{delivery_id}")
def called(visit: Visitor, delivery_id: RowId) -> Response:
    """Write down a call."""
    visit.must(Act.FOLLOW)
    form = visit.form
    spoke_to = form.text("spoke_to", most=200)
    result = form.text("result", need="โปรดเขียนผลการโทร เช่น ไม่มีผู้รับสาย จะตอบรับวันนี้")
    number = form.text("remote_number", most=60)
    if form.wrong:
        return _page(visit, status=422, wrong_at=delivery_id)

    def work(session: Session) -> Done:
        with visit.gate(session):
            is_of = call.is_of(session, delivery_id, visit.entity.id)
        if not is_of:
            raise NotFound("no delivery of this entity")
        state = call.done(
            session, visit.desk, delivery_id, visit.viewer.email, spoke_to=spoke_to,
            result=result, remote_number=number, given_back=form.has("given_back"),
        )  # fmt: skip
        return Done("/calls", f"บันทึกการโทรแล้ว สถานะ {state.thai}")

    return visit.act(work)


def _page(visit: Visit, status: int = 200, wrong_at: int = 0) -> Response:
    with visit.read() as session:
        lines = call.due(session, visit.desk, visit.entity.code)
    return visit.page(
        "calls", status=status, lines=lines, form=visit.form, wrong_at=wrong_at
    )  # fmt: skip
