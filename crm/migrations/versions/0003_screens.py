"""Screens: browser sessions, saved views, pages, embedding hosts"""

import sqlalchemy as sa
from alembic import op

import crm.tables.base
from core.text import fold

revision = "0003"
down_revision = "0002"
# Rights of the new resources for levels that are there already; new databases get theirs from the defaults.
_CRUD = ("read", "create", "update", "delete")
_RIGHTS: dict[str, dict[str, tuple[str, tuple[str, ...]]]] = {
    "administrator": {"page": ("all", _CRUD), "embedding": ("all", _CRUD), "view": ("own", _CRUD)},
    **{level: {"page": ("all", _CRUD[:1]), "view": ("own", _CRUD)} for level in ("manager", "normal", "restricted")},
}
_INDEXES = [("ix_opportunities_opened", "opened_on"), ("ix_opportunities_closed", "stage_since")]
_SUMMED = ["currency", "amount", "customer_id", "owner_id"]
_COLUMNS = [
    ("customers", "name_key"),
    ("users", "phone"),
    ("opportunities", "stage_since"),
    ("grants", "hidden_fields"),
    ("credentials", "totp_counter"),
    ("credentials", "totp_secret"),
    ("activities", "done_at"),
    ("activities", "minutes"),
    ("activities", "starts_at"),
]
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Screens: browser sessions, saved views, pages, embedding hosts"""
    op.create_table(
        "embedding_hosts",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("origins", sa.JSON(), nullable=False),
        sa.Column("key_sha256", sa.String(), nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", crm.tables.base.UtcDateTime(timezone=True), nullable=False),
        sa.Column("updated_at", crm.tables.base.UtcDateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_embedding_hosts")),
        sa.UniqueConstraint("key_sha256", name=op.f("uq_embedding_hosts_key_sha256")),
        sa.UniqueConstraint("name", name=op.f("uq_embedding_hosts_name")),
    )
    op.create_table(
        "help_pages",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("page_id", sa.String(), nullable=False),
        sa.Column("language", sa.String(), nullable=False),
        sa.Column("title", sa.String(), nullable=False),
        sa.Column("body", sa.String(), nullable=False),
        sa.Column("screens", sa.JSON(), nullable=False),
        sa.Column("audience", sa.JSON(), nullable=False),
        sa.Column("hidden", sa.Boolean(), nullable=False),
        sa.Column("updated_on", sa.Date(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", crm.tables.base.UtcDateTime(timezone=True), nullable=False),
        sa.Column("updated_at", crm.tables.base.UtcDateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_help_pages")),
        sa.UniqueConstraint("page_id", "language", name=op.f("uq_help_pages_page_id_language")),
    )
    op.create_table(
        "browser_sessions",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("token_sha256", sa.String(), nullable=False),
        sa.Column("previous_sha256", sa.String(), nullable=True),
        sa.Column("browser", sa.String(), nullable=False),
        sa.Column("created_at", crm.tables.base.UtcDateTime(timezone=True), nullable=False),
        sa.Column("rotated_at", crm.tables.base.UtcDateTime(timezone=True), nullable=False),
        sa.Column("new_seen_at", crm.tables.base.UtcDateTime(timezone=True), nullable=True),
        sa.Column("seen_at", crm.tables.base.UtcDateTime(timezone=True), nullable=False),
        sa.Column("expires_at", crm.tables.base.UtcDateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_browser_sessions_user_id_users")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_browser_sessions")),
        sa.UniqueConstraint("token_sha256", name=op.f("uq_browser_sessions_token_sha256")),
    )
    with op.batch_alter_table("browser_sessions", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_browser_sessions_previous_sha256"), ["previous_sha256"], unique=False)
        batch_op.create_index(batch_op.f("ix_browser_sessions_user_id"), ["user_id"], unique=False)

    op.create_table(
        "saved_views",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("screen", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("query", sa.String(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_saved_views_user_id_users")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_saved_views")),
        sa.UniqueConstraint("user_id", "screen", "name", name=op.f("uq_saved_views_user_id_screen_name")),
    )
    with op.batch_alter_table("saved_views", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_saved_views_user_id"), ["user_id"], unique=False)

    with op.batch_alter_table("activities", schema=None) as batch_op:
        batch_op.add_column(sa.Column("starts_at", crm.tables.base.UtcDateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column("minutes", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("done_at", crm.tables.base.UtcDateTime(timezone=True), nullable=True))
        batch_op.create_index("ix_activities_state_due", ["state", "due"], unique=False)
        batch_op.create_index(
            "ix_activities_customer_contact", ["customer_id", "state", "done_at", "due"], unique=False
        )
        batch_op.create_index("ix_activities_assignee_state_due", ["assignee_id", "state", "due"], unique=False)
        batch_op.create_index("ix_activities_starts_at", ["starts_at"], unique=False)
        batch_op.create_index("ix_activities_done_at", ["done_at"], unique=False)
        batch_op.drop_index("ix_activities_assignee_id")

    with op.batch_alter_table("credentials", schema=None) as batch_op:
        batch_op.add_column(sa.Column("totp_secret", sa.String(), nullable=True))
        batch_op.add_column(sa.Column("totp_counter", sa.Integer(), nullable=True))

    with op.batch_alter_table("grants", schema=None) as batch_op:
        batch_op.add_column(sa.Column("hidden_fields", sa.JSON(), nullable=False, server_default="[]"))

    with op.batch_alter_table("opportunities", schema=None) as batch_op:
        batch_op.add_column(sa.Column("stage_since", crm.tables.base.UtcDateTime(timezone=True), nullable=True))
        batch_op.create_index(batch_op.f("ix_opportunities_opened_on"), ["opened_on"], unique=False)
        for name, moment in _INDEXES:
            batch_op.create_index(name, ["stage_code", moment, *_SUMMED], unique=False)
        batch_op.drop_index("ix_opportunities_stage_code")

    op.add_column("customers", sa.Column("name_key", sa.String(), nullable=False, server_default=""))
    _fold_names()
    op.create_index("ix_customers_name_key", "customers", ["name_key"])
    op.create_index("ix_customers_city", "customers", ["city"])
    op.create_index("ix_offer_lines_price_id", "offer_lines", ["price_id"])
    with op.batch_alter_table("users", schema=None) as batch_op:
        batch_op.add_column(sa.Column("phone", sa.String(), nullable=True))

    _grant()


def _fold_names() -> None:
    """Fill the keys that customers are ordered by."""
    connection = op.get_bind()
    rows = connection.execute(sa.text("SELECT id, name FROM customers")).all()
    if rows:
        keys = [{"id": number, "key": fold(name)} for number, name in rows]
        connection.execute(sa.text("UPDATE customers SET name_key = :key WHERE id = :id"), keys)


def _grant() -> None:
    """Give the levels of a database in use the rights of the new resources."""
    connection = op.get_bind()
    known = set(connection.execute(sa.text("SELECT code FROM roles")).scalars())
    statement = sa.text(
        "INSERT INTO grants (role_code, resource_name, action, scope, hidden_fields, version) "
        "VALUES (:role, :resource, :action, :scope, '[]', 1)"
    )
    for role in known & _RIGHTS.keys():
        for resource, (scope, actions) in _RIGHTS[role].items():
            for action in actions:
                values = {"role": role, "resource": resource, "action": action, "scope": scope}
                connection.execute(statement, values)


def downgrade() -> None:
    """Undo: Screens: browser sessions, saved views, pages, embedding hosts"""

    op.execute("DELETE FROM grants WHERE resource_name IN ('page', 'view', 'embedding')")
    for table in ("saved_views", "browser_sessions", "help_pages", "embedding_hosts"):
        op.drop_table(table)
    op.create_index("ix_opportunities_stage_code", "opportunities", ["stage_code"])
    for name, _moment in _INDEXES:
        op.drop_index(name, "opportunities")
    op.drop_index("ix_opportunities_opened_on", "opportunities")
    op.drop_index("ix_offer_lines_price_id", "offer_lines")
    op.drop_index("ix_customers_city", "customers")
    op.drop_index("ix_customers_name_key", "customers")
    op.create_index("ix_activities_assignee_id", "activities", ["assignee_id"])
    for name in ("state_due", "customer_contact", "assignee_state_due", "starts_at", "done_at"):
        op.drop_index(f"ix_activities_{name}", "activities")
    # Not in batch mode: it would make the tables anew, which foreign keys to them forbid.
    for table, column in _COLUMNS:
        op.drop_column(table, column)
