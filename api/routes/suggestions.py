"""What to ask on a screen."""

from typing import Annotated

from fastapi import APIRouter, Query
from pydantic import BaseModel

from api.deps import ActorDep
from assistant.suggestions import suggested

router = APIRouter(prefix="/api/v1", tags=["assistant"])


class Suggestions(BaseModel):
    """Questions in the user's language, the most useful first."""

    questions: list[str]


@router.get("/suggestions")
def suggestions(actor: ActorDep, screen: Annotated[str, Query(max_length=120)] = "") -> Suggestions:
    """Two or three questions that are often asked on the screen with this id, and are answered by the pages."""
    return Suggestions(questions=suggested(screen, actor))
