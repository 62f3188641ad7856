"""Making a proposal: what each change would do is tried out, taken back, and kept to be shown."""

import secrets
from dataclasses import dataclass

from sqlalchemy import Engine, select

from core import clock
from core.errors import AppError, NotFound
from core.language import Language
from crm import audit
from crm.actor import Actor
from crm.proposals.evidence import try_out
from crm.proposals.items import Item, stored
from crm.proposals.reading import OPEN_FOR, expire, read
from crm.session import unit
from crm.tables import Conversation, Proposal

MOST_ITEMS = 20
# No letters and digits that are taken for one another.
_SIGNS = "ABCDEFGHJKMNPQRSTVWXYZ23456789"
_LENGTH = 8


@dataclass(frozen=True)
class Asked:
    """What a proposal comes from: the person's own words, the records they were read with, the language it is shown
    in, and the code of the conversation."""

    prompt: str
    language: Language
    sources: tuple[str, ...] = ()
    conversation: str | None = None


@dataclass(frozen=True)
class Refused:
    """A change that was asked for and cannot be: a right that lacks, a rule, a faulty value."""

    item: Item
    error: AppError


def _code() -> str:
    return "P" + "".join(secrets.choice(_SIGNS) for _ in range(_LENGTH))


def propose(engine: Engine, actor: Actor, items: list[Item], asked: Asked) -> tuple[str | None, list[Refused]]:
    """Keep the `items` that the actor may do now as one open proposal; its code, and the items that were refused.

    No code where none is left: then nothing is kept. Nothing is changed but that. Raises `AppError` for too many,
    and `NotFound` where the conversation was erased meanwhile.
    """
    if len(items) > MOST_ITEMS:
        raise AppError("proposal_too_many", 422, most=MOST_ITEMS)
    expire(engine, actor)
    fresh = [i.model_copy(update={"state": "open", "made": (), "problem": None, "instead": ()}) for i in items]
    tried = try_out(engine, actor, fresh)
    refused = [Refused(item, e) for item, e in zip(fresh, tried, strict=True) if isinstance(e, AppError)]
    possible = tuple(item for item in tried if not isinstance(item, AppError))
    if not possible:
        return None, refused
    with unit(engine, actor) as session:
        cause = audit.keep_prompt(session, asked.prompt, asked.sources, asked.conversation)
        thread = None
        if asked.conversation is not None:
            thread = session.scalar(select(Conversation).where(Conversation.code == asked.conversation))
        if thread is not None and thread.erased_at is not None:
            # Erased while the answer was made: nothing of it is kept.
            raise NotFound("conversation", thread.code)
        made = clock.now()
        proposal = Proposal(
            code=_code(),
            user_id=actor.user_id,
            conversation_id=thread.id if thread else None,
            prompt_id=cause.prompt_id,
            language=asked.language,
            state="open",
            items=stored(possible),
            sources=list(asked.sources),
            created_at=made,
            expires_at=made + OPEN_FOR,
        )
        session.add(proposal)
        session.flush()
        return proposal.code, refused


def propose_again(engine: Engine, actor: Actor, code: str) -> tuple[str | None, list[Refused]]:
    """A new proposal of what was left undone in an old one, against the records as they are now.

    Raises `NotFound`, and `AppError("proposal_nothing_left")` where all of it was done or it is still open.
    """
    old = read(engine, actor, code)
    left = [item for item in old.items if item.state == "failed" or (old.state == "expired" and item.state == "open")]
    if old.state == "open" or not left:
        raise AppError("proposal_nothing_left", 409, proposal=old.code)
    asked = Asked(old.prompt or "", old.language, (f"proposal:{old.code}",), old.conversation)
    return propose(engine, actor, left, asked)
