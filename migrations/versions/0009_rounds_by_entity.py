"""The newest look into an entity's mailboxes is found at once: every page shows it.

One index is added. Going back drops it.
"""

from alembic import op

revision = "0009"
down_revision = "0008"


def upgrade() -> None:
    """Go forward."""
    op.create_index("ix_round_entity", "round", ["entity_id", "ended_at"])


def downgrade() -> None:
    """Go back."""
    op.drop_index("ix_round_entity", "round")
