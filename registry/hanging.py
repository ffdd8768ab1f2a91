"""What hangs on an entry: references, enclosures, links to other entries, deliveries.

Everything is fetched for many entries at once. A link is told from both sides: the answer *answers*
the letter, the letter is *answered_by* it. Links that were undone are not told.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import Final

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from registry import tokens
from registry.keys import KeyRing
from registry.letter.delivery import Delivery, DeliveryState
from registry.letter.entry import Entry, EntryFile, EntryLink, Reference
from registry.models.books import EntryRow
from registry.models.letters import EnclosureRow, LetterRow, ReferenceRow, RelationRow
from registry.models.outgoing import DeliveryRow, LinkRow
from registry.models.people import EntityRow
from registry.withheld import why_withheld

OTHER_SIDE: Final[Mapping[str, str]] = {
    "answers": "answered_by",
    "cites": "cited_by",
    "passes_on": "passed_on_by",
    "encloses": "enclosed_by",
    "replaces": "replaced_by",
    "duplicates": "duplicated_by",
    "reports": "reported_by",
}


def whole(session: Session, rows: list[EntryRow], keys: KeyRing | None = None) -> list[Entry]:
    """Make whole entries of these rows, in their order."""
    ids = [row.id for row in rows]
    letters = [row.letter_id for row in rows if row.letter_id]
    codes = _codes(session, {row.entity_id for row in rows})
    refs, files = references(session, letters), enclosures(session, letters, keys)
    links, sent = _links(session, ids), _deliveries(session, ids)
    return [
        Entry(
            id=row.id, entity=codes[row.entity_id], unit=row.unit_code, book=row.book,
            series=row.series, year=row.year, number=row.number, letter_number=row.letter_number,
            dated=row.dated, from_text=row.from_text, to_text=row.to_text, subject=row.subject,
            urgency=row.urgency, secrecy=row.secrecy, action=row.action, note=row.note,
            due=row.due, closed=row.closed, date_header=row.date_header,
            accepted_at=row.accepted_at, deemed_received_at=row.deemed_received_at,
            registered_at=row.registered_at, message_id=row.message_id,
            original_sha256=row.original_sha256, state=row.state, letter_id=row.letter_id,
            void_reason=row.void_reason, references=tuple(refs[row.letter_id or ""]),
            enclosures=tuple(files[row.letter_id or ""]), links=tuple(links[row.id]),
            deliveries=tuple(sent[row.id]),
        )
        for row in rows
    ]  # fmt: skip


def references(session: Session, letters: list[str]) -> defaultdict[str, list[Reference]]:
    """Give the อ้างถึง of these letters, by letter id."""
    found: defaultdict[str, list[Reference]] = defaultdict(list)
    wanted = select(ReferenceRow).where(ReferenceRow.letter_id.in_(letters))
    for row in session.scalars(wanted.order_by(ReferenceRow.position)):
        found[row.letter_id].append(
            Reference(row.text, row.entity, row.number, row.dated, row.entry_id)
        )
    return found


def enclosures(
    session: Session, letters: list[str], keys: KeyRing | None = None
) -> defaultdict[str, list[EntryFile]]:
    """Give the files of these letters, by letter id; with keys also the paths of their pages.

    What only decorated a mail is no file of a letter.
    """
    found: defaultdict[str, list[EntryFile]] = defaultdict(list)
    pages = _pages(session, letters, keys) if keys else {}
    large = _large(session, list(pages))
    wanted = select(EnclosureRow, LetterRow.scan).join(
        LetterRow, LetterRow.id == EnclosureRow.letter_id
    )
    wanted = wanted.where(EnclosureRow.letter_id.in_(letters), EnclosureRow.role != "decoration")
    for row, scan in session.execute(wanted.order_by(EnclosureRow.position)):
        has_page = row.split or row.sha256 in large.get(row.letter_id, ())
        page = pages.get(row.letter_id) if has_page else None
        url = f"{page}/{row.id}" if page else None
        found[row.letter_id].append(
            EntryFile(
                row.id,
                row.name,
                row.role,
                row.bytes,
                row.sha256,
                row.media_type,
                row.split,
                url,
                row.inline,
                why_withheld(scan),
            )
        )
    return found


def _pages(session: Session, letters: list[str], keys: KeyRing) -> dict[str, str]:
    """Give the path of each letter's oldest page that was not revoked."""
    wanted = select(LinkRow).where(
        LinkRow.letter_id.in_(letters), LinkRow.kind == "download", LinkRow.revoked_at.is_(None)
    )
    pages: dict[str, str] = {}
    for row in session.scalars(wanted.order_by(LinkRow.created_at, LinkRow.id)):
        pages.setdefault(row.letter_id, f"/l/{tokens.link_token(keys, row.id, row.generation)}")
    return pages


def _large(session: Session, letters: list[str]) -> dict[str, list[str]]:
    """Give the digests of files over the limit: they have a page though they stayed in the mail."""
    if not letters:
        return {}
    wanted = select(LetterRow.id, LetterRow.facts).where(LetterRow.id.in_(letters))
    return {row.id: row.facts.get("large", []) for row in session.execute(wanted)}


def _links(session: Session, ids: list[str]) -> defaultdict[str, list[EntryLink]]:
    found: defaultdict[str, list[EntryLink]] = defaultdict(list)
    either = or_(RelationRow.from_entry_id.in_(ids), RelationRow.to_entry_id.in_(ids))
    wanted = select(RelationRow).where(either, RelationRow.undone_at.is_(None))
    for row in session.scalars(wanted.order_by(RelationRow.id)):
        here, there, back = row.from_entry_id, row.to_entry_id, OTHER_SIDE[row.relation]
        found[here].append(EntryLink(row.relation, there, row.how, row.confirmed, row.score))
        found[there].append(EntryLink(back, here, row.how, row.confirmed, row.score))
    return found


def _deliveries(session: Session, ids: list[str]) -> defaultdict[str, list[Delivery]]:
    found: defaultdict[str, list[Delivery]] = defaultdict(list)
    wanted = select(DeliveryRow, EntityRow.code).outerjoin(
        EntityRow, EntityRow.id == DeliveryRow.to_entity_id
    )
    wanted = wanted.where(DeliveryRow.entry_id.in_(ids))
    for row, code in session.execute(wanted.order_by(DeliveryRow.position, DeliveryRow.id)):
        found[row.entry_id].append(
            Delivery(
                row.id,
                row.to_address,
                row.to_name,
                code or "",
                DeliveryState(row.state),
                row.at,
                row.remote_number,
                row.reported_at,
                row.is_copy,
            )
        )
    return found


def _codes(session: Session, ids: Iterable[int]) -> dict[int, str]:
    wanted = select(EntityRow.id, EntityRow.code).where(EntityRow.id.in_(ids))
    return {row.id: row.code for row in session.execute(wanted)}
