"""Which products words of a request may mean, and whether that is beyond doubt."""

from collections.abc import Iterator
from dataclasses import dataclass

from core.language import Language
from core.text import folded_words
from offers.requests.recognised import Doubt
from offers.requests.words import unit_of
from offers.understand.alike import INFLECTED
from offers.understand.lexicon import lexicon
from offers.understand.products import Mention, mentions
from offers.understand.tokens import Prompt, tokenise
from offers.understand.vocabulary import INCHES, Vocabulary

_LONGEST = 300
_MOST = 8
_SMALL = frozenset({"a", "az", "the", "an", "of", "for", "do", "na", "z", "w", "i", "es", "and", "with"})


@dataclass(frozen=True)
class Meant:
    """The products that words may mean, as places in the vocabulary, and what speaks against being sure."""

    products: tuple[int, ...]
    doubts: tuple[Doubt, ...]


def meant(text: str, vocab: Vocabulary, language: Language) -> Meant:
    """What `text`, the name of one thing alone, may mean. Sure is only a name said in full, spelt right, with no
    other word or number beside it."""
    prompt = tokenise(text[:_LONGEST], language)
    found = mentions(prompt, vocab)
    if not found:
        return Meant((), ())
    shared = set(found[0].candidates).intersection(*(mention.candidates for mention in found))
    every = dict.fromkeys(c for mention in found for c in mention.candidates)
    # "HW-NB15 Notebook 15 (laptop)" names one thing three times.
    candidates = tuple(c for c in every if c in shared) or tuple(every)
    doubts = dict.fromkeys(_doubts(prompt, found, candidates, vocab))
    if any(_says_more(prompt, vocab)):
        doubts["more_said"] = None
    return Meant(candidates[:_MOST], tuple(doubts))


def _doubts(prompt: Prompt, found: list[Mention], candidates: tuple[int, ...], vocab: Vocabulary) -> Iterator[Doubt]:
    if len(candidates) != 1:
        yield "several"
        return
    product = candidates[0]
    if any(_misspelt(prompt, mention, product, vocab) for mention in found):
        yield "spelling"
    if all("sku" not in m.words and _unsaid(prompt, m, product, vocab) for m in found):
        yield "less_said"


def _misspelt(prompt: Prompt, mention: Mention, product: int, vocab: Vocabulary) -> bool:
    if "sku" in mention.words:
        return False
    for token in prompt.tokens[mention.first : mention.last + 1]:
        if token.kind != "word":
            continue
        scores = [hit.score for hit in vocab.hits(token.folded) if hit.product == product]
        if scores and max(scores) < INFLECTED:
            return True
    return False


def _unsaid(prompt: Prompt, mention: Mention, product: int, vocab: Vocabulary) -> bool:
    """Whether a word or a number of the product's name was not said, in whichever language lacks the fewest."""
    # Small words of a name ("add-on") are no words to find it by, but stand inside it.
    inside = {token.folded for token in prompt.tokens[mention.first : mention.last + 1]}
    said = set(mention.words) | INCHES | inside
    for word in mention.words:
        said |= vocab.lex.groups.get(word, frozenset()) | vocab.parts.get(word, frozenset())
    least = min((names - said for names in vocab.names[product].values()), key=len, default=frozenset[str]())
    numbers = {size for size, products in vocab.sizes.items() if product in products}
    spoken = {token.value for token in prompt.tokens[mention.first : mention.last + 1] if token.value is not None}
    bracketed = _in_brackets(product, vocab)
    return bool(least - bracketed) or bool(numbers - spoken)


def _in_brackets(product: int, vocab: Vocabulary) -> frozenset[str]:
    return frozenset(
        word
        for name in vocab.products[product].names.values()
        for part in name.split("(")[1:]
        for word in folded_words(part.partition(")")[0])
    )


def _says_more(prompt: Prompt, vocab: Vocabulary) -> Iterator[str]:
    """Words and numbers that belong to no product's name: they may ask for something else."""
    lex = lexicon(prompt.language)
    for token in prompt.tokens:
        if not token.free or token.kind in ("mark", "line"):
            continue
        if token.kind == "word" and (token.folded in _SMALL or unit_of(token.folded) == "piece"):
            continue
        # What the customer calls the product by in brackets of its name: "(yearly)", "(printed)".
        if any(hit.score >= INFLECTED for hit in vocab.hits(token.folded, typos=False)):
            continue
        if token.kind == "word" and lex.has("ordinary", token.folded) and len(token.folded) < 4:
            continue
        yield token.text
