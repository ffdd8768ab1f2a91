"""What is being written about a letter that turns out to be secret: it is as secret as that.

A draft that answers such a letter, or carries its paper, is hidden with it; a form that is still
being written is not handed in, and what comes in by the clerk's own mail does not go out. Words
that a clerk took over by hand nobody can find.

A paper is a letter's own only where the books did not have it in the open before: whoever mails
an office its own circular under a marking makes no secret of it.
"""

from collections.abc import Collection
from functools import cache
from typing import Final

from sqlalchemy import ColumnElement, Select, Text, and_, bindparam, cast, or_, select
from sqlalchemy.orm import InstrumentedAttribute, Session, aliased

from registry.models.books import EntryRow
from registry.models.letters import EnclosureRow, LetterRow
from registry.secret.moves import moved_to

_UNSENT: Final = ("draft", "returned")  # of ours
_NOT_TAKEN: Final = ("returned", "withdrawn", "duplicate")  # of what came in


def drafts_about(
    session: Session,
    letter: LetterRow,
    entry_id: str | None,
    papers: Collection[str] | None = None,
) -> list[str]:
    """Give the unsent letters of the letter's entity that answer it or carry its paper.

    ``papers`` are digests to take for its paper in place of its own. Those of which an officer said
    that they are not secret are left out.
    """
    if papers is None:
        papers = session.scalars(
            _papers(EnclosureRow.sha256).where(LetterRow.id == letter.id)
        ).all()
    carrying = select(EnclosureRow.letter_id).where(EnclosureRow.sha256.in_(papers))
    about: list[ColumnElement[bool]] = [LetterRow.id.in_(carrying)]
    if entry_id is not None:
        about.append(cast(LetterRow.facts, Text).contains(f'"{entry_id}"'))
    mine = LetterRow.entity_id == letter.entity_id, LetterRow.direction == "out"
    unsent = LetterRow.state.in_(_UNSENT), LetterRow.secrecy.is_(None), LetterRow.id != letter.id
    wanted = select(LetterRow).where(*mine, *unsent, or_(*about)).order_by(LetterRow.id)
    carry = set(session.scalars(carrying))
    return [
        one.id
        for one in session.scalars(wanted).all()
        if not one.facts.get("freed_by")
        and (entry_id in one.facts.get("answers", ()) or one.id in carry)
    ]


def is_about_secret(
    session: Session, entity_id: int, answers: str, digests: Collection[str]
) -> bool:
    """Say whether a letter that answers this entry, with these files, is about a secret one."""
    if answers and _secret_line(session, entity_id, answers) is not None:
        return True
    return any(is_secret_paper(session, one, entity_id) for one in digests)


def secret_behind(session: Session, letter: LetterRow, but: Collection[str] = ()) -> str | None:
    """Give the id of a secret letter that a letter of ours answers or whose paper it carries.

    None for a letter of which an officer said that it is not secret; letters ``but`` do not count.
    """
    if letter.facts.get("freed_by"):
        return None
    for answers in letter.facts.get("answers", ()):
        line = _secret_line(session, letter.entity_id, answers)
        if line is not None and line.letter_id is not None and line.letter_id not in but:
            return line.letter_id
    asked = {"letter": letter.id, "entity": letter.entity_id, "but": [letter.id, *but]}
    return session.scalar(_carried_by(), asked)


def is_secret_paper(session: Session, sha256: str, entity_id: int) -> bool:
    """Say whether a content is the paper itself of a secret letter in the books of an entity."""
    wanted = _papers(LetterRow.id).where(EnclosureRow.sha256 == sha256)
    return session.scalar(wanted.where(LetterRow.entity_id == entity_id).limit(1)) is not None


def _secret_line(session: Session, entity_id: int, entry_id: str) -> EntryRow | None:
    """Give the line of a secret letter, also by the number that it had before it was moved."""
    line = session.get(EntryRow, entry_id)
    if line is not None and line.state == "void":
        line = session.get(EntryRow, moved_to(session, entry_id) or entry_id)
    if line is None or line.secrecy is None or line.entity_id != entity_id:
        return None
    return line


@cache
def _carried_by() -> Select[str]:
    """Ask for a secret letter whose paper a letter carries; made once, for letters that go out."""
    own = aliased(EnclosureRow)
    wanted = _papers(LetterRow.id).join(own, own.sha256 == EnclosureRow.sha256)
    mine = own.letter_id == bindparam("letter"), own.role != "decoration"
    others = LetterRow.id.not_in(bindparam("but", expanding=True))
    return wanted.where(*mine, LetterRow.entity_id == bindparam("entity"), others).limit(1)


def _papers(column: InstrumentedAttribute[str]) -> Select[str]:
    """Ask for the papers that secret letters have for their own."""
    taken = or_(LetterRow.direction == "out", LetterRow.state.not_in(_NOT_TAKEN))
    secret = LetterRow.secrecy.is_not(None), EnclosureRow.role == "letter", taken
    wanted = (
        select(column)
        .select_from(LetterRow)
        .join(EnclosureRow, EnclosureRow.letter_id == LetterRow.id)
    )
    return wanted.where(*secret, ~_open_before())


def _open_before() -> ColumnElement[bool]:
    """Say that an ordinary letter of the same books carries the paper from before.

    A draft counts against what comes from outside alone: it may be how our own letter began.
    """
    other, copy = aliased(LetterRow), aliased(EnclosureRow)
    same = copy.sha256 == EnclosureRow.sha256, other.entity_id == LetterRow.entity_id
    ordinary = other.secrecy.is_(None), other.state != "secret"
    ours = and_(LetterRow.direction == "out", other.state.in_(_UNSENT), other.direction == "out")
    before = other.accepted_at < LetterRow.accepted_at
    carrying = select(copy.id).join(other, other.id == copy.letter_id)
    return carrying.where(*same, *ordinary, before, ~ours).exists()
