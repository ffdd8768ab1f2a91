"""ลงรับหนังสือกระดาษ: a letter that came to the counter, with its scans; then the slip of its number.

While ที่ and ลงวันที่ are typed, it is told whose code that is, and letters that bear them are shown;
without script they are shown when the form is sent, and a number is taken only once the officer
says that it is another letter. Scans lie in a tray (:mod:`saraban.web.trays`) until the form is
saved, or are laid beside the letter afterwards, when the paper bears its stamp. "ฉบับถัดไป" keeps
จาก and how the letters came.
"""

from collections.abc import Sequence
from typing import Any, Final
from urllib.parse import urlencode

import segno
from fastapi import APIRouter
from markupsafe import Markup
from sqlalchemy.orm import Session
from starlette.responses import Response

from registry import completing, directory, letters
from registry.desk.dated import ahead
from registry.desk.meet import Meeting, meetings
from registry.desk.paper import WAYS, Paper, came_too, register_paper
from registry.desk.scans import Scan, lay_scans
from registry.errors import NotUnderstood
from registry.ids import new_id
from registry.letter.book import Book
from registry.letter.codes import whose
from registry.letter.entity import Role
from registry.letter.grades import Secrecy, Urgency
from registry.letter.number import SenderCode
from registry.readings import What
from registry.thai.dates import parse_date
from saraban.web.casefile import plain_entry
from saraban.web.cookies import Done
from saraban.web.trays import Laid, Tray
from saraban.web.viewer import Act
from saraban.web.visit import Visit, Visitor

router = APIRouter()

_KEPT: Final = ("sender", "way", "to_text", "unit")
_PAGE: Final[What] = "page"


@router.get("/counter")
def counter(visit: Visitor) -> Response:
    """Show the form, filled with what is kept from the paper before."""
    visit.must(Act.REGISTER)
    asked = visit.request.query_params
    return _form(visit, {name: asked.get(name, "")[:300] for name in _KEPT})


@router.get("/counter/alike")
def alike(visit: Visitor) -> Response:
    """Show what bears the number that is being typed."""
    visit.must(Act.REGISTER)
    asked = visit.request.query_params
    try:
        dated = parse_date(asked.get("dated", "")[:60])
    except NotUnderstood:
        dated = None
    number = asked.get("letter_number", "")[:200]
    with visit.read() as session:
        found = _meetings(session, visit, number, dated)
    return visit.page("counter_alike", found=found, asks=False, whose=_whose(number))


@router.get("/counter/senders")
def senders(visit: Visitor) -> Response:
    """Offer entities of the directory for จาก, as options of a list."""
    visit.must(Act.REGISTER)
    with visit.read() as session:
        typed = visit.request.query_params.get("sender", "")[:200]
        found = completing.complete(session, visit.entity, typed)
    return visit.page("counter_senders", found=[one for one in found if one.kind == "entity"])


@router.post("/counter")
def register(visit: Visitor) -> Response:
    """Register the paper, or ask first when a letter bears its number and date already."""
    visit.must(Act.REGISTER)
    tray = Tray(visit, visit.form.raw("tray"))
    files = tray.sent()
    paper = _paper(visit)
    _look_at_day(visit, paper)
    if not visit.form.wrong and not paper.distinct:
        with visit.read() as session:
            found = _meetings(session, visit, paper.letter_number, paper.dated)
        if any(one.sure for one in found):
            return _form(visit, {}, files, found, status=422)
    if visit.form.wrong:
        return _form(visit, {}, files, status=422)

    def work(session: Session) -> Done:
        scans = _scans(files)
        entry = register_paper(session, visit.desk, visit.entity, visit.viewer.email, paper, scans)
        kept = {name: visit.form.raw(name)[:300] for name in _KEPT if visit.form.raw(name)}
        return Done(f"/counter/{entry.id}?{urlencode(kept)}")

    return _saved(visit, tray, files, work)


@router.post("/counter/came-too")
def attach(visit: Visitor) -> Response:
    """Write on the entry that is there that its letter came on paper too; no number is taken."""
    visit.must(Act.REGISTER)
    entry_id = visit.form.raw("entry")

    def work(session: Session) -> Done:
        plain_entry(session, visit, entry_id)
        paper = Paper("", "", way=visit.form.choice("way", list(WAYS)))
        came_too(session, visit.desk, entry_id, visit.viewer.email, paper)
        link = f"/entries/{entry_id}" if "/entries/{entry_id}" in _routed(visit) else ""
        return Done("/counter", "บันทึกแล้วว่าได้รับฉบับกระดาษด้วย ไม่ใช้เลขใหม่", link, "เปิดดู")

    return visit.act(work)


@router.get("/counter/{entry_id}")
def slip(visit: Visitor, entry_id: str) -> Response:
    """Show the number, large, with a slip to print and a place for scans."""
    visit.must(Act.REGISTER)
    response = _slip(visit, entry_id)
    visit.note_reading(_PAGE, entry_id=entry_id)
    return response


