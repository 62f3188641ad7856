"""Where a prompt mentions products, and which products each mention may mean."""

from dataclasses import dataclass, field

from offers.understand.lexicon import TIME_UNITS, lexicon
from offers.understand.refusals import refused_by_verb
from offers.understand.tokens import Prompt
from offers.understand.vocabulary import INCHES, Hit, Vocabulary, compact

_MAX_MENTIONS = 200
_SKU_TOKENS = 6


@dataclass
class Mention:
    """A mention of a product at tokens `first` to `last`; `candidates` are places in the catalogue,
    `words` the name words that were found; `size_only` when it says a size and no more ("16 colos")."""

    first: int
    last: int
    candidates: tuple[int, ...]
    words: frozenset[str] = field(default_factory=frozenset)
    size_only: bool = False


def skus(prompt: Prompt, vocab: Vocabulary) -> list[Mention]:
    """Mentions by SKU, the longest fitting one; blanks and hyphens in it do not matter."""
    found: list[Mention] = []
    i = 0
    while i < len(prompt.tokens):
        joined, best = "", None
        if prompt.tokens[i].free and prompt.tokens[i].kind == "word" and not prompt.tokens[i].glued:
            for j in range(i, min(i + _SKU_TOKENS, len(prompt.tokens))):
                token = prompt.tokens[j]
                if token.kind == "line" or not token.free or (token.kind == "mark" and token.text not in "-_/."):
                    break
                if best and not token.glued:
                    # "P-KON x 7" is not P-KONX: a blank is bridged only while nothing fits.
                    break
                joined += compact(token.text)
                ends = (
                    j + 1 >= len(prompt.tokens) or not prompt.tokens[j + 1].glued or prompt.tokens[j + 1].kind == "mark"
                )
                # "kon" in "p-kon" looks like an ending and was drawn into the token before.
                for code in (joined, joined + token.suffix):
                    if len(code) > 3 and code in vocab.skus and ends:
                        best = (j, vocab.skus[code])
        if best:
            found.append(Mention(i, best[0], (best[1],), frozenset({"sku"})))
            prompt.claim(range(i, best[0] + 1), "product")
            i = best[0]
        i += 1
    return found


def is_product_word(prompt: Prompt, index: int, vocab: Vocabulary) -> bool:
    """True when the word at `index` is surely a form of a product's name word (no misspelling)."""
    return any(h.score >= 0.9 for h in _hits(prompt, index, vocab))


def _hits(prompt: Prompt, index: int, vocab: Vocabulary) -> tuple[Hit, ...]:
    token = prompt.at(index)
    if token is None or token.kind != "word" or not token.free:
        return ()
    lex = lexicon(prompt.language)
    return vocab.hits(token.folded, typos=not lex.usual(token.folded))


def mentions(prompt: Prompt, vocab: Vocabulary) -> list[Mention]:
    """Every mention in order: SKUs, and runs of words that fit one product together, sizes such as "16-os" or
    "1 kg" among them. Their tokens are claimed."""
    found: list[Mention] = skus(prompt, vocab)
    i = 0
    while i < len(prompt.tokens) and len(found) < _MAX_MENTIONS:
        run = _run(prompt, i, vocab)
        if run is not None:
            found.append(run)
            prompt.claim(range(run.first, run.last + 1), "product")
            i = run.last
        i += 1
    found.sort(key=lambda m: m.first)
    _settle_sizes(found, vocab)
    _share_heads(found, vocab)
    return [m for m in found if not m.size_only]


def wanted(prompt: Prompt, found: list[Mention]) -> list[Mention]:
    """The mentions less those the prompt does without: "without delivery", "kiszállítás nélkül", "bez dostawy"."""
    lex = lexicon(prompt.language)

    def left_out(mention: Mention) -> bool:
        before, after = prompt.word(mention.first - 1), prompt.word(mention.last + 1)
        before = prompt.word(mention.first - 2) if lex.has("articles", before) else before
        refused = lex.has("without", before) or (lex.has("no", before) and not lex.inflected("discount", after))
        # "kiszállítás nem kell", "delivery is not needed"
        at = mention.last + 1 + (after in ("is", "jest"))
        unneeded = lex.has("not", prompt.word(at)) and lex.has("needed", prompt.word(at + 1))
        return (
            refused
            or unneeded
            or lex.has("without_behind", after)
            or refused_by_verb(prompt, mention.first, mention.last)
        )

    return [m for m in found if not left_out(m)]


