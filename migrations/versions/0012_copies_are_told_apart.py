"""A delivery says that its addressee got the letter as a copy (สำเนาส่ง), and owes no report.

One column is added, and filled from the addressees that each letter keeps. Going back drops it:
copies are then followed like the letter itself.
"""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"

_MARK = (
    "UPDATE delivery SET is_copy = {yes} WHERE EXISTS (SELECT 1 FROM entry e"
    " JOIN letter l ON l.id = e.letter_id {addressees} WHERE e.id = delivery.entry_id"
    " AND e.book <> 'received' AND l.direction = 'out' AND {copy} AND {address} = to_address)"
)
_SAID = {
    "sqlite": {
        "yes": "1",
        "addressees": "JOIN json_each(l.facts, '$.addressees') a",
        "copy": "json_extract(a.value, '$.copy')",
        "address": "json_extract(a.value, '$.address')",
    },
    "postgresql": {
        "yes": "true",
        "addressees": "CROSS JOIN LATERAL json_array_elements("
        "CASE WHEN json_typeof(l.facts::json -> 'addressees') = 'array'"
        " THEN l.facts::json -> 'addressees' ELSE '[]' END) a",
        "copy": "a ->> 'copy' = 'true'",
        "address": "a ->> 'address'",
    },
}


def upgrade() -> None:
    """Go forward."""
    op.add_column(
        "delivery", sa.Column("is_copy", sa.Boolean(), nullable=False, server_default=sa.false())
    )
    op.execute(_MARK.format(**_SAID[op.get_context().dialect.name]))


def downgrade() -> None:
    """Go back."""
    op.drop_column("delivery", "is_copy")  # not as a batch: that would drop what others point to
