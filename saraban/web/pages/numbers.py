"""จองเลข: numbers reserved before the letter is signed, those nobody has used yet, and void ones.

A reserved number keeps its date and year and never lapses. It is used for a draft that waits
(รอออกเลข), or for a letter that goes out on paper, or voided for a reason that stays in the book.
Who is cleared for secret letters reserves numbers of the secret sent book, up to their grade.
Any number of the books is voided here too, by its place: รับ/๒๒๓๑/๒๕๖๘.
"""

from collections.abc import Callable
from datetime import timedelta

from fastapi import APIRouter
from sqlalchemy.orm import Session
from starlette.responses import Response

from registry import directory, entries, voids
from registry.accounts.clearance import covers
from registry.desk import chase, slip
from registry.desk.paper import WAYS, Paper, send_on_paper
from registry.desk.secret_number import reserve_secret
from registry.desk.void import void
from registry.errors import Conflict, NotAllowed, NotFound, SarabanError
from registry.letter.book import Book
from registry.letter.entry import Entry
from registry.letter.grades import Secrecy
from registry.thai.numerals import to_thai
from saraban.web.casefile import plain_entry
from saraban.web.cookies import Done
from saraban.web.viewer import Act
from saraban.web.visit import Visit, Visitor

router = APIRouter()

_SENT_ALONE = (
    "หนังสือที่มีชั้นความลับได้เลขถัดไปของทะเบียนส่งลับของหน่วยงานเท่านั้น "
    "ไม่มีเล่มอื่น หน่วยงานย่อย หนังสือเวียน หรือเลขย้อนหลัง"
)
_REASON = "โปรดเขียนเหตุผล เพราะจะเก็บไว้ในทะเบียนถาวร"


@router.get("/numbers")
def numbers(visit: Visitor) -> Response:
    """Show the numbers that are reserved and void, and the form to reserve one."""
    visit.must(Act.REGISTER)
    return _show(visit)


@router.post("/numbers")
def reserve(visit: Visitor) -> Response:
    """Reserve the next number of a book, of the secret sent book where a grade is named."""
    visit.must(Act.REGISTER)
    form = visit.form
    grade = form.choice("secrecy", _grades(visit))
    subject, dated = form.text("subject", most=500), form.day("dated")
    unit, book = form.text("unit", most=40), form.text("book", most=40) or "sent"
    circular, reason = form.has("circular"), form.text("back", most=500)

    def work(session: Session) -> Done:
        if grade and (Book(book) != Book.SENT or unit or circular or reason):
            raise Conflict("a secret number of another book", thai=_SENT_ALONE)
        entry = reserve_secret(
            session, visit.desk, visit.entity, visit.viewer.email, Secrecy.parse(grade),
            subject=subject, dated=dated,
        ) if grade else slip.reserve(
            session, visit.desk, visit.entity, visit.viewer.email,
            unit_code=unit, book=str(Book(book)), circular=circular, subject=subject, date=dated,
            reason=reason,
        )  # fmt: skip
        return Done(f"/counter/{entry.id}", "จองเลขแล้ว เลขนี้รอจนกว่าจะใช้หรือยกเลิก")

    return _do(visit, work)


@router.post("/numbers/void")
def void_any(visit: Visitor) -> Response:
    """Void a number that is named by its place in a book."""
    visit.must(Act.REGISTER)
    place = visit.form.text("place", need="โปรดพิมพ์เลขทะเบียน เช่น รับ/๒๒๓๑/๒๕๖๘", most=60)
    reason = visit.form.text("reason", need=_REASON)

    def work(session: Session) -> Done:
        with visit.gate(session):
            entry = entries.get(session, place, visit.entity.code)  # its id is wanted, no words
        return _void(session, visit, entry, reason)

    return _do(visit, work)


@router.post("/numbers/{entry_id}/void")
def void_one(visit: Visitor, entry_id: str) -> Response:
    """Void a reserved number."""
    visit.must(Act.REGISTER)
    reason = visit.form.text("reason", need=_REASON)
    return _do(
        visit, lambda session: _void(session, visit, plain_entry(session, visit, entry_id), reason)
    )


@router.post("/numbers/{entry_id}/paper")
def use_on_paper(visit: Visitor, entry_id: str) -> Response:
    """Use a reserved number for a letter that goes out on paper."""
    visit.must(Act.REGISTER)
    form = visit.form
    paper = Paper(
        form.text("subject", need="โปรดพิมพ์เรื่อง"),
        form.text("to", need="โปรดพิมพ์ว่าส่งถึงใคร", most=300),
        way=form.choice("way", list(WAYS)),
    )

    def work(session: Session) -> Done:
        entry = plain_entry(session, visit, entry_id)
        used = send_on_paper(session, visit.desk, entry.id, visit.viewer.email, paper)
        return Done(f"/counter/{used.id}", f"ใช้ที่ {to_thai(used.letter_number)} แล้ว")

    return _do(visit, work)


def _void(session: Session, visit: Visit, entry: Entry, reason: str) -> Done:
    entry = void(session, visit.desk, entry.id, visit.viewer.email, reason)
    number = to_thai(f"{entry.number}/{entry.year}")
    return Done("/numbers", f"ยกเลิกเลข {number} แล้ว เลขนี้จะไม่ถูกใช้อีก")


def _do(visit: Visit, work: Callable[[Session], Done]) -> Response:
    """Do an act; what is wrong is told on the page with all that was typed."""
    if visit.form.wrong:
        return _show(visit, 422)
    try:
        return visit.act(work)
    except SarabanError as error:
        not_there = isinstance(error, NotFound) and visit.form.raw("place") == ""
        if not_there or isinstance(error, NotAllowed):
            raise
        visit.form.wrong["_"] = error.thai
        return _show(visit, 422)


def _grades(visit: Visit) -> list[str]:
    """Give the markings of which the viewer may take a number; none for who is not cleared."""
    return [one.thai for one in Secrecy if covers(visit.viewer.clearance, one.thai)]


def _show(visit: Visit, status: int = 200) -> Response:
    late = visit.now - timedelta(days=visit.desk.settings.registry.reserved_after_days)
    with visit.read() as session:
        cleared = visit.viewer.clearance
        held = chase.reserved(session, visit.entity.code, visit.now, cleared=cleared)
        void_ones = voids.voided(session, visit.entity.id)
        units = directory.units(session, visit.entity.id)
    return visit.page(
        "numbers", status=status, held=held, voided=void_ones, late=late,
        units=units, ways=WAYS.items(), form=visit.form, grades=_grades(visit),
        hidden={one.id for one in held if not covers(cleared, one.secrecy)},
    )  # fmt: skip
