"""Pages on which enclosures wait for one receiver, or onto which one file is laid.

A page belongs to a letter and a receiving address. Its token is 128 bits of HMAC over link and
generation under a key outside the database (:mod:`registry.tokens`); kept is only its hash, so
a copy of the database opens no page, while a mail composed again gets the same token. Looking
at a page spends nothing: mail scanners may. A new generation ends the old token and every file
address signed under it; number and letter stay as they are.

A letter that is or becomes secret has no page: :func:`ensure` refuses and :func:`open_link` finds
none.
"""

import hashlib
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

from sqlalchemy import select
from sqlalchemy.orm import Session

from registry import hanging, journal
from registry.downloads import downloads, record_download
from registry.errors import NotAllowed, NotFound
from registry.ids import new_id
from registry.keys import KeyRing
from registry.letter.entity import LegalEntity
from registry.letter.entry import EntryFile
from registry.models.books import EntryRow
from registry.models.letters import LetterRow
from registry.models.outgoing import LinkRow
from registry.models.people import EntityRow
from registry.signed_files import FILE_LIFE, SignedFile, check_file, sign_file
from registry.tokens import link_token
from registry.values import entity_of

__all__ = [
    "FILE_LIFE", "LinkState", "LinkView", "SignedFile", "check_file", "downloads", "ensure",
    "file_of", "get_link", "open_link", "pages_of", "record_download", "reissue", "reopen",
    "revoke", "sign_file",
]  # fmt: skip


class LinkState(StrEnum):
    """Whether a page may be used."""

    OPEN = "open"
    EXPIRED = "expired"
    REVOKED = "revoked"


@dataclass(frozen=True, slots=True)
class LinkView:
    """One page as its listener shows it; ``entity`` is whose letter it is.

    ``kind`` is download or upload. A page that is not open shows no files.
    """

    id: str
    kind: str
    state: LinkState
    letter_id: str
    entity: LegalEntity
    to_address: str
    to_name: str
    created_at: datetime
    expires_at: datetime
    letter_number: str
    dated: date | None
    from_text: str
    subject: str
    urgency: str
    entry_id: str | None
    files: tuple[EntryFile, ...]
    generation: int = 1


def ensure(  # noqa: PLR0913, PLR0917 - one argument per column
    session: Session,
    keys: KeyRing,
    letter_id: str,
    entity_id: int,
    to_address: str,
    to_name: str,
    kind: str,
    at: datetime,
    life: timedelta,
) -> str:
    """Give the token of the receiver's page, made now if there is none; the path is /l/<token>.

    A page that has expired gets a new generation; one that was revoked raises NotAllowed, as a
    secret letter does. Raises NotFound for an unknown letter.
    """
    letter = session.get(LetterRow, letter_id)
    if letter is None:
        raise NotFound(f"no letter {letter_id}")
    if letter.secrecy is not None:
        raise NotAllowed("a secret letter is never linked", thai="หนังสือลับส่งเป็นลิงก์ไม่ได้")
    same = (LinkRow.letter_id == letter_id) & (LinkRow.to_address == to_address.casefold())
    row = session.scalar(select(LinkRow).where(same, LinkRow.kind == kind))
    if row is None:
        row = LinkRow(id=new_id(), kind=kind, letter_id=letter_id, entity_id=entity_id)
        row.to_address, row.to_name = to_address.casefold(), to_name
        row.generation, row.created_at, row.expires_at = 1, at, at + life
        row.token_hash = _hash(link_token(keys, row.id, 1))
        session.add(row)
        session.flush()
    elif row.revoked_at is not None:
        raise NotAllowed("this link was revoked", thai="ลิงก์นี้ถูกยกเลิกแล้ว โปรดออกลิงก์ใหม่ก่อน")
    elif row.expires_at <= at:
        return _turn(session, keys, row, at + life)
    return link_token(keys, row.id, row.generation)


def open_link(session: Session, token: str, at: datetime) -> LinkView | None:
    """Give the page of this token, in any case of letters; None when there is none."""
    if not token.isascii() or len(token) > 100:
        return None
    wanted = select(LinkRow).where(LinkRow.token_hash == _hash(token.lower()))
    row = session.scalar(wanted)
    return _view(session, row, at) if row else None


