"""Scans of letters, telephone calls, pairs that answer each other, and looks into mailboxes.

Two columns, an index and four tables are added; nothing that stands is changed. Going back drops
them.
"""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    """Go forward."""
    with op.batch_alter_table("letter") as letter:
        letter.add_column(
            sa.Column("scan", sa.String(length=12), nullable=False, server_default="")
        )
        letter.add_column(sa.Column("scan_detail", sa.Text(), nullable=False, server_default=""))
    op.create_index(
        "ix_letter_withheld",
        "letter",
        ["scan"],
        unique=False,
        sqlite_where=sa.text("scan IN ('not_scanned', 'infected')"),
        postgresql_where=sa.text("scan IN ('not_scanned', 'infected')"),
    )
    op.create_table(
        "exchange",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("entity_id", sa.Integer(), nullable=False),
        sa.Column("address", sa.String(length=254), nullable=False),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.Column("answers", sa.Integer(), nullable=False),
        sa.Column("open_until", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["entity_id"], ["entity.id"], name=op.f("fk_exchange_entity_id_entity")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_exchange")),
        sa.UniqueConstraint("entity_id", "address", name=op.f("uq_exchange_entity_id_address")),
    )
    op.create_table(
        "round",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("account", sa.String(length=254), nullable=False),
        sa.Column("entity_id", sa.Integer(), nullable=False),
        sa.Column("began_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("looks", sa.Integer(), nullable=False),
        sa.Column("found", sa.Integer(), nullable=False),
        sa.Column("problem", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["entity_id"], ["entity.id"], name=op.f("fk_round_entity_id_entity")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_round")),
    )
    op.create_index(op.f("ix_round_account"), "round", ["account"], unique=False)
    op.create_table(
        "sighting",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("account", sa.String(length=254), nullable=False),
        sa.Column("entity_id", sa.Integer(), nullable=False),
        sa.Column("folder", sa.String(length=254), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("key", sa.String(length=200), nullable=False),
        sa.Column("message_id", sa.String(length=998), nullable=False),
        sa.Column("sender", sa.String(length=320), nullable=False),
        sa.Column("recipients", sa.JSON(), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("mailed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("seen_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("detail", sa.Text(), nullable=False),
        sa.Column("settled_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("settled_by", sa.String(length=254), nullable=False),
        sa.ForeignKeyConstraint(
            ["entity_id"], ["entity.id"], name=op.f("fk_sighting_entity_id_entity")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sighting")),
        sa.UniqueConstraint(
            "account", "folder", "kind", "key", name=op.f("uq_sighting_account_folder_kind_key")
        ),
    )
    op.create_index(op.f("ix_sighting_entity_id"), "sighting", ["entity_id"], unique=False)
    op.create_table(
        "call",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("delivery_id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("by", sa.String(length=254), nullable=False),
        sa.Column("spoke_to", sa.String(length=200), nullable=False),
        sa.Column("result", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["delivery_id"], ["delivery.id"], name=op.f("fk_call_delivery_id_delivery")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_call")),
    )
    op.create_index(op.f("ix_call_delivery_id"), "call", ["delivery_id"], unique=False)
    op.create_index("ix_delivery_state_at", "delivery", ["state", "at"], unique=False)


def downgrade() -> None:
    """Go back."""
    op.drop_index("ix_delivery_state_at", table_name="delivery")
    op.drop_index(op.f("ix_call_delivery_id"), table_name="call")
    op.drop_table("call")
    op.drop_index(op.f("ix_sighting_entity_id"), table_name="sighting")
    op.drop_table("sighting")
    op.drop_index(op.f("ix_round_account"), table_name="round")
    op.drop_table("round")
    op.drop_table("exchange")
    op.drop_index("ix_letter_withheld", table_name="letter")
    with op.batch_alter_table("letter") as letter:
        letter.drop_column("scan_detail")
        letter.drop_column("scan")
