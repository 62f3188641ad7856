"""Whether the service is well."""

from fastapi import APIRouter
from pydantic import BaseModel
from sqlalchemy import text

from api.deps import PartsDep
from api.home import home_mark, index_generation

router = APIRouter(tags=["health"])


class Health(BaseModel):
    """`ok` when the database answers; `home` tells one home from another; `model` says whether one is configured."""

    status: str
    home: str
    database: str
    index_generation: int
    model: bool


@router.get("/healthz")
def healthz(parts: PartsDep) -> Health:
    """The state of the service."""
    with parts.engine.connect() as connection:
        connection.execute(text("SELECT 1"))
    return Health(
        status="ok",
        home=home_mark(parts.settings),
        database=parts.engine.dialect.name,
        index_generation=index_generation(parts.engine),
        model=parts.model is not None,
    )
