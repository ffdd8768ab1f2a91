"""Postings of many grams lie in one row: what there is of the index is made anew.

The table keeps its columns, what is in them is other. Documents stay, and the running service
makes segments of them again; until then searches look at every document.
"""

from alembic import op

revision = "0008"
down_revision = "0007"


def upgrade() -> None:
    """Go forward."""
    _forget()


def downgrade() -> None:
    """Go back."""
    _forget()


def _forget() -> None:
    op.execute("DELETE FROM search_posting")
    op.execute("DELETE FROM search_segment")
