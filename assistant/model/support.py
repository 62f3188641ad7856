"""Whether a passage supports a sentence: figures, names and labels first, then words, then nearness of meaning.

The thresholds were measured on `demo/cases/sentences.jsonl` (`robo eval sentences`). What cannot be told by these
signs, such as who may do what swapped between two people the passage names, is not caught.
"""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache
from typing import Literal

from assistant.model import figures
from assistant.model.held import Held, clauses, content, held, share, stem
from assistant.model.sentences import sentences, vocabulary
from core.text import fold, folded_words

# The greatest cosine of a sentence with any of several texts; None where no calibrated embedder is at hand.
Nearness = Callable[[str, Sequence[str]], float | None]
Why = Literal["supported", "figure", "label", "name", "negation", "absolute", "words", "no_source", "long"]

# Where the labelled sentences part best; the figures do not change much around it.
WORDS_ENOUGH = 0.75
WORDS_ALONE = 0.6
LEAST_WORDS = 0.45
NEAR_ENOUGH = 0.91
NEAR_ACROSS = 0.86
# Three of our longest sentences: what is longer cannot be told, and takes long to look through.
_LONGEST = 1_000
# Embedding takes some 20 ms a text, so only the sentences nearest by their words are compared by meaning.
_CLOSEST = 4
_AS_CLOSE = 0.1
_SAME_MATTER = 0.5
_LABEL = re.compile(
    r"„([^„”“\n]{1,120})[”“]|“([^“”\n]{1,120})”|\"([^\"\n]{1,120})\"|«([^«»\n]{1,120})»"
    r"|`([^`\n]{1,120})`|\*\*([^*\n]{1,120})\*\*"
)
_CODE = re.compile(r"\b(?=[\w./@-]*[0-9@])(?=[\w./@-]*[^\W\d_])[\w][\w./@-]*\w", re.UNICODE)
# A number with an ending, as in "30-ig": no code.
_ENDED = re.compile(r"[0-9][0-9./-]*-?[^\W\d_]+")
_LIST_MARK = re.compile(r"^\s*(?:[-–•*]|[0-9]{1,2}[.)])\s+")


@dataclass(frozen=True)
class Signs:
    """What was found for one sentence: `why` is the first thing that speaks against it, `words` the share of its words
    that stand in the closest sentences of the passage (0 to 1), `near` their greatest cosine."""

    why: Why
    words: float
    near: float | None

    @property
    def supported(self) -> bool:
        """Whether it may be shown as supported."""
        return self.why == "supported"


def judge(sentence: str, passages: Sequence[str], nearness: Nearness | None = None, *, across: bool = False) -> Signs:
    """How `passages` support `sentence`, which has no citation marks any more; `across` says that they are in another
    language, so that its words cannot stand in them."""
    said = _said(sentence)
    source = held("\n".join(passages))
    wanted = content(said)
    shares = [share(wanted, begins) for _, begins in source.windows] if len(said) <= _LONGEST else []
    best = max(shares, default=0.0)
    against = _against(said, source)
    if against is not None:
        return Signs(against, best, None)
    if best >= WORDS_ENOUGH:
        return Signs("supported", best, None)
    if not across and best < LEAST_WORDS:
        return Signs("words", best, None)
    windows = [window for window, _ in source.windows]
    ranked = sorted(zip(shares, windows, strict=True), reverse=True, key=lambda pair: pair[0])
    close = windows if across else [window for _, window in ranked[:_CLOSEST]]
    near = nearness(said, close) if nearness is not None and close else None
    return Signs("supported" if _enough(best, near, across) else "words", best, near)


def nothing_against(sentence: str, passages: Sequence[str]) -> bool:
    """Whether no figure, label, name or negation of `sentence` speaks against `passages`: enough for a line that only
    leads to the next one."""
    return _against(_said(sentence), held("\n".join(passages))) is None


def _said(sentence: str) -> str:
    return _LIST_MARK.sub("", figures.plain(sentence)).strip()


def _enough(share: float, near: float | None, across: bool) -> bool:
    """Whether words and nearness together are enough; words alone decide where nearness is not known."""
    if near is None:
        return share >= WORDS_ALONE
    if across:
        return near >= NEAR_ACROSS
    return near >= NEAR_ENOUGH and share >= LEAST_WORDS


def _against(said: str, source: Held) -> Why | None:
    """The first plain sign that `said` is not what `source` says."""
    if len(said) > _LONGEST:
        return "long"
    if not _figures_stand(said, source):
        return "figure"
    if not all(_whole(fold(label).strip(" .:"), source.folded) for label in labels(said)):
        return "label"
    if not all(_named(name, source) for name in _names(said)):
        return "name"
    if not _same_way(said, source):
        return "negation"
    spoken = set(folded_words(said))
    groups = vocabulary()["absolutes"]
    assert isinstance(groups, list)
    if any(spoken & set(group) and not source.words & set(group) for group in groups):
        return "absolute"
    return None


