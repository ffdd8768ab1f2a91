"""หนังสือเข้า: what waits for an officer, and what became of what we sent; ลงรับ is look and Enter.

Five lists: letters that wait to be registered, what waits for my order, what was registered for my
unit, what is past its time (letters to be dealt with, and deliveries that nobody acknowledged), and
deliveries that failed. A letter is looked at on a sheet beside
the list (a page of its own without script) and registered there; one that looks like a letter which
has a number already asks first which it is. Two officers who press at once: the second is told who
was first.
"""

from dataclasses import dataclass
from typing import Any

from fastapi import APIRouter
from sqlalchemy.orm import Session
from starlette.responses import Response

from registry import awaiting, directory, entries, movements, rounds
from registry.clock import buddhist_year
from registry.desk import call, due
from registry.desk.accept import accept, return_letter
from registry.desk.attach import attach, look_alikes
from registry.errors import Conflict, NotFound, SarabanError
from registry.letter.book import Series
from registry.letter.entry import Entry
from registry.letter.grades import Urgency
from registry.letters import Letter, get_letter
from registry.thai.numerals import to_thai
from saraban.web import casefile, evidence
from saraban.web.cookies import Done
from saraban.web.forms import version_of
from saraban.web.timing import timing_of
from saraban.web.viewer import Act
from saraban.web.visit import Visit, Visitor

router = APIRouter()

GRADES = {"ปกติ": ""} | {one.thai: one.thai for one in Urgency if one.rank}
"""What addresses call an urgency, and what letters do."""
TABS = ("waiting", "asked", "unit", "overdue", "failed")


@dataclass(frozen=True, slots=True)
class _Likeness:
    """The entry that a waiting letter looks like."""

    entry: Entry
    note: str
    replaces: bool


@router.get("/inbox")
def inbox(visit: Visitor) -> Response:
    """Show one of the lists."""
    visit.must(Act.READ)
    asked = visit.request.query_params.get("show", "")
    tab = asked if asked in TABS else TABS[0]
    with visit.read() as session:
        facts = _standing(session, visit) | _LISTS[tab](session, visit)
    return visit.page("inbox", tab=tab, **{"urgency": ""} | facts)


@router.get("/inbox/{letter_id}")
def look(visit: Visitor, letter_id: str) -> Response:
    """Show one waiting letter, to be registered, attached or sent back."""
    visit.must(Act.READ)
    return _sheet(visit, letter_id)


@router.post("/inbox/{letter_id}/register")
def register(visit: Visitor, letter_id: str) -> Response:
    """Register a letter; ask first when it looks like one that has a number."""
    visit.must(Act.REGISTER)
    distinct = visit.form.has("distinct")
    with visit.read() as session:
        letter = waiting_letter(session, visit, letter_id, done_too=True)
        like = _likeness(session, letter) if letter.state == "waiting" else None
    if like is not None and not distinct:
        return visit.go(Done(f"/inbox/{letter_id}"))
    return visit.act(lambda session: _register(session, visit, letter_id, distinct=distinct))


@router.post("/inbox/{letter_id}/attach")
def attach_to(visit: Visitor, letter_id: str) -> Response:
    """Keep a letter under the number that is there already."""
    visit.must(Act.REGISTER)

    def work(session: Session) -> Done:
        letter = waiting_letter(session, visit, letter_id, done_too=True)
        with visit.gate(session):
            found = entries.get(session, visit.form.raw("entry"))
        entry = attach(session, visit.desk, letter.id, found.id, visit.viewer.email)
        return Done("/inbox", f"แนบกับเลขรับ {_number(entry)} แล้ว ไม่ใช้เลขใหม่")

    return visit.act(work)


