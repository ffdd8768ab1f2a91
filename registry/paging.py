"""Entries a page at a time, for programs that read whole books: in the order of their making.

The cursor is the id of the last entry given; ids sort by time. Whoever comes back with it later
gets what was registered since.
"""

from typing import Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from registry import shelf
from registry.errors import NotUnderstood
from registry.hanging import whole
from registry.ids import is_id
from registry.keys import KeyRing
from registry.letter.entry import Entry
from registry.models.books import EntryRow

MOST: Final = 100
"""Entries in one page."""


def page(
    session: Session,
    entity_id: int,
    *,
    cursor: str = "",
    most: int = MOST,
    newest: bool = False,
    keys: KeyRing | None = None,
    cleared: bool = False,
    **narrow: str | int | None,
) -> tuple[list[Entry], str | None]:
    """Give entries of one entity, and the cursor of the next page, None where there is none.

    ``narrow`` names columns: book, series, year (พ.ศ.), number, unit_code, state; None leaves one
    open. Raises NotUnderstood for a cursor that is none of ours.
    """
    if cursor and not is_id(cursor):
        raise NotUnderstood(
            "not a cursor", text=cursor, thai="ตำแหน่งหน้าถัดไปไม่ถูกต้อง โปรดเริ่มจากหน้าแรก"
        )
    wanted = select(EntryRow).where(EntryRow.entity_id == entity_id)
    for name, value in narrow.items():
        if value is not None:
            wanted = wanted.where(getattr(EntryRow, name) == value)
    if cursor:
        wanted = wanted.where(EntryRow.id < cursor if newest else EntryRow.id > cursor)
    most = max(1, min(most, MOST))
    wanted = wanted.order_by(EntryRow.id.desc() if newest else EntryRow.id).limit(most + 1)
    rows = list(session.scalars(wanted))
    found = whole(session, rows[:most], keys)
    shown = [one if cleared or one.secrecy is None else shelf.redact(one) for one in found]
    return shown, found[-1].id if len(rows) > most else None
