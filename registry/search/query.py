"""Searching: from the line a person typed to a page of letters with the matched places.

:func:`search` is what pages and commands call; :func:`every` gives whole entries, for scripts.
"""

from collections.abc import Iterator
from dataclasses import dataclass, fields, replace
from typing import Final

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from registry.hanging import whole
from registry.keys import KeyRing
from registry.letter.entry import Entry
from registry.models.books import EntryRow
from registry.models.letters import LetterRow
from registry.models.search import SearchDueRow
from registry.search.fetched import Fetched
from registry.search.find import Finder, Total, narrowed_reader
from registry.search.hits import Hit, hits_of, not_followed
from registry.search.line import parse
from registry.search.offers import offers
from registry.search.secret import secret_hits
from registry.search.terms import Narrowing, Query, Reader, Term
from registry.thai.numerals import thai_number

_AT_ONCE: Final = 200
_MOST_DUE: Final = 1000


@dataclass(frozen=True, slots=True)
class Page:
    """One page of what was found.

    ``cursor`` gives the next page, None where there is none. ``total`` and what follows it are
    reckoned for a first page only. ``notes`` tell in Thai what was made of the line; ``offers`` are
    lines to try instead where nothing was found, ``explained`` says then what was searched.
    """

    query: Query
    hits: tuple[Hit, ...]
    cursor: str | None
    total: Total | None = None
    offers: tuple[str, ...] = ()
    explained: tuple[str, ...] = ()

    @property
    def notes(self) -> tuple[str, ...]:
        """What was made of odd places in the line, in Thai."""
        return self.query.notes


def search(
    session: Session,
    line: str,
    reader: Reader,
    narrowing: Narrowing | None = None,
    *,
    limit: int = 20,
    cursor: str | None = None,
) -> Page:
    """Find letters; ``narrowing`` are clicks, and stand above what the line says.

    Never fails for what the line says. ``limit`` is at most 100.
    """
    query = _read(line, narrowing, reader)
    reader = narrowed_reader(session, reader, query.narrowing)
    if not _asks(query):
        return Page(query, (), None, Total(0))
    limit, kind = max(1, min(limit, 100)), query.narrowing.kind
    sealed = secret_hits(session, query, reader) if cursor is None else []
    if kind == "secret":
        return Page(query, tuple(sealed[:_AT_ONCE]), None, Total(len(sealed)))
    finder = Finder(session, query, reader)
    found = finder.page(limit, cursor)
    shown = hits_of(session, found.refs, query)
    hits = (*sealed[:limit], *shown)
    if cursor is not None:
        return Page(query, hits, found.cursor)
    total = finder.total() if found.cursor else Total(len(found.refs))
    hidden = len(found.refs) - len(shown)  # what became secret and is still in the index
    if found.cursor:  # on later pages too
        hidden = finder.count(not_followed(session))
    total = Total(total.number - hidden + len(sealed), total.more)
    if hits:
        return Page(query, hits, found.cursor, total)
    near = offers(session, query, reader, finder.fetched)
    return Page(query, (), None, total, near, explain(session, reader, finder.fetched))


def every(
    session: Session,
    line: str,
    reader: Reader,
    narrowing: Narrowing | None = None,
    keys: KeyRing | None = None,
) -> Iterator[Entry]:
    """Give all entries that answer, whole, the best first; letters that wait are not among them."""
    query = _read(line, narrowing, reader)
    query = replace(query, narrowing=replace(query.narrowing, kind="entry"))
    reader = narrowed_reader(session, reader, query.narrowing)
    finder, cursor = Finder(session, query, reader), None
    while _asks(query):
        found = finder.page(_AT_ONCE, cursor)
        theirs = EntryRow.letter_id.in_(found.refs) | EntryRow.id.in_(found.refs)
        rows = session.scalars(select(EntryRow).where(theirs, EntryRow.secrecy.is_(None)))
        place = {ref: at for at, ref in enumerate(found.refs)}
        ordered = sorted(rows, key=lambda row: place[row.letter_id or row.id])
        yield from whole(session, ordered, keys)
        cursor = found.cursor
        if cursor is None:
            return


def explain(session: Session, reader: Reader, fetched: Fetched | None = None) -> tuple[str, ...]:
    """Say in Thai what was searched, and what could not be found because it is not there yet."""
    fetched = fetched or Fetched(session)
    searched = Finder(session, Query(), reader, fetched).counted()
    lacking = Finder(session, Query((Term("", "", mark="L"),)), reader, fetched).counted()
    due = _due(session, reader)
    said = [f"ค้นเลข เรื่อง จาก ถึง ชื่อไฟล์ และข้อความ ของหนังสือ {_thai(searched)} ฉบับแล้ว"]
    if due:
        about = "อย่างน้อย " if due >= _MOST_DUE else ""
        said.append(f"อีก {about}{_thai(due)} ฉบับเพิ่งเข้ามาหรือเพิ่งแก้ไข กำลังจัดทำดัชนี โปรดลองใหม่")
    if lacking:
        without = f"มี {_thai(lacking)} ฉบับที่ไฟล์ยังไม่มีข้อความ เช่น ภาพสแกน "
        said.append(without + "จึงค้นได้เฉพาะเลข เรื่อง ชื่อ และข้อความในอีเมล")
    return tuple(said)


def _thai(number: int) -> str:
    return thai_number(number, thousands=True)


def _read(line: str, narrowing: Narrowing | None, reader: Reader) -> Query:
    query = parse(line)
    if query.narrowing.kind == "secret" and not reader.clearance:
        # For whoever is not cleared it is a word like any other.
        plain = replace(query.narrowing, kind=None)
        query = replace(query, narrowing=plain, terms=(*query.terms, Term("ลับ", "ลับ")))
    if narrowing is None:
        return query
    clicked = {
        one.name: value
        for one in fields(narrowing)
        if (value := getattr(narrowing, one.name)) is not None
    }
    return replace(query, narrowing=replace(query.narrowing, **clicked))


def _asks(query: Query) -> bool:
    """Whether there is anything to look for; a search for what is *not* there needs no more."""
    return bool(query.terms or query.without) or query.narrowing != Narrowing()


def _due(session: Session, reader: Reader) -> int:
    """Count letters of this reader that the index has not come to, up to a thousand."""
    wanted = (
        select(func.coalesce(EntryRow.letter_id, SearchDueRow.ref))
        .select_from(SearchDueRow)
        .outerjoin(EntryRow, EntryRow.id == SearchDueRow.ref)
        .outerjoin(LetterRow, LetterRow.id == SearchDueRow.ref)
    )
    if reader.entities is not None:
        owner = func.coalesce(EntryRow.entity_id, LetterRow.entity_id)
        wanted = wanted.where(owner.in_(reader.entities))
    wanted = wanted.where(EntryRow.secrecy.is_(None), LetterRow.secrecy.is_(None))
    return len(set(session.scalars(wanted.limit(_MOST_DUE))))
