"""What is done with a letter in the books: เสนอ ส่งต่อ เกษียน ปิดเรื่อง, and what goes wrong with it.

Every act is a form of its own that comes back to the letter and says there what was done. The
rules are those of :mod:`registry.desk`; acts that cannot be undone ask for a reason.
"""

from collections.abc import Callable
from typing import Final

from fastapi import APIRouter
from sqlalchemy.orm import Session
from starlette.responses import Response

from registry import entries
from registry.desk import amend as lines
from registry.desk.close import HOW, close, reopen
from registry.desk.give_back import MISDIRECTED, give_back
from registry.desk.order import endorse
from registry.desk.pass_on import pass_on
from registry.desk.propose import propose, take_back
from registry.desk.tie import tie, untie
from registry.desk.void import void
from registry.desk.wrong_number import correct
from registry.errors import NotFound, NotUnderstood
from registry.letter.entry import Entry
from saraban.web import casefile, evidence
from saraban.web.cookies import Done
from saraban.web.forms import version_of
from saraban.web.pages.letter import URGENCIES, returned_words, show
from saraban.web.viewer import Act
from saraban.web.visit import RowId, Visit, Visitor

router = APIRouter()

_REASON: Final = "โปรดเขียนเหตุผล เพราะจะเก็บไว้ในทะเบียนถาวร"
Work = Callable[[Session, Entry], Done | str]


@router.post("/entries/{entry_id}/propose")
def present(visit: Visitor, entry_id: str) -> Response:
    """Present to a superior by mail."""
    visit.must(Act.PASS_ON)
    to = visit.form.text("to", need="โปรดเลือกผู้ที่จะเสนอ")
    words = visit.form.text("words", most=4000)

    def work(session: Session, entry: Entry) -> Done:
        step = propose(session, visit.desk, entry.id, visit.viewer.email, to, words)
        back = f"/entries/{entry.id}/propose/{step}/back"
        return Done(f"/entries/{entry.id}", "เสนอแล้ว คำตอบทางอีเมลจะบันทึกเป็นคำสั่งที่นี่", undo=back)

    return _do(visit, entry_id, work)


@router.post("/entries/{entry_id}/propose/{step}/back")
def withdraw(visit: Visitor, entry_id: str, step: RowId) -> Response:
    """Take a presenting back."""
    visit.must(Act.PASS_ON)

    def work(session: Session, entry: Entry) -> str:
        stopped = take_back(session, visit.desk, step, entry.id, visit.viewer.email)
        return "ถอนการเสนอแล้ว" + ("" if stopped else " แต่อีเมลออกไปก่อนแล้ว โปรดแจ้งผู้รับด้วย")

    return _do(visit, entry_id, work)


@router.post("/entries/{entry_id}/pass-on")
def forward(visit: Visitor, entry_id: str) -> Response:
    """Pass on to a unit."""
    visit.must(Act.PASS_ON)
    unit = visit.form.text("unit", need="โปรดเลือกหน่วยงานย่อย")
    words = visit.form.text("words", most=4000)

    def work(session: Session, entry: Entry) -> str:
        by = visit.viewer.email
        _, boxes = pass_on(session, visit.desk, entry.id, by, unit, words)
        more = "" if boxes else " (หน่วยงานนี้ไม่มีกล่องรับอีเมล โปรดส่งตัวหนังสือให้)"
        return f"ส่งต่อแล้ว{more}"

    return _do(visit, entry_id, work)


@router.post("/entries/{entry_id}/endorse")
def write(visit: Visitor, entry_id: str) -> Response:
    """Write a word on the letter."""
    visit.must(Act.PASS_ON)
    words = visit.form.text("words", need="โปรดเขียนข้อความเกษียน", most=10_000)

    def work(session: Session, entry: Entry) -> str:
        endorse(session, visit.desk, entry.id, visit.viewer.email, words)
        return "เกษียนแล้ว"

    return _do(visit, entry_id, work)


