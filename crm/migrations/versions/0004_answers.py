"""Answers: proposals, open questions, hand-overs, documents, usage"""

import sqlalchemy as sa
from alembic import op

import crm.tables.base

revision = "0004"
down_revision = "0003"
# Rights of the new resources for levels that are there already; new databases get theirs from the defaults.
_CRUD = ("read", "create", "update", "delete")
_RIGHTS: dict[str, dict[str, tuple[str, tuple[str, ...]]]] = {
    "administrator": {"question": ("all", _CRUD), "usage": ("all", _CRUD[:1])},
    **{
        level: {"question": ("own", _CRUD), "usage": ("own", _CRUD[:1])}
        for level in ("manager", "normal", "restricted")
    },
}
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Answers: proposals, open questions, hand-overs, documents, usage"""
    op.create_table(
        "knowledge_documents",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(), nullable=False),
        sa.Column("title", sa.String(), nullable=False),
        sa.Column("filename", sa.String(), nullable=False),
        sa.Column("media_type", sa.String(), nullable=False),
        sa.Column("language", sa.String(), nullable=False),
        sa.Column("audience", sa.JSON(), nullable=False),
        sa.Column("screens", sa.JSON(), nullable=False),
        sa.Column("hidden", sa.Boolean(), nullable=False),
        sa.Column("body", sa.String(), nullable=False),
        sa.Column("pages", sa.Integer(), nullable=False),
        sa.Column("size", sa.BigInteger(), nullable=False),
        sa.Column("sha256", sa.String(), nullable=False),
        sa.Column("uploaded_by_id", sa.Integer(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", crm.tables.base.UtcDateTime(timezone=True), nullable=False),
        sa.Column("updated_at", crm.tables.base.UtcDateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["uploaded_by_id"], ["users.id"], name=op.f("fk_knowledge_documents_uploaded_by_id_users")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_knowledge_documents")),
        sa.UniqueConstraint("code", name=op.f("uq_knowledge_documents_code")),
    )
    op.create_table(
        "model_usage",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("calls", sa.Integer(), nullable=False),
        sa.Column("tokens_in", sa.BigInteger(), nullable=False),
        sa.Column("tokens_out", sa.BigInteger(), nullable=False),
        sa.Column("milliseconds", sa.BigInteger(), nullable=False),
        sa.Column("cost_millionths", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_model_usage_user_id_users")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_model_usage")),
        sa.UniqueConstraint("user_id", "day", name=op.f("uq_model_usage_user_id_day")),
    )
    with op.batch_alter_table("model_usage", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_model_usage_day"), ["day"], unique=False)

    op.create_table(
        "handovers",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(), nullable=False),
        sa.Column("from_user_id", sa.Integer(), nullable=False),
        sa.Column("to_user_id", sa.Integer(), nullable=False),
        sa.Column("conversation_id", sa.Integer(), nullable=False),
        sa.Column("note", sa.String(), nullable=False),
        sa.Column("transcript", sa.JSON(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("answer", sa.String(), nullable=True),
        sa.Column("created_at", crm.tables.base.UtcDateTime(timezone=True), nullable=False),
        sa.Column("answered_at", crm.tables.base.UtcDateTime(timezone=True), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["conversation_id"], ["conversations.id"], name=op.f("fk_handovers_conversation_id_conversations")
        ),
        sa.ForeignKeyConstraint(["from_user_id"], ["users.id"], name=op.f("fk_handovers_from_user_id_users")),
        sa.ForeignKeyConstraint(["to_user_id"], ["users.id"], name=op.f("fk_handovers_to_user_id_users")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_handovers")),
        sa.UniqueConstraint("code", name=op.f("uq_handovers_code")),
    )
    with op.batch_alter_table("handovers", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_handovers_conversation_id"), ["conversation_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_handovers_from_user_id"), ["from_user_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_handovers_to_user_id"), ["to_user_id"], unique=False)

    op.create_table(
        "proposals",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("conversation_id", sa.Integer(), nullable=True),
        sa.Column("prompt_id", sa.Integer(), nullable=True),
        sa.Column("language", sa.String(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("items", sa.JSON(), nullable=False),
        sa.Column("sources", sa.JSON(), nullable=False),
        sa.Column("created_at", crm.tables.base.UtcDateTime(timezone=True), nullable=False),
        sa.Column("expires_at", crm.tables.base.UtcDateTime(timezone=True), nullable=False),
        sa.Column("decided_at", crm.tables.base.UtcDateTime(timezone=True), nullable=True),
        sa.Column("undone_at", crm.tables.base.UtcDateTime(timezone=True), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["conversation_id"], ["conversations.id"], name=op.f("fk_proposals_conversation_id_conversations")
        ),
        sa.ForeignKeyConstraint(["prompt_id"], ["prompts.id"], name=op.f("fk_proposals_prompt_id_prompts")),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_proposals_user_id_users")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_proposals")),
        sa.UniqueConstraint("code", name=op.f("uq_proposals_code")),
    )
    with op.batch_alter_table("proposals", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_proposals_conversation_id"), ["conversation_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_proposals_user_id"), ["user_id"], unique=False)

    op.create_table(
        "open_questions",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("message_id", sa.Integer(), nullable=True),
        sa.Column("cause", sa.String(), nullable=False),
        sa.Column("language", sa.String(), nullable=False),
        sa.Column("text", sa.String(), nullable=False),
        sa.Column("reason", sa.String(), nullable=True),
        sa.Column("screen", sa.String(), nullable=True),
        sa.Column("group_key", sa.String(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("page_id", sa.String(), nullable=True),
        sa.Column("asked_at", crm.tables.base.UtcDateTime(timezone=True), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["message_id"], ["messages.id"], name=op.f("fk_open_questions_message_id_messages")),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_open_questions_user_id_users")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_open_questions")),
        sa.UniqueConstraint("code", name=op.f("uq_open_questions_code")),
    )
    with op.batch_alter_table("open_questions", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_open_questions_group_key"), ["group_key"], unique=False)
        batch_op.create_index(batch_op.f("ix_open_questions_message_id"), ["message_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_open_questions_state"), ["state"], unique=False)
        batch_op.create_index(batch_op.f("ix_open_questions_user_id"), ["user_id"], unique=False)

    op.add_column("conversations", sa.Column("erased_at", crm.tables.base.UtcDateTime(timezone=True), nullable=True))
    op.add_column("messages", sa.Column("sha256", sa.String(), nullable=True))
    op.add_column("prompts", sa.Column("conversation_id", sa.Integer(), nullable=True))
    op.create_index("ix_prompts_conversation_id", "prompts", ["conversation_id"])
    _grant()


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
    """Undo: Answers: proposals, open questions, hand-overs, documents, usage"""
    op.execute("DELETE FROM grants WHERE resource_name IN ('question', 'usage')")
    op.drop_index("ix_prompts_conversation_id", "prompts")
    for table, column in (("prompts", "conversation_id"), ("messages", "sha256"), ("conversations", "erased_at")):
        op.drop_column(table, column)
    for table in ("proposals", "open_questions", "handovers", "model_usage", "knowledge_documents"):
        op.drop_table(table)
