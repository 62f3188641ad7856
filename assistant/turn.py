"""One turn of a conversation: keep the message, decide, answer, keep the reply, and say so as it happens."""

import asyncio
import logging
import uuid
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass, replace
from functools import partial

from assistant import attaching_way, changes, pasted_request, revising
from assistant.answering import answer
from assistant.ask import Ask
from assistant.context import Parts, Turn
from assistant.decide import Kind, decide
from assistant.events import Delta, Dropped, Failed, Finished, Started, Step, StepName, TurnEvent
from assistant.followup import Earlier, as_asked, earlier, follow
from assistant.harmless import harmless
from assistant.live import lists_offers
from assistant.lookup import look_up
from assistant.model import PastTurn
from assistant.offering import by_code, make_offer
from assistant.outcome import Outcome
from assistant.reply import ClarificationView, Reply
from assistant.stopping import stoppable_here, uninterrupted
from assistant.waiting import ChangePending, RevisePending, kept_pending
from assistant.ways import Answerer, claimed
from core.errors import AppError, say
from core.language import detect_language
from crm import chat, open_questions
from crm.actor import Actor
from crm.session import unit
from crm.tables import Message
from offers.answers import Answer, Pending
from offers.draft import screen_customer
from offers.names import VisibleNames
from offers.understand import strength

log = logging.getLogger(__name__)

_HISTORY = 6
# An answer to a clarification is short; anything longer is a message of its own.
_LONGEST_ANSWER = 60
_ABOUT_LINES = frozenset({"lines", "product", "quantity"})


@dataclass(frozen=True)
class _Kept:
    conversation: str
    message: str
    history: tuple[PastTurn, ...]
    pending: Pending | ChangePending | RevisePending | None
    earlier: Earlier | None
    offer_shown: str
    offer_before: str


def _keep_question(parts: Parts, actor: Actor, ask: Ask) -> _Kept:
    with unit(parts.engine, actor) as session:
        if ask.thread is not None:
            conversation = chat.open_thread(session, ask.thread, ask.message)
        else:
            conversation = chat.open_conversation(session, ask.conversation_id, ask.message)
        before = chat.recent(session, conversation, _HISTORY)
        message = chat.add_message(session, conversation, "user", ask.message)
        asked = as_asked(before)
        history = tuple(
            PastTurn("user" if m.role == "user" else "assistant", text) for m, text in zip(before, asked, strict=True)
        )
        last = before[-1].reply if before and before[-1].role == "assistant" else None
        waiting = last.get("pending") if last else None
        offers = _offers_of(before)
        return _Kept(
            conversation.code,
            message.code,
            history,
            kept_pending(waiting),
            earlier(before),
            offers[-1] if offers else "",
            next((number for number in reversed(offers) if number), ""),
        )


def _offers_of(before: Sequence[Message]) -> list[str]:
    """The number of the offer that each of our replies in `before` shows, empty for none."""
    shown: list[str] = []
    for message in before:
        if message.role == "assistant":
            offer = (message.reply or {}).get("offer")
            number = offer.get("number") if isinstance(offer, dict) else None
            shown.append(number if isinstance(number, str) else "")
    return shown


def _keep_reply(turn: Turn, kept: _Kept, outcome: Outcome, *, unanswered: bool = False) -> Reply:
    """Keep the reply, and where the pages held nothing to answer from, the question for those who write them.

    Raises `NotFound` where the conversation was erased meanwhile: then nothing of the turn is kept.
    """
    screen = turn.ask.screen.id if turn.ask.screen else None
    record = turn.ask.screen.record if turn.ask.screen else None
    text = harmless(outcome.text)
    with unit(turn.parts.engine, turn.actor) as session:
        conversation = chat.open_conversation(session, kept.conversation, "")
        message = chat.add_message(session, conversation, "assistant", text)
        reply = Reply(
            conversation_id=kept.conversation,
            message_id=message.code,
            kind=outcome.kind,
            language=turn.language,
            text=text,
            abstained=outcome.abstained,
            citations=list(outcome.citations),
            warnings=list(outcome.warnings),
            clarification=outcome.clarification,
            offer=outcome.offer,
            offer_changes=list(outcome.offer_changes),
            proposal=outcome.proposal,
            request=outcome.request,
            links=list(outcome.links),
            asked_as=turn.asked_as,
        )
        pending = outcome.pending.model_dump(mode="json") if outcome.pending else None
        more = {"asked": turn.ask.message, "read_in": turn.read_in} if turn.asked_as else {}
        # For those a conversation is handed to: they may see less than the asker had in front of them.
        shown = {
            "screen_record": f"{record.type}:{record.code}" if record else None,
            "from_screen": outcome.from_screen,
        }
        message.reply = {**reply.model_dump(mode="json"), "pending": pending, "screen": screen, **shown, **more}
        if unanswered:
            asked = chat.message_by_code(session, kept.message)
            open_questions.note(session, asked, "unanswered", turn.read_in, screen, turn.ask.message)
        return reply


