"""Opening the office's own page for the large files of a letter.

A file over ``attachments.split_over`` leaves the mail when the letter is taken in (between entities
hosted here it stays), and is reached by a page from then on. Receivers get pages of their own when
mail to them is written; this one is for the entity itself, so that every such file has an address
in the register from the beginning.
"""

from datetime import timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from registry import directory, links
from registry.batch import held_of
from registry.desk.context import Desk
from registry.models.letters import EnclosureRow, LetterRow


def open_page(session: Session, desk: Desk, letter: LetterRow) -> None:
    """Make the entity's page if the letter has a file over the limit; secret ones get none."""
    has_large = bool(letter.facts.get("large")) or _has_large(session, letter.id)
    if letter.secrecy is not None or not has_large:
        return
    own = directory.entity_by_id(session, letter.entity_id)
    links.ensure(
        session, desk.keys, letter.id, own.id, own.central_address, own.name, "download",
        desk.now(), timedelta(days=desk.link_days),
    )  # fmt: skip


def _has_large(session: Session, letter_id: str) -> bool:
    """Say whether a file of the letter left the mail, of one just being written down too."""
    if (held := held_of(session, EnclosureRow, letter_id)) is not None:
        return any(row.split for row in held)
    wanted = select(EnclosureRow.id).where(
        EnclosureRow.letter_id == letter_id, EnclosureRow.split.is_(True)
    )
    return session.scalar(wanted.limit(1)) is not None
