"""The journal holds digests of what stands beside the books' lines, and of the readings of a day.

One column is added: up to where an entity's readings are witnessed. What is there already was
never digested, and is not now, since nobody can tell any more whether it was changed: each
journal gets a line that says how many rows of each kind there are and the last id of each
(``witnesses-began``). Going back drops the column and leaves the lines, which are history.
"""

import hashlib
import json
from collections import defaultdict
from datetime import UTC, datetime

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"

_OF_ENTRY = "SELECT e.entity_id, count(*), max(r.id) FROM {0} r JOIN entry e ON e.id = r.entry_id"
_OF_DELIVERY = (
    "SELECT e.entity_id, count(*), max(r.id) FROM {0} r JOIN delivery d ON d.id = r.delivery_id"
    " JOIN entry e ON e.id = d.entry_id"
)
_KINDS = {
    "note": _OF_ENTRY.format("note"),
    "correction": _OF_ENTRY.format("correction"),
    "movement": _OF_ENTRY.format("movement"),
    "delivery": _OF_ENTRY.format("delivery"),
    "event": _OF_DELIVERY.format("delivery_event"),
    "call": _OF_DELIVERY.format("call"),
}

_NOT_IN_SQL = """\
-- Where letters are registered already, this step also writes a line 'witnesses-began' into each
-- journal, chained to the line before it. SQL cannot reckon that line: such a database is brought
-- up by `saraban db upgrade`, not by this text.
"""


def upgrade() -> None:
    """Go forward."""
    with op.batch_alter_table("journal_head") as batch_op:
        batch_op.add_column(sa.Column("readings_until", sa.DateTime(timezone=True), nullable=True))
    context = op.get_context()
    if context.as_sql:  # printed: there is nothing to look at
        context.impl.static_output(_NOT_IN_SQL)
        return
    connection = op.get_bind()
    last: defaultdict[int, dict[str, int]] = defaultdict(dict)
    count: defaultdict[int, dict[str, int]] = defaultdict(dict)
    for kind, wanted in _KINDS.items():
        for entity_id, many, newest in connection.execute(
            sa.text(f"{wanted} GROUP BY e.entity_id")
        ):
            last[entity_id][kind], count[entity_id][kind] = newest, many
    heads = sa.text("SELECT entity_id, position, hash FROM journal_head WHERE position > 0")
    for entity_id, position, end in connection.execute(heads).all():
        _begin(entity_id, position, end, {"last": last[entity_id], "count": count[entity_id]})


def _begin(entity_id: int, position: int, end: str, facts: dict[str, dict[str, int]]) -> None:
    """Write a line at the end of a chain, hashed as the register hashed its lines then."""
    at = datetime.now(UTC)
    line = [end, entity_id, position + 1, at.isoformat(), "system", "witnesses-began", None, None]
    text = json.dumps([*line, facts, ""], ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    made = {
        "entity_id": entity_id, "position": position + 1, "at": at, "actor": "system",
        "act": "witnesses-began", "facts": facts, "digest": "", "previous": end,
        "hash": hashlib.sha256(text.encode()).hexdigest(),
    }  # fmt: skip
    journal = sa.table(
        "journal", *(sa.column(name) for name in made if name not in {"at", "facts"}),
        sa.column("at", sa.DateTime(timezone=True)), sa.column("facts", sa.JSON()),
    )  # fmt: skip
    op.get_bind().execute(journal.insert().values(**made))
    moved = sa.text("UPDATE journal_head SET position = :at, hash = :hash WHERE entity_id = :of")
    op.get_bind().execute(moved, {"at": position + 1, "hash": made["hash"], "of": entity_id})


def downgrade() -> None:
    """Go back."""
    with op.batch_alter_table("journal_head") as batch_op:
        batch_op.drop_column("readings_until")