@router.post("/inbox/{letter_id}/return")
def send_back(visit: Visitor, letter_id: str) -> Response:
    """Send a letter back, with a reason."""
    visit.must(Act.REGISTER)
    reason = visit.form.text("reason", need="โปรดเขียนเหตุผลที่ส่งคืน")
    if visit.form.wrong:
        return _sheet(visit, letter_id, status=422)

    def work(session: Session) -> Done:
        waiting_letter(session, visit, letter_id, done_too=True)
        wrong = visit.form.has("wrong")
        told = return_letter(
            session, visit.desk, letter_id, visit.viewer.email, reason, wrong=wrong
        )
        return Done("/inbox", "ส่งคืนแล้ว และแจ้งผู้ส่งแล้ว" if told else "ส่งคืนแล้ว (ไม่มีที่อยู่ที่แจ้งผู้ส่งได้)")

    return visit.act(work)


@router.post("/inbox/register")
def register_chosen(visit: Visitor) -> Response:
    """Register the letters that were chosen; those that need a look are left and told."""
    visit.must(Act.REGISTER)
    chosen = visit.form.all("letter")[: awaiting.MOST]
    if not chosen:
        return visit.go(Done("/inbox", "ยังไม่ได้เลือกหนังสือ กด x หรือแตะช่องหน้าเรื่องเพื่อเลือก"))
    with visit.read() as session:
        alike = look_alikes(session, chosen)
    tried = [_registered(visit, letter_id) for letter_id in chosen if letter_id not in alike]
    done = [entry for entry in tried if entry is not None]
    left = len(chosen) - len(done)
    said = f"ลงรับแล้ว {to_thai(str(len(done)))} ฉบับ"
    numbers = f" เลขรับ {_numbers(done)}" if done else ""
    more = f" · เหลือ {to_thai(str(left))} ฉบับที่ต้องเปิดดูก่อน" if left else ""
    return visit.go(Done("/inbox", said + numbers + more, *_in_book(visit, done)))


def _numbers(done: list[Entry]) -> str:
    """Say which numbers were taken: runs of them, by series and year."""
    runs: list[list[Entry]] = []
    for one in sorted(done, key=lambda one: (one.series, one.year, one.number)):
        last = runs[-1][-1] if runs else None
        place = (one.series, one.year, one.number - 1)
        if last is not None and (last.series, last.year, last.number) == place:
            runs[-1].append(one)
        else:
            runs.append([one])
    said = (
        f"{run[0].number}–{run[-1].number}/{run[0].year}" if run[1:] else _number(run[0])
        for run in runs
    )
    return to_thai(", ".join(said))


def _in_book(visit: Visit, done: list[Entry]) -> tuple[str, str]:
    """Give the way to the first of these in the book, where they stand together."""
    if not done or not _has_page(visit, "/books/received"):
        return "", ""
    first = min(done, key=lambda one: (one.series != Series.ORDINARY, one.year, one.number))
    series = "" if first.series == Series.ORDINARY else f"&series={first.series}"
    at = f"year={first.year}{series}&from={first.number}#n{first.number}"
    return f"/books/received?{at}", "เปิดในทะเบียน"


def waiting_letter(
    session: Session, visit: Visit, letter_id: str, *, done_too: bool = False
) -> Letter:
    """Give a letter of the viewer's entity that waits; others are not there (NotFound).

    ``done_too`` lets one pass that waited a moment ago: the act says by whom it was done.
    """
    with visit.gate(session):
        letter = get_letter(session, letter_id)
    if letter.direction != "in":
        raise NotFound("no letter of this entity")
    if letter.state not in ("waiting", "secret") and not done_too:
        by = letter.facts.get("done_by") or "ระบบ"
        raise Conflict("it waits no more", thai=f"หนังสือฉบับนี้ดำเนินการแล้ว โดย {by}")
    if done_too:
        casefile.must_be_opened(letter)
    return letter


def _registered(visit: Visit, letter_id: str) -> Entry | None:
    try:
        with visit.write() as session:
            waiting_letter(session, visit, letter_id, done_too=True)
            return accept(session, visit.desk, letter_id, visit.viewer.email)
    except SarabanError:
        return None


