"""The tables, one subject a file; importing this module knows them all (alembic does)."""

from registry.models import base, books, evidence, letters, outgoing, people

metadata = base.Base.metadata

__all__ = ["base", "books", "evidence", "letters", "metadata", "outgoing", "people"]
