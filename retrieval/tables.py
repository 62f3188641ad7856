"""The index in SQL. It is a cache of the pages: another `SCHEMA` number throws it away."""

from sqlalchemy import (
    JSON,
    Column,
    Date,
    Engine,
    ForeignKeyConstraint,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    Text,
    inspect,
    select,
)

SCHEMA = 2

metadata = MetaData()

page_table = Table(
    "retrieval_page",
    metadata,
    Column("language", String(2), primary_key=True),
    Column("page_id", String(200), primary_key=True),
    Column("source", String(200), nullable=False, index=True),
    Column("title", Text, nullable=False),
    Column("screens", JSON, nullable=False),
    Column("audience", JSON, nullable=False),
    Column("updated", Date, nullable=False),
    Column("fingerprint", String(64), nullable=False),
)

passage_table = Table(
    "retrieval_passage",
    metadata,
    Column("passage_id", String(32), primary_key=True),
    Column("language", String(2), nullable=False),
    Column("page_id", String(200), nullable=False),
    Column("ordinal", Integer, nullable=False),
    Column("section", Text, nullable=False),
    Column("anchor", Text, nullable=False),
    Column("text", Text, nullable=False),
    # The embedder sees title, section and text; this hash of the three says whether it must look again.
    Column("text_hash", String(64), nullable=False),
    # Little-endian float32, a unit vector of `retrieval_state.dimension` numbers.
    Column("vector", LargeBinary, nullable=False),
    ForeignKeyConstraint(["language", "page_id"], ["retrieval_page.language", "retrieval_page.page_id"]),
)

# The words of all passages, for an embedder that embeds single words: in lower case, unit vectors as above.
word_table = Table(
    "retrieval_word",
    metadata,
    Column("word", String(40), primary_key=True),
    Column("vector", LargeBinary, nullable=False),
)

state_table = Table(
    "retrieval_state",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("schema", Integer, nullable=False),
    Column("generation", Integer, nullable=False),
    Column("embedder", String(300), nullable=False),
    Column("dimension", Integer, nullable=False),
    # SHA-256 over the passage ids in order: what the vector store must hold.
    Column("fingerprint", String(64), nullable=False),
)


def create(engine: Engine) -> None:
    """Makes the tables where they are missing; an index of another `SCHEMA` is dropped first, and the
    next sync fills it again from the pages."""
    if inspect(engine).has_table(state_table.name):
        with engine.connect() as connection:
            found = connection.execute(select(state_table.c.schema)).scalar()
        if found not in (None, SCHEMA):
            metadata.drop_all(engine)
    metadata.create_all(engine)
