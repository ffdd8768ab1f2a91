"""Whether it is the same letter again.

Strong: the same bytes as received, before any trace field of ours; or the same Message-ID,
From, text and files by another path (a server on the way added its own fields, or split
one mail by recipient). The keys belong to the entity and hold for ever. Message-ID alone
proves nothing: devices and portals use one for many letters, so a mail of the same
Message-ID with other content is a letter of its own. A mail without one is known by its Date and
Subject besides, or whoever has a copy could hand it in again and again behind other trace fields.

Weak: the same ที่, ลงวันที่ and sender, all read from the letter. It may be the paper scanned
twice, or with other files a replacement; an officer decides, we only point to it.
"""

import hashlib
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC

from sqlalchemy import Select, or_, select
from sqlalchemy.orm import Session

from registry.batch import batch_of, certainly_new, quietly, remembered
from registry.desk.case import Twin
from registry.letter.message import Message, not_out_of_pdfs
from registry.models.books import EntryRow
from registry.models.letters import EnclosureRow, LetterRow
from registry.thai.numerals import to_thai


@dataclass(frozen=True, slots=True)
class LookAlike:
    """An entry that bears the same number, date and sender; ``relation`` says how it differs."""

    entry_id: str
    relation: str  # duplicates | replaces
    note: str  # Thai, for หมายเหตุ


def strong_key(message: Message) -> str:
    """Give the SHA-256 of the bytes as they were received."""
    return message.raw_sha256


def content_key(message: Message) -> str | None:
    """Give the key of the same mail come by another path; None when it says too little."""
    if not message.message_id and not (message.parsed and message.senders):
        return None
    text = hashlib.sha256(" ".join(message.text.split()).encode("utf-8", "replace")).hexdigest()
    digests = sorted(part.sha256 for part in not_out_of_pdfs(message.parts))
    fields = (*_marks(message), *sorted(message.senders), text, *digests)
    return hashlib.sha256("\x00".join(fields).encode("utf-8", "replace")).hexdigest()


def known_content_key(session: Session, message: Message) -> str | None:
    """Give the content key; in a batch a message's is made once."""
    return remembered(session, ("content", message.spool_name), lambda: content_key(message))


def _marks(message: Message) -> tuple[str, ...]:
    """Give what tells this mail from others of its sender; a signature covers these too."""
    if message.message_id:
        return (message.message_id,)
    date = message.date_header.astimezone(UTC).isoformat() if message.date_header else ""
    return ("", date, message.subject)


def find_twin(session: Session, entity_id: int, message: Message) -> Twin | None:
    """Find the same letter among all that this entity ever took in.

    What clerks send out is not compared here: a copy of theirs may name more addressees.
    """
    key = known_content_key(session, message)
    if certainly_new(session, "letter", strong_key(message), key):
        return None
    same = [LetterRow.strong_key == strong_key(message)]
    if key:
        same.append(LetterRow.content_key == key)
    wanted = select(LetterRow).where(
        LetterRow.entity_id == entity_id, LetterRow.direction == "in", or_(*same)
    )
    row = session.scalars(wanted.order_by(LetterRow.id)).first()
    if row is None:
        return None
    entry = session.scalar(select(EntryRow.id).where(EntryRow.letter_id == row.id))
    return Twin(row.id, entry or row.related_entry_id, row.state)


def find_look_alike(session: Session, letter: LetterRow) -> LookAlike | None:
    """Find the newest entry of the received book with this letter's ที่, date and sender."""
    if not letter.letter_number_key or letter.dated is None or letter.from_entity_id is None:
        return None
    row: EntryRow | None = quietly(
        session,
        _alike(letter).order_by(EntryRow.registered_at.desc()).limit(1),
        touches=_in_batch(session, letter.letter_number_key),
    )
    if row is None:
        return None
    return _like(row, letter.id, _files(session, [row.letter_id, letter.id]))


def find_look_alikes(session: Session, letters: Sequence[LetterRow]) -> dict[str, LookAlike]:
    """Give the same for many letters by their ids, for two questions in all; none without one."""
    told = [one for one in letters if one.letter_number_key and one.dated and one.from_entity_id]
    wanted = select(EntryRow).where(
        EntryRow.entity_id.in_({one.entity_id for one in told}),
        EntryRow.letter_number_key.in_({one.letter_number_key for one in told}),
        EntryRow.dated.in_({one.dated for one in told}),
        EntryRow.book == "received", EntryRow.state == "registered",
    )  # fmt: skip
    rows = session.scalars(wanted.order_by(EntryRow.registered_at)) if told else ()
    newest = {_said(row): row for row in rows}
    pairs = [(newest[_said(one)], one) for one in told if _said(one) in newest]
    files = _files(session, [name for row, one in pairs for name in (row.letter_id, one.id)])
    return {one.id: _like(row, one.id, files) for row, one in pairs}


def find_same(session: Session, entry: EntryRow) -> LookAlike | None:
    """Find the first other entry of the received book with this one's ที่, date and sender.

    For what is only known when the paper has been read.
    """
    if not entry.letter_number_key or entry.dated is None or entry.from_entity_id is None:
        return None
    others = _alike(entry).where(EntryRow.id != entry.id)
    row = session.scalars(others.order_by(EntryRow.registered_at).limit(1)).first()
    if row is None or entry.letter_id is None:
        return None
    return _like(row, entry.letter_id, _files(session, [row.letter_id, entry.letter_id]))


def _alike(row: EntryRow | LetterRow) -> Select[EntryRow]:
    """Ask for what the received book has under the same ที่, date and sender."""
    return select(EntryRow).where(
        EntryRow.entity_id == row.entity_id, EntryRow.letter_number_key == row.letter_number_key,
        EntryRow.dated == row.dated, EntryRow.from_entity_id == row.from_entity_id,
        EntryRow.book == "received", EntryRow.state == "registered",
    )  # fmt: skip


def _said(row: EntryRow | LetterRow) -> tuple[object, ...]:
    """Give what makes two letters look alike."""
    return row.entity_id, row.letter_number_key, row.dated, row.from_entity_id


def _like(row: EntryRow, letter_id: str, files: Mapping[str | None, Collection[str]]) -> LookAlike:
    number = to_thai(f"{row.number}/{row.year}")
    if files.get(row.letter_id, set()) != files.get(letter_id, set()):
        return LookAlike(row.id, "replaces", f"อาจเป็นฉบับแทนหนังสือเลขรับ {number}")
    return LookAlike(row.id, "duplicates", f"อาจซ้ำกับหนังสือเลขรับ {number}")


def _in_batch(session: Session, number_key: str) -> bool:
    """Say whether an entry of the open batch, not written yet, bears the number."""
    batch = batch_of(session)
    rows = batch.held(EntryRow) if batch else ()
    return any(row.letter_number_key == number_key for row in rows)


def _files(session: Session, letters: Collection[str | None]) -> dict[str | None, set[str]]:
    """Give the digests of the files of these letters."""
    found: dict[str | None, set[str]] = {}
    wanted = select(EnclosureRow.letter_id, EnclosureRow.sha256).where(
        EnclosureRow.letter_id.in_(letters), EnclosureRow.role != "decoration"
    )
    for letter_id, digest in session.execute(wanted) if letters else ():
        found.setdefault(letter_id, set()).add(digest)
    return found
