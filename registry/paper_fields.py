"""The fields that were read off letters, as they are kept: written, shown, judged by people.

A field is *proposed* until it stands in the register as read (*taken*), or an officer found it
right (*confirmed*) or wrong (*refused*). Reading a letter anew replaces what nobody judged and
leaves the rest as it is. Secret letters have none: :mod:`registry.texts.claims` takes them away.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from registry.letter.page import Box
from registry.letter.paper import FieldState, PaperField, Place
from registry.models.paper import PaperFieldRow, PaperReadingRow
from registry.thai.dates import long_date
from registry.thai.numerals import to_thai
from registry.thai.text import fold

COLUMNS: Final[Mapping[str, str]] = {
    "number": "letter_number", "dated": "dated", "subject": "subject", "to": "to_text",
    "urgency": "urgency",
}  # fmt: skip
"""The fields that have a column in the register (forms 13 and 14), and that column."""
NAMES: Final[Mapping[str, str]] = {
    "number": "ที่", "number_hint": "อาจเป็นที่", "dated": "ลงวันที่", "subject": "เรื่อง", "owner": "จาก",
    "to": "ถึง", "urgency": "ชั้นความเร็ว", "secrecy": "ชั้นความลับ", "reference": "อ้างถึง",
    "enclosure": "สิ่งที่ส่งมาด้วย", "due": "ให้เสร็จภายใน", "task": "ให้ดำเนินการ", "signer": "ผู้ลงนาม",
    "contact": "เจ้าของเรื่อง", "stamp": "ตรารับ", "qr": "คิวอาร์โค้ด", "link": "ลิงก์ในหนังสือ",
}  # fmt: skip
"""What an officer calls each field, in the order in which they are shown."""
_JUDGED: Final = ("confirmed", "refused")
_DAYS: Final = frozenset({"dated", "due"})
_FIGURES: Final = frozenset({"number", "number_hint", "stamp"})


@dataclass(frozen=True, slots=True)
class KeptField:
    """A field with its place in a file, and what a person said of it; ``at`` is when."""

    id: int
    field: PaperField
    sha256: str | None
    state: FieldState
    by: str
    at: datetime

    def as_json(self) -> dict[str, Any]:
        """Give it as ``docs/JSON.md`` says."""
        one = self.field
        place = None
        if one.place is not None:
            box = one.place.box
            share = [box.left, box.top, box.right, box.bottom]
            place = {"sha256": self.sha256, "page": one.place.page, "box": share}
        return {
            "name": one.name, "position": one.position, "value": one.value,
            "original": one.original, "confidence": one.confidence, "source": one.source,
            "place": place, "facts": dict(one.facts), "state": self.state, "by": self.by,
        }  # fmt: skip


def in_words(one: PaperField) -> str:
    """Give a value as an officer reads and types it: days in words, figures as Thai ones."""
    if one.name in _DAYS and one.value:
        return long_date(date.fromisoformat(one.value))
    if one.name in _FIGURES:
        return to_thai(one.value)
    return one.value or one.original


def of(session: Session, letter_id: str) -> list[KeptField]:
    """Give the fields of a letter, as they were read from top to bottom."""
    wanted = select(PaperFieldRow).where(PaperFieldRow.letter_id == letter_id)
    return [_kept(row) for row in session.scalars(wanted.order_by(PaperFieldRow.id))]


def progress(session: Session, letter_id: str) -> tuple[str, str]:
    """Say how far the reading of a letter came: its state, "" for none, and why in Thai."""
    row = session.get(PaperReadingRow, letter_id)
    return (row.state, row.detail) if row is not None else ("", "")


def keep(
    session: Session, letter_id: str, found: Iterable[tuple[PaperField, str | None]], at: datetime
) -> None:
    """Write what was read, each with the file it stands in; what people judged stays as it is."""
    judged = {
        (row.name, row.position): row
        for row in session.scalars(
            select(PaperFieldRow).where(
                PaperFieldRow.letter_id == letter_id, PaperFieldRow.state.in_(_JUDGED)
            )
        )
    }
    session.execute(
        delete(PaperFieldRow).where(
            PaperFieldRow.letter_id == letter_id, PaperFieldRow.state.not_in(_JUDGED)
        )
    )
    for one, sha256 in found:
        if (one.name, one.position) not in judged:
            session.add(_row(letter_id, one, sha256, at))
    session.flush()


def settle(
    session: Session, letter_id: str, values: Mapping[str, str | date | None], by: str, at: datetime
) -> None:
    """Note what an officer's line says of the fields: confirmed where it is the same, else refused.

    ``values`` are columns of the register (:data:`COLUMNS`) that the officer has just decided on.
    """
    names = {column: name for name, column in COLUMNS.items()}
    said = {names[column]: _text(value) for column, value in values.items() if column in names}
    if not said:
        return
    wanted = select(PaperFieldRow).where(
        PaperFieldRow.letter_id == letter_id, PaperFieldRow.name.in_(said)
    )
    for row in session.scalars(wanted):
        same = fold(row.value) == fold(said[row.name])
        judge(row, "confirmed" if same else "refused", by, at)


def confirm_taken(session: Session, letter_id: str, by: str, at: datetime) -> None:
    """Note that an officer found the whole line right: what stands in it as read is confirmed."""
    wanted = select(PaperFieldRow).where(
        PaperFieldRow.letter_id == letter_id, PaperFieldRow.state == "taken"
    )
    for row in session.scalars(wanted):
        judge(row, "confirmed", by, at)


def judge(row: PaperFieldRow, state: FieldState, by: str, at: datetime) -> None:
    """Note the state of one field, and by whom."""
    row.state, row.by, row.at = state, by, at


def _text(value: str | date | None) -> str:
    return value.isoformat() if isinstance(value, date) else value or ""


def _row(letter_id: str, one: PaperField, sha256: str | None, at: datetime) -> PaperFieldRow:
    place = one.place
    box = [place.box.left, place.box.top, place.box.right, place.box.bottom] if place else []
    return PaperFieldRow(
        letter_id=letter_id, name=one.name, position=one.position, value=one.value,
        original=one.original, confidence=one.confidence, source=one.source,
        sha256=sha256 if place else None, page=place.page if place else None, box=box,
        facts=dict(one.facts), state="proposed", by="", at=at,
    )  # fmt: skip


def _kept(row: PaperFieldRow) -> KeptField:
    place = Place(row.page, Box(*row.box)) if row.page is not None and row.box else None
    source: Any = row.source
    state: Any = row.state
    made = PaperField(
        row.name, row.value, row.original, row.confidence, source, place, row.position, row.facts
    )
    return KeptField(row.id, made, row.sha256, state, row.by, row.at)
