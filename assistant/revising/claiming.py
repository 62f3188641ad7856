"""Whether a message is for changing an offer there is: the one just shown, on screen, or named by number."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial

from assistant.context import Turn
from assistant.followup.words import opened
from assistant.outcome import Outcome
from assistant.revising import replying
from assistant.revising.lexicon import find
from assistant.revising.reading import LONGEST, NUMBER, Read, read
from assistant.waiting import RevisePending
from core.clock import today
from core.errors import NotFound
from core.text import folded_words
from crm import offers as offer_records
from crm.session import CrmSession, unit
from offers.names import VisibleNames
from offers.understand import strength
from offers.wishes import CopyFor, SetLanguage

Answerer = Callable[[], Outcome]
_LONGEST_ANSWER = 60


@dataclass(frozen=True)
class Target:
    """The offer a message may be about; `just_shown` where the last reply shows it, `named` where the message does."""

    number: str
    customer: str
    just_shown: bool
    named: bool


def claim(turn: Turn) -> tuple[Turn, Answerer] | None:
    """The turn, in the language its message is written in, and what makes the new version it asks for; None where the
    message is not surely for changing an offer.

    Only the person's own words, the typed screen and the offer our own last reply shows are read for it.
    """
    message = turn.ask.message
    if not message.strip() or len(message) > LONGEST:
        return None
    with unit(turn.parts.engine, turn.actor, writes=False) as session:
        names = VisibleNames(session)
        target = _target(turn, session)
        if target is None:
            return None
        seen = strength(NUMBER.sub(" ", message), names, language=turn.read_in)
        found = read(message, turn.read_in, names, today())
    asking = (seen.ask_word or seen.count_word) and opened(message, turn.language) is None
    if asking or is_new_offer(message) or not _about(found, target):
        return None
    spoken_of = all(isinstance(wish, SetLanguage) for wish in found.wishes) and bool(turn.history)
    if spoken_of and not target.just_shown and not target.named:
        # The answer just given may be what is wanted in another language.
        return None
    waiting = RevisePending(
        prompt=message, language=turn.language, read_in=found.language, number=target.number, wishes=found.wishes
    )
    if found.whole and (target.just_shown or target.named or found.orders):
        language = turn.language if turn.ask.language or found.language == turn.read_in else found.language
        spoken = replace(turn, language=language)
        return spoken, partial(replying.respond, spoken, waiting.model_copy(update={"language": language}))
    near = target.just_shown or target.named or seen.products > 0
    # After an offer, words about what it may have are about it, whatever verb they have.
    likely = (found.orders and near) or (target.just_shown and seen.products > 0)
    if not found.whole and likely and turn.parts.model is not None:
        return turn, partial(replying.by_model, turn, waiting)
    return None


def _target(turn: Turn, session: CrmSession) -> Target | None:
    """The offer named by number, else that of the last reply, else the one on screen, else one shown a little before.

    None where there is none, or none that the actor may see.
    """
    on_screen = turn.on_screen.code if turn.on_screen is not None and turn.on_screen.kind == "offer" else ""
    said = NUMBER.search(turn.ask.message)
    named = said.group().upper() if said is not None else ""
    number = named or turn.offer_shown or on_screen or turn.offer_before
    if not number:
        return None
    try:
        offer = offer_records.by_number(session, number)
    except NotFound:
        return None
    return Target(offer.number, offer.customer.code, not named and number == turn.offer_shown, bool(named))


def is_new_offer(message: str) -> bool:
    """Whether an offer is to be made anew: no change of the one there is."""
    words = folded_words(message)
    return any(find("new_offer", words, language) for language in ("hu", "pl", "en"))


def _about(found: Read, target: Target) -> bool:
    """Whether the customers that are named leave the offer the one meant."""
    copied = any(isinstance(wish, CopyFor) for wish in found.wishes)
    return copied or all(code == target.customer for code in found.customers)


def resumed(turn: Turn, waiting: RevisePending) -> tuple[Turn, Answerer] | None:
    """What answers the message as the answer to what `waiting` asked, in that question's language; None where it is a
    message of its own: a whole change, or something long."""
    message = turn.ask.message
    settled = replace(turn, language=waiting.language)
    if not waiting.offers_choice(message):
        if len(message) > _LONGEST_ANSWER or "?" in message:
            return None
        with unit(turn.parts.engine, turn.actor, writes=False) as session:
            found = read(message, waiting.read_in, VisibleNames(session), today())
        if found.whole and found.orders:
            return None
    answered = replying.answered(settled, waiting, message)
    if answered is None:
        return None
    return settled, partial(replying.respond, settled, answered)
