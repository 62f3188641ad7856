"""Making a message that leans on the one before it stand by itself, where it surely leans."""

from dataclasses import dataclass

from assistant.followup import swaps
from assistant.followup.earlier import Earlier
from assistant.followup.words import (
    Fragment,
    asks_why,
    group,
    in_language,
    opened,
    sentence,
    wanted_language,
)
from assistant.topics import topics
from core.language import Language
from core.text import folded_words
from offers.request import Catalogue
from offers.understand import Mentions, strength

# A follow-up is short; what is longer stands by itself.
LONGEST = 60
_MOST_WORDS = 8
# "Make them an offer for ten notebooks and three bags" still leans on who they are.
_LONGEST_POINTING = 200
_RECORDS = frozenset({"contacts", "owner", "opportunities", "tasks", "last_activity", "offers", "basics"})


@dataclass(frozen=True)
class Resolved:
    """The message standing by itself, in the words of `read_in`, to be answered in `language`. `shown` is what the
    user is told of it; `offer` says that an offer is asked for, as before; `same_pages` that the pages just cited
    are to answer it."""

    message: str
    read_in: Language
    language: Language
    shown: str
    offer: bool = False
    same_pages: bool = False


def resolve(
    text: str, before: Earlier, catalogue: Catalogue, language: Language, on_screen: str | None
) -> Resolved | None:
    """`text`, written in about `language`, made whole by the exchange `before`; None where it stands by itself.

    `on_screen` is the code of the record on screen: that is nearer than one spoken of.
    """
    short = len(text) <= LONGEST and len(folded_words(text)) <= _MOST_WORDS
    if short:
        wanted = wanted_language(text)
        if wanted is not None:
            return _again_in(wanted, before)
        why = asks_why(text)
        if why is not None:
            return _why(why, before)
    fragment = opened(text, before.language) if short else None
    if fragment is not None and fragment.core:
        found = _swapped(fragment, before, catalogue)
        if found is not None:
            return _same(found, before)
    if before.customer is None or on_screen not in (None, before.customer) or len(text) > _LONGEST_POINTING:
        return None
    return _pointing(text, fragment, before, catalogue, language)


def _same(message: str, before: Earlier) -> Resolved:
    return Resolved(message, before.read_in, before.language, message)


def _swapped(fragment: Fragment, before: Earlier, catalogue: Catalogue) -> str | None:
    """The message before with what `fragment` names in the place of what it named."""
    core, asked, read_in = fragment.core, before.asked, before.read_in
    if before.kind == "offer":
        # An offer there is is changed, not made again: `assistant/revising/` reads what it is sure of.
        return None
    number = swaps.number_in(core, fragment.language)
    if number is not None:
        return swaps.with_quantity(asked, number, catalogue, read_in)
    if swaps.is_time(fragment.text, fragment.language):
        return swaps.with_time(asked, fragment.text, read_in)
    if swaps.product_in(core, catalogue, fragment.language):
        return swaps.with_product(asked, core, catalogue, read_in)
    if swaps.thing_in(core) is not None and not (before.customer and _wants_record(core)):
        return swaps.with_thing(asked, core)
    if swaps.names_customer(core, catalogue, fragment.language) and _about_somebody(asked, before, catalogue):
        return swaps.with_customer(asked, core, catalogue, read_in)
    return None


def _about_somebody(asked: str, before: Earlier, catalogue: Catalogue) -> bool:
    """Whether the message before was about a customer, or somebody named in it."""
    seen = strength(asked, catalogue, language=before.read_in)
    named = seen.customer or seen.named or swaps.capital_run(asked) is not None
    return before.customer is not None or named


def _again_in(wanted: Language, before: Earlier) -> Resolved | None:
    if before.kind in ("offer", "proposal"):
        # Of an offer that is the document's language, which makes a new version of it.
        return None
    shown = f"{before.asked} – {in_language(wanted, before.read_in)}"
    return Resolved(before.asked, before.read_in, wanted, shown, same_pages=bool(before.pages))


def _why(said_in: Language, before: Earlier) -> Resolved | None:
    if before.kind == "offer":
        name = "why_offer_waits" if before.offer_state == "awaiting_approval" else "why_offer"
        message = sentence(name, before.language)
        return Resolved(message, before.language, before.language, message)
    if before.kind == "proposal" or (before.kind == "answer" and not before.pages and not before.abstained):
        # Figures and records are what they are: no page says why.
        return None
    message = before.asked
    if asks_why(message.split()[0]) is None:
        message = f"{sentence('because', before.read_in)} {before.asked}"
    return Resolved(message, before.read_in, before.language, message)


def _pointing(
    text: str, fragment: Fragment | None, before: Earlier, catalogue: Catalogue, language: Language
) -> Resolved | None:
    """A message about a customer it does not name, but points at, or asks on about."""
    seen = strength(text, catalogue, language=language)
    if seen.customer or seen.named or before.customer is None:
        return None
    points = any(word in group("pronouns") for word in folded_words(text))
    wanted = _wants_record(text) or (points and _wants_offer(seen))
    if not wanted or not (points or (fragment is not None and not seen.products)):
        return None
    message = swaps.about_customer(text, before.customer)
    return Resolved(message, language, language, message, offer=points and _wants_offer(seen))


def _wants_record(text: str) -> bool:
    about = topics(text)
    return bool(about & _RECORDS) and not about & {"how", "change"}


def _wants_offer(seen: Mentions) -> bool:
    return seen.make_word and seen.products > 0 and not (seen.ask_word or seen.show_word or seen.count_word)
