"""เปิดอ่าน: the first look at a letter that is or may be secret, and marking one that turns out so.

What came with a marking is there only for the officer of secret letters, and so is what no program
could read. Before it is opened nothing of it is shown to them either; who opened it stands in the
journal (:mod:`registry.desk.unseal`). Marking a letter takes it away from whoever is not cleared.

A registered letter on whose paper a marking is found is hidden by whoever finds it; the officer of
secret letters moves it to the secret book, or frees it.
"""

from fastapi import APIRouter
from sqlalchemy.orm import Session
from starlette.responses import Response

from registry.desk import found_secret, free_secret, move_secret, unseal
from registry.errors import Conflict
from registry.letter.grades import Secrecy
from registry.thai.numerals import to_thai
from saraban.web import casefile
from saraban.web.cookies import Done
from saraban.web.pages.letter import GRADES, show, show_letter
from saraban.web.viewer import Act
from saraban.web.visit import Visit, Visitor

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
        where = f"/letters/{letter_id}" if visit.viewer.clearance else "/inbox"
        return Done(where, "ทำเครื่องหมายชั้นความลับแล้ว นายทะเบียนข้อมูลข่าวสารลับดำเนินการต่อ")

    return visit.act(work)


@router.post("/entries/{entry_id}/secret")
def move(visit: Visitor, entry_id: str) -> Response:
    """Move a registered letter to the secret book, or hide it until one who may move it does."""
    visit.must(Act.REGISTER)
    grade = Secrecy.parse(visit.form.choice("grade", GRADES) or Secrecy.SECRET.thai)
    reason = visit.form.text("reason", need="โปรดเขียนว่าพบชั้นความลับที่ใด")
    if visit.form.wrong:
        return show(visit, entry_id, 422)

    def work(session: Session) -> Done:
        letter_id = _letter(session, visit, entry_id)
        by = visit.viewer.email
        if not visit.viewer.clearance:
            found_secret.hide(session, visit.desk, letter_id, by, grade)
            return Done("/inbox", "ซ่อนหนังสือแล้ว นายทะเบียนข้อมูลข่าวสารลับดำเนินการต่อ")
        moved = move_secret.move(session, visit.desk, letter_id, by, grade, reason)
        where = f"/entries/{moved.entry.id}" if moved.entry else f"/letters/{letter_id}"
        have = (
            f" มีผู้ได้รับหรือเปิดดูไปแล้ว {to_thai(str(len(moved.holders)))} ราย" if moved.holders else ""
        )
        return Done(where, f"ย้ายไปทะเบียนหนังสือลับแล้ว เลขเดิมยกเลิก{have}")

    return visit.act(work)


@router.post("/entries/{entry_id}/not-secret")
def free(visit: Visitor, entry_id: str) -> Response:
    """Open a letter again that was hidden for a marking that is none."""
    visit.must(Act.REGISTER)
    reason = visit.form.text("reason", need="โปรดเขียนเหตุผล")
    if visit.form.wrong:
        return show(visit, entry_id, 422)

    def work(session: Session) -> Done:
        letter_id = _letter(session, visit, entry_id)
        free_secret.free(session, visit.desk, letter_id, visit.viewer.email, reason)
        return Done(f"/entries/{entry_id}", "เปิดหนังสือแล้ว สำเนาที่หยุดไว้จะส่งต่อ")

    return visit.act(work)


@router.post("/letters/{letter_id}/not-secret")
def free_unnumbered(visit: Visitor, letter_id: str) -> Response:
    """Let a letter without a number, or a draft, be what it was before it was hidden."""
    visit.must(Act.REGISTER)
    reason = visit.form.text("reason", need="โปรดเขียนเหตุผล")
    if visit.form.wrong:
        return show_letter(visit, letter_id, 422)

    def work(session: Session) -> Done:
        casefile.letter_of(session, visit, letter_id)
        free_secret.free(session, visit.desk, letter_id, visit.viewer.email, reason)
        return Done(f"/letters/{letter_id}", "เปิดหนังสือแล้ว ดำเนินการต่อได้ตามเดิม")

    return visit.act(work)


def _letter(session: Session, visit: Visit, entry_id: str) -> str:
    """Give the letter of an entry that the viewer may act on."""
    entry = casefile.entry_to_act_on(session, visit, entry_id)
    if entry.letter_id is None:
        raise Conflict("no letter", thai="เลขนี้ยังไม่มีหนังสือ")
    return entry.letter_id
