"""Telling a clerk what became of their letter: every act ends in one short mail, or in none.

Only names of texts and facts are written here; the texts are the gateway's. Facts never hold
a subject: a letter may be secret, and the text takes it from the register when it may.
"""

from typing import Any

from sqlalchemy.orm import Session

from registry import outbox
from registry.desk.context import Desk
from registry.models.letters import LetterRow
from registry.outbox import Kind


def tell(  # noqa: PLR0913 - whom, what, and what it is about
    session: Session,
    desk: Desk,
    entity_id: int,
    address: str,
    text: str,
    /,
    *,
    entry_id: str | None = None,
    letter_id: str | None = None,
    once: str | None = None,
    **facts: Any,
) -> None:
    """Write one notice to this address from this entity; ``text`` names the template."""
    outbox.enqueue(
        session,
        desk,
        Kind.NOTICE,
        entity_id,
        address,
        entry_id=entry_id,
        letter_id=letter_id,
        facts={"text": text, **facts},
        once=once,
    )


def tell_waiting(session: Session, desk: Desk, letter: LetterRow) -> None:
    """Say ยังไม่ได้ส่ง – รอออกเลข, and why where there is more to say."""
    tell(
        session,
        desk,
        letter.entity_id,
        letter.clerk,
        "draft_waiting",
        letter_id=letter.id,
        once=f"draft_waiting:{letter.id}",
        to=letter.to_text,
        reason=letter.why_waiting,
    )


def tell_sent(
    session: Session, desk: Desk, letter: LetterRow, entry_id: str, *, added: str = ""
) -> None:
    """Say ส่งแล้ว เลขที่ …; ``added`` names addressees that came later."""
    facts = {"added": added} if added else {}
    tell(
        session,
        desk,
        letter.entity_id,
        letter.clerk,
        "letter_sent",
        entry_id=entry_id,
        letter_id=letter.id,
        to=letter.to_text,
        hold_seconds=desk.hold_seconds,
        **facts,
    )
