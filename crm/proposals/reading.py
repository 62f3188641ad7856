"""Proposals as their owner finds them: each in its state by the clock."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Engine, select

from core import clock
from core.errors import AppError, NotFound
from core.language import Language
from crm import audit
from crm.actor import Actor
from crm.people import as_language
from crm.proposals.items import Item, loaded
from crm.session import CrmSession, unit
from crm.tables import Conversation, Prompt, Proposal

# Long enough to read and correct, short enough that nobody confirms what they forgot.
OPEN_FOR = timedelta(minutes=15)
_MOST = 50


@dataclass(frozen=True)
class Kept:
    """A proposal, good beyond the unit of work. `prompt` is what its person wrote; none once that was erased."""

    code: str
    state: str
    language: Language
    items: tuple[Item, ...]
    created_at: datetime
    expires_at: datetime
    decided_at: datetime | None
    undone_at: datetime | None
    prompt: str | None
    conversation: str | None


def kept(session: CrmSession, proposal: Proposal) -> Kept:
    """`proposal` with its items read."""
    prompt = session.get(Prompt, proposal.prompt_id) if proposal.prompt_id else None
    thread = session.get(Conversation, proposal.conversation_id) if proposal.conversation_id else None
    return Kept(
        proposal.code,
        proposal.state,
        as_language(proposal.language),
        loaded(proposal.items),
        proposal.created_at,
        proposal.expires_at,
        proposal.decided_at,
        proposal.undone_at,
        prompt.text if prompt is not None else None,
        thread.code if thread is not None else None,
    )


def by_code(session: CrmSession, code: str) -> Proposal:
    """The actor's own proposal with this code. Raises `NotFound`, also for that of somebody else."""
    found = session.scalar(select(Proposal).where(Proposal.code == code.strip().upper()))
    if found is None:
        raise NotFound("proposal", code[:60])
    return found


def because(session: CrmSession, proposal: Proposal) -> None:
    """Make the prompt behind `proposal` the cause of what this unit of work changes."""
    if proposal.prompt_id is not None:
        audit.because(session, proposal.prompt_id, tuple(map(str, proposal.sources)))


def expire(engine: Engine, actor: Actor) -> None:
    """Note every proposal of the actor that has waited too long as expired; what of it was done stays done."""
    late = select(Proposal).where(Proposal.state == "open", Proposal.expires_at <= clock.now())
    with unit(engine, actor, writes=False) as session:
        if session.scalars(late.limit(1)).first() is None:
            return
    try:
        with unit(engine, actor) as session:
            for proposal in session.scalars(late):
                proposal.state = "expired"
    except AppError as overtaken:
        # Another look at the same proposal has noted it already.
        if overtaken.code != "conflict":
            raise


def read(engine: Engine, actor: Actor, code: str) -> Kept:
    """The actor's proposal with this code. Raises `NotFound`."""
    expire(engine, actor)
    with unit(engine, actor, writes=False) as session:
        return kept(session, by_code(session, code))


def own(engine: Engine, actor: Actor, *, conversation: str | None = None, state: str | None = None) -> list[Kept]:
    """The actor's proposals, newest first, at most 50; of one conversation or in one state if that is said."""
    expire(engine, actor)
    with unit(engine, actor, writes=False) as session:
        query = select(Proposal).order_by(Proposal.id.desc()).limit(_MOST)
        if conversation is not None:
            thread = session.scalar(select(Conversation).where(Conversation.code == conversation))
            if thread is None:
                return []
            query = query.where(Proposal.conversation_id == thread.id)
        if state is not None:
            query = query.where(Proposal.state == state)
        return [kept(session, proposal) for proposal in session.scalars(query)]