def get_link(session: Session, link_id: str, at: datetime) -> LinkView | None:
    """Give a page by its id, as signed file addresses name it; None when there is none."""
    row = session.get(LinkRow, link_id)
    return _view(session, row, at) if row else None


def pages_of(session: Session, letter_id: str, at: datetime) -> list[LinkView]:
    """List the pages of a letter, oldest first; a secret letter has none."""
    wanted = select(LinkRow).where(LinkRow.letter_id == letter_id)
    rows = session.scalars(wanted.order_by(LinkRow.created_at, LinkRow.id))
    return [view for row in rows if (view := _view(session, row, at)) is not None]


def file_of(session: Session, signed: SignedFile, at: datetime) -> EntryFile | None:
    """Give the file a signed address means, if its page is open and of the same generation."""
    view = get_link(session, signed.link_id, at)
    if view is None or view.generation != signed.generation:
        return None
    return next((file for file in view.files if file.id == signed.enclosure_id), None)


def reissue(
    session: Session, keys: KeyRing, link_id: str, *, at: datetime, life: timedelta, by: str
) -> str:
    """Give a page a new token and a new life, also after it was revoked. Raises NotFound."""
    row = _link(session, link_id)
    row.revoked_at = None
    token = _turn(session, keys, row, at + life)
    _journal(session, row, "link-reissued", by, at)
    return token


def revoke(session: Session, link_id: str, *, at: datetime, by: str) -> None:
    """Close a page at once; the letter stays in the books. Raises NotFound."""
    row = _link(session, link_id)
    row.revoked_at = row.revoked_at or at
    _journal(session, row, "link-revoked", by, at)


def reopen(session: Session, link_id: str, *, at: datetime, by: str) -> None:
    """Let a page be used again that was closed by mistake, under its old address.

    Raises NotFound.
    """
    row = _link(session, link_id)
    row.revoked_at = None
    _journal(session, row, "link-reissued", by, at)


def _turn(session: Session, keys: KeyRing, row: LinkRow, until: datetime) -> str:
    """Begin a new generation, and give its token."""
    row.generation, row.expires_at = row.generation + 1, until
    token = link_token(keys, row.id, row.generation)
    row.token_hash = _hash(token)
    session.flush()
    return token


def _view(session: Session, row: LinkRow, at: datetime) -> LinkView | None:
    letter = session.get_one(LetterRow, row.letter_id)
    entry = session.scalar(select(EntryRow).where(EntryRow.letter_id == letter.id))
    if letter.secrecy is not None or (entry is not None and entry.secrecy is not None):
        return None
    state = LinkState.EXPIRED if row.expires_at <= at else LinkState.OPEN
    state = LinkState.REVOKED if row.revoked_at is not None else state
    says = entry or letter
    files = hanging.enclosures(session, [letter.id])[letter.id]
    return LinkView(
        id=row.id,
        kind=row.kind,
        state=state,
        letter_id=letter.id,
        entity=entity_of(session.get_one(EntityRow, row.entity_id)),
        to_address=row.to_address,
        to_name=row.to_name,
        created_at=row.created_at,
        expires_at=row.expires_at,
        letter_number=says.letter_number,
        dated=says.dated,
        from_text=entry.from_text if entry else letter.sender_name,
        subject=says.subject,
        urgency=says.urgency,
        entry_id=entry.id if entry else None,
        files=tuple(files) if state is LinkState.OPEN else (),
        generation=row.generation,
    )


def _link(session: Session, link_id: str) -> LinkRow:
    row = session.get(LinkRow, link_id, with_for_update=True)
    if row is None:
        raise NotFound(f"no link {link_id}", thai="ไม่พบลิงก์นี้")
    return row


def _journal(session: Session, row: LinkRow, act: str, by: str, at: datetime) -> None:
    facts = {"link": row.id, "generation": row.generation}
    journal.record(session, row.entity_id, act, by, at, None, row.letter_id, facts)


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode("ascii")).hexdigest()
