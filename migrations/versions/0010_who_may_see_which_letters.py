"""Access by unit: which units got an entry, which are above which, how far people of units see.

Three columns are added, and a trigger: what is passed on or presented is found by those who got it.
What units got so far is taken from the copies that went to them. Every entry and letter that is
found is noted, so that the running service marks it anew; until then those who are bound to a unit
find less than they may, never more. Going back drops it all.
"""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"

_NOTE = "INSERT INTO search_due (kind, ref, at) "
_SQLITE_NOW = "strftime('%Y-%m-%d %H:%M:%f', 'now') || '000'"
_GIVEN = "NEW.to_unit <> '' OR NEW.to_address <> ''"
_OF_STEP = _NOTE + "VALUES ('e', NEW.entry_id, {now})"
_ADDED = (
    ("entity", "readers", 10, "unit"),
    ("unit", "above", 40, ""),
    ("entry", "given_to", 0, ""),
)
_UNITS = {  # the unit that a copy went to, and several of them in one text
    "sqlite": ("json_extract(facts, '$.unit')", "group_concat(DISTINCT {unit})"),
    "postgresql": ("facts ->> 'unit'", "string_agg(DISTINCT {unit}, ',')"),
}
_GIVEN_TO = (
    "UPDATE entry SET given_to = ',' || (SELECT {joined} FROM outbox"
    " WHERE outbox.entry_id = entry.id AND kind = 'copy' AND {unit} IS NOT NULL) || ','"
    " WHERE id IN (SELECT entry_id FROM outbox WHERE kind = 'copy' AND {unit} IS NOT NULL)"
)
_LETTERS = "SELECT 'l', id, {now} FROM letter WHERE state IN ('waiting', 'draft') ORDER BY id"
_ENTRIES = "SELECT 'e', id, {now} FROM entry WHERE given_to = '' ORDER BY id"


def upgrade() -> None:
    """Go forward."""
    for table, name, length, default in _ADDED:
        kind = sa.String(length=length) if length else sa.Text()
        op.add_column(table, sa.Column(name, kind, nullable=False, server_default=default))
    sqlite = op.get_context().dialect.name == "sqlite"
    now = _SQLITE_NOW if sqlite else "now()"
    note = _OF_STEP.format(now=now)
    if sqlite:
        op.execute(
            "CREATE TRIGGER search_due_movement AFTER INSERT ON movement"
            f" WHEN {_GIVEN} BEGIN {note}; END"
        )
    else:
        op.execute(
            "CREATE FUNCTION search_due_of_movement() RETURNS trigger LANGUAGE plpgsql"
            f" AS $$ BEGIN {note}; RETURN NULL; END $$"
        )
        op.execute(
            "CREATE TRIGGER search_due_movement AFTER INSERT ON movement FOR EACH ROW"
            f" WHEN ({_GIVEN}) EXECUTE FUNCTION search_due_of_movement()"
        )
    unit, joined = _UNITS["sqlite" if sqlite else "postgresql"]
    op.execute(_GIVEN_TO.format(unit=unit, joined=joined.format(unit=unit)))
    for what in (_LETTERS, _ENTRIES):
        op.execute(_NOTE + what.format(now=now))


def downgrade() -> None:
    """Go back."""
    if op.get_context().dialect.name == "sqlite":
        op.execute("DROP TRIGGER search_due_movement")
    else:
        op.execute("DROP TRIGGER search_due_movement ON movement")
        op.execute("DROP FUNCTION search_due_of_movement()")
    for table, name, _length, _default in _ADDED:
        op.drop_column(table, name)
