"""Deleting from the database so that the bytes go, not only the row.

SQLite leaves what is deleted in its file until the place is needed again; within the block it
writes zeros over it (``PRAGMA secure_delete``). Only what is forgotten of secret letters is worth
that: it costs a write more for every page that becomes free.

Limits: older states stay in ``saraban.db-wal`` until SQLite begins that anew, and wherever the disk
keeps old blocks. PostgreSQL frees what is deleted at the next VACUUM and does not overwrite it.
"""

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy.orm import Session


@contextmanager
def overwriting(session: Session) -> Iterator[None]:
    """Within the block this session's deletes write over what they delete, where SQLite does it."""
    connection = session.connection()
    if connection.dialect.name != "sqlite":
        yield
        return
    before = connection.exec_driver_sql("PRAGMA secure_delete").scalar()
    connection.exec_driver_sql("PRAGMA secure_delete = ON")
    try:
        yield
        session.flush()
    finally:
        connection.exec_driver_sql(f"PRAGMA secure_delete = {int(before or 0)}")
