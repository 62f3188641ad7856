"""Percentages and named prices of a prompt: found, claimed, and left for the lines to share out."""

from dataclasses import dataclass
from decimal import Decimal

from offers.understand.lexicon import Lexicon, lexicon
from offers.understand.numerals import spoken
from offers.understand.pieces import piece
from offers.understand.refusals import refused_by_verb
from offers.understand.tokens import Prompt, Token

_NEAR = 4
_BREAKS = (";", "!", "?", "\n")


@dataclass(frozen=True)
class Figure:
    """A percentage or an amount of money at tokens `first` to `last`. `whole` is True when words beside it say it
    is meant for everything, `unsure` when they leave open how much it is ("up to", a range)."""

    first: int
    last: int
    value: Decimal
    whole: bool = False
    unsure: bool = False


def _near(prompt: Prompt, first: int, last: int, kind: str, reach: int = _NEAR) -> int | None:
    """The place of a word of the list `kind` within `reach` tokens of the span, in the same clause; None if there
    is none."""
    lex = lexicon(prompt.language)
    for step, start in ((1, last + 1), (-1, first - 1)):
        for i in range(start, start + step * reach, step):
            token = prompt.at(i)
            if token is None or token.text in _BREAKS or (token.text == "," and step < 0):
                break
            if token.text == "," or (token.kind == "mark" and token.text in "%€") or token.value is not None:
                break
            if lex.inflected(kind, token.folded):
                return i
    return None


def is_percent(token: Token | None, lex: Lexicon) -> bool:
    """True for a per cent sign or word, endings included."""
    if token is None:
        return False
    return token.text in ("%", "٪", "％") or (token.kind == "word" and lex.inflected("percent", token.folded))


def percents(prompt: Prompt) -> list[Figure]:
    """The discounts named in the prompt. VAT, deposit, margin and other percentages are claimed and dropped;
    a bare percentage is a discount, as there is nothing else in an offer it could set."""
    lex = lexicon(prompt.language)
    found: list[Figure] = []
    # A word such as "everything" speaks for one percentage only, the first beside it.
    used: set[int | None] = set()
    for i, token in enumerate(prompt.tokens):
        if token.value is None or not token.free:
            continue
        last = i + 1
        per = prompt.word(last) in ("per", "od")
        if not (per and prompt.word(last + 1) in ("cent", "sta")) and not is_percent(prompt.at(last), lex):
            continue
        last += per
        other = _near(prompt, i, last, "not_discount") is not None and _near(prompt, i, last, "discount", 2) is None
        prompt.claim(range(i, last + 1), "percent")
        if not other:
            whole = _near(prompt, i, last, "whole")
            unsure = lex.has("up_to", prompt.word(i - 1)) or prompt.word(i - 2) + prompt.word(i - 1) == "upto"
            # In Polish "do 10%" is up to ten.
            unsure = unsure or _in_range(prompt, i) or prompt.word(i - 1) == "do" or _conditional(prompt, i)
            found.append(Figure(i, last, token.value, whole is not None and whole not in used, unsure))
            used.add(whole)
    return sorted([*found, *_in_one_word(prompt), *_no_discounts(prompt)], key=lambda f: f.first)


def _conditional(prompt: Prompt, i: int) -> bool:
    """True when the sentence ties the discount to something: "5% if they pay within 5 days", "10% above 5 pieces"."""
    lex = lexicon(prompt.language)
    first, last = piece(prompt, i, commas=False)
    return any(
        lex.has("condition", prompt.word(n)) and not lex.has("wished", prompt.word(n + 1))
        for n in range(first, last + 1)
    )


def _in_one_word(prompt: Prompt) -> list[Figure]:
    """ "tízszázalékos", "dziesięcioprocentowy": number and per cent in one word."""
    found: list[Figure] = []
    for i, token in enumerate(prompt.tokens):
        at = max(token.folded.find("szazalek"), token.folded.find("procent"))
        if not token.free or token.kind != "word" or at < 2:
            continue
        said = token.folded[:at]
        # Polish puts an o behind the number: pięcioprocentowy, of pięciu.
        forms = (said, said[:-1] + "u") if said.endswith("o") else (said,)
        value = next((v for form in forms if (v := spoken(form, prompt.language)) is not None), None)
        prompt.claim([i], "percent")
        found.append(Figure(i, i, value or Decimal(0), unsure=value is None))
    return found


