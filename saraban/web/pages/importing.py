"""นำเข้าทะเบียนเดิม: a register kept in Excel or CSV, taken over in three steps.

The file is laid in a tray; its columns are guessed and shown with the first rows; a trial says what
would become of each row, by the number that Excel shows; then all of it is written in one
transaction. Each step reads the file anew, so nothing is kept of it but the tray, and the trial is
the plan that is carried out: when the books have moved meanwhile, the trial is shown again.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from fastapi import APIRouter
from sqlalchemy.orm import Session
from starlette.responses import Response

from registry import directory
from registry.clock import BANGKOK, buddhist_year
from registry.errors import NotFound, NotUnderstood
from registry.ids import new_id
from registry.importing.columns import FIELDS, Layout, guess
from registry.importing.lines import OldLine, Trouble, read_lines
from registry.importing.plan import Plan, make_plan
from registry.importing.sheet import Row, read
from registry.importing.take_over import Source, take_over
from registry.letter.book import Book
from registry.numbering import BookKey
from registry.thai.numerals import to_thai
from saraban.web.cookies import Done
from saraban.web.forms import version_of
from saraban.web.trays import Laid, Tray
from saraban.web.viewer import Act
from saraban.web.visit import Visit, Visitor

router = APIRouter()

_NEEDED: Final = ("number", "subject")
_PREVIEW: Final = 8
_SHOWN: Final = 200
_YEARS: Final = range(2400, 2800)
_SERIES: Final = ("ordinary", "circular")


@dataclass(frozen=True, slots=True)
class _Job:
    """What the form says: the file, its rows, the series, and what the columns mean."""

    tray: Tray
    file: Laid
    rows: Sequence[Row]
    key: BookKey
    layout: Layout

    @property
    def below(self) -> list[Row]:
        """The rows below the heading."""
        return [row for row in self.rows if row.number > self.layout.heading]

    def lines(self) -> list[OldLine | Trouble]:
        """Read every row."""
        return list(read_lines(self.below, self.layout.columns, self.key.year))


@router.get("/import")
def begin(visit: Visitor) -> Response:
    """Ask for the file and the book."""
    visit.must(Act.REGISTER)
    return _ask(visit)


@router.post("/import")
def columns(visit: Visitor) -> Response:
    """Show what the columns are taken for, with the first rows."""
    visit.must(Act.REGISTER)
    job = _job(visit)
    if job is None:
        return _ask(visit, 422)
    return _map(visit, job)


@router.post("/import/try")
def trial(visit: Visitor) -> Response:
    """Say what would become of each row; nothing is written."""
    visit.must(Act.REGISTER)
    job = _job(visit)
    if job is None:
        return _ask(visit, 422)
    missing = [FIELDS[name] for name in _NEEDED if name not in job.layout.columns]
    if missing:
        visit.form.wrong["columns"] = f"โปรดเลือกคอลัมน์ของ {' และ '.join(missing)}"
        return _map(visit, job, 422)
    return _trial(visit, job)


@router.post("/import/commit")
def commit(visit: Visitor) -> Response:
    """Write it, if the plan is still the one that was shown."""
    visit.must(Act.REGISTER)
    job = _job(visit)
    if job is None:
        return visit.act(lambda _: _no_file(visit))  # sent twice it was taken over a moment ago
    lines, leave_out = job.lines(), visit.form.has("leave_out")
    with visit.read() as session:
        plan = _plan(session, visit, job, lines)
    if plan.left_out and not leave_out and not plan.blocked:
        visit.form.wrong["leave_out"] = "โปรดยืนยันว่าให้ข้ามแถวที่นำเข้าไม่ได้ หรือแก้ไฟล์แล้วเริ่มใหม่"
        return _trial(visit, job, 422)

    def work(session: Session) -> Done:
        visit.form.must_be_fresh(_version(plan))
        source = Source(job.file.file.name, job.file.file.sha256, job.layout.columns)
        done = take_over(
            session, visit.desk, visit.entity, job.key, visit.viewer.email, source, lines,
            leave_out=leave_out,
        )  # fmt: skip
        many, following = to_thai(str(len(done.lines))), to_thai(str(done.following))
        return Done(
            "/import",
            f"นำเข้าแล้ว {many} รายการ เลขถัดไปคือ {following}",
            _book(visit, job),
            "เปิดทะเบียน",
        )

    response = visit.act(work)
    job.tray.forget([job.file])
    return response


def _no_file(visit: Visit) -> Done:
    why = next(iter(visit.form.wrong.values()))
    raise NotUnderstood("nothing to take over", thai=f"{why} แล้วเริ่มนำเข้าใหม่ตั้งแต่ขั้นแรก")


def _job(visit: Visit) -> _Job | None:
    """Read the form and the file; None, with what is wrong on the form, when it cannot be."""
    form, tray = visit.form, Tray(visit, visit.form.raw("tray"))
    files = tray.sent()
    year, unit = form.number("year") or buddhist_year(visit.now), form.text("unit", most=40)
    if year not in _YEARS:
        form.wrong["year"] = "โปรดพิมพ์ปี พ.ศ. เช่น ๒๕๖๘"
    try:
        book = str(Book(form.text("book", most=40) or "received"))
    except NotUnderstood:
        form.wrong["book"] = "ชื่อทะเบียนใช้ไม่ได้ โปรดพิมพ์ รับ ส่ง หรือชื่อเล่ม เช่น คำสั่ง"
        return None
    if not files:
        form.wrong.setdefault("files", "โปรดเลือกไฟล์ทะเบียนเดิม")
    if form.wrong:
        return None
    key = BookKey(visit.entity.id, _unit(visit, unit), book, _series(visit), year)
    try:
        rows = read(visit.runtime.blobs.path(files[0].file.sha256))
    except NotUnderstood as error:
        form.wrong["files"] = error.thai
        tray.forget(files)
        return None
    return _Job(tray, files[0], rows, key, _layout(visit, rows))


def _series(visit: Visit) -> str:
    return visit.form.choice("series", _SERIES) or _SERIES[0]


def _unit(visit: Visit, code: str) -> str:
    if not code:
        return ""
    with visit.read() as session:
        unit = directory.unit_by_code(session, visit.entity.id, code)
    if unit is None or not unit.keeps_books:
        raise NotFound("no unit that keeps books")
    return unit.code


def _layout(visit: Visit, rows: Sequence[Row]) -> Layout:
    """Give what the form says of the columns, else what is guessed."""
    form = visit.form
    if not form.has("heading"):
        return guess(rows)
    told: dict[str, int] = {}
    for name in FIELDS:
        chosen = form.raw(f"column.{name}")
        if chosen.isascii() and chosen.isdigit() and len(chosen) < 4 and int(chosen):
            told[name] = int(chosen) - 1
    return Layout(told, form.number("heading") or 0)


def _plan(session: Session, visit: Visit, job: _Job, lines: Sequence[OldLine | Trouble]) -> Plan:
    return make_plan(session, job.key, lines, visit.now.astimezone(BANGKOK).date())


def _version(plan: Plan) -> str:
    return version_of(plan)


def _book(visit: Visit, job: _Job) -> str:
    path = f"/books/{job.key.book}"
    routed = visit.request.app.state.routed
    return f"{path}?year={job.key.year}" if path in routed or "/books/{book}" in routed else ""


def _facts(visit: Visit, job: _Job) -> Mapping[str, object]:
    return {
        "form": visit.form, "job": job, "fields": FIELDS, "tray": visit.form.raw("tray"),
        "heading": Book(job.key.book).heading,
    }  # fmt: skip


def _ask(visit: Visit, status: int = 200) -> Response:
    with visit.read() as session:
        units = [one for one in directory.units(session, visit.entity.id) if one.keeps_books]
    return visit.page(
        "import", status=status, form=visit.form, units=units, tray=new_id(),
        year=buddhist_year(visit.now),
    )  # fmt: skip


def _map(visit: Visit, job: _Job, status: int = 200) -> Response:
    wide = max((len(row.cells) for row in job.rows[:500]), default=0)
    return visit.page(
        "import_columns", status=status, wide=wide, preview=job.below[:_PREVIEW],
        head=[row for row in job.rows if row.number <= job.layout.heading][-2:],
        **_facts(visit, job),
    )  # fmt: skip


def _trial(visit: Visit, job: _Job, status: int = 200) -> Response:
    lines = job.lines()
    with visit.read() as session:
        plan = _plan(session, visit, job, lines)
    moved = {line.number: line.day for line in plan.lines if line.number in plan.moved}
    return visit.page(
        "import_trial", status=status, plan=plan, version=_version(plan), most=_SHOWN,
        moved=moved, total=len(lines), **_facts(visit, job),
    )  # fmt: skip
