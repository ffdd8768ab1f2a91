"""Secret letters apart: which letters' bytes are to be encrypted, and up to which grade one sees.

Letters that are marked already are put down as due, so that the running service encrypts them.
Going back drops the list and the grades; what was encrypted stays so, read with the key only.
"""

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"

_PUT_DOWN = """
INSERT INTO secret_letter (letter_id, how, since)
SELECT id, 'arrival', accepted_at FROM letter WHERE secrecy IS NOT NULL OR state = 'secret'
"""


def upgrade() -> None:
    """Go forward."""
    op.create_table(
        "secret_letter",
        sa.Column("letter_id", sa.String(length=16), nullable=False),
        sa.Column("how", sa.String(length=12), nullable=False),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.Column("done_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["letter_id"], ["letter.id"], name=op.f("fk_secret_letter_letter_id_letter")
        ),
        sa.PrimaryKeyConstraint("letter_id", name=op.f("pk_secret_letter")),
    )
    op.create_index(
        "ix_secret_letter_due", "secret_letter", ["since"],
        sqlite_where=sa.text("done_at IS NULL"), postgresql_where=sa.text("done_at IS NULL"),
    )  # fmt: skip
    op.execute(_PUT_DOWN)
    column = sa.Column("clearance", sa.String(length=20), nullable=False, server_default="")
    op.add_column("officer", column)


def downgrade() -> None:
    """Go back."""
    with op.batch_alter_table("officer") as table:
        table.drop_column("clearance")
    op.drop_index("ix_secret_letter_due", table_name="secret_letter")
    op.drop_table("secret_letter")
