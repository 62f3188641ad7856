"""What a prompt says shall not be put in: "don't include delivery", "ne adj kedvezményt", "nie dawaj rabatu"."""

from offers.understand.lexicon import lexicon
from offers.understand.tokens import Prompt


def refused_by_verb(prompt: Prompt, first: int, last: int) -> bool:
    """True when the words at `first` to `last` are what a "not" with a word for putting in leaves out, on either side
    of them. Something counted ("don't include 2 desks") is left for a question."""
    return _before(prompt, first) or _behind(prompt, last)


def _before(prompt: Prompt, first: int) -> bool:
    lex = lexicon(prompt.language)
    at = first - 1
    while lex.has("articles", prompt.word(at)) or lex.has("any", prompt.word(at)):
        at -= 1
    return lex.has("put_in", prompt.word(at)) and _not_at(prompt, at - 1)


def _behind(prompt: Prompt, last: int) -> bool:
    lex = lexicon(prompt.language)
    return lex.has("not", prompt.word(last + 1)) and lex.has("put_in", prompt.word(last + 2))


def _not_at(prompt: Prompt, i: int) -> bool:
    """A "not" that ends at `i`, also in "don't" as people write it."""
    word, lex = prompt.word(i), lexicon(prompt.language)
    return lex.has("not", word) or word == "dont" or (word == "t" and prompt.word(i - 2) == "don")
