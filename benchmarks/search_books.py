"""Books full of generated letters, laid straight into the tables: what a busy office has.

Seven letters of ten are received, three were sent, each to one to four agencies. Seven of ten are
in the books of entity 1, two in those of entity 2. The newest few hundred incoming letters still
wait for an officer, some of them under a number that stands in the book already; the newest
deliveries are on their way, a few are overdue or came back. A few letters are secret, void or to be
reported on. Filling goes on where it stood (:func:`fill`), so a database may be kept.
"""

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from typing import Any, Final

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from benchmarks.search_corpus import PROVINCES, Written, letters, time_of
from registry.clock import buddhist_year
from registry.db import Database
from registry.ids import first_id
from registry.letter.number import LetterNumber
from registry.models.base import Base
from registry.models.books import CounterRow
from registry.models.evidence import JournalHeadRow, RoundRow
from registry.models.letters import LetterRow
from registry.models.people import EntityRow, UnitRow
from registry.rows import insert_rows

ENTITIES: Final = 3
WAITING: Final = 400
"""How many of the newest letters have no number yet."""
_AT_ONCE: Final = 5000
_OTHERS: Final = 100  # ids of the agencies that are not hosted begin behind this one
_BEGAN: Final = datetime(2016, 1, 1, tzinfo=UTC)
_TABLES: Final = ("letter", "entry", "file_text", "enclosure", "delivery")
Series = tuple[int, str, str, int]


@dataclass(frozen=True, slots=True)
class Kept:
    """A letter with its place in the books; ``chance`` is below a thousand."""

    written: Written
    entity: int
    chance: int
    waits: bool

    @property
    def is_sent(self) -> bool:
        """Whether we wrote it."""
        return self.chance < 300

    @property
    def series(self) -> Series:
        """The owner, book, series and year (พ.ศ.) of its number."""
        book = "sent" if self.is_sent else "received"
        series = "secret" if self.chance == 999 else "ordinary"
        return self.entity, book, series, buddhist_year(self.written.at)


def fill(database: Database, upto: int, tell: Callable[[int], None] = lambda _done: None) -> None:
    """Lay this many letters into the books, from the first that is not there yet."""
    with database.read() as session:
        start = session.scalar(select(func.count()).select_from(LetterRow)) or 0
    if start == 0:
        with database.write() as session:
            _people(session, upto)
    while start < upto:
        end = min(start + _AT_ONCE, upto)
        with database.write() as session:
            _write(session, [_kept(one, upto) for one in letters(end, start)], upto)
        start = end
        tell(start)


def _kept(one: Written, upto: int) -> Kept:
    entity = (1, 1, 1, 1, 1, 1, 1, 2, 2, 3)[one.number % 10]
    chance = (one.number * 2_654_435_761 >> 7) % 1000
    waits = one.number >= upto - WAITING
    if waits and one.number % 9 == 0 and chance >= 300:
        before = next(letters(one.number - 500, one.number - 501))  # of the same entity
        one = replace(
            one, letter_number=before.letter_number, dated=before.dated, place=before.place
        )
    return Kept(one, entity, chance, waits)


def _people(session: Session, upto: int) -> None:
    hosted = [
        {
            "id": one, "code": f"e{one}", "name": f"จังหวัด{PROVINCES[one]}", "hosted": True,
            "address": f"saraban@e{one}.example", "created_at": _BEGAN,
        }
        for one in range(1, ENTITIES + 1)
    ]  # fmt: skip
    others = [
        {
            "id": _OTHERS + at, "code": f"p{at}", "name": f"สำนักงานจังหวัด{place}",
            "address": f"saraban@p{at}.example", "created_at": _BEGAN,
        }
        for at, place in enumerate(PROVINCES)
    ]  # fmt: skip
    units = [
        {"entity_id": entity["id"], "code": f"u{at}", "name": f"กลุ่มงานที่ {at}"}
        for entity in hosted for at in range(7)
    ]  # fmt: skip
    looks = [
        {
            "account": f"saraban@e{one}.example", "entity_id": one, "looks": 300,
            "began_at": time_of(upto) - timedelta(hours=12 * at + 12),
            "ended_at": time_of(upto) - timedelta(hours=12 * at),
        }
        for one in range(1, ENTITIES + 1) for at in range(4000)
    ]  # fmt: skip
    _insert(session, EntityRow.__tablename__, hosted + others)
    _insert(session, UnitRow.__tablename__, units)
    _insert(session, RoundRow.__tablename__, looks)
    heads = [{"entity_id": one["id"]} for one in hosted]
    _insert(session, JournalHeadRow.__tablename__, heads)


