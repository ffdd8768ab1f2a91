"""Many letters in one transaction: what they share, and what is written once for all of them.

The desk's acts are told letter by letter and stay so. While a :class:`Batch` is open on their
session, :func:`add` holds rows back until somebody asks the database anything, or the batch ends;
then they are written table by table, many rows to a statement. What a letter has to look up is
looked up once (:func:`remembered`), or for all letters together: of a key that :func:`learn`
found nowhere it is known, without asking, that no row bears it (:func:`certainly_new`).

Promises. Whoever asks the database sees every row of the batch: rows held back are written first.
A batch stands or falls with its transaction. Without a batch all of this is as plain as
``session.add`` and a query. Limits: a batch remembers the directory, so it must be short; keys are
only learned while the books that they are unique in are held (:func:`registry.journal.lock_head`).
"""

from collections.abc import Callable, Hashable, Iterable, Iterator
from contextlib import contextmanager, nullcontext
from typing import Any, Final, TypeVar, cast

from sqlalchemy import Select, Table, event
from sqlalchemy.orm import Session, make_transient_to_detached
from sqlalchemy.orm.attributes import manager_of_class

from registry.models import metadata
from registry.models.base import Base
from registry.rows import insert_rows

_T = TypeVar("_T")
_R = TypeVar("_R", bound=Base)
_INFO: Final = "saraban_batch"
_NOTHING: Final = object()
_PLACES: Final = {table.name: place for place, table in enumerate(metadata.sorted_tables)}
"""The order in which tables are written: what is referred to comes first."""


