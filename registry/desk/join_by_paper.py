"""Linking an entry to those that its paper names: what it cites, answers, passes on, encloses.

Number and date that fit exactly one entry, read surely, link at once, but for an answer: whoever
quotes the number of a letter of ours need not answer it, so an officer confirms that one, as in
:mod:`registry.desk.route`. A copy among the enclosures whose number is in no book may still be one
of ours that was misprinted or misread: an entry of the same office, of about that day, about nearly
the same matter, is suggested with its score.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final

from sqlalchemy import select, tuple_
from sqlalchemy.orm import Session

from registry import relations
from registry.desk.cite import Cited, resolve
from registry.errors import NotUnderstood
from registry.letter.book import Book
from registry.letter.number import LetterNumber
from registry.letter.paper import PaperField
from registry.models.books import EntryRow
from registry.models.letters import LetterRow, ReferenceRow, RelationRow
from registry.paper.cited import Citation
from registry.paper.likeness import likeness

_ANSWERS, _WITHOUT_DATE = 85, 60
_SCANNED: Final = 80
_ALIKE: Final = 0.6  # of two subjects
_SAME: Final = 0.85
_DAYS: Final = timedelta(days=31)
_MOST: Final = 200


@dataclass(frozen=True, slots=True)
class _Joint:
    """One link that a field makes."""

    entry_id: str
    relation: str
    how: str
    score: int
    certain: bool


def complete_references(session: Session, letter: LetterRow, found: Iterable[PaperField]) -> int:
    """Add the paper's อ้างถึง that the mail did not name, and say which entries all mean."""
    wanted = select(ReferenceRow).where(ReferenceRow.letter_id == letter.id)
    rows = list(session.scalars(wanted.order_by(ReferenceRow.position)))
    added = 0
    for field in found:
        if field.name != "reference" or field.source == "mail":
            continue
        one = _citation(field)
        key = one.number.key if one.number else ""
        known = next((row for row in rows if _is_same(row, key, one)), None)
        cited = resolve(session, letter.entity_id, one)
        entry_id = cited.entry_id if cited.certain and _is_sure(field) else None
        if known is not None:
            known.dated = known.dated or one.dated
            known.entity = known.entity or one.entity
            known.entry_id = known.entry_id or entry_id
            continue
        row = ReferenceRow(
            letter_id=letter.id, position=len(rows), text=one.text, entity=one.entity[:300],
            number=str(one.number or ""), number_key=key, dated=one.dated, entry_id=entry_id,
        )  # fmt: skip
        session.add(row)
        rows.append(row)
        added += 1
    session.flush()
    return added


def join(
    session: Session, letter: LetterRow, entry: EntryRow, found: Iterable[PaperField], *,
    by: str, at: datetime,
) -> int:  # fmt: skip
    """Link the entry; give how many links were made or suggested."""
    made = 0
    for joint in _joints(session, letter, entry, list(found)):
        if joint.entry_id == entry.id or is_joined(session, entry.id, joint.entry_id):
            continue
        made += relations.link(
            session, entry.id, joint.entry_id, joint.relation, joint.how, joint.score,
            confirmed=joint.certain, by=by, at=at,
        )  # fmt: skip
    return made


def _joints(
    session: Session, letter: LetterRow, entry: EntryRow, found: list[PaperField]
) -> Iterator[_Joint]:
    for field in found:
        if field.name not in {"reference", "enclosure"} or "number" not in field.facts:
            continue
        one = _citation(field)
        cited = resolve(session, entry.entity_id, one)
        if cited.entry_id is not None:
            other = session.get_one(EntryRow, cited.entry_id)
            yield _joint(letter, entry, other, cited, field)
        elif field.name == "enclosure":
            yield from _alike(session, entry, one)


def _joint(
    letter: LetterRow, entry: EntryRow, other: EntryRow, cited: Cited, field: PaperField
) -> _Joint:
    sure = cited.certain and _is_sure(field)
    if field.name == "enclosure":
        return _Joint(other.id, _copied(entry, other), "cited", cited.score, sure)
    if letter.direction == "in" and other.book == Book.SENT:
        score = _ANSWERS if cited.certain else _WITHOUT_DATE
        return _Joint(other.id, "answers", "cited", min(score, field.confidence), certain=False)
    return _Joint(other.id, "cites", "cited", cited.score, sure)


def _is_sure(field: PaperField) -> bool:
    """Say whether number and date are; those of a scan that one entry bears were not misread."""
    return field.believed or (field.source == "ocr" and field.confidence >= _SCANNED)


def _copied(entry: EntryRow, other: EntryRow) -> str:
    """Say whether a letter passes on what it encloses a copy of: it is about the same matter."""
    return "passes_on" if likeness(entry.subject, other.subject) >= _ALIKE else "encloses"


def _alike(session: Session, entry: EntryRow, one: Citation) -> Iterator[_Joint]:
    """Find the letter that is meant though its number is not the one named."""
    assert one.number is not None
    day = one.dated or entry.dated
    if day is None or not one.number.owner:
        return
    front = f"{one.number.code}{one.number.owner[:4]}%"
    wanted = select(EntryRow).where(
        EntryRow.entity_id == entry.entity_id, EntryRow.state == "registered",
        EntryRow.secrecy.is_(None), EntryRow.letter_number_key.like(front),
        EntryRow.dated.between(day - _DAYS, day + _DAYS), EntryRow.id != entry.id,
    )  # fmt: skip
    near = [
        (likeness(entry.subject, row.subject), row) for row in session.scalars(wanted.limit(_MOST))
    ]
    share, best = max(near, key=lambda each: each[0], default=(0.0, None))
    if best is not None and share >= _ALIKE:
        score = 40 + round(40 * min((share - _ALIKE) / (_SAME - _ALIKE), 1.0))
        yield _Joint(best.id, "passes_on", "alike", score, certain=False)


def _citation(field: PaperField) -> Citation:
    facts = field.facts
    dated = date.fromisoformat(facts["dated"]) if "dated" in facts else None
    try:
        number = LetterNumber.parse(facts["number"]) if "number" in facts else None
    except NotUnderstood:
        number = None
    enclosed = field.name == "enclosure"
    return Citation(field.original or field.value, facts.get("entity", ""), number, dated, enclosed)


def _is_same(row: ReferenceRow, key: str, one: Citation) -> bool:
    if key or row.number_key:
        return row.number_key == key and (None in {row.dated, one.dated} or row.dated == one.dated)
    return row.dated is not None and row.dated == one.dated


def is_joined(session: Session, here: str, there: str, *, both_ways: bool = False) -> bool:
    """Say whether the two were linked before, by whatever signal, or parted by a person."""
    ways = [(here, there), (there, here)] if both_ways else [(here, there)]
    ends = tuple_(RelationRow.from_entry_id, RelationRow.to_entry_id)
    wanted = select(RelationRow.id).where(ends.in_(ways))
    return session.scalar(wanted.limit(1)) is not None
