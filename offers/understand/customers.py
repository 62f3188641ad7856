"""Which customer a prompt is about: by code, tax number, or name in any inflection."""

from dataclasses import dataclass

from offers.request import Catalogue, CustomerName
from offers.understand.alike import INFLECTED
from offers.understand.legal import legal_form_at
from offers.understand.lexicon import Lexicon, lexicon
from offers.understand.names import Fit, fit
from offers.understand.runs import Run, runs, starts_sentence
from offers.understand.stems import rare_stems, stems, wide_stems
from offers.understand.tokens import Prompt
from offers.understand.vocabulary import Vocabulary

_MAX_STEMS = 40
_MAX_CUSTOMERS = 20
# A slip somewhere makes a fit this much less sure than one with endings alone.
_CLASS = 0.06


@dataclass(frozen=True)
class Found:
    """The customer as written (None when the prompt names none) and who it may be."""

    written: str | None
    customers: tuple[CustomerName, ...]


def find_customer(prompt: Prompt, catalogue: Catalogue, vocab: Vocabulary, whole: bool = False) -> Found:
    """The customer the prompt is for, its words claimed. With `whole` the prompt is nothing but a name.

    The best marked name decides: a dative or "for" and a legal form weigh most, then the number of words. A name
    so marked that fits nobody is reported as written rather than replaced by a weaker guess.
    """
    pool: dict[str, CustomerName] = {}
    chosen: list[tuple[Run, list[Fit]]] = []
    for beginnings in _stem_rounds(prompt, vocab, whole):
        if beginnings:
            pool.update({c.code: c for c in catalogue.customers_like(beginnings)})
        chosen = _best(prompt, tuple(pool.values()), vocab, whole)
        if any(fits and (run.marked or run.form) for run, fits in chosen):
            break
    found: dict[str, CustomerName] = {}
    for run, fits in chosen:
        prompt.claim([i for i in range(run.first, run.last + 1) if prompt.tokens[i].free], "customer")
        found.update({f.customer.code: f.customer for f in fits})
    if not chosen:
        return Found(None, ())
    run = chosen[0][0]
    return Found(prompt.written(run.first, run.last), tuple(found.values())[:_MAX_CUSTOMERS])


def _stem_rounds(prompt: Prompt, vocab: Vocabulary, whole: bool) -> list[tuple[str, ...]]:
    """Stems to look customers up with, the likeliest words first: capitals, then other words that are no
    ordinary ones, then all, then spellings with a slip in the first letters."""
    lex = lexicon(prompt.language)
    plain: list[str] = []
    capital: list[str] = []
    ordinary: list[str] = []
    for i, token in enumerate(prompt.tokens):
        if token.kind != "word" or not token.free or len(token.folded) < 3 or legal_form_at(prompt, i):
            continue
        usual = lex.usual(token.folded) and not whole
        inside = token.capital and not starts_sentence(prompt, i) and not lex.inflected("ordinary", token.folded)
        (capital if inside or (token.capital and not usual) else ordinary if usual else plain).append(token.folded)
        if prompt.word(i + 1) == "-" and prompt.word(i + 2).isalpha():
            capital.append(token.folded + prompt.word(i + 2))
    everything = capital + plain
    return [
        stems(everything, _MAX_STEMS),
        stems(everything + ordinary, 3 * _MAX_STEMS),
        rare_stems(everything, 2 * _MAX_STEMS),
        wide_stems(everything),
    ]


def _best(
    prompt: Prompt, pool: tuple[CustomerName, ...], vocab: Vocabulary, whole: bool
) -> list[tuple[Run, list[Fit]]]:
    """The runs that weigh most, with the customers they fit; several when they weigh the same."""
    lex = lexicon(prompt.language)
    ranked: list[tuple[float, Run, list[Fit]]] = []
    for run in runs(prompt, pool, vocab, whole):
        fits = _fits(prompt, run, pool, lex, whole)
        rank = _weight(run, fits)
        if rank:
            ranked.append((rank, run, fits))
    top = max((r[0] for r in ranked), default=0)
    chosen = [(run, fits) for rank, run, fits in ranked if rank == top]
    return chosen if any(fits for _, fits in chosen) else chosen[:1]


def _weight(run: Run, fits: list[Fit]) -> float:
    """How strongly a run claims to be the customer; 0 for not at all."""
    if fits:
        words = max(len(f.explained) for f in fits)
        return 1 + 2 * run.marked + 2 * bool(run.form) + 0.5 * (words > 1 or any(f.complete for f in fits))
    if run.form:
        return 4 if run.marked else 2
    if run.marked and run.capital:
        return 1.2
    return 0.5 if run.marked else 0


def _fits(prompt: Prompt, run: Run, pool: tuple[CustomerName, ...], lex: Lexicon, whole: bool) -> list[Fit]:
    """The customers a run may mean: those that account for most of its words, most surely."""
    said = [(i, prompt.tokens[i].folded) for i in run.said]
    hyphens = frozenset(i for i in run.said if prompt.word(i + 1) == "-")
    fits = [f for f in (fit(c, said, hyphens) for c in pool) if f.explained]
    # A capital that begins the sentence may be no part of the name, if the rest is a whole name
    # ("Új Kovács Kft. ajánlat").
    fits = [f for f in fits if run.must - (run.doubtful if f.complete else set()) <= f.explained]
    fits = [f for f in fits if _acceptable(prompt, run, f, lex, whole)]
    if not fits:
        return []
    most = max(len(f.explained) for f in fits)
    fits = [f for f in fits if len(f.explained) == most]
    surest = max(f.quality for f in fits)
    fits = [f for f in fits if f.quality > surest - _CLASS]
    complete = [f for f in fits if f.complete]
    return complete if complete and (run.form or most > 1) else fits


def _acceptable(prompt: Prompt, run: Run, found: Fit, lex: Lexicon, whole: bool) -> bool:
    """Whether so much of a name is enough. A legal form must be the customer's own, and with it a name without its
    partners is another firm's. Ordinary words need company: each other, a capital, or a mark."""
    if run.form and found.form and run.form != found.form:
        return False
    if run.form and not found.complete and (found.partners_missing or found.quality < INFLECTED - _CLASS):
        return False
    if whole:
        return True
    named = run.marked or run.form is not None
    ordinary = all(lex.usual(prompt.tokens[i].folded) for i in found.explained)
    capital = any(prompt.tokens[i].capital and not starts_sentence(prompt, i) for i in found.explained)
    if len(found.explained) > 1:
        # Who writes capitals writes them in a name too: "Az új bútorgyárról ..." names no firm.
        bare = any(lex.inflected("adjectives", prompt.tokens[i].folded) for i in found.explained)
        if bare and not named and not capital and prompt.tokens[0].capital and run.first > 0:
            return False
        return named or capital or not ordinary or (found.complete and (not bare or len(found.explained) > 2))
    word = prompt.tokens[next(iter(found.explained))].folded
    if ordinary:
        return run.form is not None or (run.marked and (capital or found.complete))
    if found.quality < INFLECTED:
        return named or capital
    opening = any(prompt.tokens[i].capital for i in found.explained) and len(word) > 3
    return named or capital or opening or found.complete or len(word) > 4
