"""What a follow-up may lean on: the user's own message before it, and the typed part of our reply to that."""

from collections.abc import Sequence
from dataclasses import dataclass

from assistant.reply import Citation, Reply
from core.language import LANGUAGES, Language
from crm.tables import Message
from offers.answers import Pending

# Under what a reply keeps the message it answers where that was rewritten, and the language that is written in.
ASKED, READ_IN = "asked", "read_in"


@dataclass(frozen=True)
class Earlier:
    """The exchange before. `asked` is the user's message as it was understood, written in `read_in`; `language` that
    of the reply. Of the reply no text is used: it may quote what others wrote."""

    asked: str
    read_in: Language
    language: Language
    kind: str
    abstained: bool
    pages: tuple[Citation, ...]
    customer: str | None
    offer_state: str | None


def earlier(before: Sequence[Message]) -> Earlier | None:
    """The last whole exchange of `before`, oldest first; None where there is none, or the last reply asked back."""
    if len(before) < 2 or before[-1].role != "assistant" or not before[-1].reply:
        return None
    reply = Reply.model_validate(before[-1].reply)
    if reply.kind == "clarification":
        return None
    asked = _asked(before)
    if asked is None:
        return None
    kept = before[-1].reply.get(READ_IN)
    return Earlier(
        asked=asked,
        read_in=next((code for code in LANGUAGES if code == kept), reply.language),
        language=reply.language,
        kind=reply.kind,
        abstained=reply.abstained,
        pages=tuple(c for c in reply.citations if ":" not in c.page_id),
        customer=_customer(reply),
        offer_state=reply.offer.state if reply.offer is not None else None,
    )


def _asked(before: Sequence[Message]) -> str | None:
    """The message the last reply answers: rewritten where it was, and where it answered a question of ours, the
    prompt that the question was about."""
    reply = before[-1].reply or {}
    rewritten = reply.get(ASKED)
    if isinstance(rewritten, str):
        return rewritten
    if before[-2].role != "user":
        return None
    if len(before) > 2 and reply.get("kind") == "offer" and before[-3].reply:
        waiting = before[-3].reply.get("pending")
        if waiting:
            return Pending.model_validate(waiting).prompt
    return before[-2].text


def _customer(reply: Reply) -> str | None:
    """The one customer the reply is about, by code."""
    codes = {c.page_id.removeprefix("customer:") for c in reply.citations if c.page_id.startswith("customer:")}
    if reply.offer is not None:
        codes.add(reply.offer.customer.code)
    return codes.pop() if len(codes) == 1 else None


def as_asked(before: Sequence[Message]) -> list[str]:
    """The texts of `before`, those of the user as they were understood."""
    texts = [message.text for message in before]
    for at, message in enumerate(before):
        rewritten = (message.reply or {}).get(ASKED)
        if at and isinstance(rewritten, str):
            texts[at - 1] = rewritten
    return texts