class Batch:
    """What the letters of one transaction share."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self._rows: dict[str, list[Base]] = {}
        self._values: dict[str, list[dict[str, Any]]] = {}
        self._of_letter: dict[tuple[str, str], list[Base]] = {}
        self._if_new: dict[type[Base], list[dict[str, Any]]] = {}
        self.new: dict[str, set[str]] = {}
        """Keys that no row bears, by kind."""
        self._writers: dict[str, Callable[[Session], None]] = {}
        self._once: dict[Hashable, Callable[[Session], None]] = {}
        self._writing = False
        self.made: set[str] = set()
        """Ids and keys of which nothing was known before this batch."""
        self._held: set[str] = set()
        self.memory: dict[Hashable, Any] = {}

    def hold(self, row: Base) -> None:
        """Write this row later."""
        self._rows.setdefault(row.__tablename__, []).append(row)
        if letter_id := row.__dict__.get("letter_id"):
            self._of_letter.setdefault((row.__tablename__, letter_id), []).append(row)
        if isinstance(name := row.__dict__.get("id"), str):
            self._held.add(name)
            self.made.add(name)

    def holds(self, name: str) -> bool:
        """Say whether the row of this id is not written yet; nothing else can refer to it."""
        return name in self._held

    def hold_values(self, table: str, values: dict[str, Any]) -> None:
        """Write a row later of which nobody in the batch needs to know anything."""
        self._values.setdefault(table, []).append(values)

    def hold_if_new(self, table: type[Base], values: dict[str, Any]) -> None:
        """Write this row later, unless one with its unique columns is there by then."""
        self._if_new.setdefault(table, []).append(values)

    def held(self, table: type[_T]) -> list[_T]:
        """Give the rows of a table that are not written yet."""
        return cast("list[_T]", self._rows.get(cast("Any", table).__tablename__, []))

    def held_of(self, table: type[_T], letter_id: str) -> list[_T]:
        """Give those of them that name this letter."""
        found = self._of_letter.get((cast("Any", table).__tablename__, letter_id), [])
        return cast("list[_T]", found)

    def on_writing(self, name: str, write: Callable[[Session], None]) -> None:
        """Have something else written whenever rows are; the name keeps it from happening twice."""
        self._writers[name] = write

    def write_once(self, name: Hashable, write: Callable[[Session], None]) -> None:
        """Have something written when rows are next; the last who says so under this name does."""
        self._once[name] = write

    def settle(self, *, last: bool = False) -> None:
        """Write all that was held back; it may be changed afterwards, unless it was the last."""
        if self._writing:
            return
        self._writing = True
        try:
            self._write(last=last)
        finally:
            self._writing = False

    def remember(self, found: object, *keys: Hashable) -> None:
        """Keep what was looked up under further keys by which it may be asked for."""
        for key in keys:
            self.memory.setdefault(key, found)

    @contextmanager
    def at_rest(self) -> Iterator[None]:
        """Hold everything back even while the database is asked something."""
        before, self._writing = self._writing, True
        try:
            with self._session.no_autoflush:  # what it holds may refer to what is held back
                yield
        finally:
            self._writing = before

    def _write(self, *, last: bool) -> None:
        rows, self._rows = self._rows, {}
        values, self._values = self._values, {}
        if_new, self._if_new = self._if_new, {}
        self._held.clear()
        self._of_letter.clear()
        once, self._once = self._once, {}
        for write in (*self._writers.values(), *once.values()):
            write(self._session)
        for table, new in if_new.items():
            insert_rows(self._session, _table(table), new, new=True)
        for name in sorted(rows.keys() | values.keys(), key=_PLACES.__getitem__):
            made = rows.get(name, [])
            plain = [*(row.__dict__ for row in made), *values.get(name, ())]
            insert_rows(self._session, metadata.tables[name], plain)
            if not last:
                self._adopt(made)

    def _adopt(self, rows: list[Base]) -> None:
        """Hand rows that were written to the session; rows whose id is not known are done with."""
        for row in rows:
            if all(row.__dict__.get(column.name) for column in _table(row).primary_key):
                make_transient_to_detached(row)
                self._session.add(row)


@contextmanager
def undisturbed(session: Session) -> Iterator[None]:
    """Ask and change within the block what no batch holds back: nothing is written for it."""
    batch = batch_of(session)
    with batch.at_rest() if batch else nullcontext():
        yield


@contextmanager
def together(session: Session) -> Iterator[Batch]:
    """Open a batch on this session; what it holds back is written when the block ends well."""
    batch = Batch(session)

    def first(*_: object) -> None:
        batch.settle()

    session.info[_INFO] = batch
    for moment in ("do_orm_execute", "before_flush"):
        event.listen(session, moment, first)
    try:
        yield batch
        batch.settle(last=True)
    finally:
        for moment in ("do_orm_execute", "before_flush"):
            event.remove(session, moment, first)
        del session.info[_INFO]


def batch_of(session: Session) -> Batch | None:
    """Give the batch that is open on this session."""
    return session.info.get(_INFO)


def add(session: Session, *rows: Base) -> None:
    """Write these rows: in a batch when somebody asks, else now. Rows of one table only."""
    batch = batch_of(session)
    if batch is None:
        session.add_all(rows)
        session.flush()
        return
    for row in rows:
        batch.hold(row)


def add_values(session: Session, table: type[Base], **values: Any) -> None:
    """Write a row that nobody will look at before it is asked for: in a batch later, else now."""
    batch = batch_of(session)
    if batch is not None:
        batch.hold_values(table.__tablename__, values)
        return
    session.flush()  # it may refer to what the session holds
    insert_rows(session, _table(table), [values])


def row_of(table: type[_R], **values: Any) -> _R:
    """Make a new row at once, without telling the mapper of each value as its constructor does."""
    row = manager_of_class(table).new_instance()
    row.__dict__.update(values)
    return row


def flush(session: Session) -> None:
    """Write what the session holds now; in a batch later, with all the rest."""
    if batch_of(session) is None:
        session.flush()


def held_of(session: Session, table: type[_T], letter_id: str) -> list[_T] | None:
    """Give the rows of a letter that is itself held back; None where the database must be asked."""
    batch = batch_of(session)
    if batch is None or not batch.holds(letter_id):
        return None
    return batch.held_of(table, letter_id)


def remembered(session: Session, key: Hashable, find: Callable[[], _T]) -> _T:
    """Look something up, in a batch only once; nothing of what a batch holds back is asked for."""
    batch: Batch | None = session.info.get(_INFO)
    if batch is None:
        return find()
    found = batch.memory.get(key, _NOTHING)
    if found is _NOTHING:
        with batch.at_rest():
            found = batch.memory[key] = find()
    return found  # type: ignore[no-any-return]  # what find gave for this key


def write_down(session: Session, name: Hashable, write: Callable[[Session], None]) -> None:
    """Have something written: in a batch once, with all the rest, else now."""
    if (batch := batch_of(session)) is not None:
        batch.write_once(name, write)
    else:
        write(session)


def learn(session: Session, kind: str, asked: Iterable[str], there: Iterable[str]) -> None:
    """Tell the batch which keys were looked for, and which of them some row bears."""
    if (batch := batch_of(session)) is not None:
        batch.new.setdefault(kind, set()).update(set(asked) - set(there))


def certainly_new(session: Session, kind: str, *keys: str | None) -> bool:
    """Say whether it is known, without asking, that no row bears any of these keys."""
    batch = batch_of(session)
    new = batch.new.get(kind) if batch else None
    return new is not None and all(key in new for key in keys if key)


def quietly(session: Session, wanted: Select[Any], *, touches: bool) -> Any:
    """Ask for the first row, without writing first what is held back unless that may be asked for.

    ``touches`` says whether a row held back could be among the answers.
    """
    batch = batch_of(session)
    if batch is None or touches:
        return session.scalars(wanted).first()
    with batch.at_rest():
        return session.scalars(wanted).first()


def taken(session: Session, kind: str, *keys: str | None) -> None:
    """Tell the batch that a row bears these keys from now on."""
    if (batch := batch_of(session)) is not None and (new := batch.new.get(kind)):
        new.difference_update(key for key in keys if key)


def _table(row: Base | type[Base]) -> Table:
    return cast("Table", row.__table__)
