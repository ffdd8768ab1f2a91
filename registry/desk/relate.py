"""Linking a letter that goes out to the entries that it is about.

What a clerk answered by its token is answered for certain. What the letter refers to (อ้างถึง)
by number and date is linked too: a received letter whose sender is now an addressee is
answered. Any other is cited; it is passed on where the letter says so by itself: a circular, one
with the same subject, or one that encloses a copy. A number without its date, which comes again
every year, is only a suggestion that an officer confirms.
"""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy.orm import Session

from registry import relations
from registry.desk.cite import Cited, find_citations, resolve
from registry.models.books import EntryRow
from registry.models.letters import LetterRow
from registry.thai.text import fold


def relate(
    session: Session, letter: LetterRow, entry: EntryRow, reached: Collection[int], at: datetime
) -> None:
    """Link the entry of a letter just sent; ``reached`` are the ids of the entities it goes to."""
    by = letter.clerk
    answered = [one for one in letter.facts.get("answers", []) if one != entry.id]
    for other in answered:
        relations.link(session, entry.id, other, "answers", "token", confirmed=True, by=by, at=at)
    for citation in find_citations(letter.text):
        cited = resolve(session, letter.entity_id, citation)
        if cited.entry_id is None or cited.entry_id in (*answered, entry.id):
            continue
        relation = _relation(session, letter, cited, reached)
        relations.link(
            session, entry.id, cited.entry_id, relation, "cited", cited.score,
            confirmed=cited.certain, by=by, at=at,
        )  # fmt: skip


def _relation(session: Session, letter: LetterRow, cited: Cited, reached: Collection[int]) -> str:
    other = session.get_one(EntryRow, cited.entry_id)
    if other.book != "received":
        return "cites"
    if other.from_entity_id in reached:
        return "answers"
    circular = bool(letter.facts.get("circular"))
    same = bool(other.subject) and fold(other.subject) == fold(letter.subject)
    return "passes_on" if circular or same or cited.citation.enclosed else "cites"
