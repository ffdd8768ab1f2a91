"""Secret entries, for readers who are cleared: looked through one by one, never indexed.

Only what the books say of them is compared, the texts are sealed. There are few of them; the
newest :data:`_MOST` of the reader's entities are looked at.
"""

from typing import Final

from sqlalchemy import exists, select
from sqlalchemy.orm import Session

from registry.accounts.clearance import within
from registry.models.books import EntryRow
from registry.models.letters import EnclosureRow
from registry.models.people import EntityRow
from registry.search.folding import PART, key_of
from registry.search.hits import Hit, of_entry
from registry.search.terms import Query, Reader

_MOST: Final = 5000


def secret_hits(session: Session, query: Query, reader: Reader) -> list[Hit]:
    """Give the secret entries that hold all that is asked for, the newest first."""
    bound = reader.units is not None  # who is bound to a unit is not cleared for the entity
    if not reader.clearance or bound or query.narrowing.kind not in (None, "secret"):
        return []
    theirs = EntryRow.secrecy.is_not(None), within(EntryRow.secrecy, reader.clearance)
    wanted = select(EntryRow).where(*theirs)
    if reader.entities is not None:
        wanted = wanted.where(EntryRow.entity_id.in_(reader.entities))
    if reader.within is not None:
        wanted = wanted.where(EntryRow.unit_code == reader.within)
    if query.narrowing.files:
        here = EnclosureRow.letter_id == EntryRow.letter_id, EnclosureRow.role != "decoration"
        wanted = wanted.where(exists().where(*here))
    codes = {row.id: row.code for row in session.execute(select(EntityRow.id, EntityRow.code))}
    rows = session.scalars(wanted.order_by(EntryRow.registered_at.desc()).limit(_MOST))
    return [of_entry(row, codes) for row in rows if _answers(row, query)]


def _answers(row: EntryRow, query: Query) -> bool:
    narrowing = query.narrowing
    sieve = (
        (narrowing.book, row.book), (narrowing.year, row.year), (narrowing.urgency, row.urgency)
    )  # fmt: skip
    if any(wanted not in (None, there) for wanted, there in sieve):
        return False
    if narrowing.since is not None and (row.dated is None or row.dated < narrowing.since):
        return False
    if narrowing.until is not None and (row.dated is None or row.dated > narrowing.until):
        return False
    said = (row.letter_number, f"{row.number}/{row.year}", row.subject, row.from_text, row.to_text)
    whole = PART.join(map(key_of, (*said, row.action, row.note)))
    marks = {f"N{row.book}/{row.number}/{row.year}", f"I{row.id}"}
    return all(
        term.mark in marks if term.mark else term.key in whole for term in query.terms
    ) and not any(term.key and term.key in whole for term in query.without)
