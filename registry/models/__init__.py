"""The tables, one subject a file; importing this module knows them all (alembic does)."""

from registry.models import (
    access,
    base,
    books,
    evidence,
    letters,
    outgoing,
    paper,
    people,
    search,
    secrets,
    work,
)

metadata = base.Base.metadata

__all__ = [
    "access", "base", "books", "evidence", "letters", "metadata", "outgoing", "paper", "people",
    "search", "secrets", "work",
]  # fmt: skip
