"""Which of our entries the letters are that a letter refers to (:mod:`registry.paper.cited`).

Number *and* date that fit exactly one entry of the office are certain; a number alone
starts again every year and is only a suggestion. Void and secret entries are never found.
Both directions use this: an incoming letter refers to what we sent, ours to what we received.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from registry.batch import add, row_of
from registry.models.books import EntryRow
from registry.models.letters import ReferenceRow
from registry.paper.cited import Citation, find_citations

__all__ = ["CERTAIN", "SUGGESTED", "Citation", "Cited", "find_citations", "resolve", "store"]

CERTAIN: Final = 95
SUGGESTED: Final = 60


@dataclass(frozen=True, slots=True)
class Cited:
    """A citation and the entry it means, ``score`` 0-100; ``entry_id`` None when we have none."""

    citation: Citation
    entry_id: str | None = None
    score: int = 0

    @property
    def certain(self) -> bool:
        """Whether number and date fit exactly one entry."""
        return self.score >= CERTAIN


def resolve(session: Session, entity_id: int, citation: Citation) -> Cited:
    """Look the citation up in the books of one entity, sent and received."""
    if citation.number is None:
        return Cited(citation)
    query = select(EntryRow.id, EntryRow.dated).where(
        EntryRow.entity_id == entity_id,
        EntryRow.letter_number_key == citation.number.key,
        EntryRow.state == "registered",
        EntryRow.secrecy.is_(None),
    )
    rows = session.execute(query).all()
    if citation.dated is not None:
        rows = [row for row in rows if row.dated == citation.dated]
    if len(rows) != 1:
        return Cited(citation)
    return Cited(citation, rows[0].id, CERTAIN if citation.dated else SUGGESTED)


def store(
    session: Session, letter_id: str, entity_id: int, citations: Iterable[Citation]
) -> list[Cited]:
    """Write the references of a letter, without the copies it encloses; say what all mean."""
    cited = [resolve(session, entity_id, citation) for citation in citations]
    references = [one for one in cited if not one.citation.enclosed]
    add(session, *(_row(letter_id, position, one) for position, one in enumerate(references)))
    return cited


def _row(letter_id: str, position: int, one: Cited) -> ReferenceRow:
    number = one.citation.number
    return row_of(
        ReferenceRow,
        letter_id=letter_id,
        position=position,
        text=one.citation.text,
        entity=one.citation.entity,
        number=str(number) if number else "",
        number_key=number.key if number else "",
        dated=one.citation.dated,
        entry_id=one.entry_id if one.certain else None,
    )
