"""ติดตาม: who has received and reported on what we sent; remind, note, recall.

The list shows how far each letter has come; the page of one letter shows each addressee with the
times, the receive number there, and what was done since. Only those who owe something can be
reminded. A recall stops what has not left and asks back what has; the page says how each answered.
"""

from collections.abc import Callable
from typing import Final

from fastapi import APIRouter
from sqlalchemy.orm import Session
from starlette.responses import Response

from registry import entries, following, letters
from registry.desk import elsewhere, recall
from registry.desk.remind import remind
from registry.errors import NotFound
from registry.ids import is_id
from registry.letter.entry import Entry
from registry.thai.numerals import to_thai
from saraban.web.cookies import Done
from saraban.web.viewer import Act
from saraban.web.visit import Visit, Visitor

router = APIRouter()

_WORDS: Final = (
    ("open", "ยังไม่เสร็จ"), ("late", "เกินกำหนด"), ("urgent", "ด่วน"),
    ("unreceived", "ยังไม่รับ"), ("all", "ทั้งหมด"),
)  # fmt: skip


@router.get("/follow")
def follow(visit: Visitor) -> Response:
    """List the letters we sent."""
    visit.must(Act.FOLLOW)
    asked = visit.request.query_params
    show = next((one for one in following.SHOWS if one == asked.get("show")), following.SHOWS[0])
    before = asked.get("before", "")
    mine = asked.get("mine") == "1"
    with visit.read() as session:
        lines = following.letters(
            session, visit.entity.id, show, visit.now, cleared=visit.viewer.cleared,
            clerk=visit.viewer.email if mine else "", before=before if is_id(before) else "",
        )  # fmt: skip
    more = lines[following.MOST - 1].id if len(lines) > following.MOST else ""
    return visit.page(
        "follow", lines=lines[: following.MOST], show=show, mine=mine, more=more, words_of=_WORDS,
        first=not is_id(before),
    )  # fmt: skip


@router.get("/follow/{entry_id}")
def letter(visit: Visitor, entry_id: str) -> Response:
    """Show one letter with its addressees."""
    visit.must(Act.FOLLOW)
    response = _page(visit, entry_id)
    visit.note_reading("page", entry_id=entry_id)
    return response


@router.post("/follow/{entry_id}/remind")
def send_reminders(visit: Visitor, entry_id: str) -> Response:
    """Remind the chosen addressees, those of them who owe something."""
    visit.must(Act.FOLLOW)
    words = visit.form.text("words", most=1000)

    def work(session: Session, chosen: list[int]) -> str:
        count = remind(session, visit.desk, entry_id, visit.viewer.email, chosen, words)
        return f"ส่งอีเมลติดตามแล้ว {to_thai(str(count))} ราย"

    return _do(visit, entry_id, work)


@router.post("/follow/{entry_id}/reported")
def reported(visit: Visitor, entry_id: str) -> Response:
    """Note that the chosen addressees reported by another way."""
    visit.must(Act.FOLLOW)
    how = visit.form.text("how", need="โปรดเขียนว่ารายงานทางใด", most=500)

    def work(session: Session, chosen: list[int]) -> str:
        count = elsewhere.reported(
            session, visit.desk, entry_id, visit.viewer.email, chosen, how
        )  # fmt: skip
        return f"บันทึกว่ารายงานทางอื่นแล้ว {to_thai(str(count))} ราย"

    return _do(visit, entry_id, work)


@router.post("/follow/{entry_id}/not-reported")
def not_reported(visit: Visitor, entry_id: str) -> Response:
    """Take back that the chosen addressees have reported."""
    visit.must(Act.FOLLOW)

    def work(session: Session, chosen: list[int]) -> str:
        elsewhere.not_reported(session, visit.desk, entry_id, visit.viewer.email, chosen)
        return "ยกเลิกการบันทึกว่ารายงานแล้ว"

    return _do(visit, entry_id, work)


@router.post("/follow/{entry_id}/recall")
def recall_it(visit: Visitor, entry_id: str) -> Response:
    """Recall the letter."""
    visit.must(Act.FOLLOW)
    reason = visit.form.text("reason", need="โปรดเขียนเหตุผลที่เรียกคืน (ผู้รับจะได้อ่าน)", most=500)
    if visit.form.wrong:
        return _page(visit, entry_id, status=422)

    def work(session: Session) -> Done:
        _entry(session, visit, entry_id)
        recall.withdraw(session, visit.desk, entry_id, visit.viewer.email, reason)
        return Done(f"/follow/{entry_id}", "เรียกคืนแล้ว ฉบับที่ยังไม่ออกหยุดไว้ ฉบับที่ออกแล้วขอคืนจากผู้รับทางอีเมล")

    return visit.act(work)


def _do(visit: Visit, entry_id: str, act: Callable[[Session, list[int]], str]) -> Response:
    """Do something about the chosen addressees of a letter."""
    chosen = [int(one) for one in visit.form.all("delivery") if one.isascii() and one.isdigit()]
    if not chosen:
        visit.form.wrong["delivery"] = "ยังไม่ได้เลือกผู้รับ โปรดทำเครื่องหมายหน้าชื่อ"
    if visit.form.wrong:
        return _page(visit, entry_id, status=422)

    def work(session: Session) -> Done:
        _entry(session, visit, entry_id)
        return Done(f"/follow/{entry_id}", act(session, chosen))

    return visit.act(work)


def _page(visit: Visit, entry_id: str, status: int = 200) -> Response:
    with visit.read() as session:
        entry = _entry(session, visit, entry_id)
        steps = following.steps(session, entry)
        sent = letters.get_letter(session, entry.letter_id) if entry.letter_id else None
    owing = [one for one in steps if one.awaited]
    may_recall = visit.viewer.may(Act.DECIDE) or (sent and sent.clerk == visit.viewer.email)
    return visit.page(
        "follow_letter", status=status, entry=entry, steps=steps, sent=sent, owing=owing,
        form=visit.form, may_act=bool(may_recall) and bool(sent and sent.state == "sent"),
    )  # fmt: skip


def _entry(session: Session, visit: Visit, entry_id: str) -> Entry:
    """Give a sent entry of the viewer's entity; others are not there (NotFound)."""
    if not is_id(entry_id):
        raise NotFound("no id")
    with visit.gate(session):
        entry = entries.get(session, entry_id, cleared=visit.viewer.cleared)
    hidden = entry.secrecy is not None and not visit.viewer.cleared
    if entry.book != "sent" or hidden:
        raise NotFound("no sent entry of this entity")
    return entry
