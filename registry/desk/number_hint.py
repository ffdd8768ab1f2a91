"""What a number that was damaged on the way may mean: look-alikes from books and directory.

OCR turns ``ที่ มท ๐๘๑๐.๗/ว ๓๙๗๔`` into ``ที่มา ๑๘๑๐.๗/ว ๓๙๗๔``. Its front is held against the codes
that the directory knows, the whole against the numbers that letters of the books bear or cite. A
letter that also bears the name of the office whose code it would be is more likely that one's.
A hint is never sure: an officer looks at the paper.
"""

import re
from collections.abc import Iterator
from typing import Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from registry.errors import NotUnderstood
from registry.letter.number import LetterNumber, SenderCode
from registry.letter.paper import PaperField
from registry.models.books import EntryRow
from registry.models.letters import LetterRow, ReferenceRow
from registry.models.people import EntityRow
from registry.paper.likeness import differ
from registry.thai.numerals import to_arabic
from registry.thai.text import fold

_MOST: Final = 3
_FAR: Final = 3  # letters and figures that may differ
_BEST: Final = 60
_STEP: Final = 12  # of score, for each that differs
_NAMED: Final = 15
_SHAPE: Final = re.compile(
    r"(?P<front>[^/]{2,24})/\s?(?P<circular>ว)?\.?\s?(?P<number>[0-9]{1,6})[^0-9ก-๎]*"
)
_UNIT: Final = re.compile(r"\.[0-9]{1,3}$")


def hints(session: Session, letter: LetterRow, damaged: PaperField, owner: str) -> list[PaperField]:
    """Give what the number may mean, the likeliest first; ``owner`` is the office in the head."""
    raw = re.sub(r"\s", "", to_arabic(damaged.original or damaged.value))
    found: dict[str, tuple[int, dict[str, str]]] = {}
    for number, score, fact in (
        *_from_directory(session, raw, owner),
        *_from_books(session, letter, raw),
    ):
        if score > found.get(str(number), (0, {}))[0]:
            found[str(number)] = score, fact
    best = sorted(found.items(), key=lambda one: -one[1][0])[:_MOST]
    return [
        PaperField(
            "number_hint", text, damaged.original, score, damaged.source, damaged.place, at,
            {"score": score, **fact},
        )
        for at, (text, (score, fact)) in enumerate(best)
    ]  # fmt: skip


def _from_directory(
    session: Session, raw: str, owner: str
) -> Iterator[tuple[LetterNumber, int, dict[str, str]]]:
    shape = _SHAPE.fullmatch(raw)
    if shape is None:
        return
    known = select(EntityRow.code, EntityRow.name, EntityRow.letter_code)
    for code, name, letter_code in session.execute(known.where(EntityRow.letter_code != "")):
        apart, unit = _apart(shape["front"], letter_code.replace(" ", ""))
        if apart > _FAR:
            continue
        named = _NAMED if owner and fold(name) in fold(owner) else 0
        try:
            sender = SenderCode.parse(letter_code)
            number = sender.number(
                int(shape["number"]), circular=bool(shape["circular"]), owner=sender.owner + unit
            )
        except NotUnderstood:
            continue
        yield number, _score(apart) + named, {"entity": code}


def _apart(front: str, letter_code: str) -> tuple[int, str]:
    """Count what differs from a code, of the office itself or of a unit below it; and that unit."""
    whole = differ(front, letter_code, _FAR), ""
    unit = _UNIT.search(front)
    if unit is None:
        return whole
    return min(whole, (differ(front[: unit.start()], letter_code, _FAR), unit[0]))


def _from_books(
    session: Session, letter: LetterRow, raw: str
) -> Iterator[tuple[LetterNumber, int, dict[str, str]]]:
    """Look at numbers that end as this one does, in the entity's own books and references."""
    end = re.search(r"[0-9]{1,6}\W*$", raw)
    if end is None:
        return
    ends = f"%{end[0].strip()}"
    mine = select(EntryRow.letter_number, EntryRow.id).where(
        EntryRow.entity_id == letter.entity_id, EntryRow.letter_number_key.like(ends),
        EntryRow.secrecy.is_(None), EntryRow.letter_id.is_distinct_from(letter.id),
    )  # fmt: skip
    cited = (
        select(ReferenceRow.number, ReferenceRow.entry_id)
        .join(LetterRow, LetterRow.id == ReferenceRow.letter_id)
        .where(LetterRow.entity_id == letter.entity_id, ReferenceRow.number_key.like(ends))
    )
    for text, entry_id in [*session.execute(mine.limit(500)), *session.execute(cited.limit(500))]:
        apart = differ(raw, text.replace(" ", ""), _FAR)
        if text and apart <= _FAR:
            fact = {"entry": entry_id} if entry_id else {}
            yield LetterNumber.parse(text), _score(apart), fact


def _score(apart: int) -> int:
    return max(_BEST - _STEP * apart, 5)