def _answering(
    pending: Pending | ChangePending | RevisePending | None, ask: Ask, decided: "_Decided"
) -> Pending | None:
    """The waiting offer with this message as the answer, if it reads like one."""
    # "12, and premium" reads like an offer of its own; where lines were asked about it is the answer.
    asked = pending.asked if isinstance(pending, Pending) else ""
    told = decided.kind == "offer" and decided.lines_alone and asked in _ABOUT_LINES
    otherwise = (decided.kind in ("offer", "question") and not told) or decided.claimed is not None
    if not isinstance(pending, Pending) or len(ask.message) > _LONGEST_ANSWER or otherwise:
        return None
    given = Answer(field=pending.asked, value=ask.message)
    return pending.model_copy(update={"answers": (*pending.answers, given)})


@dataclass(frozen=True)
class _Decided:
    """The kind of message, and the way that claimed it where one did; `lines_alone` where it names products and no
    customer, and asks for no offer."""

    kind: Kind
    claimed: tuple[StepName, Answerer] | None = None
    lines_alone: bool = False

    @property
    def about_pages(self) -> bool:
        """Whether the pages are to answer it, not records."""
        return self.kind == "question" and self.claimed is None


def _decide(turn: Turn) -> _Decided:
    letter = pasted_request.letter_in(turn)
    if letter is not None:
        return _Decided("question", ("reading", partial(pasted_request.answered, turn, letter)))
    with unit(turn.parts.engine, turn.actor, writes=False) as session:
        seen = strength(turn.ask.message, VisibleNames(session), language=turn.read_in)
    kind = decide(turn.ask.message, seen, record_on_screen=turn.on_screen is not None)
    if kind != "offer":
        return _Decided(kind, claimed(turn, seen))
    # "Attach the terms to the offer" is about one there is.
    along = attaching_way.claim(turn, seen)
    if along is not None:
        return _Decided("question", ("revising", along))
    # "New task: follow up the offer with Kovács Kft." is no offer.
    ordered = changes.claim(turn, seen)
    if ordered is not None:
        return _Decided("question", ("proposing", ordered))
    # "The offers of Kovács Kft." asks about offers there are, not for a new one.
    listed = not seen.products and lists_offers(turn.ask.message, turn.language, make_word=seen.make_word)
    claim = claimed(turn, seen) if listed else None
    alone = bool(seen.products) and not (seen.customer or seen.named or seen.offer_word)
    return _Decided(kind if claim is None else "question", claim, alone)


def _revised(turn: Turn, pending: Pending | ChangePending | RevisePending | None) -> tuple[Turn, _Decided] | None:
    """The message as a change of an offer there is, or as the answer to a question about one; None for any other."""
    claim = revising.resumed(turn, pending) if isinstance(pending, RevisePending) else None
    if claim is None and not isinstance(pending, Pending | ChangePending):
        claim = None if attaching_way.takes_off(turn) else revising.claim(turn)
    if claim is None:
        return None
    return claim[0], _Decided("question", ("revising", claim[1]))


def _resumed(
    turn: Turn, pending: Pending | ChangePending | RevisePending | None, decided: _Decided
) -> tuple[Turn, _Decided]:
    """The message as the answer to a question about a change, in that question's language, if it reads like one."""
    if not isinstance(pending, ChangePending):
        return turn, decided
    answerer = changes.resumed(turn, pending, claimed=decided.claimed is not None, offer=decided.kind == "offer")
    if answerer is None:
        return turn, decided
    return replace(turn, language=pending.language), _Decided("question", ("proposing", answerer))


def _fresh(turn: Turn) -> Pending:
    """The message as a prompt that nothing was asked about yet."""
    return Pending(prompt=turn.ask.message, language=turn.read_in, asked="")


def _look_up(turn: Turn) -> Outcome:
    with unit(turn.parts.engine, turn.actor, writes=False) as session:
        understood = by_code(turn, _fresh(turn))(VisibleNames(session))
        shown = screen_customer(session, turn.on_screen)
        found = look_up(session, turn.ask.message, understood, shown, turn.language)
    if isinstance(found, ClarificationView):
        return Outcome("clarification", found.question, clarification=found)
    citations = tuple(source.citation() for source in found.evidence)
    return Outcome("answer", found.text, abstained=not citations, citations=citations)


