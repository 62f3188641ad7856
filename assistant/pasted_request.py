"""A customer's letter pasted into the chat: "make an offer from this: ..."."""

import re

from assistant import requests
from assistant.context import Turn
from assistant.outcome import Outcome
from assistant.request_talk import told
from assistant.requests import Whence
from core.text import folded_words
from offers.understand.lexicon import lexicon

# Shorter ones are prompts, and understood as such.
_LEAST_LETTERS = 200
_LEAST_LINES = 3
_LONGEST_OPENING = 200
_FROM_THIS = (
    "ebbol ezekbol alabbi alabbibol alabbiakbol kovetkezo level levelbol levelre email emailbol keresbol keresre "
    "tego tej tym ponizszego ponizszej ponizej wiadomosci maila zapytania "
    "this these following below mail message letter request enquiry"
)
_OPENING = re.compile(r"^(?P<opening>[^\n]*?(?::|\n))(?P<letter>.*)$", re.DOTALL)


def letter_in(turn: Turn) -> str | None:
    """The pasted letter, where the message begins by saying that an offer is to be made from what follows; else
    None."""
    found = _OPENING.match(turn.ask.message)
    if found is None or len(found["opening"]) > _LONGEST_OPENING:
        return None
    letter = found["letter"].strip()
    lines = [line for line in letter.splitlines() if line.strip()]
    if len(letter) < _LEAST_LETTERS and len(lines) < _LEAST_LINES:
        return None
    said = folded_words(found["opening"])
    lex = lexicon(turn.read_in)
    offered = any(lex.inflected("offer", word) or "ajanlat" in word for word in said)
    return letter if offered and set(_FROM_THIS.split()) & set(said) else None


def answered(turn: Turn, letter: str) -> Outcome:
    """What was recognised in the letter; nothing is offered before the person has looked."""
    upload = requests.pasted(letter, turn.language)
    whence = Whence(turn.conversation or None, turn.on_screen)
    view = requests.receive(turn.parts, turn.actor, upload, whence)
    return Outcome("answer", told(view, turn.language), request=view)
