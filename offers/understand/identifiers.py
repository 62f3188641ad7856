"""Customers named by code or tax number."""

from dataclasses import dataclass

from offers.request import Catalogue, CustomerName
from offers.understand.tokens import Prompt
from offers.understand.vocabulary import compact

_MAX_LOOKUPS = 20
_SHORTEST_TAX_NUMBER = 8
_LONGEST_TAX_NUMBER = 14
_TAX_WORDS = ("adoszam", "adoszama", "adoszamu", "nip", "vat", "tax", "regon")


@dataclass(frozen=True)
class Identified:
    """A code or tax number as written, and the customer that has it, None if nobody the asker may see has it."""

    written: str
    customer: CustomerName | None


def identified(prompt: Prompt, catalogue: Catalogue) -> list[Identified]:
    """The customers named by code ("C0001", any case) or by tax number, in order, their tokens claimed. A number
    that is nobody's is reported only if it is shaped like a code or a word for tax number stands before it."""
    found: list[Identified] = []
    i = 0
    lookups = 0
    while i < len(prompt.tokens) and lookups < _MAX_LOOKUPS:
        last = _span(prompt, i)
        if last is None:
            i += 1
            continue
        written = prompt.written(i, last)
        joined = compact("".join(t.text for t in prompt.tokens[i : last + 1]))
        code = prompt.tokens[i].kind == "word" and len(prompt.tokens[i].text) <= 2 and len(joined) < 9
        lookups += 1
        customer = catalogue.customer_by_code(joined.upper()) if code else None
        if customer is None and sum(c.isdigit() for c in joined) >= _SHORTEST_TAX_NUMBER:
            customer = catalogue.customer_by_tax_number(joined.upper())
            if customer is None and joined[:2].isalpha():
                customer = catalogue.customer_by_tax_number(joined[2:])
        taxed = any(prompt.word(i - n) in _TAX_WORDS for n in (1, 2, 3))
        customers_code = code and joined[0] == "c" and joined[1:].isdigit() and len(joined) > 4
        if customer is not None or taxed or customers_code:
            found.append(Identified(written, customer))
            prompt.claim(range(i, last + 1), "customer")
        i = last + 1
    return found


def _span(prompt: Prompt, i: int) -> int | None:
    """The last token of a code or long number that begins at `i`: at most two letters, then digits in groups."""
    token = prompt.tokens[i]
    before = prompt.at(i - 1)
    if token.kind == "mark" or not token.free or (token.glued and before is not None and before.kind != "mark"):
        return None
    at = i
    if token.kind == "word" and len(token.text) <= 2 and token.text.isascii():
        at += 1 + (prompt.word(i + 1) == "-" and prompt.tokens[i + 1].glued)
    digits = ""
    last = None
    while (
        at < i + _LONGEST_TAX_NUMBER and (part := prompt.at(at)) is not None and part.free and (at == i or part.glued)
    ):
        if part.kind in ("number", "date") and part.text:
            digits += "".join(c for c in part.text if c.isdigit())
            last = at
        elif part.text not in ("-", ".", "/"):
            break
        at += 1
    if last is None or len(digits) > _LONGEST_TAX_NUMBER:
        return None
    letters = token.kind == "word"
    return last if (letters and len(digits) >= 3) or len(digits) >= _SHORTEST_TAX_NUMBER else None