def _size(prompt: Prompt, i: int, vocab: Vocabulary, begun: bool) -> tuple[int, frozenset[int]]:
    """If the number at `i` is a size in product names, the last token of the size and those products.

    Behind the name ("Notebook 16", "kávé 1 kg") any number of the name is a size unless a count unit follows. In
    front of it, it is one with a unit that no one counts in (16 colos), an adjective's ending (1 kg-os, 16-os), or
    after another number (10 x 1 kg kávé).
    """
    token = prompt.tokens[i]
    lex = lexicon(prompt.language)
    products = (
        frozenset(vocab.sizes.get(token.value, ())) if token.value is not None and token.free else frozenset[int]()
    )
    if not products:
        return i, products
    after = i + 1 + (prompt.word(i + 1) == "-")
    unit = prompt.at(after)
    word = unit.folded if unit and unit.free else ""
    inches = (
        word in ('"', "''")
        or (word == "in" and unit is not None and unit.glued)
        or "huvelyk" in lex.groups.get(word, ())
        or any(h.word in INCHES for h in (vocab.hits(word, False) if word.isalpha() else ()))
    )
    adjective = token.suffix in ("os", "es", "as") or lex.has("adjectival_units", word)
    measure = word in ("kg", "l", "kilo", "liter", "kilos", "literes", "kilogramm")
    if measure and unit is not None:
        adjective = adjective or unit.suffix in ("os", "es", "as")
    if inches or (adjective and not measure and not lex.has("adjectival_units", word)):
        return (after if inches else i), products
    if measure or lex.has("adjectival_units", word):
        earlier = prompt.at(i - 1)
        counted = earlier is not None and (
            earlier.value is not None or earlier.folded in ("x", "×", "db", "szt", "pcs")
        )
        if adjective or begun or counted:
            return after, products
        return i, frozenset()
    if begun and not lex.has("count_units", word) and not any(h.score >= 0.9 for h in _hits(prompt, after, vocab)):
        return i, products
    return i, frozenset()


def _plus_joins(prompt: Prompt, i: int, vocab: Vocabulary) -> bool:
    """True when "plus" at `i` joins two things ("plusz 2 notebook") and is no part of a name."""
    lex = lexicon(prompt.language)
    after = prompt.at(i + 1)
    if after is None or after.value is None:
        return False
    ahead = i + 2
    while prompt.word(ahead) and (lex.has("count_units", prompt.word(ahead)) or prompt.word(ahead) in (".", "-")):
        ahead += 1
    return bool(_hits(prompt, ahead, vocab))


def _run(prompt: Prompt, start: int, vocab: Vocabulary) -> Mention | None:
    lex = lexicon(prompt.language)
    fits: frozenset[int] | None = None
    taken: dict[int, tuple[Hit, ...]] = {}
    sized = False
    i = start
    last = start
    while i < len(prompt.tokens) and i - last <= 3:
        token = prompt.tokens[i]
        if token.kind == "number":
            end, products = _size(prompt, i, vocab, bool(taken))
            both = products if fits is None else fits & products
            if not both or (sized and taken):
                break
            fits, sized, last, i = both, True, end, end + 1
            continue
        hits = _hits(prompt, i, vocab)
        if lex.has("conjunctions", token.folded) and (not taken or _plus_joins(prompt, i, vocab)):
            hits = ()
        both = frozenset(h.product for h in hits)
        both = both if fits is None else fits & both
        repeated = {h.word for h in hits} & {h.word for known in taken.values() for h in known}
        if hits and both and not (repeated and len(token.folded) > 3):
            fits, last = both, i
            taken[i] = hits
        elif not taken and not sized:
            return None
        elif token.folded == "+" and token.glued:
            plus = fits & frozenset(h.product for h in vocab.hits("plus", False)) if fits else None
            if plus and not (prompt.at(i + 1) and prompt.tokens[i + 1].value is not None):
                fits, last = plus, i
                taken[i] = vocab.hits("plus", False)
        elif hits or not _gap(prompt, i):
            break
        i += 1
    if fits is None:
        return None
    if prompt.word(last + 1) == ")" and any(prompt.word(n) == "(" for n in range(start, last)):
        last += 1
    if not _stands(prompt, start, taken, fits):
        return (
            Mention(start, last, tuple(sorted(fits)), size_only=True) if sized and prompt.tokens[start].value else None
        )
    words = frozenset(h.word for hits in taken.values() for h in hits if h.product in fits)
    return Mention(start, last, _closest(fits, taken, vocab, sized), words)


def _gap(prompt: Prompt, i: int) -> bool:
    """True for what may stand inside a name: a bracket, a hyphen, a small word."""
    token = prompt.tokens[i]
    return token.text in "()-\"'" or (token.folded in ("z", "of", "with", "w", "na") and not token.value)