def _write(session: Session, some: Sequence[Kept], upto: int) -> None:
    last: Counter[Series] = Counter(
        {
            (row.entity_id, row.book, row.series, row.year): row.last
            for row in session.scalars(select(CounterRow))
        }
    )
    rows: dict[str, list[dict[str, Any]]] = {name: [] for name in _TABLES}
    for one in some:
        rows["letter"].append(_letter(one))
        rows["file_text"].append({"sha256": _digest(one), "state": "done", "kind": "pdf"})
        rows["enclosure"].append(_file(one))
        if not one.waits:
            last[one.series] += 1
            rows["entry"].append(_entry(one, last[one.series]))
            rows["delivery"] += _deliveries(one, upto)
    for name, those in rows.items():
        _insert(session, name, those)
    session.execute(delete(CounterRow))
    names = ("entity_id", "book", "series", "year")
    counters = [dict(zip(names, key, strict=True)) | {"last": n} for key, n in last.items()]
    _insert(session, CounterRow.__tablename__, counters)


def _insert(session: Session, table: str, rows: Sequence[dict[str, Any]]) -> None:
    if rows:
        insert_rows(session, Base.metadata.tables[table], rows)


def _place(one: Kept) -> dict[str, Any]:
    written = one.written
    return {
        "entity_id": one.entity,
        "letter_number": written.letter_number,
        "letter_number_key": _key(written.letter_number),
        "dated": written.dated,
        "subject": written.subject,
        "urgency": written.urgency,
        "to_text": written.addressee,
        "secrecy": "ลับ" if one.chance == 999 else None,
        "from_entity_id": None if one.is_sent else _OTHERS + PROVINCES.index(written.place),
        "accepted_at": written.at,
        "due": written.at + timedelta(days=15) if one.chance % 50 == 7 else None,
    }


@lru_cache(maxsize=8)
def _key(letter_number: str) -> str:
    return LetterNumber.parse(letter_number).key


def _letter(one: Kept) -> dict[str, Any]:
    done, open_ = ("sent", "draft") if one.is_sent else ("registered", "waiting")
    return _place(one) | {
        "id": _id(one, 0), "direction": "out" if one.is_sent else "in", "facts": {}, "trust": {},
        "state": open_ if one.waits else done, "text": one.written.text, "defects": [],
        "sender_name": f"จังหวัด{one.written.place}", "unit_code": f"u{one.written.number % 7}",
        "clerk": "clerk@e1.example" if one.is_sent else "",
        "why_waiting": "ไม่พบเลขที่หนังสือ" if one.waits else "",
    }  # fmt: skip


def _entry(one: Kept, number: int) -> dict[str, Any]:
    _entity, book, series, year = one.series
    void = one.chance == 998
    ours, theirs = f"จังหวัด{PROVINCES[one.entity]}", f"จังหวัด{one.written.place}"
    return _place(one) | {
        "id": _id(one, 1), "letter_id": _id(one, 0), "book": book, "series": series,
        "year": year, "number": number, "state": "void" if void else "registered",
        "from_text": ours if one.is_sent else theirs, "registered_by": "automatic",
        "registered_at": one.written.at + timedelta(seconds=100), "salt": "", "digest": "",
        "action": f"ส่ง กลุ่มงานที่ {one.chance % 7}", "void_reason": "ออกซ้ำ" if void else "",
        "closed": None if one.chance % 5 == 0 else one.written.at + timedelta(days=3),
    }  # fmt: skip


def _deliveries(one: Kept, upto: int) -> Iterator[dict[str, Any]]:
    if not one.is_sent:
        return
    first = PROVINCES.index(one.written.place)
    for at in range(1 + one.chance % 4):
        there = (first + at) % len(PROVINCES)
        yield {
            "entry_id": _id(one, 1), "position": at, "to_address": f"saraban@p{there}.example",
            "to_name": f"สำนักงานจังหวัด{PROVINCES[there]}", "to_entity_id": _OTHERS + there,
            "state": _state(one, at, upto), "at": one.written.at + timedelta(hours=4),
            "remote_number": str(one.written.number % 9000),
        }  # fmt: skip


def _state(one: Kept, at: int, upto: int) -> str:
    """Give how far a delivery came: nearly all of the last weeks' are still on their way."""
    turn = (one.chance * 7 + at * 13) % 500
    if one.written.number >= upto - upto // 200:
        return "overdue" if turn < 20 else "bounced" if turn < 24 else "sent"
    return "bounced" if turn == 0 else "registered"


def _file(one: Kept) -> dict[str, Any]:
    return {
        "letter_id": _id(one, 0), "position": 1, "role": "letter", "name": one.written.file,
        "bytes": 120_000, "sha256": _digest(one), "media_type": "application/pdf",
    }  # fmt: skip


def _id(one: Kept, which: int) -> str:
    """Give the id of the letter (0) or its entry (1): by time, as real ones are."""
    return first_id(one.written.at + timedelta(milliseconds=which))


def _digest(one: Kept) -> str:
    return f"{one.written.number:064x}"
