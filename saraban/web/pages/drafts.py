"""รอออกเลข: letters that wait for an officer, looked at as they would go, then sent or given back.

An officer sees every draft of the office, a clerk their own. Of each it is shown what its receivers
would get under the number it would take, and why it waits. Three ways on: ตรงกัน ส่งได้ (the number
reserved for it, the one its paper bears if it may, else the next), ใช้เลขตามหนังสือ (only the one on
the paper), ส่งคืนแก้ไข. What was given back stands here for its clerk, who begins anew from it.
"""

from collections.abc import Callable
from datetime import timedelta
from typing import Any, Final

from fastapi import APIRouter
from sqlalchemy.orm import Session
from starlette.responses import Response

from registry import entries, letters
from registry.accounts.clearance import covers
from registry.desk import draft, due
from registry.desk.send import send as number_and_send
from registry.errors import NotFound
from registry.letter.entry import Entry
from registry.letters import Letter
from saraban.web.cookies import Done
from saraban.web.forms import version_of
from saraban.web.pages.send import sent
from saraban.web.rehearsal import rehearse
from saraban.web.viewer import Act
from saraban.web.visit import Visit, Visitor

router = APIRouter()

_NUMBERS: Final = ("next", "paper", "fresh")
_KEPT: Final = timedelta(days=30)


@router.get("/drafts")
def drafts(visit: Visitor) -> Response:
    """List what waits to be numbered, and what was given back to the viewer."""
    visit.must(Act.SEND)
    with visit.read() as session:
        waiting = letters.drafts(session, visit.entity.code)
        back = letters.given_back(session, visit.entity.code, visit.viewer.email, visit.now - _KEPT)
    mine = sorted((one for one in waiting if _may_see(visit, one)), key=_turn(visit))
    back = [one for one in back if _may_see(visit, one)]
    return visit.page("drafts", lines=mine, back=back, names=_addressed)


def _turn(visit: Visit) -> Callable[[Letter], tuple[Any, ...]]:
    """Order drafts by urgency, then by the day that they ask a report for, then by age."""
    rule = due.dealing(visit.desk)

    def place(one: Letter) -> tuple[Any, ...]:
        return (*rule.place(one.urgency, one.due, one.accepted_at), one.accepted_at, one.id)

    return place


@router.get("/drafts/{letter_id}")
def look(visit: Visitor, letter_id: str) -> Response:
    """Show one draft as it would go."""
    visit.must(Act.SEND)
    response = _sheet(visit, letter_id)
    visit.note_reading("page", letter_id=letter_id)
    return response


@router.post("/drafts/{letter_id}/send")
def accept(visit: Visitor, letter_id: str) -> Response:
    """Number a draft and send it; ``number`` says by which number."""
    visit.must(Act.DECIDE)
    number = visit.form.choice("number", _NUMBERS) or "next"

    def work(session: Session) -> Done:
        letter = draft_of(session, visit, letter_id, done_too=True)
        if letter.state == "draft":
            visit.form.must_be_fresh(version_of(letter))
        entry = draft.accept(session, visit.resting, letter.id, visit.viewer.email, number)
        return sent(visit, entry)

    return visit.act(work)


@router.post("/drafts/{letter_id}/return")
def give_back(visit: Visitor, letter_id: str) -> Response:
    """Give a draft back to its clerk, with the reason."""
    visit.must(Act.DECIDE)
    reason = visit.form.text("reason", need="โปรดเขียนว่าต้องแก้อะไร")
    if visit.form.wrong:
        return _sheet(visit, letter_id, status=422)

    def work(session: Session) -> Done:
        letter = draft_of(session, visit, letter_id, done_too=True)
        draft.return_(session, visit.desk, letter.id, visit.viewer.email, reason)
        return Done("/drafts", "ส่งคืนแก้ไขแล้ว และแจ้งผู้ร่างแล้ว เลขที่จองไว้ยังจองอยู่")

    return visit.act(work)


def _sheet(visit: Visit, letter_id: str, status: int = 200) -> Response:
    with visit.read() as session:
        letter = draft_of(session, visit, letter_id)
        held = letter.related_entry_id
        reserved = entries.get(session, held) if held else None
    shown = rehearse(visit, _accepted(visit, letter))
    return visit.page(
        "draft", status=status, letter=letter, reserved=reserved, shown=shown, form=visit.form,
        version=version_of(letter), agrees=_agrees(letter, reserved, shown.entry),
        prints=_may_print(letter),
    )  # fmt: skip


def _accepted(visit: Visit, letter: Letter) -> Callable[[Session], str]:
    """Give what accepting does; a clerk is shown what an officer would do."""

    def act(session: Session) -> str:
        by = visit.viewer.email
        if visit.viewer.may(Act.DECIDE):
            return draft.accept(session, visit.desk, letter.id, by).id
        held = letter.related_entry_id
        return number_and_send(session, visit.desk, letter.id, by, entry_id=held).id

    return act


def _agrees(letter: Letter, reserved: Entry | None, entry: Entry | None) -> bool:
    """Say whether the paper bears the very number that it would go under."""
    if entry is None:
        return False
    return letter.letter_number == entry.letter_number or reserved is not None


def _may_print(letter: Letter) -> bool:
    """Say whether the letter's own file is a PDF that bears no number of ours yet."""
    own = (one for one in letter.enclosures if one.role == "letter" and not one.inline)
    is_pdf = any(one.media_type == "application/pdf" for one in own)
    return is_pdf and not letter.facts.get("printed")


def draft_of(session: Session, visit: Visit, letter_id: str, *, done_too: bool = False) -> Letter:
    """Give a draft of the entity that the viewer may see; others are not there (NotFound).

    ``done_too`` lets one pass that was a draft a moment ago: the act says by whom it was done.
    """
    with visit.gate(session):
        letter = letters.get_letter(session, letter_id)
    states = ("draft", "sent", "returned", "withdrawn") if done_too else ("draft",)
    out = letter.direction == "out" and letter.state in states
    if not out or not _may_see(visit, letter):
        raise NotFound("no draft of this entity")
    return letter


def _may_see(visit: Visit, letter: Letter) -> bool:
    if not covers(visit.viewer.clearance, letter.secrecy):
        return False
    return visit.viewer.may(Act.DECIDE) or letter.clerk == visit.viewer.email


def _addressed(letter: Letter) -> str:
    """Say whom it is for, or that nobody is named."""
    return letter.to_text or "ยังไม่ระบุผู้รับ"
