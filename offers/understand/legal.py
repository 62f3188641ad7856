"""Legal forms of firms: Kft., Bt., Zrt., Sp. z o.o., S.A., Ltd and the like, as people write them."""

import re

from core.text import fold
from offers.understand.lexicon import lexicon
from offers.understand.tokens import Prompt

# Written forms as folded words, longest first where one begins another.
_FORMS: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("kft", ("kft",)),
    ("kft", ("korlatolt", "felelossegu", "tarsasag")),
    ("bt", ("bt",)),
    ("bt", ("beteti", "tarsasag")),
    ("zrt", ("zrt",)),
    ("zrt", ("zartkoruen", "mukodo", "reszvenytarsasag")),
    ("nyrt", ("nyrt",)),
    ("rt", ("rt",)),
    ("kkt", ("kkt",)),
    ("ev", ("e", "v")),
    ("spzoo", ("sp", "z", "o", "o")),
    ("spzoo", ("sp", "z", "oo")),
    ("spzoo", ("sp", "zoo")),
    ("spzoo", ("spzoo",)),
    ("spzoo", ("spolka", "z", "o", "o")),
    ("spzoo", ("spolki", "z", "o", "o")),
    ("spk", ("sp", "k")),
    ("spj", ("sp", "j")),
    ("spj", ("spj",)),
    ("spj", ("spolka", "jawna")),
    ("spj", ("spolki", "jawnej")),
    ("sa", ("s", "a")),
    ("sa", ("sa",)),
    ("sa", ("spolka", "akcyjna")),
    ("sa", ("spolki", "akcyjnej")),
    ("ltd", ("ltd",)),
    ("ltd", ("limited",)),
    ("llp", ("llp",)),
    ("plc", ("plc",)),
    ("llc", ("llc",)),
    ("inc", ("inc",)),
    ("gmbh", ("gmbh",)),
)
_INFLECTED = frozenset({"kft", "bt", "zrt", "nyrt", "kkt", "tarsasag", "reszvenytarsasag", "ltd", "llp"})


def legal_form_at(prompt: Prompt, index: int) -> tuple[str, int] | None:
    """The legal form that begins at token `index` and its last token (a closing point included), or None."""
    token = prompt.at(index)
    if token is None or token.kind != "word" or not token.free:
        return None
    for form, parts in _FORMS:
        last = _matches(prompt, index, parts)
        # "sa" and "S.A." are a form only in capitals: "sa" is also a common ending typed apart.
        if last is not None and not (form in ("sa", "ev", "rt") and len(parts[0]) < 3 and not token.text[0].isupper()):
            return form, last
    return None


def _matches(prompt: Prompt, index: int, parts: tuple[str, ...]) -> int | None:
    at = index
    for n, part in enumerate(parts):
        while n and prompt.word(at) == ".":
            at += 1
        word = prompt.word(at)
        whole = n == len(parts) - 1
        ending = word.startswith(part) and part in _INFLECTED and whole and word[len(part) :] in lexicon("hu").endings
        if word != part and not ending:
            return None
        at += 1
    following = prompt.at(at)
    closes = following is not None and following.text == "." and following.glued and len(parts[-1]) < 6
    return at if closes else at - 1


def split_name(name: str) -> tuple[list[str], str | None]:
    """The folded words of a firm's name without its legal form, and that form ("kft"), None if it has none."""
    words = re.findall(r"[^\W_]+", fold(name))
    for form, parts in _FORMS:
        size = len(parts)
        for at in range(len(words) - size, 0, -1):
            if tuple(words[at : at + size]) == parts:
                return words[:at] + words[at + size :], form
    return words, None
