"""What goes with an offer and becomes of it: approval, library, templates, mails, links, decisions, requests"""

import sqlalchemy as sa
from alembic import op

import crm.tables.base

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

# Rights and rules for databases that are in use; new ones get theirs from the defaults.
_CRUD = ("read", "create", "update", "delete")
_READ = _CRUD[:1]
_RIGHTS: dict[str, dict[str, tuple[str, ...]]] = {
    "administrator": {"margin": _CRUD, "template": _CRUD, "attachment": _CRUD, "offer": ("undo",)},
    "manager": {"margin": _READ, "template": _READ, "attachment": _CRUD, "offer": ("undo",)},
    "normal": {"template": _READ, "attachment": _READ},
    "restricted": {"template": _READ, "attachment": _READ},
}
_TYPES = (
    ("offer_accepted", "won", '{"hu": "Ajánlat elfogadva", "pl": "Oferta przyjęta", "en": "Offer accepted"}'),
    ("offer_declined", "lost", '{"hu": "Ajánlat elutasítva", "pl": "Oferta odrzucona", "en": "Offer declined"}'),
)


def upgrade() -> None:
    """What goes with an offer and becomes of it: approval, library, templates, mails, links, decisions, requests"""
    op.create_table(
        "attachments",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(), nullable=False),
        sa.Column("title", sa.String(), nullable=False),
        sa.Column("folder", sa.String(), nullable=False),
        sa.Column("language", sa.String(), nullable=True),
        sa.Column("filename", sa.String(), nullable=False),
        sa.Column("media_type", sa.String(), nullable=False),
        sa.Column("size", sa.BigInteger(), nullable=False),
        sa.Column("pages", sa.Integer(), nullable=False),
        sa.Column("sha256", sa.String(), nullable=False),
        sa.Column("path", sa.String(), nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("automatic", sa.Boolean(), nullable=False),
        sa.Column("languages", sa.JSON(), nullable=False),
        sa.Column("segments", sa.JSON(), nullable=False),
        sa.Column("categories", sa.JSON(), nullable=False),
        sa.Column("skus", sa.JSON(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", crm.tables.base.UtcDateTime(timezone=True), nullable=False),
        sa.Column("updated_at", crm.tables.base.UtcDateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_attachments")),
        sa.UniqueConstraint("code", name=op.f("uq_attachments_code")),
    )
    op.create_index(op.f("ix_attachments_folder"), "attachments", ["folder"], unique=False)
    op.create_table(
        "offer_templates",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("language", sa.String(), nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("standard", sa.Boolean(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", crm.tables.base.UtcDateTime(timezone=True), nullable=False),
        sa.Column("updated_at", crm.tables.base.UtcDateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_offer_templates")),
        sa.UniqueConstraint("code", name=op.f("uq_offer_templates_code")),
    )
    op.create_table(
        "approval_limits",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("role_code", sa.String(), nullable=False),
        sa.Column("category", sa.String(), nullable=False),
        sa.Column("discount_percent", crm.tables.base.ExactDecimal(), nullable=True),
        sa.Column("margin_percent", crm.tables.base.ExactDecimal(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["role_code"], ["roles.code"], name=op.f("fk_approval_limits_role_code_roles")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_approval_limits")),
        sa.UniqueConstraint("role_code", "category", name=op.f("uq_approval_limits_role_code_category")),
    )
    op.create_table(
        "offer_template_versions",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("template_id", sa.Integer(), nullable=False),
        sa.Column("ordinal", sa.Integer(), nullable=False),
        sa.Column("filename", sa.String(), nullable=False),
        sa.Column("path", sa.String(), nullable=False),
        sa.Column("sha256", sa.String(), nullable=False),
        sa.Column("uploaded_by_id", sa.Integer(), nullable=True),
        sa.Column("made_at", crm.tables.base.UtcDateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["template_id"], ["offer_templates.id"], name=op.f("fk_offer_template_versions_template_id_offer_templates")
        ),
        sa.ForeignKeyConstraint(
            ["uploaded_by_id"], ["users.id"], name=op.f("fk_offer_template_versions_uploaded_by_id_users")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_offer_template_versions")),
        sa.UniqueConstraint("template_id", "ordinal", name=op.f("uq_offer_template_versions_template_id_ordinal")),
    )
    op.create_table(
        "offer_request_files",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("conversation_id", sa.Integer(), nullable=True),
        sa.Column("filename", sa.String(), nullable=False),
        sa.Column("size", sa.BigInteger(), nullable=False),
        sa.Column("sha256", sa.String(), nullable=False),
        sa.Column("places", sa.JSON(), nullable=False),
        sa.Column("recognised", sa.JSON(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("offer_number", sa.String(), nullable=True),
        sa.Column("created_at", crm.tables.base.UtcDateTime(timezone=True), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["conversation_id"], ["conversations.id"], name=op.f("fk_offer_request_files_conversation_id_conversations")
        ),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_offer_request_files_user_id_users")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_offer_request_files")),
        sa.UniqueConstraint("code", name=op.f("uq_offer_request_files_code")),
    )
    op.create_index(
        op.f("ix_offer_request_files_conversation_id"), "offer_request_files", ["conversation_id"], unique=False
    )
    op.create_index(op.f("ix_offer_request_files_user_id"), "offer_request_files", ["user_id"], unique=False)
    op.create_table(
        "acceptance_links",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(), nullable=False),
        sa.Column("offer_id", sa.Integer(), nullable=False),
        sa.Column("offer_version_id", sa.Integer(), nullable=False),
        sa.Column("token_sha256", sa.String(), nullable=False),
        sa.Column("made_by_id", sa.Integer(), nullable=True),
        sa.Column("made_at", crm.tables.base.UtcDateTime(timezone=True), nullable=False),
        sa.Column("expires_at", crm.tables.base.UtcDateTime(timezone=True), nullable=False),
        sa.Column("revoked_at", crm.tables.base.UtcDateTime(timezone=True), nullable=True),
        sa.Column("opened_at", crm.tables.base.UtcDateTime(timezone=True), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["made_by_id"], ["users.id"], name=op.f("fk_acceptance_links_made_by_id_users")),
        sa.ForeignKeyConstraint(["offer_id"], ["offers.id"], name=op.f("fk_acceptance_links_offer_id_offers")),
        sa.ForeignKeyConstraint(
            ["offer_version_id"],
            ["offer_versions.id"],
            name=op.f("fk_acceptance_links_offer_version_id_offer_versions"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_acceptance_links")),
        sa.UniqueConstraint("code", name=op.f("uq_acceptance_links_code")),
        sa.UniqueConstraint("token_sha256", name=op.f("uq_acceptance_links_token_sha256")),
    )
    op.create_index(op.f("ix_acceptance_links_offer_id"), "acceptance_links", ["offer_id"], unique=False)
    op.create_table(
        "approval_requests",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(), nullable=False),
        sa.Column("offer_id", sa.Integer(), nullable=False),
        sa.Column("offer_version_id", sa.Integer(), nullable=False),
        sa.Column("asked_by_id", sa.Integer(), nullable=False),
        sa.Column("delegate_id", sa.Integer(), nullable=True),
        sa.Column("delegated_at", crm.tables.base.UtcDateTime(timezone=True), nullable=True),
        sa.Column("reasons", sa.JSON(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("decided_by_id", sa.Integer(), nullable=True),
        sa.Column("decided_at", crm.tables.base.UtcDateTime(timezone=True), nullable=True),
        sa.Column("comment", sa.String(), nullable=True),
        sa.Column("created_at", crm.tables.base.UtcDateTime(timezone=True), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["asked_by_id"], ["users.id"], name=op.f("fk_approval_requests_asked_by_id_users")),
        sa.ForeignKeyConstraint(["decided_by_id"], ["users.id"], name=op.f("fk_approval_requests_decided_by_id_users")),
        sa.ForeignKeyConstraint(["delegate_id"], ["users.id"], name=op.f("fk_approval_requests_delegate_id_users")),
        sa.ForeignKeyConstraint(["offer_id"], ["offers.id"], name=op.f("fk_approval_requests_offer_id_offers")),
        sa.ForeignKeyConstraint(
            ["offer_version_id"],
            ["offer_versions.id"],
            name=op.f("fk_approval_requests_offer_version_id_offer_versions"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_approval_requests")),
        sa.UniqueConstraint("code", name=op.f("uq_approval_requests_code")),
        sa.UniqueConstraint("offer_version_id", name=op.f("uq_approval_requests_offer_version_id")),
    )
    op.create_index(op.f("ix_approval_requests_offer_id"), "approval_requests", ["offer_id"], unique=False)
    op.create_index(op.f("ix_approval_requests_state"), "approval_requests", ["state"], unique=False)
    op.create_table(
        "offer_attachments",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("offer_version_id", sa.Integer(), nullable=False),
        sa.Column("attachment_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("title", sa.String(), nullable=False),
        sa.Column("filename", sa.String(), nullable=False),
        sa.Column("media_type", sa.String(), nullable=False),
        sa.Column("sha256", sa.String(), nullable=False),
        sa.Column("path", sa.String(), nullable=False),
        sa.Column("why", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(
            ["attachment_id"], ["attachments.id"], name=op.f("fk_offer_attachments_attachment_id_attachments")
        ),
        sa.ForeignKeyConstraint(
            ["offer_version_id"],
            ["offer_versions.id"],
            name=op.f("fk_offer_attachments_offer_version_id_offer_versions"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_offer_attachments")),
        sa.UniqueConstraint(
            "offer_version_id", "attachment_id", name=op.f("uq_offer_attachments_offer_version_id_attachment_id")
        ),
    )
    op.create_table(
        "offer_mails",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(), nullable=False),
        sa.Column("offer_id", sa.Integer(), nullable=False),
        sa.Column("offer_version_id", sa.Integer(), nullable=False),
        sa.Column("purpose", sa.String(), nullable=False),
        sa.Column("sender", sa.String(), nullable=False),
        sa.Column("recipients", sa.JSON(), nullable=False),
        sa.Column("copies", sa.JSON(), nullable=False),
        sa.Column("subject", sa.String(), nullable=False),
        sa.Column("body", sa.String(), nullable=False),
        sa.Column("files", sa.JSON(), nullable=False),
        sa.Column("digest", sa.String(), nullable=False),
        sa.Column("message_id", sa.String(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("confirmed_by_id", sa.Integer(), nullable=True),
        sa.Column("confirmed_at", crm.tables.base.UtcDateTime(timezone=True), nullable=False),
        sa.Column("claim", sa.String(), nullable=True),
        sa.Column("claimed_at", crm.tables.base.UtcDateTime(timezone=True), nullable=True),
        sa.Column("due_at", crm.tables.base.UtcDateTime(timezone=True), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("sent_at", crm.tables.base.UtcDateTime(timezone=True), nullable=True),
        sa.Column("fault", sa.String(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["confirmed_by_id"], ["users.id"], name=op.f("fk_offer_mails_confirmed_by_id_users")),
        sa.ForeignKeyConstraint(["offer_id"], ["offers.id"], name=op.f("fk_offer_mails_offer_id_offers")),
        sa.ForeignKeyConstraint(
            ["offer_version_id"], ["offer_versions.id"], name=op.f("fk_offer_mails_offer_version_id_offer_versions")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_offer_mails")),
        sa.UniqueConstraint("code", name=op.f("uq_offer_mails_code")),
        sa.UniqueConstraint("message_id", name=op.f("uq_offer_mails_message_id")),
    )
    op.create_index(op.f("ix_offer_mails_offer_id"), "offer_mails", ["offer_id"], unique=False)
    op.create_index(op.f("ix_offer_mails_state"), "offer_mails", ["state"], unique=False)
    op.create_table(
        "offer_decisions",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(), nullable=False),
        sa.Column("offer_id", sa.Integer(), nullable=False),
        sa.Column("offer_version_id", sa.Integer(), nullable=False),
        sa.Column("link_id", sa.Integer(), nullable=True),
        sa.Column("decision", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("comment", sa.String(), nullable=False),
        sa.Column("reason", sa.String(), nullable=True),
        sa.Column("taken", sa.JSON(), nullable=False),
        sa.Column("net", crm.tables.base.ExactDecimal(), nullable=False),
        sa.Column("vat", crm.tables.base.ExactDecimal(), nullable=False),
        sa.Column("gross", crm.tables.base.ExactDecimal(), nullable=False),
        sa.Column("signature", sa.String(), nullable=True),
        sa.Column("at", crm.tables.base.UtcDateTime(timezone=True), nullable=False),
        sa.Column("address", sa.String(), nullable=False),
        sa.Column("pdf_sha256", sa.String(), nullable=False),
        sa.Column("stamped_path", sa.String(), nullable=True),
        sa.Column("stamped_sha256", sa.String(), nullable=True),
        sa.Column("undone_at", crm.tables.base.UtcDateTime(timezone=True), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["link_id"], ["acceptance_links.id"], name=op.f("fk_offer_decisions_link_id_acceptance_links")
        ),
        sa.ForeignKeyConstraint(["offer_id"], ["offers.id"], name=op.f("fk_offer_decisions_offer_id_offers")),
        sa.ForeignKeyConstraint(
            ["offer_version_id"], ["offer_versions.id"], name=op.f("fk_offer_decisions_offer_version_id_offer_versions")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_offer_decisions")),
        sa.UniqueConstraint("code", name=op.f("uq_offer_decisions_code")),
    )
    op.create_index(op.f("ix_offer_decisions_offer_id"), "offer_decisions", ["offer_id"], unique=False)
    _allow()


def _allow() -> None:
    """Give the levels of a database in use the new rights, and its pipeline the steps of the customer's decision."""
    connection = op.get_bind()
    levels = set(connection.execute(sa.text("SELECT code FROM roles")).scalars())
    granted = sa.text(
        "INSERT INTO grants (role_code, resource_name, action, scope, hidden_fields, version) "
        "VALUES (:role, :resource, :action, 'all', '[]', 1)"
    )
    for role in sorted(levels & _RIGHTS.keys()):
        for resource, actions in _RIGHTS[role].items():
            for action in actions:
                connection.execute(granted, {"role": role, "resource": resource, "action": action})
    stages = set(connection.execute(sa.text("SELECT code FROM stages")).scalars())
    for code, stage, names in _TYPES:
        if not {"decision", stage} <= stages:
            continue
        connection.execute(
            sa.text("INSERT INTO activity_types (code, names, moves_to, version) VALUES (:code, :names, :stage, 1)"),
            {"code": code, "names": names, "stage": stage},
        )
        connection.execute(
            sa.text(
                "INSERT INTO transitions (from_stage, to_stage, trigger, action, version) "
                "VALUES ('decision', :stage, 'activity', 'transition', 1)"
            ),
            {"stage": stage},
        )


def downgrade() -> None:
    """Undo: What goes with an offer and becomes of it"""
    op.execute("DELETE FROM transitions WHERE from_stage = 'decision' AND trigger = 'activity'")
    op.execute("DELETE FROM activity_types WHERE code IN ('offer_accepted', 'offer_declined')")
    op.execute("DELETE FROM grants WHERE resource_name IN ('margin', 'template', 'attachment')")
    op.execute("DELETE FROM grants WHERE resource_name = 'offer' AND action = 'undo'")
    for table in (
        "offer_decisions",
        "acceptance_links",
        "offer_mails",
        "offer_attachments",
        "approval_requests",
        "offer_request_files",
        "offer_template_versions",
        "offer_templates",
        "approval_limits",
        "attachments",
    ):
        op.drop_table(table)
