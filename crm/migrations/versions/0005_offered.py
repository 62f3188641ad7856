"""What an offer says: price lists, rates, costs, bundles, options, terms, provenance"""

import sqlalchemy as sa
from alembic import op

import crm.tables.base

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """What an offer says: price lists, rates, costs, bundles, options, terms, provenance"""
    op.create_table(
        "exchange_rates",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("base", sa.String(), nullable=False),
        sa.Column("quote", sa.String(), nullable=False),
        sa.Column("rate", crm.tables.base.ExactDecimal(), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("source", sa.String(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_exchange_rates")),
        sa.UniqueConstraint("base", "quote", "valid_from", name=op.f("uq_exchange_rates_base_quote_valid_from")),
    )
    op.create_table(
        "bundle_items",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("bundle_id", sa.Integer(), nullable=False),
        sa.Column("product_id", sa.Integer(), nullable=False),
        sa.Column("quantity", crm.tables.base.ExactDecimal(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["bundle_id"], ["products.id"], name=op.f("fk_bundle_items_bundle_id_products")),
        sa.ForeignKeyConstraint(["product_id"], ["products.id"], name=op.f("fk_bundle_items_product_id_products")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_bundle_items")),
        sa.UniqueConstraint("bundle_id", "product_id", name=op.f("uq_bundle_items_bundle_id_product_id")),
    )
    op.create_table(
        "product_costs",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("product_id", sa.Integer(), nullable=False),
        sa.Column("currency", sa.String(), nullable=False),
        sa.Column("unit_cost", crm.tables.base.ExactDecimal(), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["product_id"], ["products.id"], name=op.f("fk_product_costs_product_id_products")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_product_costs")),
        sa.UniqueConstraint(
            "product_id", "currency", "valid_from", name=op.f("uq_product_costs_product_id_currency_valid_from")
        ),
    )
    op.create_table(
        "price_lists",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("customer_id", sa.Integer(), nullable=True),
        sa.Column("segment", sa.String(), nullable=True),
        sa.Column("campaign", sa.String(), nullable=True),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("valid_to", sa.Date(), nullable=True),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", crm.tables.base.UtcDateTime(timezone=True), nullable=False),
        sa.Column("updated_at", crm.tables.base.UtcDateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["customer_id"], ["customers.id"], name=op.f("fk_price_lists_customer_id_customers")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_price_lists")),
        sa.UniqueConstraint("code", name=op.f("uq_price_lists_code")),
    )
    op.create_index(op.f("ix_price_lists_customer_id"), "price_lists", ["customer_id"], unique=False)
    op.add_column("offer_lines", sa.Column("optional", sa.Boolean(), server_default=sa.false(), nullable=False))
    op.add_column("offer_lines", sa.Column("option_group", sa.String(), nullable=True))
    op.add_column("offer_lines", sa.Column("text", sa.String(), server_default="", nullable=False))
    op.add_column("offer_lines", sa.Column("contents", sa.JSON(), server_default="[]", nullable=False))
    op.add_column("offer_lines", sa.Column("provenance", sa.JSON(), nullable=True))
    op.add_column("offer_versions", sa.Column("author_id", sa.Integer(), nullable=True))
    op.add_column("offer_versions", sa.Column("made_from", sa.String(), server_default="", nullable=False))
    op.add_column("offer_versions", sa.Column("title", sa.String(), nullable=True))
    op.add_column("offer_versions", sa.Column("notes", sa.String(), server_default="", nullable=False))
    op.add_column("offer_versions", sa.Column("delivery", sa.String(), server_default="", nullable=False))
    op.add_column("offer_versions", sa.Column("warranty", sa.String(), server_default="", nullable=False))
    op.add_column("offer_versions", sa.Column("vat_rule", sa.String(), server_default="", nullable=False))
    op.add_column("offer_versions", sa.Column("rate", sa.JSON(), nullable=True))
    op.add_column("offer_versions", sa.Column("template_version_id", sa.Integer(), nullable=True))
    op.add_column("prices", sa.Column("price_list_id", sa.Integer(), server_default="0", nullable=False))
    op.add_column(
        "prices", sa.Column("minimum_quantity", crm.tables.base.ExactDecimal(), server_default="0", nullable=False)
    )
    op.drop_index(op.f("ix_prices_product_currency_from"), table_name="prices")
    op.create_index(
        "ix_prices_natural",
        "prices",
        ["product_id", "currency", "price_list_id", "minimum_quantity", "valid_from"],
        unique=True,
    )
    op.create_index(op.f("ix_prices_price_list_id"), "prices", ["price_list_id"], unique=False)
    _name_authors()


def _name_authors() -> None:
    """Who made a version was known to the audit alone until now."""
    op.execute(
        "UPDATE offer_versions SET author_id = (SELECT min(users.id) FROM audit_entries "
        "JOIN users ON users.login = audit_entries.actor WHERE audit_entries.resource_name = 'offer_versions' "
        "AND audit_entries.action = 'create' AND audit_entries.record_code = CAST(offer_versions.id AS VARCHAR))"
    )


def downgrade() -> None:
    """Undo: What an offer says: price lists, rates, costs, bundles, options, terms, provenance"""
    op.drop_index("ix_prices_price_list_id", "prices")
    op.drop_index("ix_prices_natural", "prices")
    op.drop_column("prices", "minimum_quantity")
    op.drop_column("prices", "price_list_id")
    op.create_index("ix_prices_product_currency_from", "prices", ["product_id", "currency", "valid_from"], unique=True)
    for column in (
        "template_version_id",
        "rate",
        "vat_rule",
        "warranty",
        "delivery",
        "notes",
        "title",
        "made_from",
        "author_id",
    ):
        op.drop_column("offer_versions", column)
    for column in ("provenance", "contents", "text", "option_group", "optional"):
        op.drop_column("offer_lines", column)
    for table in (
        "bundle_items",
        "product_costs",
        "price_lists",
        "exchange_rates",
    ):
        op.drop_table(table)
