"""Corrections keep what was struck out; a closed book may be opened again and closed anew.

One table and an index of what is due are added, and book_closing keeps every closing with who
opened the book again and why. Going back drops the struck values and all closings but the last
of each book.
"""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"

_KEY = ["entity_id", "unit_code", "book", "series", "year"]
_CLOSED = sa.text("reopened_at IS NULL")
_OPEN = sa.text("due IS NOT NULL AND closed IS NULL")


def upgrade() -> None:
    """Go forward."""
    op.create_table(
        "correction",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("entry_id", sa.String(length=16), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("by", sa.String(length=254), nullable=False),
        sa.Column("field", sa.String(length=40), nullable=False),
        sa.Column("old", sa.Text(), nullable=False),
        sa.Column("note_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["entry_id"], ["entry.id"], name=op.f("fk_correction_entry_id_entry")
        ),
        sa.ForeignKeyConstraint(["note_id"], ["note.id"], name=op.f("fk_correction_note_id_note")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_correction")),
    )
    op.create_index(op.f("ix_correction_entry_id"), "correction", ["entry_id"])
    op.create_index(
        "ix_entry_due", "entry", ["entity_id", "due"], sqlite_where=_OPEN, postgresql_where=_OPEN
    )
    with op.batch_alter_table("book_closing") as batch_op:
        batch_op.add_column(sa.Column("reopened_at", sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(
            sa.Column("reopened_by", sa.String(length=254), nullable=False, server_default="")
        )
        batch_op.add_column(
            sa.Column("reopen_reason", sa.Text(), nullable=False, server_default="")
        )
    op.create_index(
        "ix_book_closing_closed", "book_closing", _KEY, unique=True,
        sqlite_where=_CLOSED, postgresql_where=_CLOSED,
    )  # fmt: skip


def downgrade() -> None:
    """Go back."""
    op.drop_index("ix_book_closing_closed", table_name="book_closing")
    op.execute(
        "DELETE FROM book_closing WHERE id NOT IN (SELECT max(id) FROM book_closing"
        " GROUP BY entity_id, unit_code, book, series, year)"
    )
    with op.batch_alter_table("book_closing") as batch_op:
        batch_op.drop_column("reopen_reason")
        batch_op.drop_column("reopened_by")
        batch_op.drop_column("reopened_at")
    op.drop_index("ix_entry_due", table_name="entry")
    op.drop_index(op.f("ix_correction_entry_id"), table_name="correction")
    op.drop_table("correction")
