"""A delivery says that its addressee got the letter as a copy (สำเนาส่ง), and owes no report.

One column is added, and filled from the addressees that each letter keeps. Going back drops it:
copies are then followed like the letter itself.
"""

import json

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"

_LETTERS = (
    "SELECT e.id, l.facts FROM entry e JOIN letter l ON l.id = e.letter_id"
    " WHERE e.book <> 'received' AND l.direction = 'out'"
)
_MARK = "UPDATE delivery SET is_copy = :yes WHERE entry_id = :entry AND to_address = :address"


def upgrade() -> None:
    """Go forward."""
    op.add_column(
        "delivery", sa.Column("is_copy", sa.Boolean(), nullable=False, server_default=sa.false())
    )
    connection, mark = op.get_bind(), sa.text(_MARK)
    for entry_id, facts in connection.execute(sa.text(_LETTERS)).all():
        said = json.loads(facts) if isinstance(facts, str) else facts
        for one in (said or {}).get("addressees", ()):
            if one.get("copy"):
                told = {"yes": True, "entry": entry_id, "address": one["address"]}
                connection.execute(mark, told)


def downgrade() -> None:
    """Go back."""
    with op.batch_alter_table("delivery") as batch_op:
        batch_op.drop_column("is_copy")
