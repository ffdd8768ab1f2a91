"""Writing documents: added at the end, changed in place, or taken out with every trace."""

from collections.abc import Collection, Iterator, Sequence
from contextlib import nullcontext
from typing import Any, Final

from sqlalchemy import delete, func, select, update
from sqlalchemy.orm import Session

from registry.models.search import GROUP, SearchDocRow
from registry.rows import insert_rows
from registry.search import segments
from registry.search.document import Document
from registry.search.grams import grams_of
from registry.secret.erase import overwriting

_AT_ONCE: Final = 400


def put(session: Session, made: Sequence[Document]) -> None:
    """Write these documents: new ones at the end, the others where they are."""
    held = _held(session, [one.ref for one in made])
    append(session, [one for one in made if one.ref not in held])
    for one in made:
        row, columns = held.get(one.ref), _columns(one)
        if row is None or all(getattr(row, name) == value for name, value in columns.items()):
            continue
        after = grams_of(one.fields, one.body, one.marks)
        segments.refile(session, row.doc, _grams(row), after)
        session.execute(update(SearchDocRow).where(SearchDocRow.doc == row.doc).values(columns))


def append(session: Session, made: Sequence[Document], least: int = 1) -> None:
    """Add documents at the end, in this order, under numbers from ``least`` on."""
    first = max((session.scalar(select(func.max(SearchDocRow.doc))) or 0) + 1, least)
    rows = [{"doc": doc} | _columns(one) for doc, one in enumerate(made, first)]
    if rows:
        insert_rows(session, SearchDocRow.metadata.tables["search_doc"], rows)


def withdraw(session: Session, refs: Collection[str]) -> None:
    """Take documents out, and every trace of them from the index."""
    held = _held(session, refs)
    with overwriting(session) if held else nullcontext():
        for row in held.values():
            segments.refile(session, row.doc, _grams(row), set())
            session.execute(delete(SearchDocRow).where(SearchDocRow.doc == row.doc))


def forget(session: Session, refs: Collection[str]) -> None:
    """Take documents out whose segments will be thrown away."""
    for some in _turns(refs):
        session.execute(delete(SearchDocRow).where(SearchDocRow.ref.in_(some)))


def _held(session: Session, refs: Collection[str]) -> dict[str, Any]:
    table = SearchDocRow
    found: dict[str, Any] = {}
    for some in _turns(refs):
        rows = session.execute(select(table.__table__).where(table.ref.in_(some)))
        found |= {row.ref: row for row in rows}
    return found


def _turns(refs: Collection[str]) -> Iterator[list[str]]:
    some = list(refs)
    for start in range(0, len(some), _AT_ONCE):
        yield some[start : start + _AT_ONCE]


def _grams(row: Any) -> set[bytes]:
    marks, fields, body = row.whole.split(GROUP)
    return grams_of(fields, body, marks)


def _columns(made: Document) -> dict[str, Any]:
    whole = GROUP.join((made.marks, made.fields, made.body))
    return {
        "ref": made.ref, "entity_id": made.entity_id, "dated": made.dated, "whole": whole,
        "cuts": made.cuts,
    }  # fmt: skip