@router.post("/entries/{entry_id}/close")
def finish(visit: Visitor, entry_id: str) -> Response:
    """Close the matter."""
    visit.must(Act.PASS_ON)
    how = visit.form.choice("how", tuple(HOW), need="โปรดเลือกว่าปิดเรื่องอย่างไร")
    words = visit.form.text("words", most=4000)

    def work(session: Session, entry: Entry) -> str:
        close(session, visit.desk, entry.id, visit.viewer.email, how, words)
        return f"ปิดเรื่องแล้ว: {HOW[how]}"

    return _do(visit, entry_id, work)


@router.post("/entries/{entry_id}/reopen")
def open_again(visit: Visitor, entry_id: str) -> Response:
    """Open a closed matter again."""
    visit.must(Act.PASS_ON)
    reason = visit.form.text("reason", need="โปรดเขียนเหตุผลที่เปิดเรื่องใหม่")

    def work(session: Session, entry: Entry) -> str:
        reopen(session, visit.desk, entry.id, visit.viewer.email, reason)
        return "เปิดเรื่องใหม่แล้ว"

    return _do(visit, entry_id, work)


@router.post("/entries/{entry_id}/amend")
def amend(visit: Visitor, entry_id: str) -> Response:
    """Correct fields of the register; what stood there stays, struck through."""
    visit.must(Act.REGISTER)
    form = visit.form
    given = {
        "subject": form.text("subject", need="โปรดพิมพ์เรื่อง"),
        "letter_number": form.text("letter_number", most=120),
        "dated": form.day("dated"),
        "from_text": form.text("from_text"),
        "to_text": form.text("to_text"),
        "urgency": form.choice("urgency", URGENCIES),
        "action": form.text("action"),
        "note": form.text("note"),
    }
    reason = form.text("reason")

    def work(session: Session, entry: Entry) -> str:
        form.must_be_fresh(version_of(entry))
        after = lines.amend(session, visit.desk, entry.id, visit.viewer.email, reason, **given)
        return "ไม่มีช่องใดเปลี่ยน" if after == entry else "แก้ไขแล้ว ค่าเดิมขีดฆ่าไว้ให้เห็น"

    return _do(visit, entry_id, work)


@router.post("/entries/{entry_id}/confirm")
def confirm(visit: Visitor, entry_id: str) -> Response:
    """Say that the line is as the paper has it."""
    visit.must(Act.REGISTER)

    def work(session: Session, entry: Entry) -> str:
        visit.form.must_be_fresh(version_of(entry))
        lines.confirm(session, visit.desk, entry.id, visit.viewer.email)
        return "ยืนยันแล้วว่าทะเบียนตรงกับตัวหนังสือ"

    return _do(visit, entry_id, work)


@router.post("/entries/{entry_id}/link")
def join(visit: Visitor, entry_id: str) -> Response:
    """Join the letter to another of the same books."""
    visit.must(Act.REGISTER)
    relation = visit.form.choice(
        "relation", [key for key, _ in evidence.JOINS], need="โปรดเลือกว่าเกี่ยวข้องกันอย่างไร"
    )
    other = visit.form.text("other", need="โปรดพิมพ์เลขทะเบียน เช่น รับ/๒๒๓๑/๒๕๖๘", most=60)

    def work(session: Session, entry: Entry) -> str:
        found = _other(session, visit, other)
        if found.id == entry.id:
            raise NotUnderstood("linked to itself", thai="หนังสือเชื่อมโยงกับตัวเองไม่ได้")
        tie(session, visit.desk, *_ends(visit, entry, found), relation, visit.viewer.email)
        return f"เชื่อมโยงกับ{casefile.place_of(found)} แล้ว"

    return _do(visit, entry_id, work)