async def _respond(
    turn: Turn, decided: _Decided, waiting: Pending | None
) -> AsyncIterator[Step | Delta | Dropped | Outcome]:
    kind = decided.kind
    if waiting is not None or kind == "offer":
        async for event in make_offer(turn, waiting or _fresh(turn)):
            yield event
    elif decided.claimed is not None:
        step, answerer = decided.claimed
        yield turn.step(step)
        yield await uninterrupted(answerer)
    elif kind == "lookup":
        yield turn.step("looking_up")
        yield await asyncio.to_thread(_look_up, turn)
    elif kind == "question":
        async for answered in answer(turn):
            yield answered
    else:
        yield Outcome("refusal", say("neither", turn.language), abstained=True)


async def run_turn(parts: Parts, actor: Actor, ask: Ask) -> AsyncIterator[TurnEvent]:
    """Run one turn for `actor`. The last event is `Finished`, after the reply was kept, or `Failed`.

    A turn whose task is cancelled stops at its next wait and fails with the code `stopped`; the conversation then
    holds a reply that says so, with the draft offer if one was stored by then.

    Raises `AppError` before the first event for a message or conversation that cannot be taken.
    """
    ask = ask.checked()
    language = ask.language or detect_language(ask.message, actor.language)
    kept = await uninterrupted(_keep_question, parts, actor, ask)
    yield Started(conversation_id=kept.conversation, message_id=kept.message)
    turn = Turn(
        parts,
        actor,
        ask,
        language,
        kept.history,
        kept.conversation,
        kept.message,
        offer_shown=kept.offer_shown,
        offer_before=kept.offer_before,
    )
    outcome: Outcome | None = None
    try:
        revised = None if ask.wants_offer else await asyncio.to_thread(_revised, turn, kept.pending)
        if revised is not None:
            turn, decided = revised
        else:
            turn = await asyncio.to_thread(follow, turn, kept.earlier)
            ask = turn.ask
            decided = _Decided("offer") if ask.wants_offer else await asyncio.to_thread(_decide, turn)
        if revised is None and not ask.wants_offer:
            turn, decided = _resumed(turn, kept.pending, decided)
        waiting = None if ask.wants_offer else _answering(kept.pending, ask, decided)
        if waiting is not None and ask.language is None:
            # "C0001" has no language: the answer to a question is in that of the question.
            turn = replace(turn, language=waiting.language)
        async for event in _respond(turn, decided, waiting):
            if isinstance(event, Outcome):
                outcome = event
            else:
                yield event
        if outcome is None:
            raise RuntimeError("a turn ended without an outcome")
        await stoppable_here()
        unanswered = outcome.abstained and waiting is None and decided.about_pages
        reply = await uninterrupted(_keep_reply, turn, kept, outcome, unanswered=unanswered)
    except asyncio.CancelledError:
        yield await uninterrupted(_stop, turn, kept, outcome)
        return
    except AppError as error:
        yield await uninterrupted(_fail, turn, kept, error.code, error.status, error.message(turn.language))
        return
    except Exception:
        reference = uuid.uuid4().hex[:8]
        log.exception("turn failed, reference %s", reference)
        message = say("unexpected", language, reference=reference)
        yield await uninterrupted(_fail, turn, kept, "unexpected", 500, message)
        return
    yield Finished(reply=reply)


def _stop(turn: Turn, kept: _Kept, reached: Outcome | None) -> Failed:
    """Keep that the turn was stopped; a draft offer that was stored by then stays, and is named and shown."""
    if reached is None or reached.offer is None:
        return _fail(turn, kept, "stopped", 409, say("stopped", turn.language))
    message = say("stopped_after_offer", turn.language, number=reached.offer.number)
    return _fail(turn, kept, "stopped", 409, message, replace(reached, text=message))


def _fail(turn: Turn, kept: _Kept, code: str, status: int, message: str, outcome: Outcome | None = None) -> Failed:
    """Keep what the user was told; if even that cannot be kept, telling them comes first."""
    try:
        _keep_reply(turn, kept, outcome or Outcome("refusal", message))
    except Exception:
        log.exception("a failed turn could not be kept")
    return Failed(code=code, status=status, message=message)


async def reply_to(parts: Parts, actor: Actor, ask: Ask) -> Reply:
    """The whole reply at once. Raises `AppError` where the turn failed."""
    async for event in run_turn(parts, actor, ask):
        if isinstance(event, Finished):
            return event.reply
        if isinstance(event, Failed):
            raise TurnFailed(event)
    raise RuntimeError("a turn ended without a last event")


class TurnFailed(AppError):
    """A turn that failed, in the words its user was given."""

    def __init__(self, event: Failed) -> None:
        self.event = event
        Exception.__init__(self, event.message)
        self.code, self.status, self.values = event.code, event.status, {}

    def message(self, language: object) -> str:
        """The sentence, as already said."""
        return self.event.message