def labels(said: str) -> list[str]:
    """What `said` quotes: the words between quotation marks, back-ticks or in bold."""
    return [next(part for part in match.groups() if part) for match in _LABEL.finditer(said)]


def _figures_stand(said: str, source: Held) -> bool:
    """Whether all numbers, days, times, codes, addresses and number words of `said` stand in `source` whole. Those in
    a label count as any other: only its marks are taken off, with nothing in their place, as they are shown."""
    shown = _LABEL.sub(lambda match: next(part for part in match.groups() if part), said).replace("*", "")
    days, rest = figures.dates(shown)
    moments, rest = figures.times(rest)
    codes = [code for code in _CODE.findall(rest) if not _ENDED.fullmatch(code)]
    rest = _CODE.sub(lambda match: " " if match[0] in codes else match[0], rest)
    spelled = [number_words()[word] for word in folded_words(shown) if word in number_words()]
    return (
        all(_date_stands(day, source) for day in days)
        and all(moment in source.times or _hour_stands(*moment, source) for moment in moments)
        and all(_whole(fold(code), source.folded) for code in codes)
        and all(_run_stands(run, source) for run in figures.runs(rest))
        and all(Decimal(number) in source.numbers or _spelled(number, source) for number in spelled)
    )


@lru_cache
def number_words() -> dict[str, int]:
    """Number words of all three languages, folded, by value; those of one are no figures."""
    listed = vocabulary()["numbers"]
    assert isinstance(listed, dict)
    return {str(word): int(value) for value, spelled in listed.items() for word in spelled}


@lru_cache
def _months() -> tuple[tuple[str, int], ...]:
    listed = vocabulary()["months"]
    assert isinstance(listed, dict)
    return tuple((str(start), int(number)) for number, starts in listed.items() for start in starts)


def _date_stands(day: figures.Moment, source: Held) -> bool:
    """True if the day is there in digits, or with the name of its month."""
    year, month, of_month = day
    named = any(word.startswith(start) for start, number in _months() if number == month for word in source.words)
    return day in source.dates or (named and {Decimal(year), Decimal(of_month)} <= source.numbers)


def _hour_stands(hour: int, minute: int, source: Held) -> bool:
    return minute == 0 and Decimal(hour) in source.numbers


def _run_stands(run: str, source: Held) -> bool:
    """True if the number, or what is none such as `1.2.3`, is there."""
    number = figures.value(run)
    if number is None:
        return run in source.runs
    return number in source.numbers or (number == int(number) and _spelled(int(number), source))


def _spelled(number: int, source: Held) -> bool:
    """True if `number` is there as a word."""
    return any(number_words().get(word) == number for word in source.words)


def _whole(part: str, text: str) -> bool:
    """True if `part` stands in `text` by itself, not inside a longer word, number, code or address."""
    before = r"(?<![^\W_])(?<![0-9][.,])(?<![^\W_][-@/])" if part[:1].isalnum() else ""
    after = r"(?![^\W_]|[-./@,][0-9]|[.@][^\W_])" if part[-1:].isalnum() else ""
    return re.search(before + re.escape(part) + after, text) is not None


def _names(said: str) -> list[str]:
    """Words inside a sentence that begin with a capital: names of people, firms, places and products."""
    plain = _LABEL.sub(" ", said)
    found: list[str] = []
    for match in re.finditer(r"[^\W\d_][\w’'-]*", plain):
        before = plain[: match.start()].rstrip(" ")
        if match[0][0].isupper() and len(match[0]) > 1 and before and before[-1] not in ".!?:;\n(":
            found.append(match[0])
    return found


def _named(name: str, source: Held) -> bool:
    """True if a word of `source` begins as `name` does, its ending aside."""
    return stem(fold(name.split("-")[0].split("’")[0].split("'")[0])) in source.begins


def _same_way(said: str, source: Held) -> bool:
    """False if a clause of `source` closest to one of `said` denies what that one asserts, or the other way round, and
    none says the same in the same way."""
    for clause in clauses([sentence.bare for sentence in sentences(said)]):
        there = [share(clause.content, other.begins) for other in source.clauses]
        # A clause that leaves words out ("an issued one cannot") is as close as one that has them all.
        back = [share(other.content, clause.begins) for other in source.clauses]
        close = [max(both) for both in zip(there, back, strict=True)]
        closest = max(close, default=0.0)
        if closest < _SAME_MATTER:
            continue
        alike = [other.denied == clause.denied for other in source.clauses]
        if any(full == 1.0 and same for full, same in zip(there, alike, strict=True)):
            continue
        if any(not same for same, near in zip(alike, close, strict=True) if near >= closest - _AS_CLOSE):
            return False
    return True
