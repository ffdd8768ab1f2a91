"""Many rows of one table in one statement, without the mapper between.

What a letter leaves in the books is some ten rows, and a busy hour is made of nothing else. The
mapper follows each value of each row, and Core looks at each parameter again; here a row is a plain
mapping that becomes a tuple, and how each column is bound is found out once for a table and an
engine (:class:`_Plan`). Types, defaults and errors are those of the models all the same: a value
is bound by its column's own type, a column that is not given has its default, and whatever the
database says comes as SQLAlchemy's errors.

Limits: rows are written as they are and nobody's session hears of them. Defaults that the database
computes are not known here, but for numbers that it gives by itself (``id``).
"""

from collections.abc import Callable, Iterable, Mapping
from functools import lru_cache
from importlib import import_module
from typing import Any, NamedTuple, cast

from sqlalchemy import Column, Table
from sqlalchemy.engine import Dialect
from sqlalchemy.orm import Session

Row = Mapping[str, Any]


def insert_rows(session: Session, table: Table, rows: Iterable[Row], *, new: bool = False) -> None:
    """Insert rows of one table; raises SQLAlchemy's errors, and TypeError for unknown columns.

    With ``new`` those are passed over whose unique columns some row bears already, or is just being
    given by others: the dialect's INSERT ... ON CONFLICT DO NOTHING.
    """
    connection = session.connection()
    by_itself = table.autoincrement_column
    numbered = by_itself.name if by_itself is not None else ""
    alike: dict[bool, list[Row]] = {}
    for row in rows:
        alike.setdefault(numbered in row, []).append(row)
    for given, group in alike.items():
        plan = _plan(connection.dialect, table, "" if given else numbered, new)
        connection.exec_driver_sql(plan.statement, [plan.bind(row) for row in group])


class _Plan(NamedTuple):
    """How rows of one table become parameters of one statement."""

    statement: str
    names: tuple[str, ...]
    known: frozenset[str]
    defaults: tuple[Any, ...]
    binds: tuple[tuple[int, Callable[[Any], Any]], ...]
    positional: bool

    def bind(self, row: Row) -> Any:
        """Give the parameters of one row, as the driver wants them."""
        if not self.known.issuperset(row):
            raise TypeError(f"no such columns: {sorted(set(row) - self.known)}")
        values = list(map(row.get, self.names, self.defaults))
        for place, bind in self.binds:
            values[place] = bind(values[place])
        return tuple(values) if self.positional else dict(zip(self.names, values, strict=True))


@lru_cache(maxsize=64)
def _plan(dialect: Dialect, table: Table, without: str, new: bool) -> _Plan:  # noqa: FBT001
    """Make the statement for all columns but one that the database numbers by itself."""
    columns = [column for column in table.columns if column.name != without]
    names = tuple(column.name for column in columns)
    own = import_module(f"sqlalchemy.dialects.{dialect.name}")
    statement = own.insert(table).inline()  # nothing comes back
    if new:
        statement = statement.on_conflict_do_nothing()
    compiled = statement.compile(dialect=dialect, column_keys=list(names))
    bound = [column.type.dialect_impl(dialect).bind_processor(dialect) for column in columns]
    binds = tuple((place, bind) for place, bind in enumerate(bound) if bind is not None)
    known = frozenset((*names, "_sa_instance_state"))
    defaults = tuple(_default(column) for column in columns)
    return _Plan(str(compiled), names, known, defaults, binds, dialect.positional)


def _default(column: Column[Any]) -> Any:
    """Give what stands in a column that a row says nothing of."""
    default = column.default
    if default is None:
        return None
    given = cast("Any", default).arg
    return given(None) if callable(given) else given
