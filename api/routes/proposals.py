"""Changes asked for in a chat, as the person they were shown to decides about them."""

from fastapi import APIRouter
from pydantic import BaseModel, ConfigDict, Field

from api.deps import ActorDep, PartsDep
from assistant.changes.views import proposal_view
from assistant.reply import ProposalView
from core.errors import AppError
from crm import proposals

router = APIRouter(prefix="/api/v1/proposals", tags=["proposals"])


class Confirmation(BaseModel):
    """Which items are to be done (numbers from 1; all open ones where none are named), and what the person corrected:
    by item number, the new values by the name of their input, as texts; empty for nothing."""

    model_config = ConfigDict(extra="forbid")

    items: list[int] | None = Field(default=None, max_length=50)
    edits: dict[int, dict[str, str | None]] = Field(default_factory=dict, max_length=50)


class Rejection(BaseModel):
    """Why the person decided against the changes; kept as the feedback it is."""

    model_config = ConfigDict(extra="forbid")

    reason: str | None = Field(default=None, max_length=1000)


@router.get("/{code}")
def show(actor: ActorDep, parts: PartsDep, code: str) -> ProposalView:
    """One of the user's own proposals as it stands now."""
    return proposal_view(parts.engine, actor, code)


@router.post("/{code}/confirm")
def confirm(actor: ActorDep, parts: PartsDep, code: str, body: Confirmation | None = None) -> ProposalView:
    """Do the chosen items, each once or not at all; what became of each is in the answer. 409 where the proposal was
    decided or has expired, 422 where a correction does not do: then nothing was done."""
    chosen = body or Confirmation()
    proposals.confirm(parts.engine, actor, code, chosen.items, chosen.edits)
    return proposal_view(parts.engine, actor, code)


@router.post("/{code}/reject")
def reject(actor: ActorDep, parts: PartsDep, code: str, body: Rejection | None = None) -> ProposalView:
    """Decide against what is still open."""
    proposals.reject(parts.engine, actor, code, body.reason if body else None)
    return proposal_view(parts.engine, actor, code)


@router.post("/{code}/undo")
def undo(actor: ActorDep, parts: PartsDep, code: str) -> ProposalView:
    """Take back what was done, all of it or nothing. 409 where something was built on it."""
    proposals.undo(parts.engine, actor, code)
    return proposal_view(parts.engine, actor, code)


@router.post("/{code}/again", status_code=201)
def again(actor: ActorDep, parts: PartsDep, code: str) -> ProposalView:
    """Propose anew what was left undone, against the records as they are now."""
    made, refused = proposals.propose_again(parts.engine, actor, code)
    if made is None:
        raise refused[0].error if refused else AppError("proposal_nothing_left", 409, proposal=code[:60])
    return proposal_view(parts.engine, actor, made)
