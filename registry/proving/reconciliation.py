"""The claim of the day: every accepted mail became something, and no letter came from nowhere.

For each office day: so many mails, and what became of them at each entity that they reached -
registered, acknowledgement, note, waiting, refused, duplicate and so on, as things stand now. A
mail without an outcome, an outcome whose letter is gone, and a letter that no mail brought are
problems.
"""

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from sqlalchemy import Row, select
from sqlalchemy.orm import Session

from registry.clock import BANGKOK
from registry.models.letters import IntakeRow, LetterRow
from registry.models.people import EntityRow
from registry.proving.problem import Problem, Wrong
from registry.thai.dates import short_date, thai_time

_NOTHING: Final = Wrong("it has no outcome", "รับไว้แล้วไม่กลายเป็นรายการใด")
_CHANGED: Final = Wrong("its outcomes were changed", "ผลของการรับถูกแก้นอกระบบ")
_GONE: Final = Wrong("its letter {} is gone", "หนังสือของจดหมายนี้หายไป")
_STRANGE: Final = Wrong("letter {} is none of its outcomes", "มีหนังสือที่ไม่ใช่ผลของจดหมายนี้")
_NOWHERE: Final = Wrong("no accepted mail brought it", "ไม่มีจดหมายที่รับไว้เป็นที่มาของหนังสือนี้")


@dataclass(frozen=True, slots=True)
class DayProof:
    """One day of Asia/Bangkok: mails accepted, and how many became what (by present state)."""

    day: date
    mails: int
    became: dict[str, int]


@dataclass(frozen=True, slots=True)
class _Letters:
    """The letters that matter to some mails: present states by id, ids by the mail they name."""

    states: dict[str, str]
    brought: defaultdict[str, set[str]]


def prove_intake(session: Session) -> tuple[list[DayProof], list[Problem]]:
    """Give the days in order, and what does not come out even."""
    mails: Counter[date] = Counter()
    became: defaultdict[date, Counter[str]] = defaultdict(Counter)
    owners = {row.address: row.code for row in session.scalars(select(EntityRow))}
    problems: list[Problem] = []
    for rows in _mails(session):
        letters = _letters(session, rows)
        for row in rows:
            day = row.accepted_at.astimezone(BANGKOK).date()
            mails[day] += 1
            became[day].update(letters.states.get(r[2] or "", r[0]) for r in row.results)
            problems += _of_mail(row, letters, owners)
    days = [DayProof(day, mails[day], dict(sorted(became[day].items()))) for day in sorted(mails)]
    return days, problems + list(_from_nowhere(session))


def _of_mail(row: Row[Any], letters: _Letters, owners: dict[str, str]) -> Iterator[Problem]:
    """Compare one mail's outcomes with the letters that are there."""
    at = row.accepted_at.astimezone(BANGKOK)
    title = f"จดหมายที่รับเมื่อ {short_date(at.date())} {thai_time(at)}"
    codes = {result[2]: result[1] for result in row.results if result[2]}
    reached = sorted({result[1] for result in row.results if result[1]})

    def tell(wrong: Wrong, entity: str, letter: str = "") -> Problem:
        named = {"entity": entity, "title": title, "letter": letter}
        return Problem("intake", f"mail {row.spool_name}", *wrong, **named)

    if not row.results:
        known = {owners.get(_plain(to), "") for to in row.recipients}
        yield from (tell(_NOTHING, code) for code in sorted(known - {""}) or [""])
    elif row.outcomes != len(row.results):
        yield from (tell(_CHANGED, code) for code in reached or [""])
    for letter_id in sorted(codes.keys() - letters.states.keys()):
        yield tell(_GONE.of(letter_id), codes[letter_id] or "")
    for letter_id in sorted(letters.brought[row.spool_name] - codes.keys()):
        yield tell(_STRANGE.of(letter_id), "", letter_id)


def _plain(address: str) -> str:
    """Take the tag out of an address."""
    local, _, domain = address.casefold().rpartition("@")
    return f"{local.partition('+')[0]}@{domain}"


def _letters(session: Session, rows: Sequence[Row[Any]]) -> _Letters:
    """Fetch the letters that these mails name, and those that name these mails."""
    found = _Letters({}, defaultdict(set))
    ids = {result[2] for row in rows for result in row.results if result[2]}
    names = [row.spool_name for row in rows]
    wanted = select(LetterRow.id, LetterRow.state, LetterRow.spool_name)
    for column, values in ((LetterRow.id, ids), (LetterRow.spool_name, names)):
        for letter_id, state, spool_name in session.execute(wanted.where(column.in_(values))):
            found.states[letter_id] = state
            if spool_name is not None:
                found.brought[spool_name].add(letter_id)
    return found


def _from_nowhere(session: Session) -> Iterator[Problem]:
    """Find letters that name a mail which was never accepted."""
    wanted = select(LetterRow.id).outerjoin(IntakeRow, IntakeRow.spool_name == LetterRow.spool_name)
    wanted = wanted.where(LetterRow.spool_name.is_not(None), IntakeRow.spool_name.is_(None))
    for letter_id in session.scalars(wanted.order_by(LetterRow.id)):
        yield Problem("intake", f"letter {letter_id}", *_NOWHERE, letter=letter_id)


def _mails(session: Session) -> Iterator[Sequence[Row[Any]]]:
    wanted = select(
        IntakeRow.spool_name, IntakeRow.accepted_at, IntakeRow.outcomes, IntakeRow.results,
        IntakeRow.recipients,
    )  # fmt: skip
    ordered = wanted.order_by(IntakeRow.accepted_at, IntakeRow.spool_name)
    yield from session.execute(ordered.execution_options(yield_per=500)).partitions()