@router.post("/entries/{entry_id}/unlink")
def part(visit: Visitor, entry_id: str) -> Response:
    """Undo what joins the letter to another, with a reason."""
    visit.must(Act.REGISTER)
    reason = visit.form.text("reason", need=_REASON)

    def work(session: Session, entry: Entry) -> str:
        other = casefile.entry_to_act_on(session, visit, visit.form.raw("other"))
        ends = _ends(visit, entry, other)
        untie(session, visit.desk, *ends, None, visit.viewer.email, reason=reason)
        return "ยกเลิกการเชื่อมโยงแล้ว"

    return _do(visit, entry_id, work)


@router.post("/entries/{entry_id}/return")
def send_back(visit: Visitor, entry_id: str) -> Response:
    """Send the letter back: ส่งคืน, or not in order, or meant for somebody else."""
    visit.must(Act.REGISTER)
    reason = visit.form.text("reason", need="โปรดเขียนเหตุผลที่ส่งคืน ผู้ส่งจะได้อ่าน")
    kind = visit.form.choice("kind", ("returned", "wrong", "misdirected"))

    def work(session: Session, entry: Entry) -> str:
        why = f"{MISDIRECTED}: {reason}" if kind == "misdirected" else reason
        wrong = kind in ("wrong", "misdirected")
        letter_id = _letter(entry)
        told = give_back(session, visit.desk, letter_id, visit.viewer.email, why, wrong=wrong)
        return returned_words(told=told)

    return _do(visit, entry_id, work)


@router.post("/entries/{entry_id}/correct-number")
def tell_number(visit: Visitor, entry_id: str) -> Response:
    """Tell the sender the right receive number."""
    visit.must(Act.REGISTER)
    told, reason = visit.form.text("told", most=60), visit.form.text("reason", need=_REASON)

    def work(session: Session, entry: Entry) -> str:
        by = visit.viewer.email
        mailed = correct(session, visit.desk, _letter(entry), by, told=told, reason=reason)
        return "แจ้งเลขรับที่ถูกต้องแล้ว" if mailed else "บันทึกแล้ว แต่แจ้งผู้ส่งทางอีเมลไม่ได้ โปรดแจ้งทางอื่น"

    return _do(visit, entry_id, work)


@router.post("/entries/{entry_id}/void")
def cancel(visit: Visitor, entry_id: str) -> Response:
    """Void the number, for a reason that stays."""
    visit.must(Act.REGISTER)
    reason = visit.form.text("reason", need=_REASON)

    def work(session: Session, entry: Entry) -> str:
        visit.form.must_be_fresh(version_of(entry))
        void(session, visit.desk, entry.id, visit.viewer.email, reason)
        return f"ยกเลิก{casefile.place_of(entry)} แล้ว เลขนี้ไม่ใช้กับหนังสืออื่น"

    return _do(visit, entry_id, work)


def _do(visit: Visit, entry_id: str, work: Work) -> Response:
    """Do an act on an entry and come back to it; what could not be read is told on the form."""
    if visit.form.wrong:
        return show(visit, entry_id, 422)

    def act(session: Session) -> Done:
        done = work(session, casefile.entry_to_act_on(session, visit, entry_id))
        return done if isinstance(done, Done) else Done(f"/entries/{entry_id}", done)

    try:
        return visit.act(act)
    except NotUnderstood as error:
        visit.form.wrong["_"] = error.thai
        return show(visit, entry_id, 422)


def _letter(entry: Entry) -> str:
    if entry.letter_id is None:
        raise NotFound("no letter of this number")
    return entry.letter_id


def _ends(visit: Visit, entry: Entry, other: Entry) -> tuple[str, str]:
    """Give the two ends of a link in its own direction; ``from`` says that it starts there."""
    if visit.form.raw("from") == "other":
        return other.id, entry.id
    return entry.id, other.id


def _other(session: Session, visit: Visit, ref: str) -> Entry:
    """Give the entry that a person named as รับ/2231/2568."""
    with visit.gate(session):
        return entries.get(session, ref, visit.entity.code, cleared=visit.viewer.cleared)
