"""The few places of search where SQLite and PostgreSQL want different words."""

import json
from collections.abc import Sequence
from typing import Any

from sqlalchemy import ARRAY, ColumnElement, Integer, any_, column, func, literal, select
from sqlalchemy.orm import InstrumentedAttribute, Session


def place_in(session: Session, text: InstrumentedAttribute[str], key: str) -> ColumnElement[int]:
    """Where a key stands in a text, counted in characters from 1; 0 if it does not."""
    find = func.instr if _is_sqlite(session) else func.strpos
    found: ColumnElement[int] = find(text, key)
    return found


def is_among(
    session: Session, number: InstrumentedAttribute[int], those: Sequence[int]
) -> ColumnElement[bool]:
    """Whether a number is one of these; one parameter for hundreds, so one statement for all."""
    if _is_sqlite(session):
        listed = func.json_each(json.dumps(list(those))).table_valued(column("value", Integer))
        return number.in_(select(listed.c.value))
    several: Any = literal(list(those), ARRAY(Integer))
    return number == any_(several)


def _is_sqlite(session: Session) -> bool:
    return session.get_bind().dialect.name == "sqlite"
