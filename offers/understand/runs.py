"""Runs of words in a prompt that may be the name of a firm, and what shows that they are meant as the customer."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from itertools import pairwise

from core.text import folded_words
from offers.request import CustomerName
from offers.understand.alike import EXACT, INFLECTED, TYPO, alike
from offers.understand.legal import legal_form_at, split_name
from offers.understand.lexicon import Lexicon, lexicon
from offers.understand.tokens import Prompt
from offers.understand.vocabulary import Vocabulary

MAX_RUNS = 60
_MAX_SAID = 8
_MAX_MISSPELT = 200
_JOINS = ("&", "-", "'", "/", "+", ".")
_PULL = 4
_SMALL = ("es", "i", "and", "of", "the", "z")


@dataclass
class Run:
    """Neighbouring words that may be a firm's name: tokens `first` to `last`. `said` are the places of its
    words, `must` those a customer has to account for, `form` its legal form; `marked` when an ending or a small word
    shows that the offer is for it, `capital` when a word of it is written with one inside a sentence,
    `doubtful` the ones whose capital may only begin the sentence."""

    first: int
    last: int
    said: list[int] = field(default_factory=list)
    must: set[int] = field(default_factory=set)
    form: str | None = None
    marked: bool = False
    capital: bool = False
    doubtful: set[int] = field(default_factory=set)
    known: bool = False


class Names:
    """The name words of a pool of customers, and whether a typed word is a form of one."""

    def __init__(self, pool: Iterable[CustomerName]) -> None:
        self._starts: dict[str, set[str]] = defaultdict(set)
        self._letters: dict[str, set[str]] = defaultdict(set)
        self._cache: dict[str, float] = {}
        self._misspelt = 0
        self._towns: set[str] = set()
        for customer in pool:
            self._towns |= set(folded_words(customer.city or ""))
            words = [w for w in split_name(customer.name)[0] if w not in _SMALL]
            for word in (*(w for w in words if len(w) > 1), *(a + b for a, b in pairwise(words))):
                self._starts[word[:2]].add(word)
                self._letters[word[0]].add(word)

    def town(self, word: str) -> bool:
        """True for a form of the town of some customer."""
        return len(word) > 2 and any(t[:3] == word[:3] and alike(word, t) >= INFLECTED for t in self._towns)

    def like(self, word: str, typos: bool) -> float:
        """How surely the folded `word` is a form of some name word (see `alike`); 0 if of none."""
        if word not in self._cache:
            best = max((alike(word, known) for known in self._starts.get(word[:2], ())), default=0.0)
            if best < INFLECTED and typos and len(word) > 3 and self._misspelt < _MAX_MISSPELT:
                self._misspelt += 1
                near = {*self._letters.get(word[0], ()), *self._letters.get(word[1], ())}
                best = max((alike(word, known) for known in near), default=0.0)
            # Two typed words for one of the name: the first is the beginning of it.
            if not best and len(word) > 2 and any(k.startswith(word) for k in self._starts.get(word[:2], ())):
                best = TYPO / 2
            self._cache[word] = best if typos or best >= INFLECTED else 0.0
        return self._cache[word]


def starts_sentence(prompt: Prompt, index: int) -> bool:
    """True when a capital at `index` says nothing: it begins a sentence or a line."""
    before = prompt.at(index - 1)
    while before is not None and before.text in ("(", '"', "'", "*", "-", "•"):
        index -= 1
        before = prompt.at(index - 1)
    return before is None or before.kind == "line" or before.text in (".", "!", "?", ":")


def _cased(prompt: Prompt) -> bool:
    """False when nearly all words have capitals, so that capitals mean nothing."""
    words = [t for t in prompt.tokens if t.kind == "word" and len(t.text) > 2]
    return sum(t.capital for t in words) * 10 <= len(words) * 8 or len(words) < 4


def runs(prompt: Prompt, pool: tuple[CustomerName, ...], vocab: Vocabulary, whole: bool) -> list[Run]:
    """Every run, in order; at most `MAX_RUNS`."""
    lex = lexicon(prompt.language)
    names = Names(pool)
    cased = _cased(prompt)
    found: list[Run] = []
    i = 0
    while i < len(prompt.tokens) and len(found) < MAX_RUNS:
        run = _run_at(prompt, i, names, vocab, lex, cased, whole)
        if run is None:
            i += 1
            continue
        _mark(prompt, run, lex, whole)
        found.append(run)
        i = run.last + 1
    _mark_pairs(prompt, found, lex)
    return found


def _mark_pairs(prompt: Prompt, found: list[Run], lex: Lexicon) -> None:
    """ "for A and B", "A és B részére": what marks one name marks the one joined to it."""
    for one, two in pairwise(found):
        between = [prompt.word(n) for n in range(one.last + 1, two.first)]
        joined = any(lex.has("conjunctions", w) for w in between)
        if joined and all(lex.has("conjunctions", w) or lex.has("articles", w) for w in between):
            one.marked = two.marked = one.marked or two.marked


def _sort(prompt: Prompt, i: int, names: Names, vocab: Vocabulary, lex: Lexicon, cased: bool, whole: bool) -> str:
    """What the word at `i` is to a name: "known" to some name, "new" (a capital nobody knows), or ""."""
    token = prompt.at(i)
    if token is None or token.kind != "word" or not token.free or token.folded in _SMALL:
        return ""
    usual = lex.usual(token.folded) and not whole
    like = names.like(token.folded, typos=not usual)
    product = not whole and any(h.score >= EXACT * 0.9 for h in vocab.hits(token.folded, False))
    if like == EXACT or (like >= TYPO and not product):
        return "known"
    if like and not product and names.like(token.folded + prompt.word(i + 1), True) >= TYPO:
        return "known"
    everyday = not whole and lex.inflected("ordinary", token.folded)
    if everyday or product or len(token.folded) < 2:
        return ""
    return "new" if whole or (cased and token.capital) else ""


def _run_at(
    prompt: Prompt, start: int, names: Names, vocab: Vocabulary, lex: Lexicon, cased: bool, whole: bool
) -> Run | None:
    form = legal_form_at(prompt, start)
    if form is not None and not whole:
        return _pulled(prompt, start, form, vocab, lex)
    run = Run(start, start)
    i = start
    while i < len(prompt.tokens) and len(run.said) < _MAX_SAID:
        form = legal_form_at(prompt, i) if run.said else None
        if form is not None:
            run.form, run.last = form
            break
        sort = _sort(prompt, i, names, vocab, lex, cased, whole)
        token = prompt.tokens[i]
        if sort == "new" and not run.said and starts_sentence(prompt, i) and not whole and not _named_next(prompt, i):
            # "Kérek ...": a verb the lists lack; only what follows can make it a name.
            return None
        if sort:
            run.said.append(i)
            run.last = i
            run.known = run.known or sort == "known"
            usual = lex.usual(token.folded) and not whole
            if sort == "new" or not usual or token.capital:
                run.must.add(i)
            run.capital = run.capital or (cased and token.capital and not starts_sentence(prompt, i))
            if _dative(prompt, i, lex):
                break
        elif not (run.said and _joins(prompt, i, names, vocab, lex, cased, whole)):
            break
        i += 1
    if not run.said:
        return None
    while run.first > 0 and prompt.tokens[run.first].glued and prompt.tokens[run.first - 1].free:
        # "O'Neill" is written with what is glued before it.
        run.first -= 1
    before = prompt.at(run.said[0] - 1)
    if run.form:
        _pull_more(prompt, run, vocab, lex)
    elif before is not None and before.kind == "word" and before.free and names.town(before.folded):
        # "a váci Halásznak": the town helps to tell them apart.
        run.first = run.said[0] - 1
        run.said.insert(0, run.first)
    _settle(prompt, run, lex)
    if not run.form:
        tail = _tail_form(prompt, run, vocab, lex)
        if tail is not None:
            run.form, run.last = tail
    return run


def _settle(prompt: Prompt, run: Run, lex: Lexicon) -> None:
    """Ordinary small words before a capital need no account ("új Kovács Kft."); with a form all others do."""
    capitals = [i for i in run.said if prompt.tokens[i].capital]
    for i in run.said:
        token = prompt.tokens[i]
        usual = lex.usual(token.folded)
        if run.form and i not in run.doubtful and not (usual and capitals and capitals[-1] > i and not token.capital):
            run.must.add(i)
        if usual and starts_sentence(prompt, i) and len(run.said) > 1:
            run.doubtful.add(i)


def _named_next(prompt: Prompt, i: int) -> bool:
    """True when the word at `i` is followed by a legal form, another capital, or bears a dative ending."""
    after = prompt.at(i + 1)
    if after is None:
        return False
    return legal_form_at(prompt, i + 1) is not None or after.capital or prompt.tokens[i].folded.endswith(("nak", "nek"))


def _joins(prompt: Prompt, i: int, names: Names, vocab: Vocabulary, lex: Lexicon, cased: bool, whole: bool) -> bool:
    """True for "és", "&" and the like between two words of a name."""
    token = prompt.tokens[i]
    if token.text not in _JOINS and token.folded not in ("es", "i", "and", "of", "s", "o"):
        return False
    if token.text in ("-", "'", ".") and not token.glued:
        return False
    return _sort(prompt, i + 1, names, vocab, lex, cased, whole) != "" or (
        token.folded in ("es", "i", "and", "&") and names.like(prompt.word(i + 1), False) >= INFLECTED
    )


def _dative(prompt: Prompt, i: int, lex: Lexicon) -> bool:
    token = prompt.tokens[i]
    if token.suffix in lex.lists["dative"]:
        return True
    return len(token.folded) > 5 and token.folded.endswith(("nak", "nek"))


def _pulled(prompt: Prompt, at: int, form: tuple[str, int], vocab: Vocabulary, lex: Lexicon) -> Run | None:
    """A legal form behind words in small letters that nobody knows: "fantom kft-nek"."""
    run = Run(at, form[1], form=form[0])
    for i in range(at - 1, at - 1 - _PULL, -1):
        token = prompt.at(i)
        if token is None or token.kind != "word" or not token.free or token.suffix:
            break
        if (
            lex.inflected("ordinary", token.folded)
            or lex.has("articles", token.folded)
            or lex.has("conjunctions", token.folded)
        ):
            break
        run.said.insert(0, i)
    run.must = set(run.said)
    run.first = run.said[0] if run.said else at
    return run if run.said else None


def _pull_more(prompt: Prompt, run: Run, vocab: Vocabulary, lex: Lexicon) -> None:
    """Words in front of a name with a legal form: part of the name if nothing speaks against it, but not needed
    when the rest is a whole name ("keleti textil zrt", "budapesti kovacs kft")."""
    for i in range(run.said[0] - 1, run.said[0] - 3, -1):
        token = prompt.at(i)
        if token is None or token.kind != "word" or not token.free or token.suffix or len(token.folded) < 2:
            return
        everyday = lex.inflected("ordinary", token.folded) or lex.inflected("labels", token.folded)
        small = lex.has("articles", token.folded) or lex.has("prepositions", token.folded)
        offer = any(lex.inflected(kind, token.folded) for kind in ("offer", "make", "conjunctions"))
        if everyday or small or offer or vocab.hits(token.folded, False):
            return
        run.said.insert(0, i)
        run.must.add(i)
        run.doubtful.add(i)


def _tail_form(prompt: Prompt, run: Run, vocab: Vocabulary, lex: Lexicon) -> tuple[str, int] | None:
    """A legal form a few unknown words behind the run: those words are part of the name then."""
    extra: list[int] = []
    for i in range(run.last + 1, run.last + 1 + _PULL):
        form = legal_form_at(prompt, i)
        if form is not None:
            run.said += extra
            run.must |= set(extra)
            return form
        token = prompt.at(i)
        stop = token is None or token.kind != "word" or not token.free
        if stop or token is None or lex.inflected("ordinary", token.folded) or vocab.hits(token.folded, False):
            return None
        extra.append(i)
    return None


def _mark(prompt: Prompt, run: Run, lex: Lexicon, whole: bool) -> None:
    """Sees whether a case ending, a word before or a word after shows the offer is for this name."""
    last = prompt.tokens[run.last]
    ending = last.suffix or (prompt.tokens[run.last - 1].suffix if run.last > run.first else "")
    cut = [prompt.tokens[i].folded for i in run.said[-1:]]
    if run.form:
        cut += [t.folded for t in prompt.tokens[run.said[-1] + 1 : run.last + 1]]
    dative = any(
        (w.endswith(("nak", "nek")) and len(w) > 4) or (w.endswith(("owi", "emu")) and len(w) > 5) for w in cut
    )
    after = prompt.word(run.last + 1)
    back = run.first - 1
    for _ in range(4):
        word = prompt.word(back)
        if (
            lex.has("articles", word)
            or lex.inflected("labels", word)
            or word in ("our", "naszej", "naszego", '"', "my", ":")
        ):
            if word == ":" and lex.inflected("labels", prompt.word(back - 1)):
                run.marked = True
            back -= 1
        else:
            break
    run.marked = (
        run.marked
        or whole
        or ending in lex.lists["dative"]
        or dative
        or lex.has("postpositions", after)
        or lex.has("prepositions", prompt.word(back))
    )
