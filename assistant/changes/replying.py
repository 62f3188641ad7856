"""The reply to a message that asks for changes: a proposal, a question back, or why not."""

import asyncio
from dataclasses import dataclass

from assistant import fallback
from assistant.changes.building import build
from assistant.changes.modelled import wishes_by
from assistant.changes.reading import MOST, read
from assistant.changes.scene import Question, Scene
from assistant.changes.views import proposal_view
from assistant.changes.wishes import Wish
from assistant.context import Turn
from assistant.model import ModelFault
from assistant.outcome import Outcome
from assistant.reply import ChoiceView, ClarificationView
from assistant.waiting import ChangePending
from core import clock
from core.errors import AppError, say
from crm import proposals
from crm.proposals import Asked, Item
from crm.session import unit
from crm.tables import Customer


@dataclass(frozen=True)
class _Built:
    items: list[Item]
    refused: list[AppError]


def begin(turn: Turn) -> ChangePending:
    """The message of a turn as one that nothing was asked about yet."""
    record = turn.ask.screen.record if turn.ask.screen else None
    screen = (record.type, record.code) if record else None
    return ChangePending(prompt=turn.ask.message, language=turn.read_in, screen=screen, asked="")


def respond(turn: Turn, waiting: ChangePending) -> Outcome:
    """What becomes of `waiting`: the proposal it makes, or what is to be asked or told first."""
    found = read(waiting.prompt, waiting.language, clock.now())
    by_code = list(found.wishes)
    model = turn.model
    if model is None or (found.whole and _needs_nothing(turn, waiting, by_code)):
        return propose(turn, waiting, by_code)
    try:
        better = asyncio.run(wishes_by(model, waiting.prompt, waiting.language, clock.now()))
    except ModelFault as fault:
        warnings = (fallback.warning(fault, turn.language, "model_fallback_offer"),)
        return propose(turn, waiting, by_code, warnings)
    if better and (not found.whole or _needs_nothing(turn, waiting, better)):
        return propose(turn, waiting, better)
    return propose(turn, waiting, by_code)


def _needs_nothing(turn: Turn, waiting: ChangePending, asked_for: list[Wish]) -> bool:
    """Whether nothing has to be asked about `asked_for`."""
    try:
        return bool(_build(turn, waiting, asked_for).items)
    except _Asked:
        return False


def propose(turn: Turn, waiting: ChangePending, asked_for: list[Wish], warnings: tuple[str, ...] = ()) -> Outcome:
    """A proposal of `asked_for`, or the first question about it. Nothing is changed."""
    if len(asked_for) > MOST:
        raise AppError("proposal_too_many", 422, most=MOST)
    try:
        built = _build(turn, waiting, asked_for)
    except _Asked as asked:
        return _question(waiting, asked, warnings)
    said = [error.message(turn.language) for error in built.refused]
    if not built.items:
        return Outcome("refusal", "\n\n".join(said), warnings=warnings)
    asked_by = Asked(waiting.prompt, turn.language, _sources(turn, waiting, built.items), turn.conversation or None)
    code, refused = proposals.propose(turn.parts.engine, turn.actor, built.items, asked_by)
    said += [each.error.message(turn.language) for each in refused]
    if code is None:
        return Outcome("refusal", "\n\n".join(said), warnings=warnings)
    return show(turn, code, (*warnings, *said))


def show(turn: Turn, code: str, warnings: tuple[str, ...] = (), text: str = "proposal_ready") -> Outcome:
    """The reply with the proposal `code`, which waits for its person."""
    view = proposal_view(turn.parts.engine, turn.actor, code, turn.language)
    titles = "\n".join(f"{item.n}. {item.title}" for item in view.items)
    told = f"{say(text, turn.language)}\n\n{titles}"
    return Outcome("proposal", told, warnings=warnings, proposal=view)


class _Asked(Exception):
    """A question about one of the wishes."""

    def __init__(self, n: int, question: Question) -> None:
        self.n, self.question = n, question


def _build(turn: Turn, waiting: ChangePending, asked_for: list[Wish]) -> _Built:
    built = _Built([], [])
    about: Customer | None = None
    with unit(turn.parts.engine, turn.actor, writes=False) as session:
        scene = Scene(session, waiting.language, waiting.screen, waiting.answers)
        for n, wish in enumerate(asked_for, start=1):
            try:
                item, about = build(scene.at(n, about), wish)
                built.items.append(item)
            except Question as question:
                raise _Asked(n, question) from question
            except AppError as error:
                built.refused.append(error)
    return built


def _question(waiting: ChangePending, asked: _Asked, warnings: tuple[str, ...]) -> Outcome:
    question = asked.question
    pending = waiting.model_copy(
        update={
            "asked": f"{asked.n}.{question.field}",
            "choices": {choice.label: choice.value for choice in question.choices},
        }
    )
    choices = [ChoiceView(label=choice.label, value=choice.value) for choice in question.choices]
    view = ClarificationView(question=question.text, field=question.field, choices=choices)
    return Outcome("clarification", question.text, warnings=warnings, clarification=view, pending=pending)


def _sources(turn: Turn, waiting: ChangePending, items: list[Item]) -> tuple[str, ...]:
    """The records the words were read with: the one on screen, and those the changes are about."""
    named = [f"screen:{waiting.screen[0]}:{waiting.screen[1]}"] if waiting.screen else []
    for item in items:
        for name in ("customer", "opportunity", "activity", "record"):
            value = getattr(item, name, None)
            if value is not None:
                kind = getattr(item, "resource", "record") if name == "record" else name
                named.append(f"{kind}:{value}")
    if turn.message:
        named.append(f"message:{turn.message}")
    return tuple(dict.fromkeys(named))