@router.post("/counter/{entry_id}/scans")
def scans(visit: Visitor, entry_id: str) -> Response:
    """Lay scans beside a letter that has its number."""
    visit.must(Act.REGISTER)
    with visit.read() as session:
        plain_entry(session, visit, entry_id)
    tray = Tray(visit, visit.form.raw("tray"))
    files = tray.sent()
    if not files and not visit.form.wrong:
        visit.form.wrong["files"] = "ยังไม่ได้เลือกไฟล์"
    if visit.form.wrong:
        return _slip(visit, entry_id, files, status=422)

    def work(session: Session) -> Done:
        laid = _scans(files)
        lay_scans(session, visit.desk, entry_id, laid, visit.viewer.email)
        query = visit.request.url.query
        return Done(f"/counter/{entry_id}" + (f"?{query}" if query else ""), "แนบไฟล์สแกนแล้ว")

    return _saved(visit, tray, files, work)


def _saved(visit: Visit, tray: Tray, files: Sequence[Laid], work: Any) -> Response:
    response = visit.act(work)
    tray.forget(files)
    return response


def _whose(number: str) -> str:
    """Give the body that a letter number, whole or begun, belongs to; "" if it is not listed."""
    try:
        return whose(SenderCode.parse(number.partition("/")[0])) or ""
    except NotUnderstood:
        return ""


def _meetings(session: Session, visit: Visit, number: str, dated: Any) -> list[Meeting]:
    cleared = visit.viewer.cleared
    return meetings(session, visit.entity.id, number, dated, cleared=cleared)


def _paper(visit: Visit) -> Paper:
    form = visit.form
    grades = [one.thai for one in Secrecy] if visit.viewer.role is Role.SECRET_OFFICER else []
    return Paper(
        subject=form.text("subject", need="โปรดพิมพ์เรื่อง"),
        sender=form.text("sender", need="โปรดพิมพ์ว่าหนังสือมาจากใคร", most=300),
        letter_number=form.text("letter_number", most=120),
        dated=form.day("dated"),
        to_text=form.text("to_text", most=300),
        urgency=form.choice("urgency", [one.thai for one in Urgency]),
        secrecy=form.choice("secrecy", grades),
        pages=form.number("pages") or 0,
        way=form.choice("way", list(WAYS)),
        unit=form.text("unit", most=40),
        note=form.text("note", most=500),
        distinct=form.has("distinct"),
    )


def _look_at_day(visit: Visit, paper: Paper) -> None:
    """Tell beside the field of a day that is still to come."""
    if why := ahead(paper.dated, visit.now):
        visit.form.wrong.setdefault("dated", why)


def _scans(files: Sequence[Laid]) -> list[Scan]:
    return [Scan(one.file, one.role) for one in files]


def _form(
    visit: Visit, kept: dict[str, str], files: Sequence[Laid] = (),
    found: Sequence[Meeting] = (), status: int = 200,
) -> Response:  # fmt: skip
    with visit.read() as session:
        units = directory.units(session, visit.entity.id)
    cleared = visit.viewer.role is Role.SECRET_OFFICER
    tray = visit.form.raw("tray") or new_id()
    most = visit.runtime.gateway.links.max_upload_bytes
    return visit.page(
        "counter", status=status, form=visit.form, kept=kept, ways=WAYS.items(), units=units,
        urgencies=[one.thai for one in Urgency], found=found, asks=bool(found), tray=tray,
        grades=[one.thai for one in Secrecy] if cleared else [], laid=files,
        most=most, whose=_whose(visit.form.raw("letter_number")),
    )  # fmt: skip


def _slip(visit: Visit, entry_id: str, files: Sequence[Laid] = (), status: int = 200) -> Response:
    with visit.read() as session:
        entry = plain_entry(session, visit, entry_id)
        letter = letters.get_letter(session, entry.letter_id) if entry.letter_id else None
    asked = visit.request.query_params
    kept = urlencode({name: asked[name][:300] for name in _KEPT if asked.get(name)})
    address = f"{visit.runtime.pages_url}/entries/{entry.id}"
    qr = segno.make_qr(address, error="m").svg_inline(scale=3, border=2, omitsize=True)
    return visit.page(
        "counter_slip", status=status, entry=entry, word=Book(entry.book).thai,
        paper=letter is not None and bool(letter.facts.get("paper")), qr=Markup(qr), kept=kept,  # noqa: S704
        tray=visit.form.raw("tray") or new_id(), laid=files, form=visit.form,
        most=visit.runtime.gateway.links.max_upload_bytes, query=visit.request.url.query,
    )  # fmt: skip


def _routed(visit: Visit) -> frozenset[str]:
    found: frozenset[str] = visit.request.app.state.routed
    return found