def unnamed_discount(prompt: Prompt) -> int | None:
    """The word of a discount that no percentage belongs to: "adj egy kis kedvezményt", "100 EUR discount"."""
    lex = lexicon(prompt.language)
    for i, token in enumerate(prompt.tokens):
        amount = lex.has("by_amount", token.folded) and prompt.word(i - 1) in lex.currencies
        if token.free and (amount or lex.inflected("discount_words", token.folded)):
            return i
    return None


def _in_range(prompt: Prompt, i: int) -> bool:
    """True for the second number of "10-15%", "10 vagy 15%"."""
    lex = lexicon(prompt.language)
    joins = prompt.word(i - 1) == "-" or lex.has("or", prompt.word(i - 1))
    before = prompt.at(i - 2)
    return joins and before is not None and before.value is not None and before.free


def _no_discounts(prompt: Prompt) -> list[Figure]:
    """ "without discount", "nincs kedvezmény", "bez rabatu": a discount of nought."""
    lex = lexicon(prompt.language)
    found: list[Figure] = []
    for i, token in enumerate(prompt.tokens):
        if not token.free or not lex.inflected("discount", token.folded):
            continue
        before, after = prompt.word(i - 1), prompt.word(i + 1)
        ahead = lex.has("without", before) or lex.has("no", before)
        behind = lex.has("without_behind", after) or after == "nincs"
        if not (ahead or behind) and refused_by_verb(prompt, i, i):
            prompt.claim([i], "percent")
            found.append(Figure(i, i, Decimal(0), whole=True))
            continue
        if ahead or behind:
            prompt.claim(range(i - ahead, i + behind + 1), "percent")
            whole = _near(prompt, i - ahead, i + behind, "whole")
            found.append(Figure(i - ahead, i + behind, Decimal(0), whole is not None))
    return found


def _currency(prompt: Prompt, index: int) -> bool:
    token = prompt.at(index)
    lex = lexicon(prompt.language)
    if token is None or not token.free or token.kind == "number":
        return False
    if token.folded in lex.currencies:
        return True
    return any(token.folded.startswith(w) and len(w) > 3 for w in lex.currencies) or (
        token.folded[:2] == "ft" and token.folded[2:] in lex.endings
    )


def prices(prompt: Prompt) -> list[Figure]:
    """The prices named in the prompt: a number beside a currency, or behind a word for price. A budget or a
    total is claimed and dropped, since it is no unit price."""
    lex = lexicon(prompt.language)
    found: list[Figure] = []
    for i, token in enumerate(prompt.tokens):
        if token.value is None or not token.free:
            continue
        before, after = i - 1, i + 1
        first = before if _currency(prompt, before) and not _currency(prompt, after) else i
        last = after if _currency(prompt, after) else i
        if first == last and not _behind_price_word(prompt, i):
            continue
        # "ten monitors, in EUR 5 docks" would read the currency twice: a number that a count unit follows is a count.
        if first < i and lex.has("count_units", prompt.word(after)):
            continue
        budget = _near(prompt, first, last, "budget", 3)
        prompt.claim(range(first, last + 1), "price")
        if budget is None:
            found.append(Figure(i, last, token.value))
    return found


def _behind_price_word(prompt: Prompt, i: int) -> bool:
    """True for "unit price 1", "egységár: 100", "cena 50": only small words and marks may stand between."""
    lex = lexicon(prompt.language)
    if lex.has("count_units", prompt.word(i + 1)):
        return False
    for back in range(1, 4):
        word = prompt.word(i - back)
        if lex.has("price_words", word) and word not in ("at", "darab"):
            return True
        if word == "at":
            return prompt.word(i + 1) in ("each", "per", "apiece")
        if word not in (":", "=", "legyen", "is", "to", "of", "na", "po", "wynosi", "ma", "byc"):
            return False
    return False
