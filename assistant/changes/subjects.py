"""What an activity or an opportunity is called, from the words left when all else is told apart."""

import re

from assistant.changes import lexicon
from assistant.changes.targets import Span, without
from assistant.changes.text import folded
from assistant.changes.wishes import Wish
from core.errors import say
from core.language import Language

_TYPES = ("call", "meeting", "email")
_LONGEST = 200


def subject_of(wish: Wish, customer: str, spans: tuple[Span, ...], language: Language) -> str:
    """The subject of a new activity with the customer of that name: the words marked off for it, else what is left,
    behind the usual words for a call, a meeting or an e-mail."""
    if wish.subject:
        at = wish.text.rfind(wish.subject)
        days = tuple((a - at, b - at) for a, b in wish.when.spans if a >= at >= 0)
        return _tidy(without(wish.subject, days), trailing=True)
    left = _left(wish, spans)
    if wish.type_code in _TYPES:
        start = say(f"change_subject_{wish.type_code}", language, name=customer)
        return (f"{start} – {left}" if left else start)[:_LONGEST]
    return left[:1].upper() + left[1:_LONGEST] if left else say("change_subject_task", language, name=customer)


def _left(wish: Wish, spans: tuple[Span, ...]) -> str:
    """The words that are neither verb, noun, day, customer nor politeness."""
    text = without(wish.text, (*wish.when.spans, *spans))
    flat = folded(text)
    kinds = [lexicon.pattern("nouns", name) for name in ("task", "activity")]
    if wish.type_code in _TYPES:
        kinds += [lexicon.pattern("nouns", wish.type_code), lexicon.pattern("nouns", "past")]
        kinds += [lexicon.pattern("verbs", verb) for verb in ("call", "meet", "mail")]
    asked = [lexicon.pattern("verbs", name) for name in ("remind", "log", "new")]
    if not lexicon.has("verbs", "remind", flat):
        asked.append(lexicon.pattern("verbs", "add"))
    for words in (*asked, *kinds, lexicon.pattern("nouns", "this")):
        found = lexicon.spans(words.finditer(flat))
        text, flat = without(text, found), without(flat, found)
    return _tidy(text, trailing=True)


def _tidy(text: str, *, trailing: bool) -> str:
    """`text` in one line without the small words at its ends that belonged to what was cut out."""
    words = " ".join(text.split()).strip(" ,.;:-–!?").split(" ")
    while words and lexicon.is_only("filler", folded(words[0]).strip(",.")):
        words.pop(0)
    while trailing and words and lexicon.is_only("filler", folded(words[-1]).strip(",.")):
        words.pop()
    left = re.sub(r"\s+([,.;:])", r"\1", " ".join(words)).strip(" ,.;:-–")
    return left[:1].upper() + left[1:_LONGEST]
