"""The first tables.

Everything an office needs to begin: people, books, letters, deliveries, links and the journal, with
the unique constraints that keep numbers from doubling. Going back drops all of it.
"""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None


def upgrade() -> None:
    """Go forward."""
    op.create_table(
        "cursor",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("account", sa.String(length=254), nullable=False),
        sa.Column("folder", sa.String(length=254), nullable=False),
        sa.Column("uidvalidity", sa.BigInteger(), nullable=False),
        sa.Column("last_uid", sa.BigInteger(), nullable=False),
        sa.Column("checked_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_cursor")),
        sa.UniqueConstraint("account", "folder", name=op.f("uq_cursor_account_folder")),
    )
    op.create_table(
        "entity",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(length=40), nullable=False),
        sa.Column("name", sa.String(length=300), nullable=False),
        sa.Column("address", sa.String(length=254), nullable=False),
        sa.Column("letter_code", sa.String(length=60), nullable=False),
        sa.Column("hosted", sa.Boolean(), nullable=False),
        sa.Column("domains", sa.JSON(), nullable=False),
        sa.Column("max_message_bytes", sa.Integer(), nullable=True),
        sa.Column("knows_tags", sa.Boolean(), nullable=False),
        sa.Column("separate_circulars", sa.Boolean(), nullable=False),
        sa.Column("phone", sa.String(length=100), nullable=False),
        sa.Column("province", sa.String(length=100), nullable=False),
        sa.Column("default_unit", sa.String(length=40), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_entity")),
        sa.UniqueConstraint("address", name=op.f("uq_entity_address")),
        sa.UniqueConstraint("code", name=op.f("uq_entity_code")),
    )
    op.create_table(
        "fetched",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("account", sa.String(length=254), nullable=False),
        sa.Column("folder", sa.String(length=254), nullable=False),
        sa.Column("uidvalidity", sa.BigInteger(), nullable=False),
        sa.Column("uid", sa.BigInteger(), nullable=False),
        sa.Column("spool_name", sa.String(length=80), nullable=False),
        sa.Column("finished_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_fetched")),
        sa.UniqueConstraint(
            "account",
            "folder",
            "uidvalidity",
            "uid",
            name=op.f("uq_fetched_account_folder_uidvalidity_uid"),
        ),
    )
    op.create_index(op.f("ix_fetched_spool_name"), "fetched", ["spool_name"], unique=False)
    op.create_table(
        "intake",
        sa.Column("spool_name", sa.String(length=80), nullable=False),
        sa.Column("listener", sa.String(length=12), nullable=False),
        sa.Column("accepted_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("mail_from", sa.String(length=320), nullable=False),
        sa.Column("recipients", sa.JSON(), nullable=False),
        sa.Column("peer", sa.String(length=60), nullable=False),
        sa.Column("raw_sha256", sa.String(length=64), nullable=False),
        sa.Column("raw_bytes", sa.BigInteger(), nullable=False),
        sa.Column("outcomes", sa.Integer(), nullable=False),
        sa.Column("results", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("spool_name", name=op.f("pk_intake")),
    )
    op.create_index(op.f("ix_intake_raw_sha256"), "intake", ["raw_sha256"], unique=False)
    op.create_table(
        "original",
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("bytes", sa.BigInteger(), nullable=False),
        sa.Column("form", sa.String(length=10), nullable=False),
        sa.Column("blob", sa.String(length=64), nullable=False),
        sa.Column("recipe", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("sha256", name=op.f("pk_original")),
    )
    op.create_table(
        "counter",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("entity_id", sa.Integer(), nullable=False),
        sa.Column("unit_code", sa.String(length=40), nullable=False),
        sa.Column("book", sa.String(length=40), nullable=False),
        sa.Column("series", sa.String(length=10), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("first", sa.Integer(), nullable=False),
        sa.Column("last", sa.Integer(), nullable=False),
        sa.Column("last_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["entity_id"], ["entity.id"], name=op.f("fk_counter_entity_id_entity")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_counter")),
        sa.UniqueConstraint(
            "entity_id",
            "unit_code",
            "book",
            "series",
            "year",
            name=op.f("uq_counter_entity_id_unit_code_book_series_year"),
        ),
    )
    op.create_table(
        "entity_group",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("entity_id", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(length=40), nullable=False),
        sa.Column("name", sa.String(length=300), nullable=False),
        sa.ForeignKeyConstraint(
            ["entity_id"], ["entity.id"], name=op.f("fk_entity_group_entity_id_entity")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_entity_group")),
        sa.UniqueConstraint("entity_id", "code", name=op.f("uq_entity_group_entity_id_code")),
    )
    op.create_table(
        "journal",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("entity_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("actor", sa.String(length=254), nullable=False),
        sa.Column("act", sa.String(length=40), nullable=False),
        sa.Column("entry_id", sa.String(length=16), nullable=True),
        sa.Column("letter_id", sa.String(length=16), nullable=True),
        sa.Column("facts", sa.JSON(), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("previous", sa.String(length=64), nullable=False),
        sa.Column("hash", sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(
            ["entity_id"], ["entity.id"], name=op.f("fk_journal_entity_id_entity")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_journal")),
        sa.UniqueConstraint("entity_id", "position", name=op.f("uq_journal_entity_id_position")),
    )
    op.create_index(op.f("ix_journal_entry_id"), "journal", ["entry_id"], unique=False)
    op.create_index(op.f("ix_journal_letter_id"), "journal", ["letter_id"], unique=False)
    op.create_table(
        "journal_head",
        sa.Column("entity_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("hash", sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(
            ["entity_id"], ["entity.id"], name=op.f("fk_journal_head_entity_id_entity")
        ),
        sa.PrimaryKeyConstraint("entity_id", name=op.f("pk_journal_head")),
    )
    op.create_table(
        "letter",
        sa.Column("id", sa.String(length=16), nullable=False),
        sa.Column("entity_id", sa.Integer(), nullable=False),
        sa.Column("direction", sa.String(length=3), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("spool_name", sa.String(length=80), nullable=True),
        sa.Column("strong_key", sa.String(length=64), nullable=True),
        sa.Column("content_key", sa.String(length=64), nullable=True),
        sa.Column("clerk_key", sa.String(length=64), nullable=True),
        sa.Column("related_entry_id", sa.String(length=16), nullable=True),
        sa.Column("message_id", sa.String(length=998), nullable=True),
        sa.Column("mail_from", sa.String(length=320), nullable=False),
        sa.Column("sender", sa.String(length=320), nullable=False),
        sa.Column("sender_name", sa.String(length=300), nullable=False),
        sa.Column("reply_to", sa.String(length=320), nullable=False),
        sa.Column("from_entity_id", sa.Integer(), nullable=True),
        sa.Column("clerk", sa.String(length=254), nullable=False),
        sa.Column("unit_code", sa.String(length=40), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("letter_number", sa.String(length=120), nullable=False),
        sa.Column("letter_number_key", sa.String(length=120), nullable=False),
        sa.Column("dated", sa.Date(), nullable=True),
        sa.Column("to_text", sa.Text(), nullable=False),
        sa.Column("urgency", sa.String(length=20), nullable=False),
        sa.Column("due", sa.DateTime(timezone=True), nullable=True),
        sa.Column("secrecy", sa.String(length=20), nullable=True),
        sa.Column("date_header", sa.DateTime(timezone=True), nullable=True),
        sa.Column("accepted_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("deemed_received_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("original_sha256", sa.String(length=64), nullable=True),
        sa.Column("authenticated", sa.Boolean(), nullable=False),
        sa.Column("trust", sa.JSON(), nullable=False),
        sa.Column("why_waiting", sa.Text(), nullable=False),
        sa.Column("defects", sa.JSON(), nullable=False),
        sa.Column("facts", sa.JSON(), nullable=False),
        sa.Column("return_reason", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["entity_id"], ["entity.id"], name=op.f("fk_letter_entity_id_entity")
        ),
        sa.ForeignKeyConstraint(
            ["from_entity_id"], ["entity.id"], name=op.f("fk_letter_from_entity_id_entity")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_letter")),
        sa.UniqueConstraint("entity_id", "clerk_key", name=op.f("uq_letter_entity_id_clerk_key")),
        sa.UniqueConstraint(
            "entity_id", "content_key", name=op.f("uq_letter_entity_id_content_key")
        ),
        sa.UniqueConstraint("entity_id", "strong_key", name=op.f("uq_letter_entity_id_strong_key")),
        sa.UniqueConstraint(
            "spool_name",
            "entity_id",
            "direction",
            name=op.f("uq_letter_spool_name_entity_id_direction"),
        ),
    )
    op.create_index("ix_letter_entity_state", "letter", ["entity_id", "state"], unique=False)
    op.create_index("ix_letter_message_id", "letter", ["message_id"], unique=False)
    op.create_table(
        "officer",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("email", sa.String(length=254), nullable=False),
        sa.Column("entity_id", sa.Integer(), nullable=False),
        sa.Column("unit_code", sa.String(length=40), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("role", sa.String(length=20), nullable=False),
        sa.Column("password_hash", sa.String(length=300), nullable=False),
        sa.Column("disabled", sa.Boolean(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["entity_id"], ["entity.id"], name=op.f("fk_officer_entity_id_entity")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_officer")),
        sa.UniqueConstraint("email", name=op.f("uq_officer_email")),
    )
    op.create_table(
        "unit",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("entity_id", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(length=40), nullable=False),
        sa.Column("name", sa.String(length=300), nullable=False),
        sa.Column("boxes", sa.JSON(), nullable=False),
        sa.Column("delivery", sa.String(length=10), nullable=False),
        sa.Column("letter_code", sa.String(length=60), nullable=False),
        sa.Column("keeps_books", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["entity_id"], ["entity.id"], name=op.f("fk_unit_entity_id_entity")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_unit")),
        sa.UniqueConstraint("entity_id", "code", name=op.f("uq_unit_entity_id_code")),
    )
    op.create_table(
        "enclosure",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("letter_id", sa.String(length=16), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("role", sa.String(length=10), nullable=False),
        sa.Column("name", sa.String(length=255), nullable=False),
        sa.Column("original_name", sa.Text(), nullable=False),
        sa.Column("bytes", sa.BigInteger(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("media_type", sa.String(length=150), nullable=False),
        sa.Column("claimed_type", sa.String(length=150), nullable=False),
        sa.Column("split", sa.Boolean(), nullable=False),
        sa.Column("inline", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["letter_id"], ["letter.id"], name=op.f("fk_enclosure_letter_id_letter")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_enclosure")),
        sa.UniqueConstraint("letter_id", "position", name=op.f("uq_enclosure_letter_id_position")),
    )
    op.create_index("ix_enclosure_sha256", "enclosure", ["sha256"], unique=False)
    op.create_table(
        "entity_group_member",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("group_id", sa.Integer(), nullable=False),
        sa.Column("member", sa.String(length=40), nullable=False),
        sa.ForeignKeyConstraint(
            ["group_id"],
            ["entity_group.id"],
            name=op.f("fk_entity_group_member_group_id_entity_group"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_entity_group_member")),
        sa.UniqueConstraint(
            "group_id", "member", name=op.f("uq_entity_group_member_group_id_member")
        ),
    )
    op.create_table(
        "entry",
        sa.Column("id", sa.String(length=16), nullable=False),
        sa.Column("entity_id", sa.Integer(), nullable=False),
        sa.Column("unit_code", sa.String(length=40), nullable=False),
        sa.Column("book", sa.String(length=40), nullable=False),
        sa.Column("series", sa.String(length=10), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("letter_id", sa.String(length=16), nullable=True),
        sa.Column("letter_number", sa.String(length=120), nullable=False),
        sa.Column("letter_number_key", sa.String(length=120), nullable=False),
        sa.Column("dated", sa.Date(), nullable=True),
        sa.Column("from_text", sa.Text(), nullable=False),
        sa.Column("to_text", sa.Text(), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("urgency", sa.String(length=20), nullable=False),
        sa.Column("secrecy", sa.String(length=20), nullable=True),
        sa.Column("action", sa.Text(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("due", sa.DateTime(timezone=True), nullable=True),
        sa.Column("closed", sa.DateTime(timezone=True), nullable=True),
        sa.Column("date_header", sa.DateTime(timezone=True), nullable=True),
        sa.Column("accepted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("deemed_received_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("registered_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("registered_by", sa.String(length=254), nullable=False),
        sa.Column("message_id", sa.String(length=998), nullable=True),
        sa.Column("original_sha256", sa.String(length=64), nullable=True),
        sa.Column("from_entity_id", sa.Integer(), nullable=True),
        sa.Column("reserved_for", sa.String(length=254), nullable=False),
        sa.Column("void_reason", sa.Text(), nullable=False),
        sa.Column("void_by", sa.String(length=254), nullable=False),
        sa.Column("salt", sa.String(length=32), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.CheckConstraint(
            "state IN ('registered', 'reserved', 'void')", name=op.f("ck_entry_state")
        ),
        sa.CheckConstraint("number > 0", name=op.f("ck_entry_number_positive")),
        sa.ForeignKeyConstraint(
            ["entity_id"], ["entity.id"], name=op.f("fk_entry_entity_id_entity")
        ),
        sa.ForeignKeyConstraint(
            ["from_entity_id"], ["entity.id"], name=op.f("fk_entry_from_entity_id_entity")
        ),
        sa.ForeignKeyConstraint(
            ["letter_id"], ["letter.id"], name=op.f("fk_entry_letter_id_letter")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_entry")),
        sa.UniqueConstraint(
            "entity_id",
            "unit_code",
            "book",
            "series",
            "year",
            "number",
            name=op.f("uq_entry_entity_id_unit_code_book_series_year_number"),
        ),
        sa.UniqueConstraint("letter_id", name=op.f("uq_entry_letter_id")),
    )
    op.create_index(
        "ix_entry_letter_number_key", "entry", ["entity_id", "letter_number_key"], unique=False
    )
    op.create_index("ix_entry_message_id", "entry", ["message_id"], unique=False)
    op.create_table(
        "link",
        sa.Column("id", sa.String(length=16), nullable=False),
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("letter_id", sa.String(length=16), nullable=False),
        sa.Column("entity_id", sa.Integer(), nullable=False),
        sa.Column("to_address", sa.String(length=254), nullable=False),
        sa.Column("to_name", sa.String(length=300), nullable=False),
        sa.Column("generation", sa.Integer(), nullable=False),
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["entity_id"], ["entity.id"], name=op.f("fk_link_entity_id_entity")
        ),
        sa.ForeignKeyConstraint(
            ["letter_id"], ["letter.id"], name=op.f("fk_link_letter_id_letter")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_link")),
        sa.UniqueConstraint(
            "letter_id", "to_address", "kind", name=op.f("uq_link_letter_id_to_address_kind")
        ),
        sa.UniqueConstraint("token_hash", name=op.f("uq_link_token_hash")),
    )
    op.create_index(op.f("ix_link_letter_id"), "link", ["letter_id"], unique=False)
    op.create_table(
        "route",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("entity_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("pattern", sa.String(length=300), nullable=False),
        sa.Column("unit_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["entity_id"], ["entity.id"], name=op.f("fk_route_entity_id_entity")
        ),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name=op.f("fk_route_unit_id_unit")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_route")),
        sa.UniqueConstraint("entity_id", "position", name=op.f("uq_route_entity_id_position")),
    )
    op.create_table(
        "delivery",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("entry_id", sa.String(length=16), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("to_address", sa.String(length=254), nullable=False),
        sa.Column("to_name", sa.String(length=300), nullable=False),
        sa.Column("to_entity_id", sa.Integer(), nullable=True),
        sa.Column("to_unit", sa.String(length=40), nullable=False),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("remote_number", sa.String(length=60), nullable=False),
        sa.Column("reported_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["entry_id"], ["entry.id"], name=op.f("fk_delivery_entry_id_entry")
        ),
        sa.ForeignKeyConstraint(
            ["to_entity_id"], ["entity.id"], name=op.f("fk_delivery_to_entity_id_entity")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_delivery")),
        sa.UniqueConstraint("entry_id", "to_address", name=op.f("uq_delivery_entry_id_to_address")),
    )
    op.create_index(op.f("ix_delivery_entry_id"), "delivery", ["entry_id"], unique=False)
    op.create_table(
        "download",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("link_id", sa.String(length=16), nullable=False),
        sa.Column("enclosure_id", sa.Integer(), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("peer", sa.String(length=60), nullable=False),
        sa.Column("agent", sa.String(length=300), nullable=False),
        sa.ForeignKeyConstraint(
            ["enclosure_id"], ["enclosure.id"], name=op.f("fk_download_enclosure_id_enclosure")
        ),
        sa.ForeignKeyConstraint(["link_id"], ["link.id"], name=op.f("fk_download_link_id_link")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_download")),
    )
    op.create_index(op.f("ix_download_link_id"), "download", ["link_id"], unique=False)
    op.create_table(
        "note",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("entry_id", sa.String(length=16), nullable=False),
        sa.Column("letter_id", sa.String(length=16), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("by", sa.String(length=254), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["entry_id"], ["entry.id"], name=op.f("fk_note_entry_id_entry")),
        sa.ForeignKeyConstraint(
            ["letter_id"], ["letter.id"], name=op.f("fk_note_letter_id_letter")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_note")),
    )
    op.create_index(op.f("ix_note_entry_id"), "note", ["entry_id"], unique=False)
    op.create_table(
        "reference",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("letter_id", sa.String(length=16), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("entity", sa.String(length=300), nullable=False),
        sa.Column("number", sa.String(length=120), nullable=False),
        sa.Column("number_key", sa.String(length=120), nullable=False),
        sa.Column("dated", sa.Date(), nullable=True),
        sa.Column("entry_id", sa.String(length=16), nullable=True),
        sa.ForeignKeyConstraint(
            ["entry_id"], ["entry.id"], name=op.f("fk_reference_entry_id_entry")
        ),
        sa.ForeignKeyConstraint(
            ["letter_id"], ["letter.id"], name=op.f("fk_reference_letter_id_letter")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reference")),
        sa.UniqueConstraint("letter_id", "position", name=op.f("uq_reference_letter_id_position")),
    )
    op.create_index(op.f("ix_reference_number_key"), "reference", ["number_key"], unique=False)
    op.create_table(
        "relation",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("from_entry_id", sa.String(length=16), nullable=False),
        sa.Column("to_entry_id", sa.String(length=16), nullable=False),
        sa.Column("relation", sa.String(length=20), nullable=False),
        sa.Column("how", sa.String(length=20), nullable=False),
        sa.Column("score", sa.Integer(), nullable=False),
        sa.Column("confirmed", sa.Boolean(), nullable=False),
        sa.Column("by", sa.String(length=254), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("undone_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("undone_by", sa.String(length=254), nullable=False),
        sa.ForeignKeyConstraint(
            ["from_entry_id"], ["entry.id"], name=op.f("fk_relation_from_entry_id_entry")
        ),
        sa.ForeignKeyConstraint(
            ["to_entry_id"], ["entry.id"], name=op.f("fk_relation_to_entry_id_entry")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_relation")),
        sa.UniqueConstraint(
            "from_entry_id",
            "to_entry_id",
            "relation",
            name=op.f("uq_relation_from_entry_id_to_entry_id_relation"),
        ),
    )
    op.create_index(op.f("ix_relation_from_entry_id"), "relation", ["from_entry_id"], unique=False)
    op.create_index(op.f("ix_relation_to_entry_id"), "relation", ["to_entry_id"], unique=False)
    op.create_table(
        "sent_message",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("entity_id", sa.Integer(), nullable=False),
        sa.Column("message_id", sa.String(length=998), nullable=False),
        sa.Column("entry_id", sa.String(length=16), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("to_address", sa.String(length=254), nullable=False),
        sa.ForeignKeyConstraint(
            ["entity_id"], ["entity.id"], name=op.f("fk_sent_message_entity_id_entity")
        ),
        sa.ForeignKeyConstraint(
            ["entry_id"], ["entry.id"], name=op.f("fk_sent_message_entry_id_entry")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sent_message")),
        sa.UniqueConstraint(
            "entity_id", "message_id", name=op.f("uq_sent_message_entity_id_message_id")
        ),
    )
    op.create_index(op.f("ix_sent_message_entry_id"), "sent_message", ["entry_id"], unique=False)
    op.create_index(
        op.f("ix_sent_message_message_id"), "sent_message", ["message_id"], unique=False
    )
    op.create_table(
        "delivery_event",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("delivery_id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("detail", sa.Text(), nullable=False),
        sa.Column("by", sa.String(length=254), nullable=False),
        sa.ForeignKeyConstraint(
            ["delivery_id"], ["delivery.id"], name=op.f("fk_delivery_event_delivery_id_delivery")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_delivery_event")),
    )
    op.create_index(
        op.f("ix_delivery_event_delivery_id"), "delivery_event", ["delivery_id"], unique=False
    )
    op.create_table(
        "outbox",
        sa.Column("id", sa.String(length=16), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("entity_id", sa.Integer(), nullable=False),
        sa.Column("to_address", sa.String(length=254), nullable=False),
        sa.Column("entry_id", sa.String(length=16), nullable=True),
        sa.Column("letter_id", sa.String(length=16), nullable=True),
        sa.Column("delivery_id", sa.Integer(), nullable=True),
        sa.Column("facts", sa.JSON(), nullable=False),
        sa.Column("once", sa.String(length=120), nullable=True),
        sa.Column("message_id", sa.String(length=200), nullable=False),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("urgency", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("not_before", sa.DateTime(timezone=True), nullable=False),
        sa.Column("give_up_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("destination", sa.String(length=254), nullable=False),
        sa.Column("lease_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("lease_by", sa.String(length=60), nullable=False),
        sa.Column("last_reply", sa.Text(), nullable=False),
        sa.Column("composed_bytes", sa.BigInteger(), nullable=True),
        sa.Column("done_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["delivery_id"], ["delivery.id"], name=op.f("fk_outbox_delivery_id_delivery")
        ),
        sa.ForeignKeyConstraint(
            ["entity_id"], ["entity.id"], name=op.f("fk_outbox_entity_id_entity")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_outbox")),
        sa.UniqueConstraint("once", name=op.f("uq_outbox_once")),
    )
    op.create_index(op.f("ix_outbox_delivery_id"), "outbox", ["delivery_id"], unique=False)
    op.create_index("ix_outbox_due", "outbox", ["state", "not_before"], unique=False)
    op.create_index(op.f("ix_outbox_entry_id"), "outbox", ["entry_id"], unique=False)
    op.create_table(
        "outbox_attempt",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("job_id", sa.String(length=16), nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("host", sa.String(length=260), nullable=False),
        sa.Column("code", sa.Integer(), nullable=True),
        sa.Column("reply", sa.Text(), nullable=False),
        sa.Column("result", sa.String(length=12), nullable=False),
        sa.ForeignKeyConstraint(
            ["job_id"], ["outbox.id"], name=op.f("fk_outbox_attempt_job_id_outbox")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_outbox_attempt")),
    )
    op.create_index(op.f("ix_outbox_attempt_job_id"), "outbox_attempt", ["job_id"], unique=False)


def downgrade() -> None:
    """Go back."""
    op.drop_index(op.f("ix_outbox_attempt_job_id"), table_name="outbox_attempt")
    op.drop_table("outbox_attempt")
    op.drop_index(op.f("ix_outbox_entry_id"), table_name="outbox")
    op.drop_index("ix_outbox_due", table_name="outbox")
    op.drop_index(op.f("ix_outbox_delivery_id"), table_name="outbox")
    op.drop_table("outbox")
    op.drop_index(op.f("ix_delivery_event_delivery_id"), table_name="delivery_event")
    op.drop_table("delivery_event")
    op.drop_index(op.f("ix_sent_message_message_id"), table_name="sent_message")
    op.drop_index(op.f("ix_sent_message_entry_id"), table_name="sent_message")
    op.drop_table("sent_message")
    op.drop_index(op.f("ix_relation_to_entry_id"), table_name="relation")
    op.drop_index(op.f("ix_relation_from_entry_id"), table_name="relation")
    op.drop_table("relation")
    op.drop_index(op.f("ix_reference_number_key"), table_name="reference")
    op.drop_table("reference")
    op.drop_index(op.f("ix_note_entry_id"), table_name="note")
    op.drop_table("note")
    op.drop_index(op.f("ix_download_link_id"), table_name="download")
    op.drop_table("download")
    op.drop_index(op.f("ix_delivery_entry_id"), table_name="delivery")
    op.drop_table("delivery")
    op.drop_table("route")
    op.drop_index(op.f("ix_link_letter_id"), table_name="link")
    op.drop_table("link")
    op.drop_index("ix_entry_message_id", table_name="entry")
    op.drop_index("ix_entry_letter_number_key", table_name="entry")
    op.drop_table("entry")
    op.drop_table("entity_group_member")
    op.drop_index("ix_enclosure_sha256", table_name="enclosure")
    op.drop_table("enclosure")
    op.drop_table("unit")
    op.drop_table("officer")
    op.drop_index("ix_letter_message_id", table_name="letter")
    op.drop_index("ix_letter_entity_state", table_name="letter")
    op.drop_table("letter")
    op.drop_table("journal_head")
    op.drop_index(op.f("ix_journal_letter_id"), table_name="journal")
    op.drop_index(op.f("ix_journal_entry_id"), table_name="journal")
    op.drop_table("journal")
    op.drop_table("entity_group")
    op.drop_table("counter")
    op.drop_table("original")
    op.drop_index(op.f("ix_intake_raw_sha256"), table_name="intake")
    op.drop_table("intake")
    op.drop_index(op.f("ix_fetched_spool_name"), table_name="fetched")
    op.drop_table("fetched")
    op.drop_table("entity")
    op.drop_table("cursor")
