"""เปิดอ่าน: the first look at a letter that is or may be secret, and marking one that turns out so.

What came with a marking is there only for the officer of secret letters, and so is what no program
could read. Before it is opened nothing of it is shown to them either; who opened it stands in the
journal (:mod:`registry.desk.unseal`). Marking a letter takes it away from whoever is not cleared.
"""

from fastapi import APIRouter
from sqlalchemy.orm import Session
from starlette.responses import Response

from registry.desk import unseal
from registry.letter.grades import Secrecy
from saraban.web import casefile
from saraban.web.cookies import Done
from saraban.web.pages.letter import GRADES
from saraban.web.viewer import Act
from saraban.web.visit import Visitor

router = APIRouter()


@router.post("/letters/{letter_id}/open")
def open_it(visit: Visitor, letter_id: str) -> Response:
    """Open a letter by name; who opens it again changes nothing."""
    visit.must(Act.REGISTER)

    def work(session: Session) -> Done:
        casefile.letter_of(session, visit, letter_id)
        unseal.unseal(session, visit.desk, letter_id, visit.viewer.email)
        return Done(f"/letters/{letter_id}", "เปิดอ่านแล้ว บันทึกชื่อท่านไว้ในบันทึกการปฏิบัติ")

    return visit.act(work)


@router.post("/letters/{letter_id}/secret")
def mark(visit: Visitor, letter_id: str) -> Response:
    """Mark a waiting letter as secret, and leave it to the officer of secret letters."""
    visit.must(Act.REGISTER)
    grade = visit.form.choice("grade", GRADES) or Secrecy.SECRET.thai

    def work(session: Session) -> Done:
        casefile.must_be_opened(casefile.letter_of(session, visit, letter_id))
        by = visit.viewer.email
        unseal.mark(session, visit.desk, letter_id, by, Secrecy.parse(grade))
        where = f"/letters/{letter_id}" if visit.viewer.cleared else "/inbox"
        return Done(where, "ทำเครื่องหมายชั้นความลับแล้ว นายทะเบียนข้อมูลข่าวสารลับดำเนินการต่อ")

    return visit.act(work)
