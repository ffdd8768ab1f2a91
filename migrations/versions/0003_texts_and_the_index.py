"""Texts of files, the documents that are searched, their index, and marks of what is out of date.

Seven tables and an index are added, and triggers that note which letters changed; all letters are
noted once, so that the running service takes them in. Going back drops it all; nothing is lost,
for all of it was made from the letters.
"""

from collections.abc import Iterator

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"

# What a document is made of. A registered letter is noted by its entry, so it costs one mark.
_LETTER = "state, secrecy, subject, text, facts, letter_number, dated, to_text, urgency, unit_code"
_OF_TEXT = "SELECT 'l', letter_id, {now} FROM enclosure WHERE sha256 = NEW.sha256"
_OF_FILE = "SELECT 'l', ref, {now} FROM search_doc WHERE ref = NEW.letter_id"
_OF_ENTRY = "VALUES ('e', NEW.id, {now})"
_OF_LETTER = "VALUES ('l', NEW.id, {now})"
_TRIGGERS = (  # name, when, condition, what is noted
    ("entry", "INSERT ON entry", "", _OF_ENTRY),
    ("entry_changed", "UPDATE ON entry", "", _OF_ENTRY),
    ("letter", "INSERT ON letter", "NEW.state IN ('waiting', 'draft')", _OF_LETTER),
    ("letter_changed", f"UPDATE OF {_LETTER} ON letter", "", _OF_LETTER),
    ("enclosure", "INSERT ON enclosure", "", _OF_FILE),
    ("text", "INSERT ON file_text", "NEW.state <> 'pending'", _OF_TEXT),
    (
        "text_changed",
        "UPDATE ON file_text",
        "NEW.state <> OLD.state OR NEW.text <> OLD.text",
        _OF_TEXT,
    ),
)
_NOTE = "INSERT INTO search_due (kind, ref, at) "
_SQLITE_NOW = "strftime('%Y-%m-%d %H:%M:%f', 'now') || '000'"


def _sqlite_triggers() -> Iterator[str]:
    for name, when, condition, what in _TRIGGERS:
        if_so = f" WHEN {condition}" if condition else ""
        note = _NOTE + what.format(now=_SQLITE_NOW)
        yield f"CREATE TRIGGER search_due_{name} AFTER {when}{if_so} BEGIN {note}; END"


def _postgresql_triggers() -> Iterator[str]:
    for name, when, condition, what in _TRIGGERS:
        if_so = f" WHEN ({condition})" if condition else ""
        body = f"BEGIN {_NOTE}{what.format(now='now()')}; RETURN NULL; END"
        yield (
            f"CREATE FUNCTION search_due_of_{name}() RETURNS trigger LANGUAGE plpgsql"
            f" AS $$ {body} $$"
        )
        yield (
            f"CREATE TRIGGER search_due_{name} AFTER {when} FOR EACH ROW{if_so}"
            f" EXECUTE FUNCTION search_due_of_{name}()"
        )
    # Postings are bitmaps: they do not compress and are read whole, so they stay in their row.
    yield "ALTER TABLE search_posting ALTER COLUMN docs SET STORAGE MAIN"
    yield "ALTER TABLE search_posting SET (toast_tuple_target = 8160)"


def upgrade() -> None:
    """Go forward."""
    _make_tables()
    _make_index_tables()
    sqlite = op.get_context().dialect.name == "sqlite"
    for statement in _sqlite_triggers() if sqlite else _postgresql_triggers():
        op.execute(statement)
    now = _SQLITE_NOW if sqlite else "now()"
    waiting = "SELECT 'l', id, {now} FROM letter WHERE state IN ('waiting', 'draft') ORDER BY id"
    op.execute(_NOTE + waiting.format(now=now))
    entries = "SELECT 'e', id, {now} FROM entry ORDER BY id"
    op.execute(_NOTE + entries.format(now=now))


def _make_tables() -> None:
    op.create_table(
        "file_text",
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("pages", sa.Integer(), nullable=True),
        sa.Column("detail", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("sha256", name=op.f("pk_file_text")),
    )
    op.create_index(
        "ix_file_text_pending",
        "file_text",
        ["at"],
        unique=False,
        sqlite_where=sa.text("state = 'pending'"),
        postgresql_where=sa.text("state = 'pending'"),
    )
    op.create_table(
        "search_due",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=1), nullable=False),
        sa.Column("ref", sa.String(length=16), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_search_due")),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "search_doc",
        sa.Column("doc", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("ref", sa.String(length=16), nullable=False),
        sa.Column("entity_id", sa.Integer(), nullable=False),
        sa.Column("dated", sa.Date(), nullable=True),
        sa.Column("whole", sa.LargeBinary(), nullable=False),
        sa.Column("cuts", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("doc", name=op.f("pk_search_doc")),
        sa.UniqueConstraint("ref", name=op.f("uq_search_doc_ref")),
    )
    op.create_index(
        "ix_entry_secret",
        "entry",
        ["entity_id"],
        unique=False,
        sqlite_where=sa.text("secrecy IS NOT NULL"),
        postgresql_where=sa.text("secrecy IS NOT NULL"),
    )


def _make_index_tables() -> None:
    op.create_table(
        "search_segment",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("lo", sa.Integer(), nullable=False),
        sa.Column("hi", sa.Integer(), nullable=False),
        sa.Column("level", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("retired_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_search_segment")),
    )
    op.create_table(
        "search_posting",
        sa.Column("segment", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("gram", sa.LargeBinary(), nullable=False),
        sa.Column("n", sa.Integer(), nullable=False),
        sa.Column("docs", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("segment", "gram", name=op.f("pk_search_posting")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "search_state",
        sa.Column("name", sa.String(length=40), nullable=False),
        sa.Column("value", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_search_state")),
    )


def downgrade() -> None:
    """Go back."""
    sqlite = op.get_context().dialect.name == "sqlite"
    for name, *_ in _TRIGGERS:
        kind = (
            f"TRIGGER search_due_{name}" if sqlite else f"FUNCTION search_due_of_{name}() CASCADE"
        )
        op.execute(f"DROP {kind}")
    op.drop_index("ix_entry_secret", table_name="entry")
    for table in ("state", "posting", "segment", "doc", "due"):
        op.drop_table(f"search_{table}")
    op.drop_table("file_text")
