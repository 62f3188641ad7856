"""Accents restored in a question typed without them, from the words of the pages themselves."""

import re
from collections import Counter
from collections.abc import Iterable, Mapping

from core.text import fold, nfc, words

_WORD = re.compile(r"[^\W\d_]+")


def vocabulary(texts: Iterable[str]) -> dict[str, str]:
    """For each folded word of `texts` its most frequent spelling, in lower case; ties by alphabet."""
    counts: Counter[str] = Counter()
    for text in texts:
        counts.update(word.lower() for word in words(text))
    spellings: dict[str, str] = {}
    for word, _ in sorted(counts.items(), key=lambda item: (-item[1], item[0])):
        spellings.setdefault(fold(word), word)
    return {plain: word for plain, word in spellings.items() if plain != word}


def restore(question: str, spellings: Mapping[str, str]) -> str:
    """`question` with the accents of `spellings`, if it has none at all: who typed one accent
    types accents, and is taken at their word. Capitals stay."""
    question = nfc(question)
    if fold(question) != question.casefold():
        return question

    def accented(match: re.Match[str]) -> str:
        word = match[0]
        spelling = spellings.get(fold(word))
        if spelling is None:
            return word
        if word.isupper() and len(word) > 1:
            return spelling.upper()
        return spelling[0].upper() + spelling[1:] if word[0].isupper() else spelling

    return _WORD.sub(accented, question)
