"""Making an offer from a message: names understood by code, by a model where code is unsure, figures by code."""

import asyncio
from collections.abc import AsyncIterator, Callable
from dataclasses import replace
from decimal import Decimal

from assistant import fallback
from assistant.agreeing import agreed
from assistant.context import Turn
from assistant.events import Step
from assistant.model import ModelFault
from assistant.outcome import Outcome
from assistant.reply import ChoiceView, ClarificationView
from assistant.stopping import uninterrupted
from core.clock import today
from core.errors import say
from core.money import print_money
from crm.session import unit
from offers.answers import Pending, apply
from offers.clarify import Clarification, first_question
from offers.draft import screen_customer
from offers.names import VisibleNames, customer_name
from offers.request import OfferRequest, Understood
from offers.stands import stands_in
from offers.understand import match, understand
from offers.view import OfferView

Reader = Callable[[VisibleNames], Understood]


def by_code(turn: Turn, pending: Pending) -> Reader:
    """Understanding by code alone, with the answers given so far put in."""

    def read(names: VisibleNames) -> Understood:
        understood = understand(pending.prompt, names, language=pending.language, today=today())
        for given in pending.answers:
            understood = apply(understood, given, names, pending.language)
        return understood

    return read


def _by_model(request: OfferRequest, turn: Turn, pending: Pending) -> Reader:
    """Understanding by a model's request, unless it tells money otherwise than code."""

    def read(names: VisibleNames) -> Understood:
        by_words = understand(pending.prompt, names, language=pending.language, today=today())
        understood = agreed(match(request, names), by_words)
        if understood is None:
            return by_words
        for given in pending.answers:
            understood = apply(understood, given, names, pending.language)
        return understood

    return read


def _complete(turn: Turn, read: Reader) -> bool:
    """Whether code alone understood everything, so that nothing would have to be asked."""
    with unit(turn.parts.engine, turn.actor, writes=False) as session:
        understood = read(VisibleNames(session))
        shown = screen_customer(session, turn.on_screen)
        if understood.request.customer is None and not understood.customers and shown is not None:
            understood = replace(understood, customers=(customer_name(shown),))
    return first_question(understood, turn.language) is None


async def reader_for(turn: Turn, pending: Pending) -> tuple[Reader, tuple[str, ...]]:
    """How to read the prompt, and warnings about a model that did not help.

    A model is asked only where code did not understand everything, and only for what the words mean:
    the names it gives are looked up as the asking user, and figures it gives must stand in the prompt.
    """
    read = by_code(turn, pending)
    model = turn.model
    if model is None or await asyncio.to_thread(_complete, turn, read):
        return read, ()
    try:
        request = await model.extract(pending.prompt, language=turn.language, today=today(), stands_in=stands_in)
    except ModelFault as fault:
        return read, (fallback.warning(fault, turn.language, "model_fallback_offer"),)
    better = _by_model(request, turn, pending)
    return (better if await asyncio.to_thread(_complete, turn, better) else read), ()


async def make_offer(turn: Turn, pending: Pending) -> AsyncIterator[Step | Outcome]:
    """Make the draft, or ask; the last thing yielded is the outcome."""
    yield turn.step("reading")
    read, warnings = await reader_for(turn, pending)
    yield turn.step("pricing")
    # A stop that comes meanwhile waits until draft and documents are whole: nothing is left half made.
    drafted = await uninterrupted(
        turn.parts.offers.draft,
        turn.actor,
        pending.prompt,
        read,
        turn.language,
        turn.on_screen,
        turn.conversation or None,
    )
    if isinstance(drafted, Clarification):
        yield _asked(drafted, pending, warnings)
    else:
        yield _made(turn, drafted, warnings)


def _asked(question: Clarification, pending: Pending, warnings: tuple[str, ...]) -> Outcome:
    return Outcome(
        kind="clarification",
        text=question.question,
        warnings=warnings,
        clarification=ClarificationView(
            question=question.question,
            field=question.field,
            choices=[ChoiceView(label=c.label, value=c.value) for c in question.choices],
        ),
        pending=pending.model_copy(update={"asked": question.field}),
    )


def _made(turn: Turn, offer: OfferView, warnings: tuple[str, ...]) -> Outcome:
    text = say(
        "offer_ready" if offer.state == "draft" else "offer_waits",
        turn.language,
        number=offer.number,
        customer=offer.customer.name,
        net=print_money(Decimal(offer.totals.net), offer.currency, turn.language),
        gross=print_money(Decimal(offer.totals.gross), offer.currency, turn.language),
        until=offer.valid_until,
    )
    return Outcome(kind="offer", text=text, warnings=(*warnings, *offer.warnings), offer=offer)
