"""Offers, conversations, audit and settings"""

import sqlalchemy as sa
from alembic import op

import crm.tables.base

revision = "0002"
down_revision = "0001"
# The audit is append-only for everyone who speaks SQL, not only for this program.
TRIGGERS = {
    "sqlite": {
        f"audit_no_{verb.lower()}": f"CREATE TRIGGER {{name}} BEFORE {verb} ON audit_entries "
        "BEGIN SELECT RAISE(ABORT, 'the audit is append-only'); END"
        for verb in ("UPDATE", "DELETE")
    },
    "postgresql": {
        "audit_refuse": "CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS "
        "'BEGIN RAISE EXCEPTION ''the audit is append-only''; END'",
        "audit_no_change": "CREATE TRIGGER {name} BEFORE UPDATE OR DELETE OR TRUNCATE ON audit_entries "
        "FOR EACH STATEMENT EXECUTE FUNCTION audit_refuse()",
    },
}
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Offers, conversations, audit and settings"""

    op.create_table(
        "audit_head",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("hash", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit_head")),
    )
    op.create_table(
        "company_settings",
        sa.Column("code", sa.String(), nullable=False),
        sa.Column("value", sa.JSON(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("code", name=op.f("pk_company_settings")),
    )
    op.create_table(
        "number_series",
        sa.Column("code", sa.String(), nullable=False),
        sa.Column("next_number", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("code", name=op.f("pk_number_series")),
    )
    op.create_table(
        "conversations",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("title", sa.String(), nullable=False),
        sa.Column("created_at", crm.tables.base.UtcDateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_conversations_user_id_users")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_conversations")),
        sa.UniqueConstraint("code", name=op.f("uq_conversations_code")),
    )
    with op.batch_alter_table("conversations", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_conversations_user_id"), ["user_id"], unique=False)

    op.create_table(
        "prompts",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("text", sa.String(), nullable=True),
        sa.Column("sha256", sa.String(), nullable=False),
        sa.Column("created_at", crm.tables.base.UtcDateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_prompts_user_id_users")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_prompts")),
    )
    with op.batch_alter_table("prompts", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_prompts_user_id"), ["user_id"], unique=False)

    op.create_table(
        "audit_entries",
        sa.Column("seq", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("at", crm.tables.base.UtcDateTime(timezone=True), nullable=False),
        sa.Column("actor", sa.String(), nullable=False),
        sa.Column("action", sa.String(), nullable=False),
        sa.Column("resource_name", sa.String(), nullable=False),
        sa.Column("record_code", sa.String(), nullable=False),
        sa.Column("before", sa.JSON(), nullable=True),
        sa.Column("after", sa.JSON(), nullable=True),
        sa.Column("prompt_id", sa.Integer(), nullable=True),
        sa.Column("prompt_sha256", sa.String(), nullable=True),
        sa.Column("sources", sa.JSON(), nullable=True),
        sa.Column("previous_hash", sa.String(), nullable=False),
        sa.Column("hash", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["prompt_id"], ["prompts.id"], name=op.f("fk_audit_entries_prompt_id_prompts")),
        sa.PrimaryKeyConstraint("seq", name=op.f("pk_audit_entries")),
    )
    with op.batch_alter_table("audit_entries", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_audit_entries_record_code"), ["record_code"], unique=False)
        batch_op.create_index(batch_op.f("ix_audit_entries_resource_name"), ["resource_name"], unique=False)

    op.create_table(
        "messages",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(), nullable=False),
        sa.Column("conversation_id", sa.Integer(), nullable=False),
        sa.Column("role", sa.String(), nullable=False),
        sa.Column("text", sa.String(), nullable=False),
        sa.Column("reply", sa.JSON(), nullable=True),
        sa.Column("rating", sa.Integer(), nullable=True),
        sa.Column("reason", sa.String(), nullable=True),
        sa.Column("created_at", crm.tables.base.UtcDateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["conversation_id"], ["conversations.id"], name=op.f("fk_messages_conversation_id_conversations")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_messages")),
        sa.UniqueConstraint("code", name=op.f("uq_messages_code")),
    )
    with op.batch_alter_table("messages", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_messages_conversation_id"), ["conversation_id"], unique=False)

    op.create_table(
        "offers",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("number", sa.String(), nullable=False),
        sa.Column("customer_id", sa.Integer(), nullable=False),
        sa.Column("opportunity_id", sa.Integer(), nullable=True),
        sa.Column("owner_id", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("latest_version", sa.Integer(), nullable=False),
        sa.Column("issued_at", crm.tables.base.UtcDateTime(timezone=True), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", crm.tables.base.UtcDateTime(timezone=True), nullable=False),
        sa.Column("updated_at", crm.tables.base.UtcDateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["customer_id"], ["customers.id"], name=op.f("fk_offers_customer_id_customers")),
        sa.ForeignKeyConstraint(
            ["opportunity_id"], ["opportunities.id"], name=op.f("fk_offers_opportunity_id_opportunities")
        ),
        sa.ForeignKeyConstraint(["owner_id"], ["users.id"], name=op.f("fk_offers_owner_id_users")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_offers")),
        sa.UniqueConstraint("number", name=op.f("uq_offers_number")),
    )
    with op.batch_alter_table("offers", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_offers_customer_id"), ["customer_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_offers_opportunity_id"), ["opportunity_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_offers_owner_id"), ["owner_id"], unique=False)

    op.create_table(
        "offer_versions",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("offer_id", sa.Integer(), nullable=False),
        sa.Column("ordinal", sa.Integer(), nullable=False),
        sa.Column("currency", sa.String(), nullable=False),
        sa.Column("language", sa.String(), nullable=False),
        sa.Column("made_on", sa.Date(), nullable=False),
        sa.Column("valid_until", sa.Date(), nullable=False),
        sa.Column("payment_days", sa.Integer(), nullable=False),
        sa.Column("net", crm.tables.base.ExactDecimal(), nullable=False),
        sa.Column("vat", crm.tables.base.ExactDecimal(), nullable=False),
        sa.Column("gross", crm.tables.base.ExactDecimal(), nullable=False),
        sa.Column("warnings", sa.JSON(), nullable=False),
        sa.Column("made_at", crm.tables.base.UtcDateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["offer_id"], ["offers.id"], name=op.f("fk_offer_versions_offer_id_offers")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_offer_versions")),
        sa.UniqueConstraint("offer_id", "ordinal", name=op.f("uq_offer_versions_offer_id_ordinal")),
    )
    op.create_table(
        "offer_documents",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("offer_version_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("path", sa.String(), nullable=False),
        sa.Column("sha256", sa.String(), nullable=False),
        sa.Column("made_at", crm.tables.base.UtcDateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["offer_version_id"], ["offer_versions.id"], name=op.f("fk_offer_documents_offer_version_id_offer_versions")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_offer_documents")),
        sa.UniqueConstraint("offer_version_id", "kind", name=op.f("uq_offer_documents_offer_version_id_kind")),
    )
    op.create_table(
        "offer_lines",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("offer_version_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("product_id", sa.Integer(), nullable=False),
        sa.Column("price_id", sa.Integer(), nullable=False),
        sa.Column("sku", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("quantity", crm.tables.base.ExactDecimal(), nullable=False),
        sa.Column("unit", sa.String(), nullable=False),
        sa.Column("unit_price", crm.tables.base.ExactDecimal(), nullable=False),
        sa.Column("discount_percent", crm.tables.base.ExactDecimal(), nullable=False),
        sa.Column("net", crm.tables.base.ExactDecimal(), nullable=False),
        sa.Column("vat_percent", crm.tables.base.ExactDecimal(), nullable=False),
        sa.ForeignKeyConstraint(
            ["offer_version_id"], ["offer_versions.id"], name=op.f("fk_offer_lines_offer_version_id_offer_versions")
        ),
        sa.ForeignKeyConstraint(["price_id"], ["prices.id"], name=op.f("fk_offer_lines_price_id_prices")),
        sa.ForeignKeyConstraint(["product_id"], ["products.id"], name=op.f("fk_offer_lines_product_id_products")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_offer_lines")),
        sa.UniqueConstraint("offer_version_id", "position", name=op.f("uq_offer_lines_offer_version_id_position")),
    )

    for name, statement in TRIGGERS[op.get_bind().dialect.name].items():
        op.execute(statement.format(name=name))


def downgrade() -> None:
    """Undo: Offers, conversations, audit and settings"""

    op.drop_table("offer_lines")
    op.drop_table("offer_documents")
    op.drop_table("offer_versions")
    with op.batch_alter_table("offers", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_offers_owner_id"))
        batch_op.drop_index(batch_op.f("ix_offers_opportunity_id"))
        batch_op.drop_index(batch_op.f("ix_offers_customer_id"))

    op.drop_table("offers")
    with op.batch_alter_table("messages", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_messages_conversation_id"))

    op.drop_table("messages")
    with op.batch_alter_table("audit_entries", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_audit_entries_resource_name"))
        batch_op.drop_index(batch_op.f("ix_audit_entries_record_code"))

    op.drop_table("audit_entries")
    with op.batch_alter_table("prompts", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_prompts_user_id"))

    op.drop_table("prompts")
    with op.batch_alter_table("conversations", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_conversations_user_id"))

    op.drop_table("conversations")
    op.drop_table("number_series")
    op.drop_table("company_settings")
    op.drop_table("audit_head")
    if op.get_bind().dialect.name == "postgresql":
        op.execute("DROP FUNCTION IF EXISTS audit_refuse()")
