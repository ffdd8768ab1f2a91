"""The claim of histories: every entry is what the journal says it became, step by step.

The first line of an entry's history made it, under this number of this book; every change names
the digest before and after; and the digest computed anew from the register's fields is the last.
So a subject changed by SQL is found, and so is an entry slipped in or taken out.
"""

from collections.abc import Iterator, Sequence
from itertools import groupby, pairwise
from typing import Any, Final

from sqlalchemy import Row, select
from sqlalchemy.orm import Session

from registry.digest import digest_of
from registry.models.books import EntryRow
from registry.models.evidence import JournalRow
from registry.models.letters import LetterRow
from registry.models.people import EntityRow
from registry.proving.placing import title_of
from registry.proving.problem import Problem, Wrong

_UNMADE: Final = Wrong("the journal has no line that made it", "บันทึกการปฏิบัติไม่มีบรรทัดที่ออกเลขนี้")
_OTHER: Final = Wrong("the journal made it under another number", "บันทึกการปฏิบัติจดไว้ว่าเป็นเลขอื่น")
_BROKEN: Final = Wrong("its history is broken at line {}", "ประวัติการแก้ไขไม่ต่อกันที่บรรทัดบันทึก {}")
_DIGEST: Final = Wrong(
    "its digest is not the one in the journal", "ค่าตรวจสอบไม่ตรงกับที่บันทึกการปฏิบัติจดไว้"
)
_CHANGED: Final = Wrong("its fields were changed outside the register", "ข้อความในทะเบียนถูกแก้นอกระบบ")
_GONE: Final = Wrong("the entry was taken out", "รายการถูกนำออกจากทะเบียนนอกระบบ")
_NUMBERLESS: Final = Wrong(
    "it counts as registered and has no entry", "สถานะว่าลงทะเบียนแล้ว แต่ไม่มีรายการในทะเบียน"
)


def prove_histories(session: Session) -> tuple[int, list[Problem]]:
    """Give the number of entries, and those whose history does not hold.

    Entries and journal lines are walked beside each other, both in the order of the entries' ids.
    """
    histories = groupby(_lines(session), lambda line: str(line.entry_id))
    open_id, lines = _next(histories)
    codes = {row.id: row.code for row in session.execute(select(EntityRow.id, EntityRow.code))}
    problems: list[Problem] = []
    count = 0
    for row in _entries(session):
        count += 1
        while open_id is not None and open_id < row.id:
            problems.append(_taken_out(codes, open_id, lines))
            open_id, lines = _next(histories)
        mine = lines if open_id == row.id else []
        problems += [
            Problem("history", f"entry {row.id}", *wrong, entry=row.id)
            for wrong in wrong_in(row, mine)
        ]
        if open_id == row.id:
            open_id, lines = _next(histories)
    while open_id is not None:
        problems.append(_taken_out(codes, open_id, lines))
        open_id, lines = _next(histories)
    return count, problems + list(_numberless(session))


def wrong_in(row: EntryRow, lines: Sequence[Any]) -> Iterator[Wrong]:
    """Compare one entry with the lines that changed it, in order; say what is wrong."""
    if not lines or lines[0].act not in {"registered", "reserved"}:
        yield _UNMADE
        return
    place = {"book": row.book, "series": row.series, "year": row.year, "number": row.number}
    told = {name: lines[0].facts.get(name) for name in place}
    if told != place or any(line.entity_id != row.entity_id for line in lines):
        yield _OTHER
    for before, after in pairwise(lines):
        if after.facts.get("before") != before.digest:
            yield _BROKEN.of(after.position)
    if row.digest != lines[-1].digest:
        yield _DIGEST
    if digest_of(row) != lines[-1].digest:
        yield _CHANGED


def _taken_out(codes: dict[int, str], entry_id: str, lines: Sequence[Any]) -> Problem:
    """Tell of an entry that is not there; the journal alone knows its number."""
    facts, title = lines[0].facts, "รายการในทะเบียน"
    if {"book", "series", "number", "year"} <= facts.keys():
        title = title_of(facts["book"], facts["series"], facts["number"], facts["year"])
    owner = codes.get(lines[0].entity_id, "")
    return Problem("history", f"entry {entry_id}", *_GONE, entity=owner, title=title)


def _numberless(session: Session) -> Iterator[Problem]:
    """Find letters that say they are registered or sent and have no entry."""
    wanted = select(LetterRow.id).outerjoin(EntryRow, EntryRow.letter_id == LetterRow.id)
    wanted = wanted.where(EntryRow.id.is_(None), LetterRow.state.in_(["registered", "sent"]))
    for letter_id in session.scalars(wanted.order_by(LetterRow.id)):
        yield Problem("history", f"letter {letter_id}", *_NUMBERLESS, letter=letter_id)


def _entries(session: Session) -> Iterator[EntryRow]:
    wanted = select(EntryRow).order_by(EntryRow.id)
    yield from session.scalars(wanted.execution_options(yield_per=500))


def _lines(session: Session) -> Iterator[Row[Any]]:
    """Stream the lines that changed entries, in order of entry and position."""
    wanted = select(
        JournalRow.entry_id, JournalRow.entity_id, JournalRow.position, JournalRow.act,
        JournalRow.facts, JournalRow.digest,
    )  # fmt: skip
    wanted = wanted.where(JournalRow.entry_id.is_not(None), JournalRow.digest != "")
    ordered = wanted.order_by(JournalRow.entry_id, JournalRow.entity_id, JournalRow.position)
    yield from session.execute(ordered.execution_options(yield_per=1000))


def _next(
    histories: Iterator[tuple[str, Iterator[Row[Any]]]],
) -> tuple[str | None, list[Row[Any]]]:
    for entry_id, lines in histories:
        return entry_id, list(lines)
    return None, []