def _stands(prompt: Prompt, start: int, taken: dict[int, tuple[Hit, ...]], fits: frozenset[int]) -> bool:
    """True when the words found are enough to be a product: not only weak ones ("yearly"), not a delivery term."""
    lex = lexicon(prompt.language)
    strong = [
        i
        for i, hits in taken.items()
        if not (lex.has("conjunctions", prompt.word(i)) or lex.has("not_products", prompt.word(i)))
        # "10 hours of ..." is a unit, whatever is called "office-hours support".
        and not any(lex.inflected(unit, prompt.word(i)) for unit in TIME_UNITS)
        and any(h.product in fits and h.word not in INCHES and not lex.inflected("weak", h.word) for h in hits)
    ]
    weak_pair = len({h.word for hits in taken.values() for h in hits if h.word not in INCHES}) > 1 and len(taken) > 1
    if not strong and not weak_pair:
        return False
    before = prompt.at(start - 1)
    counted = before is not None and before.value is not None
    near = (prompt.word(max(taken) + 1), prompt.word(start - 1))
    return counted or len(taken) > 1 or not any(lex.inflected("after_delivery", w) for w in near if w)


def _closest(
    fits: frozenset[int], taken: dict[int, tuple[Hit, ...]], vocab: Vocabulary, sized: bool
) -> tuple[int, ...]:
    """Of the products that all words fit, the ones whose names leave the least unsaid.

    A surer spelling goes first. A name said in full beats names with more words: "Prémium licenc" is not "Prémium Plusz
    licenc". If every product leaves something unsaid, one wins only when all it leaves unsaid is left unsaid by all.
    """

    def sureness(product: int) -> float:
        return sum(max((h.score for h in hits if h.product == product), default=0) for hits in taken.values())

    top = max(sureness(p) for p in fits)
    rest = [p for p in fits if sureness(p) > top - 0.04]
    unsaid = {p: _unsaid(p, taken, vocab, sized) for p in rest}
    full = [p for p in rest if not unsaid[p]]
    if full:
        return tuple(sorted(full))
    common = frozenset.intersection(*unsaid.values())
    plain = [p for p in rest if unsaid[p] == common]
    return tuple(sorted(plain if len(plain) == 1 else rest))


def _unsaid(product: int, taken: dict[int, tuple[Hit, ...]], vocab: Vocabulary, sized: bool) -> frozenset[str]:
    """The words of the product's name that were not found, in the language that lacks the fewest."""
    said = {h.word for hits in taken.values() for h in hits if h.product == product}
    said = said.union(*(vocab.lex.groups.get(w, frozenset()) for w in said))
    said = said.union(*(vocab.parts.get(w, frozenset()) for w in said))
    said |= INCHES if sized else set()
    lacks = [words - said for words in vocab.names[product].values()]
    number = any(product in products for products in vocab.sizes.values())
    least = min(lacks, key=len, default=frozenset[str]())
    return least | {"#"} if number and not sized else least


def _settle_sizes(found: list[Mention], vocab: Vocabulary) -> None:
    """A size alone narrows the mention before it ("3 notebook, de 16 colos") or is a product itself when the next
    mention lends it a name ("a 14-es és a 16-os notebook"); else it says nothing."""
    for i, mention in enumerate(found):
        if not mention.size_only:
            continue
        before = next((m for m in reversed(found[:i]) if not m.size_only), None)
        after = found[i + 1] if i + 1 < len(found) else None
        both = tuple(c for c in before.candidates if c in mention.candidates) if before else ()
        if before and both and len(before.candidates) > len(both):
            before.candidates = both
        elif after and any(vocab.heads[c] & after.words for c in mention.candidates):
            mention.candidates = tuple(c for c in mention.candidates if vocab.heads[c] & after.words)
            mention.size_only = False


def _share_heads(found: list[Mention], vocab: Vocabulary) -> None:
    """ "3 alap és 2 prémium licenc": a mention without its head word borrows it from its neighbour."""
    for i, mention in enumerate(found):
        heads = frozenset().union(*(vocab.heads[c] for c in mention.candidates))
        if len(mention.candidates) < 2 or mention.words & heads:
            continue
        for other in (*found[i + 1 : i + 2], *found[max(0, i - 1) : i]):
            lent = frozenset().union(*(vocab.heads[c] for c in other.candidates)) & other.words
            narrowed = tuple(c for c in mention.candidates if vocab.heads[c] & lent)
            if narrowed:
                mention.candidates = narrowed
                break
