"""What kind of thing a message is, from the user's own words and the names in them, before any outside
text is read."""

from typing import Literal

from assistant.topics import is_question, topics
from core.text import folded_words
from offers.understand import Mentions

Kind = Literal["question", "offer", "lookup", "neither"]

_ABOUT_CUSTOMER = frozenset({"contacts", "owner", "opportunities", "tasks", "last_activity", "offers", "basics"})
_HELPLESS = frozenset({"this_record", "question"})
# From so many words on, a question that names nothing to offer is about offers, and a plain statement tells of trouble:
# "locked out after too many tries". Shorter ones are orders ("can you make an offer?") and greetings.
_TELLING = 6
_STATING = 4


def decide(text: str, seen: Mentions, *, record_on_screen: bool) -> Kind:
    """The kind of `text`, which mentions what `seen` says.

    A customer plus products is an offer even if the word is missing, and so are products with a quantity;
    a question about offers is a question; a question about a customer's data is a look-up, unless it asks how
    or why, or orders a change. What is said of some length without asking is a question as well: people tell what
    went wrong.
    """
    asking = seen.ask_word or seen.show_word or seen.count_word
    about, words = topics(text), len(folded_words(text))
    naming = seen.customer or seen.named or seen.products
    wondering = not naming and is_question(text) and words >= _TELLING
    if (seen.is_offer and not wondering) or (seen.products and seen.quantity and not asking):
        return "offer"
    if seen.products and not seen.customer and "place" not in about and ("price" in about or seen.count_word):
        return "lookup"
    pointing = record_on_screen and "this_record" in about
    # What is to be changed is not looked up: the pages say how it is done, and by whom.
    if not about & {"how", "change"}:
        if (seen.customer or seen.named or pointing) and about & _ABOUT_CUSTOMER:
            return "lookup"
        if seen.customer and not seen.offer_word and not is_question(text):
            return "lookup"
    if is_question(text) or asking or seen.offer_word or about - _HELPLESS or words >= _STATING:
        return "question"
    return "neither"
