"""One letter: the paper itself beside its line of the book, and everything that was done with it.

``/entries/…`` is a line of a book, ``/letters/…`` a letter that has none: it waits, is a draft, or
is a mail about an entry. What waits is corrected here before it is registered. Acts on an entry
are :mod:`saraban.web.pages.letter_acts`, files :mod:`saraban.web.pages.letter_files`.
"""

from typing import Any, Final

from fastapi import APIRouter
from sqlalchemy.orm import Session
from starlette.responses import RedirectResponse, Response

from registry import directory
from registry.desk.accept import accept, return_letter
from registry.desk.clear import clear
from registry.desk.give_back import MISDIRECTED
from registry.errors import NotUnderstood
from registry.letter.grades import Secrecy
from registry.thai.numerals import to_thai
from saraban.web import casefile
from saraban.web.cookies import Done
from saraban.web.forms import version_of
from saraban.web.viewer import Act
from saraban.web.visit import Visit, Visitor

router = APIRouter()

URGENCIES: Final = ("ด่วน", "ด่วนมาก", "ด่วนที่สุด")
GRADES: Final = tuple(one.thai for one in Secrecy)


@router.get("/entries/{entry_id}")
def entry(visit: Visitor, entry_id: str) -> Response:
    """Show a line of a book with its letter."""
    return show(visit, entry_id)


@router.get("/letters/{letter_id}")
def letter(visit: Visitor, letter_id: str) -> Response:
    """Show a letter that has no number; one that has is shown with its line."""
    return show_letter(visit, letter_id)


@router.post("/letters/{letter_id}/register")
def register(visit: Visitor, letter_id: str) -> Response:
    """Register a waiting letter with what the officer read on the paper."""
    visit.must(Act.REGISTER)
    corrections = _corrections(visit)
    if not visit.form.wrong:
        try:
            return visit.act(lambda session: _register(session, visit, letter_id, corrections))
        except NotUnderstood as error:
            visit.form.wrong["letter_number"] = error.thai
    return show_letter(visit, letter_id, 422)


@router.post("/letters/{letter_id}/return")
def send_back(visit: Visitor, letter_id: str) -> Response:
    """Send a waiting letter back, with a reason."""
    visit.must(Act.REGISTER)
    reason = visit.form.text("reason", need="โปรดเขียนเหตุผลที่ส่งคืน")
    if visit.form.wrong:
        return show_letter(visit, letter_id, 422)

    def work(session: Session) -> Done:
        casefile.must_be_opened(casefile.letter_of(session, visit, letter_id))
        wrong = visit.form.raw("kind") in ("wrong", "misdirected")
        why = f"{MISDIRECTED}: {reason}" if visit.form.raw("kind") == "misdirected" else reason
        told = return_letter(session, visit.desk, letter_id, visit.viewer.email, why, wrong=wrong)
        return Done("/inbox", returned_words(told=told))

    return visit.act(work)


@router.post("/letters/{letter_id}/clear")
def let_out(visit: Visitor, letter_id: str) -> Response:
    """Let files out that no scanner called clean."""
    visit.must(Act.REGISTER)
    reason = visit.form.text("reason", need="โปรดเขียนว่าตรวจสอบอย่างไรจึงให้ใช้ไฟล์ได้")
    if visit.form.wrong:
        return show_letter(visit, letter_id, 422)

    def work(session: Session) -> Done:
        casefile.letter_of(session, visit, letter_id)
        copies = clear(session, visit.desk, letter_id, visit.viewer.email, reason)
        again = f" และส่งให้หน่วยงานย่อยอีกครั้ง {to_thai(str(copies))} กล่อง" if copies else ""
        return Done(f"/letters/{letter_id}", f"ให้ใช้ไฟล์ได้แล้ว{again}")

    return visit.act(work)


def show(visit: Visit, entry_id: str, status: int = 200, **more: Any) -> Response:
    """Give the page of an entry, and write down who looked."""
    visit.must(Act.READ)
    with visit.read() as session:
        found = casefile.entry_of(session, visit, entry_id)
        facts = casefile.of_entry(session, visit, found)
    way = f"/entries/{found.id}"  # also where it answers a form
    response = visit.page("letter", status=status, form=visit.form, path=way, **facts, **more)
    if "hx-request" not in visit.request.headers and not facts["hidden"]:
        visit.note_reading("page", entry_id=entry_id, letter_id=found.letter_id)
    return response


def returned_words(*, told: bool) -> str:
    """Say that a letter went back, and whether somebody must still tell its sender."""
    return "ส่งคืนแล้ว และแจ้งผู้ส่งแล้ว" if told else "ส่งคืนแล้ว ระบบแจ้งผู้ส่งทางอีเมลไม่ได้ โปรดแจ้งทางอื่น"


def show_letter(visit: Visit, letter_id: str, status: int = 200) -> Response:
    """Give the page of a letter without a number; one that has a number is sent on to its own."""
    visit.must(Act.READ)
    with visit.read() as session:
        found = casefile.letter_of(session, visit, letter_id)
        if found.entry_id is not None:
            return RedirectResponse(f"/entries/{found.entry_id}", status_code=303)
        if found.unopened:
            return visit.page("letter_unopened", letter=found)
        facts = casefile.of_letter(session, visit, found)
        units = directory.units(session, visit.entity.id)
    response = visit.page(
        "letter_unnumbered", status=status, form=visit.form, units=units, grades=GRADES,
        version=version_of(found), path=f"/letters/{found.id}", **facts,
    )  # fmt: skip
    visit.note_reading("page", letter_id=letter_id)
    return response


def _corrections(visit: Visit) -> dict[str, Any]:
    """Read the fields of the form; what was left as it was corrects nothing."""
    form = visit.form
    given: dict[str, Any] = {
        "subject": form.text("subject", need="โปรดพิมพ์เรื่อง"),
        "letter_number": form.text("letter_number", most=120),
        "dated": form.day("dated"),
        "to_text": form.text("to_text"),
        "urgency": form.choice("urgency", URGENCIES),
    }
    if said := form.text("from_text"):
        given["from_text"] = said
    if unit := form.raw("unit"):
        given["unit"] = unit
    if visit.viewer.clearance and form.has("secrecy"):
        given["secrecy"] = form.choice("secrecy", GRADES) or None
    return given | ({"distinct": True} if form.has("distinct") else {})


def _register(session: Session, visit: Visit, letter_id: str, corrections: dict[str, Any]) -> Done:
    found = casefile.letter_of(session, visit, letter_id)
    casefile.must_be_opened(found)
    if found.state == "waiting":
        visit.form.must_be_fresh(version_of(found))
    if corrections.get("from_text") == (found.sender_name or found.sender):
        del corrections["from_text"]
    made = accept(session, visit.desk, letter_id, visit.viewer.email, **corrections)
    return Done(f"/entries/{made.id}", f"ลงรับแล้ว เลขรับ {to_thai(f'{made.number}/{made.year}')}")
