"""The directory keeps the district (อำเภอ) of an entity, by which those of one name are told apart.

One column is added. Going back drops it.
"""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    """Go forward."""
    with op.batch_alter_table("entity") as batch_op:
        batch_op.add_column(
            sa.Column("district", sa.String(length=100), nullable=False, server_default="")
        )


def downgrade() -> None:
    """Go back."""
    with op.batch_alter_table("entity") as batch_op:
        batch_op.drop_column("district")
