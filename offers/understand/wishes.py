"""What the prompt wishes of the document as a whole: its currency, its language, the opportunity it belongs to."""

from core.language import Language
from core.money import Currency
from offers.understand.lexicon import lexicon
from offers.understand.tokens import Prompt


def opportunity(prompt: Prompt) -> str | None:
    """The code of the opportunity named in the prompt ("O0012"), claimed; None if none is named."""
    for i, token in enumerate(prompt.tokens[:-1]):
        number = i + 1 + (prompt.word(i + 1) == "-")
        digits = prompt.at(number)
        joined = digits is not None and digits.kind == "number" and digits.glued and len(digits.text) >= 4
        before = prompt.at(i - 1)
        apart = not token.glued or (before is not None and before.kind == "mark")
        if token.folded == "o" and apart and joined and digits is not None and digits.text.isdigit():
            prompt.claim(range(i, number + 1), "opportunity")
            return "O" + digits.text
    return None


def currency(prompt: Prompt) -> Currency | None:
    """The currency the prompt asks for: a currency word or sign with no number beside it ("euróban",
    "w złotych", "in EUR"). The currency of a named price does not count: "50 euróért" names a price, and the
    offer stays in the customer's currency."""
    lex = lexicon(prompt.language)
    for i, token in enumerate(prompt.tokens):
        if not token.free or token.kind == "number":
            continue
        word = token.folded
        code = lex.currencies.get(word)
        if code is None and len(word) > 3:
            code = next(
                (c for w, c in lex.currencies.items() if word.startswith(w) and word[len(w) :] in lex.endings), None
            )
        # "ft" and "zł" alone are too short to be a wish unless an ending or "in" shows that they are one.
        if code is not None and (
            len(word) > 2 or token.suffix or word == "€" or prompt.word(i - 1) in ("in", "w", "we")
        ):
            prompt.claim([i], "currency")
            return code
    return None


def language(prompt: Prompt, *, adverbs: bool = False) -> Language | None:
    """The language the document is to be in: "angolul", "po polsku", "in Hungarian", "English version".
    An adjective alone counts only beside a word such as version, language or offer, and with `adverbs` not even there:
    "Ogród Polski" is a name."""
    lex = lexicon(prompt.language)
    for i, token in enumerate(prompt.tokens):
        word = token.folded
        wanted = lex.languages.get(word)
        if wanted is None or not token.free:
            continue
        before, after = prompt.word(i - 1), prompt.word(i + 1)
        adverb = word.endswith("ul") or (before == "po" and word.endswith("u")) or before == "in" or before == "into"
        noun = any(lex.inflected(k, w) for w in (before, after) for k in ("language_nouns", "offer"))
        sentence_end = before in ("it", "legyen", "nyelv", "jezyk", "language", ":") or token.suffix in ("ra", "re")
        if adverbs and not adverb:
            continue
        if adverb or noun or sentence_end or word.endswith(("ra", "re")):
            prompt.claim([i], "language")
            return wanted
    return None
