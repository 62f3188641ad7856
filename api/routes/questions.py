"""Questions without a good answer, for those who write help pages."""

from datetime import datetime

from fastapi import APIRouter
from pydantic import BaseModel

from api.deps import ActorDep, PartsDep
from crm import open_questions
from crm.open_questions import QuestionGroup, State
from crm.session import unit

router = APIRouter(prefix="/api/v1", tags=["assistant"])


class ReasonCount(BaseModel):
    """A reason askers chose, and how often."""

    choice: str
    count: int


class QuestionGroupView(BaseModel):
    """Questions that ask alike. `latest` is the newest wording, `latest_at` in UTC; `page_id` the page written."""

    id: str
    state: State
    count: int
    latest: str
    latest_at: datetime
    texts: list[str]
    languages: list[str]
    causes: list[str]
    reasons: list[ReasonCount]
    said: list[str]
    screens: list[str]
    page_id: str | None


class Settling(BaseModel):
    """What became of a group of questions, and the page that answers them, where there is one."""

    state: State
    page_id: str | None = None


@router.get("/questions")
def questions(actor: ActorDep, parts: PartsDep, state: State | None = None) -> list[QuestionGroupView]:
    """The groups of questions in `state`, else all, those asked most first; for who may read every question."""
    with unit(parts.engine, actor, writes=False) as session:
        return [_view(group) for group in open_questions.groups(session, state)]


@router.patch("/questions/{code}")
def settle(actor: ActorDep, parts: PartsDep, code: str, body: Settling) -> QuestionGroupView:
    """Close a group of questions, or open it again."""
    with unit(parts.engine, actor) as session:
        open_questions.settle(session, code, body.state, body.page_id)
        return _view(open_questions.group(session, code))


def _view(group: QuestionGroup) -> QuestionGroupView:
    return QuestionGroupView(
        id=group.code,
        state=group.state,
        count=group.count,
        latest=group.latest,
        latest_at=group.latest_at,
        texts=list(group.texts),
        languages=list(group.languages),
        causes=list(group.causes),
        reasons=[ReasonCount(choice=choice, count=count) for choice, count in group.reasons],
        said=list(group.said),
        screens=list(group.screens),
        page_id=group.page_id,
    )
