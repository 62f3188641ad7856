"""Whether a message is for changing something, from the person's own words alone."""

import logging
import re
from collections.abc import Callable
from dataclasses import replace
from functools import partial

from assistant.changes import lexicon, replying
from assistant.changes.reading import asks, read
from assistant.changes.text import folded, plain
from assistant.changes.wishes import Wish
from assistant.context import Turn
from assistant.outcome import Outcome
from assistant.waiting import ChangePending
from core import clock
from crm import proposals
from offers.understand import Mentions

log = logging.getLogger(__name__)
Answerer = Callable[[], Outcome]
# "Yes, please go ahead" is short; anything longer is a message of its own.
_LONGEST_YES = 40
_LONGEST_ANSWER = 200
# Fields answered in the person's own words, which may look like anything.
_FREE = frozenset({"title", "name", "value"})
# What may be about an offer without being one.
_DOINGS = ("task", "activity", "call", "meeting", "note")


def claim(turn: Turn, seen: Mentions) -> Answerer | None:
    """What answers a message that asks for changes, or says yes or no to those that wait; None for any other.

    Neither the fields and messages of the screen nor any record is read for it. A message that asks for an offer is
    one, unless it says that an activity is to be recorded.
    """
    flat = folded(plain(turn.ask.message[:4000]))
    if len(flat) <= _LONGEST_YES and (lexicon.is_only("yes", flat) or lexicon.is_only("no", flat)):
        return _waiting(turn)
    found = read(turn.ask.message, turn.read_in, clock.now())
    # Where a part is beyond code, a model may still read the whole.
    asked_for = list(found.wishes) if found.whole or turn.parts.model is not None else []
    if not asked_for or (seen.is_offer and not _overrules(asked_for, seen)):
        return None
    if any(_of_offer(turn, wish) or _own_language(turn, wish, seen) for wish in asked_for):
        return None
    return partial(replying.respond, turn, replying.begin(turn))


def _overrules(asked_for: list[Wish], seen: Mentions) -> bool:
    """Whether a message that mentions an offer is for a change all the same: "new task: follow up the offer"."""
    return all(
        wish.type_code != "email" and not (wish.kind == "opportunity_new" and seen.offer_word) for wish in asked_for
    )


def _of_offer(turn: Turn, wish: Wish) -> bool:
    """Whether an offer is what is to be changed, or a stage may be one: "close the offer" moves no opportunity.

    The stage named after offers is no offer, where an opportunity is named or on screen.
    """
    flat = folded(wish.text)
    dealt = re.search(r"\bo\d{3,}\b", flat) or lexicon.pattern("nouns", "opportunity").search(flat)
    if wish.kind == "activity_when":
        doing = any(lexicon.has("nouns", name, flat) for name in _DOINGS)
        return not doing and lexicon.has("nouns", "offer", flat) and lexicon.has("nouns", "offer_object", flat)
    if wish.kind not in ("stage", "field", "assign"):
        return False
    if wish.kind != "stage" and any(lexicon.has("nouns", name, flat) for name in _DOINGS):
        return False
    staged = dict(lexicon.named("stages"))["offer"]
    offer = lexicon.pattern("nouns", "offer").search(staged.sub(lambda m: " " * len(m.group()), flat))
    if offer is None:
        on_screen = turn.on_screen is not None and turn.on_screen.kind == "opportunity"
        bare = re.search(r"\b(?:in)?to offer\b", flat) is not None
        return wish.kind == "stage" and bare and not dealt and not on_screen
    return dealt is None or offer.start() < dealt.start() or lexicon.has("nouns", "offer_object", flat)


def _own_language(turn: Turn, wish: Wish, seen: Mentions) -> bool:
    """Whether the language to be set is the asker's own: no customer is named or on screen."""
    if wish.kind != "field" or wish.field != "language":
        return False
    flat = folded(wish.text)
    named = seen.customer or seen.named or lexicon.has("nouns", "customer", flat)
    return not named and (turn.on_screen is None or lexicon.has("talk", "own", flat))


def resumed(turn: Turn, waiting: ChangePending, *, claimed: bool, offer: bool) -> Answerer | None:
    """What answers the message as the answer to what `waiting` asked; None where it is a message of its own.

    One of the choices always is the answer. Anything else is if it is short and asks or orders nothing.
    """
    message = turn.ask.message
    if not waiting.offers_choice(message):
        own = claimed or (offer and waiting.field not in _FREE) or asks(folded(plain(message)))
        if own or len(message) > _LONGEST_ANSWER:
            return None
    settled = replace(turn, language=waiting.language)
    return partial(replying.respond, settled, waiting.answered(message))


def _waiting(turn: Turn) -> Answerer | None:
    """What tells that typing decides nothing, where a proposal of this conversation waits."""
    try:
        waits = proposals.own(turn.parts.engine, turn.actor, conversation=turn.conversation or None, state="open")
    except Exception:
        log.exception("open proposals could not be read")
        return None
    if not waits or not turn.conversation:
        return None
    code = waits[0].code

    def tell() -> Outcome:
        return replying.show(turn, code, text="proposal_press")

    return tell
