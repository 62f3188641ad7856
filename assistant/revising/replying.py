"""The reply to a message that changes an offer: the new version and what is other, a question back, or why not."""

import asyncio

from pydantic import ValidationError

from assistant import fallback
from assistant.context import Turn
from assistant.model import ModelFault
from assistant.outcome import Outcome
from assistant.reply import ChangeView, ChoiceView, ClarificationView
from assistant.revising.lexicon import is_in
from assistant.revising.modelled import wishes_by
from assistant.waiting import RevisePending
from core.clock import today
from core.errors import AppError, say
from core.money import print_money
from core.text import folded_words
from crm import offers as offer_records
from crm.session import unit
from offers.answers import number_in
from offers.editing import Said
from offers.lines_meant import lines_meant, place_of
from offers.names import VisibleNames
from offers.revising import Question, Revised, Revising
from offers.telling import row_of, told_changes
from offers.wishes import AddLine, CopyFor, SetQuantity, SwapProduct, Wish


def respond(turn: Turn, waiting: RevisePending, warnings: tuple[str, ...] = ()) -> Outcome:
    """The new version that `waiting` asks for, or what is to be asked or told first."""
    said = Said(waiting.prompt, turn.language, turn.conversation or None)
    revising = Revising(turn.parts.offers)
    try:
        done = revising.change(turn.actor, waiting.number, waiting.wishes, said, waiting.read_in, waiting.ordinal)
    except Question as asked:
        return _asked(turn, waiting, asked, warnings)
    except AppError as refused:
        text = refused.message(turn.language)
        if refused.code == "offer_accepted_already":
            text = f"{text} {say('offer_accepted_copy_hint', turn.language)}"
        return Outcome("refusal", text, warnings=warnings)
    return told(turn, done, warnings)


def by_model(turn: Turn, waiting: RevisePending) -> Outcome:
    """As `respond`, with the wishes a model reads in the message, where code did not understand all of it."""
    model = turn.model
    unclear = say("offer_change_unclear", turn.language, number=waiting.number)
    if model is None:
        return Outcome("refusal", unclear)
    try:
        wishes = asyncio.run(wishes_by(model, waiting.prompt, turn.language, today()))
    except ModelFault as fault:
        return Outcome("refusal", unclear, warnings=(fallback.warning(fault, turn.language, "model_fallback_offer"),))
    if not wishes:
        return Outcome("refusal", unclear)
    return respond(turn, waiting.model_copy(update={"wishes": wishes, "read_in": turn.read_in}))


def told(turn: Turn, done: Revised, warnings: tuple[str, ...] = ()) -> Outcome:
    """What was made, in words: what is other in it, and that nothing was lost."""
    offer, reader = done.offer, turn.language
    waits = "_waits" if offer.state == "awaiting_approval" else ""
    changes = () if done.copied else told_changes(done.before, done.after, reader)
    if done.copied:
        text = say(
            f"offer_copied{waits}",
            reader,
            number=offer.number,
            customer=offer.customer.name,
            source=done.number,
            version=done.before.ordinal,
            net=print_money(done.after.totals.net, offer.currency, reader),
            gross=print_money(done.after.totals.gross, offer.currency, reader),
            until=offer.valid_until,
        )
    else:
        head = say(
            f"offer_changed{waits}",
            reader,
            number=offer.number,
            version=offer.version,
            customer=offer.customer.name,
        )
        rows = "\n".join(f"- {row_of(change, reader)}" for change in changes)
        parts = [head, rows]
        if done.state in offer_records.OUT:
            parts.append(say("offer_changed_after_issue", reader, before=done.before.ordinal))
        parts.append(say("offer_changed_undo_hint", reader))
        text = "\n\n".join(part for part in parts if part)
    return Outcome(
        "offer",
        text,
        warnings=(*warnings, *offer.warnings),
        offer=offer,
        offer_changes=tuple(
            ChangeView(field=one.field, label=one.label, before=one.before, after=one.after) for one in changes
        ),
    )


def _asked(turn: Turn, waiting: RevisePending, asked: Question, warnings: tuple[str, ...]) -> Outcome:
    ordinal = turn.parts.offers.view(turn.actor, waiting.number).version
    pending = waiting.model_copy(
        update={
            "ordinal": ordinal,
            "language": turn.language,
            "asked": f"{asked.n}.{asked.field}",
            "choices": {choice.label: choice.value for choice in asked.choices},
        }
    )
    choices = [ChoiceView(label=choice.label, value=choice.value) for choice in asked.choices]
    view = ClarificationView(question=asked.text, field=asked.field, choices=choices)
    return Outcome("clarification", asked.text, warnings=warnings, clarification=view, pending=pending)


def answered(turn: Turn, waiting: RevisePending, message: str) -> RevisePending | None:
    """`waiting` with `message` as the answer to what it asked; None where it is none."""
    wish, value = waiting.wishes[waiting.wish], waiting.chosen(message) or message.strip()
    changed: dict[str, object]
    if waiting.field == "line":
        places = _places(turn, waiting, message, value)
        if not places:
            return None
        changed = {"at": places}
    elif waiting.field == "product" and isinstance(wish, AddLine | SwapProduct):
        changed = {"product": value}
    elif waiting.field == "customer" and isinstance(wish, CopyFor):
        changed = {"customer": value}
    elif waiting.field == "quantity" and isinstance(wish, AddLine | SetQuantity):
        number = number_in(value, waiting.read_in)
        if number is None:
            return None
        changed = {"quantity": number}
        if isinstance(wish, SetQuantity):
            changed["relative"] = False
    else:
        return None
    try:
        new: Wish = type(wish).model_validate({**wish.model_dump(), **changed})
    except ValidationError:
        return None
    wishes = tuple(new if n == waiting.wish else old for n, old in enumerate(waiting.wishes))
    return waiting.model_copy(update={"wishes": wishes})


def _places(turn: Turn, waiting: RevisePending, message: str, value: str) -> tuple[int, ...]:
    """The lines an answer picks: a choice, all of those offered, or one of the offer's by its name."""
    with unit(turn.parts.engine, turn.actor, writes=False) as session:
        lines = offer_records.by_number(session, waiting.number).latest.lines
        found = place_of(value, lines)
        if found is not None:
            return (found,)
        said = folded_words(message)
        if said and all(is_in("all_of_them", part, waiting.read_in) for part in said):
            return tuple(p for chosen in waiting.choices.values() if (p := place_of(chosen, lines)) is not None)
        meant = lines_meant(message, lines, VisibleNames(session), waiting.read_in)
        return meant.places if len(meant.places) == 1 else ()
