"""Closing a book's year (:mod:`registry.books.closing`) and opening it again, as officers do it.

Only registry officers of the entity may; a book with numbers of the secret series is closed by
them too, since closing looks at numbers and states alone.
"""

from sqlalchemy.orm import Session

from registry.books import closing
from registry.books.closing import Tally
from registry.desk.authority import must_register
from registry.desk.context import Desk
from registry.letter.entity import LegalEntity


def close_book(
    session: Session, desk: Desk, entity: LegalEntity, by: str, *, unit: str, book: str, year: int
) -> list[Tally]:
    """Close a book's year (พ.ศ.) and give what its series hold. Raises NotAllowed, Conflict."""
    officer = must_register(session, entity, by)
    return closing.close(session, entity.id, unit, book, year, by=officer.email, at=desk.now())


def reopen_book(  # noqa: PLR0913 - what names a book, and the act
    session: Session, desk: Desk, entity: LegalEntity, by: str, reason: str, *,
    unit: str, book: str, year: int,
) -> None:  # fmt: skip
    """Open a closed book again. Raises NotAllowed, Conflict, NotUnderstood without a reason."""
    officer = must_register(session, entity, by)
    closing.reopen(
        session, entity.id, unit, book, year, by=officer.email, reason=reason, at=desk.now()
    )
