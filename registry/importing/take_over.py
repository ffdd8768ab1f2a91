"""Writing an old register into the books: all of it in one transaction, or nothing.

Each line becomes an entry without letter and original, marked as taken over in หมายเหตุ and by its
line in the journal, which names the import and the row of the file. Numbers that stood nowhere, or
whose row could not be read, become void lines with that reason. The counter then stands at the last
number, so that the next letter takes the next one. The journal keeps the SHA-256 of the file; the
file itself is the office's to keep.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from registry import entries, journal, numbering
from registry.batch import together
from registry.clock import BANGKOK
from registry.desk.authority import must_register
from registry.desk.context import Desk
from registry.desk.paper import number_of
from registry.entries import EntryFields, OldEntry
from registry.errors import Conflict
from registry.importing.lines import OldLine, Trouble
from registry.importing.plan import Plan, make_plan
from registry.letter.entity import LegalEntity
from registry.models.people import EntityRow
from registry.models.work import ImportRow
from registry.numbering import BookKey
from registry.thai.dates import short_date
from registry.thai.numerals import to_thai

MARK: Final = "นำเข้าจากทะเบียนเดิม"
NOWHERE: Final = "ไม่มีเลขนี้ในทะเบียนเดิมที่นำเข้า"
_MORNING: Final = time(8, 30, tzinfo=BANGKOK)


@dataclass(frozen=True, slots=True)
class Source:
    """The file as it was: its name, its SHA-256, and what its columns were taken for."""

    name: str
    sha256: str
    columns: Mapping[str, int]


def take_over(  # noqa: PLR0913 - what is taken over, where, by whom
    session: Session, desk: Desk, entity: LegalEntity, key: BookKey, by: str, source: Source,
    read: Iterable[OldLine | Trouble], *, leave_out: bool = False,
) -> Plan:  # fmt: skip
    """Take an old register over and give the plan that was carried out.

    ``leave_out`` agrees that doubles and unreadable rows are left out. Raises NotAllowed; Conflict
    when the plan is blocked, or rows would be left out and nobody agreed.
    """
    officer = must_register(session, entity, by)
    journal.lock_head(session, entity.id)
    now = desk.now()
    plan = make_plan(session, key, read, now.astimezone(BANGKOK).date())
    if plan.blocked:
        raise Conflict("blocked", thai=f"นำเข้าไม่ได้: {plan.blocked}")
    if plan.left_out and not leave_out:
        raise Conflict(
            f"{plan.left_out} rows would be left out",
            thai=f"มี {to_thai(str(plan.left_out))} แถวที่นำเข้าไม่ได้ โปรดแก้ไฟล์ หรือยืนยันให้ข้ามแถวเหล่านั้น",
        )
    counts = {
        "lines": len(plan.lines), "missing": plan.missing, "doubles": len(plan.doubles),
        "unreadable": len(plan.troubles), "moved": len(plan.moved),
        "undated": len(plan.undated), "first": plan.first, "last": plan.last,
    }  # fmt: skip
    row = ImportRow(
        entity_id=entity.id, at=now, by=officer.email, name=source.name[:255],
        sha256=source.sha256, columns=dict(source.columns), counts=counts,
    )  # fmt: skip
    session.add(row)
    session.flush()
    lines = list(_entries(session, plan, now))
    numbering.take_over(session, key, plan.first, lines[-1].number, officer.email, lines[-1].at)
    with together(session):
        entries.take_over(session, key, lines, officer.email, now, row.id)
    facts = {"import": row.id, "sha256": source.sha256, **counts}
    journal.record(session, entity.id, "imported", officer.email, now, facts=facts)
    return plan


def _entries(session: Session, plan: Plan, now: datetime) -> Iterator[OldEntry]:
    """Give all numbers in order, those without a line with the day of the line before."""
    known, at = _names(session), plan.lines[0].day
    lines = {line.number: line for line in plan.lines}
    nowhere = {number for first, last in plan.gaps for number in range(first, last + 1)}
    for number in sorted(lines.keys() | plan.lost.keys() | nowhere):
        line = lines.get(number)
        if line is None:
            yield _nothing(number, _moment(at, now), plan.lost.get(number))
            continue
        at = plan.moved.get(number, line.day)
        yield _entry(line, _moment(at, now), known, moved=number in plan.moved)


def _nothing(number: int, at: datetime, unread: Trouble | None) -> OldEntry:
    """Give the void line of a number that stands nowhere, or whose row cannot be read."""
    row, reason = 0, NOWHERE
    if unread is not None:
        row = unread.row
        reason = f"อ่านแถวที่ {to_thai(str(row))} ของทะเบียนเดิมไม่ได้: {to_thai(unread.why)}"
    return OldEntry(number, at, row, EntryFields(note=MARK, state="reserved"), reason)


def _entry(line: OldLine, at: datetime, known: Mapping[str, int], *, moved: bool) -> OldEntry:
    number, key = number_of(line.letter_number)
    where = f"{MARK} แถวที่ {to_thai(str(line.row))}"
    day = f"วันที่ตามทะเบียนเดิม {short_date(line.day)}" if moved else ""
    if line.undated:
        day = f"วันที่ตามทะเบียนเดิมอ่านไม่ได้: “{line.undated}”"
    fields = EntryFields(
        letter_number=number, letter_number_key=key, dated=line.dated, from_text=line.from_text,
        to_text=line.to_text, subject=line.subject, action=line.action,
        note="; ".join(filter(None, (line.note, day, where))),
        from_entity_id=known.get(line.from_text),
        state="reserved" if line.void else "registered",
    )  # fmt: skip
    return OldEntry(
        line.number, at, line.row, fields, f"{MARK}: {line.subject}" if line.void else ""
    )


def _names(session: Session) -> dict[str, int]:
    """Give the entities whose name nobody else bears."""
    found: dict[str, int] = {}
    twice = set()
    for entity_id, name in session.execute(select(EntityRow.id, EntityRow.name)):
        if name in found:
            twice.add(name)
        found[name] = entity_id
    return {name: entity_id for name, entity_id in found.items() if name not in twice}


def _moment(day: date, now: datetime) -> datetime:
    return min(datetime.combine(day, _MORNING), now)
