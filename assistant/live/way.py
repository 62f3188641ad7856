"""Live questions as a way of answering: claimed by their words, answered from records, asked back where unclear."""

from collections.abc import Callable
from dataclasses import replace

from assistant.context import Turn
from assistant.live.answers import Choice, answer
from assistant.live.found import Found
from assistant.live.question import LiveQuestion, Whose
from assistant.live.reading import Message, may_be, read
from assistant.live.wording import text_of
from assistant.outcome import Outcome
from assistant.reply import ChoiceView, ClarificationView, LinkView
from core.errors import say
from core.language import LANGUAGES, Language
from crm.session import CrmSession, unit
from offers.names import VisibleNames
from offers.request import OfferRequest
from offers.understand import Mentions, match

# A choice answered by typing is short; anything longer is a question of its own.
_LONGEST_CHOICE = 80
_ASKED = ("which_record", "live_which_person")


def claim(turn: Turn, seen: Mentions) -> Callable[[], Outcome] | None:
    """The answerer of a question about records; None for any other message.

    Told by the words first, which costs well below a millisecond; only what may be such a question reads names.
    """
    message = Message(turn.ask.message, turn.language, turn.on_screen, _names_something(seen))
    chosen = _choosing(turn)
    if chosen is None and not may_be(message):
        return None
    with unit(turn.parts.engine, turn.actor, writes=False) as session:
        question = chosen(session) if chosen is not None else None
        question = question or read(session, message)
    if question is None:
        return None
    return lambda: _answered(turn, question)


def _names_something(seen: Mentions) -> bool:
    return seen.customer or seen.named or seen.products > 0


def _choosing(turn: Turn) -> Callable[[CrmSession], LiveQuestion | None] | None:
    """How to read the message as the choice among records that was asked for just before, if one was."""
    history = turn.history
    if len(history) < 2 or len(turn.ask.message) > _LONGEST_CHOICE or "?" in turn.ask.message:
        return None
    asked, before = history[-1], history[-2]
    texts = {say(code, language) for code in _ASKED for language in LANGUAGES}
    if asked.role != "assistant" or before.role != "user" or asked.text.strip() not in texts:
        return None
    return lambda session: _with_choice(session, before.text, turn)


def _with_choice(session: CrmSession, before: str, turn: Turn) -> LiveQuestion | None:
    for language in (turn.language, *LANGUAGES):
        question = read(session, Message(before, language, turn.on_screen))
        if question is None:
            continue
        chosen = turn.ask.message.strip()
        if question.people:
            login = _login_in(chosen, question.people)
            return replace(question, people=(), whose=Whose("person", login)) if login else None
        found = match(OfferRequest(customer=chosen), VisibleNames(session), language=language)
        codes = [c.code for c in found.customers if c.code in question.customers] or [c.code for c in found.customers]
        return replace(question, customers=tuple(codes), unknown="") if codes else None
    return None


def _login_in(chosen: str, logins: tuple[str, ...]) -> str:
    words = chosen.replace("(", " ").replace(")", " ").split()
    return next((login for login in logins if login in words), "")


def _answered(turn: Turn, question: LiveQuestion) -> Outcome:
    with unit(turn.parts.engine, turn.actor, writes=False) as session:
        found = answer(session, question, turn.language)
    return outcome_of(found, turn.language)


def outcome_of(found: Found | Choice, language: Language) -> Outcome:
    """What was found as a reply: text with linked rows, their citations, and the list of all as a link."""
    if isinstance(found, Choice):
        choices = [ChoiceView(label=label, value=value) for label, value in found.choices]
        view = ClarificationView(question=found.question, field=found.field, choices=choices)
        return Outcome("clarification", found.question, clarification=view)
    citations = tuple(row.evidence(n).citation() for n, row in enumerate(found.rows, start=1))
    links: tuple[LinkView, ...] = ()
    if found.list_url:
        label = say("live_show_all", language, count=found.total) if found.total else say("live_open_list", language)
        links = (LinkView(label=label, url=found.list_url),)
    return Outcome("answer", text_of(found, language), abstained=not found.known, citations=citations, links=links)
