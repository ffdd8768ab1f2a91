"""A large database on PostgreSQL, copied table by table from the one that was built on SQLite.

The tables are the same and so is what the index keeps in them; laying down and indexing a million
letters twice would say nothing that a tenth of them does not say. Rows go by COPY, as they stand.
"""

from collections.abc import Iterable, Sequence
from datetime import UTC, date, datetime
from typing import Any, Final

from sqlalchemy import JSON, Boolean, Date, DateTime, Table, select, text
from sqlalchemy.orm import Session

from registry.db import Database
from registry.models import metadata

_AT_ONCE: Final = 5000
_NOT: Final = frozenset({"search_due"})


def copy(source: Database, target: Database) -> None:
    """Copy all rows of all tables; the target has the tables and nothing in them."""
    with source.read() as session, target.engine.connect() as connection:
        raw: Any = connection.connection.driver_connection
        raw.execute("SET session_replication_role = replica")  # no triggers, no foreign keys
        for table in metadata.sorted_tables:
            if table.name not in _NOT:
                _copy(session, raw, table)
                print(f"PostgreSQL: copied {table.name}", flush=True)
        raw.commit()
    with target.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        for table in metadata.sorted_tables:
            if table.autoincrement_column is not None:
                _go_on(connection, table)
        connection.execute(text("VACUUM ANALYZE"))


def _copy(session: Session, raw: Any, table: Table) -> None:
    names = ", ".join(f'"{column.name}"' for column in table.columns)
    makes = [_maker(column.type) for column in table.columns]
    wanted = f'SELECT {names} FROM "{table.name}"'  # noqa: S608 - names of our own tables
    cursor: Any = session.connection().connection.cursor()
    cursor.execute(wanted)
    with (
        raw.cursor() as there,
        there.copy(f'COPY "{table.name}" ({names}) FROM STDIN') as rows,
    ):
        while some := cursor.fetchmany(_AT_ONCE):
            for row in some:
                rows.write_row(_made(row, makes))


def _made(row: Sequence[Any], makes: Iterable[Any]) -> list[Any]:
    return [
        None if value is None else make(value) if make else value
        for value, make in zip(row, makes, strict=True)
    ]


def _maker(kind: Any) -> Any:
    """Say how a value of SQLite becomes one of PostgreSQL; None where they are alike."""
    kind = getattr(kind, "impl", kind)
    if isinstance(kind, Boolean):
        return bool
    if isinstance(kind, DateTime):
        return lambda value: datetime.fromisoformat(value).replace(tzinfo=UTC)
    if isinstance(kind, Date):
        return date.fromisoformat
    return str if isinstance(kind, JSON) else None


def _go_on(connection: Any, table: Table) -> None:
    """Let a table's own numbers go on behind those that were copied."""
    column = table.autoincrement_column
    assert column is not None
    top = select(text(f'coalesce(max("{column.name}"), 0) + 1')).select_from(table)
    sequence = connection.scalar(
        text("SELECT pg_get_serial_sequence(:table, :column)"),
        {"table": f'"{table.name}"', "column": column.name},
    )
    if sequence:
        number = connection.scalar(top)
        connection.execute(
            text("SELECT setval(:name, :to, false)"), {"name": sequence, "to": number}
        )