def _register(session: Session, visit: Visit, letter_id: str, *, distinct: bool) -> Done:
    letter = waiting_letter(session, visit, letter_id, done_too=True)
    if letter.state == "waiting" and visit.form.raw("_version"):
        visit.form.must_be_fresh(version_of(letter))
    corrections = {"distinct": True} if distinct else {}
    entry = accept(session, visit.desk, letter.id, visit.viewer.email, **corrections)
    link = f"/entries/{entry.id}" if _has_page(visit, "/entries/{entry_id}") else ""
    return Done("/inbox", f"ลงรับแล้ว เลขรับ {_number(entry)}", link, "เปิดดู" if link else "")


def _has_page(visit: Visit, path: str) -> bool:
    return path in visit.request.app.state.routed


def _sheet(visit: Visit, letter_id: str, status: int = 200) -> Response:
    with visit.read() as session:
        letter = waiting_letter(session, visit, letter_id)
        if letter.unopened:
            return visit.page("letter_unopened", letter=letter)
        like = _likeness(session, letter)
        sender = letter.from_entity_id
        known = directory.entity_by_id(session, sender) if sender else None
    visit.note_reading("page", letter_id=letter_id)
    return visit.page(
        "inbox_letter", status=status, letter=letter, like=like, known=known, form=visit.form,
        version=version_of(letter), trust=evidence.trust_of(letter),
        timing=timing_of(visit.desk, letter, visit.now),
    )  # fmt: skip


def _likeness(session: Session, letter: Letter) -> _Likeness | None:
    like = look_alikes(session, [letter.id]).get(letter.id)
    if like is None:
        return None
    entry = entries.get(session, like.entry_id, cleared=False)
    return _Likeness(entry, like.note, like.relation == "replaces")


def _number(entry: Entry) -> str:
    return to_thai(f"{entry.number}/{entry.year}")


def _standing(session: Session, visit: Visit) -> dict[str, Any]:
    """Give what stands above every list."""
    entity_id = visit.entity.id
    unit = directory.unit_by_code(session, entity_id, visit.viewer.unit)
    asked = movements.asked_of(session, entity_id, visit.viewer.whom, cleared=visit.viewer.cleared)
    late = due.count_late(session, visit.desk, entity_id, visit.now, cleared=visit.viewer.cleared)
    return {
        "checked": rounds.checked(session, entity_id), "unit": unit, "asked": asked,
        "late_count": late,
    }  # fmt: skip


def _waiting(session: Session, visit: Visit) -> dict[str, Any]:
    word = visit.request.query_params.get("urgency", "")
    urgency = GRADES.get(word)
    lines = awaiting.waiting(
        session, visit.entity.id, due.dealing(visit.desk),
        cleared=visit.viewer.clearance, urgency=urgency
    )  # fmt: skip
    alike = look_alikes(session, [line.id for line in lines])
    return {"lines": lines, "alike": alike, "urgency": word if urgency is not None else ""}


def _asked(_session: Session, _visit: Visit) -> dict[str, Any]:
    return {"lines": []}  # what waits for the viewer's order stands above every list already


def _unit(session: Session, visit: Visit) -> dict[str, Any]:
    unit = directory.unit_by_code(session, visit.entity.id, visit.viewer.unit)
    year = buddhist_year(visit.now)
    return {
        "lines": awaiting.of_unit(session, visit.entity.id, unit.name, year) if unit else [],
    }


def _overdue(session: Session, visit: Visit) -> dict[str, Any]:
    own, cleared = visit.entity.id, visit.viewer.cleared
    return {
        "lines": call.due(session, visit.desk, visit.entity.code),
        "late": due.late(session, visit.desk, own, visit.now, cleared=cleared),
    }


def _failed(session: Session, visit: Visit) -> dict[str, Any]:
    return {"lines": awaiting.failed(session, visit.entity.id)}


_LISTS = {
    "waiting": _waiting,
    "asked": _asked,
    "unit": _unit,
    "overdue": _overdue,
    "failed": _failed,
}
