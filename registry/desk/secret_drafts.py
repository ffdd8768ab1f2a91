"""What is being written about a letter that turns out to be secret: it is as secret as that.

A draft that answers such a letter, or carries its paper, is hidden with it; a form that is still
being written is not handed in. Words that a clerk took over by hand nobody can find.
"""

from collections.abc import Collection

from sqlalchemy import select
from sqlalchemy.orm import Session

from registry.models.books import EntryRow
from registry.models.letters import EnclosureRow, LetterRow


def drafts_about(session: Session, letter: LetterRow, entry_id: str | None) -> list[str]:
    """Give the open drafts of the letter's entity that answer it or carry its paper.

    Those of which an officer said that they are not secret are left out.
    """
    mine = LetterRow.entity_id == letter.entity_id, LetterRow.direction == "out"
    unsent = LetterRow.state == "draft", LetterRow.secrecy.is_(None), LetterRow.id != letter.id
    own = EnclosureRow.letter_id == letter.id, EnclosureRow.role == "letter"
    papers = set(session.scalars(select(EnclosureRow.sha256).where(*own)))
    found = session.scalars(select(LetterRow).where(*mine, *unsent).order_by(LetterRow.id)).all()
    return [
        one.id
        for one in found
        if not one.facts.get("freed_by")
        and (entry_id in one.facts.get("answers", ()) or papers & _carried(session, one.id))
    ]


def is_about_secret(
    session: Session, entity_id: int, answers: str, digests: Collection[str]
) -> bool:
    """Say whether a letter that answers this entry, with these files, is about a secret one."""
    line = EntryRow.id == answers, EntryRow.entity_id == entity_id
    if answers and session.scalar(select(EntryRow.secrecy).where(*line)) is not None:
        return True
    return any(is_secret_paper(session, one, entity_id) for one in digests)


def is_secret_paper(session: Session, sha256: str, entity_id: int | None = None) -> bool:
    """Say whether a content is the paper itself of a secret letter, in these books or in any."""
    wanted = select(LetterRow.id).join(EnclosureRow, EnclosureRow.letter_id == LetterRow.id)
    wanted = wanted.where(EnclosureRow.sha256 == sha256, EnclosureRow.role == "letter")
    if entity_id is not None:
        wanted = wanted.where(LetterRow.entity_id == entity_id)
    return session.scalar(wanted.where(LetterRow.secrecy.is_not(None)).limit(1)) is not None


def _carried(session: Session, letter_id: str) -> set[str]:
    return set(
        session.scalars(select(EnclosureRow.sha256).where(EnclosureRow.letter_id == letter_id))
    )
