"""Each webhook of a program remembers how far it has followed its entity's journal.

One column is added. Going back drops it: webhooks then tell nothing.
"""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"


def upgrade() -> None:
    """Go forward."""
    with op.batch_alter_table("webhook") as batch_op:
        batch_op.add_column(sa.Column("position", sa.Integer(), nullable=False, server_default="0"))


def downgrade() -> None:
    """Go back."""
    with op.batch_alter_table("webhook") as batch_op:
        batch_op.drop_column("position")
