"""What of a model's reading of an offer request stands beside the reading by code."""

from collections import Counter
from decimal import Decimal

from offers.request import LineMatch, OfferRequest, Understood

_TERMS = ("valid_days", "valid_until", "currency", "language", "opportunity", "payment_days")
_TEXTS = ("delivery", "warranty", "notes", "title")


def agreed(by_model: Understood, by_code: Understood) -> Understood | None:
    """`by_model` with the terms that code read, or None where the two tell money otherwise.

    A model helps with what words mean: names and products that code did not know. It never settles what code found
    open, and where code read a customer, a quantity, a discount or an option, the model has to have read the same:
    a small model swaps numbers between lines and takes a discount on one line for one on all.
    """
    model, code = by_model.request, by_code.request
    if by_code.doubts or discounts(model) != discounts(code):
        return None
    if by_code.customers and set(by_model.customers) != set(by_code.customers):
        return None
    if not _same_lines(by_model, by_code):
        return None
    terms = {name: getattr(code, name) for name in _TERMS}
    terms |= {name: getattr(code, name) or getattr(model, name) for name in (*_TEXTS, "attach")}
    return Understood(
        model.model_copy(update=terms), by_model.customers, by_model.lines, by_code.doubts, by_code.remarks
    )


def discounts(request: OfferRequest) -> tuple[Decimal | None, list[Decimal]]:
    """The discount on everything, and those on single lines, in order of size; where there is one line both are one."""
    lines = sorted(d for line in request.lines if (d := line.discount_percent))
    if len(request.lines) == 1 and lines:
        return lines[0], []
    return request.discount_percent or None, lines


def _same_lines(model: Understood, code: Understood) -> bool:
    """Whether each product that code is sure of has the same figures with the model, the model has none twice, and
    neither chose where code found several products nor left out a quantity of something that code found none for."""
    known, given = _quantities(code), _quantities(model)
    # A number that code has used up makes no further line.
    if known - given or (given - known).keys() & known.keys():
        return False
    read = [line.products[0].sku for line in model.lines if len(line.products) == 1]
    if len(set(read)) != len(read):
        return False
    by_sku = {line.products[0].sku: line for line in model.lines if len(line.products) == 1}
    for line in code.lines:
        if len(line.products) > 1 and not any(set(one.products) == set(line.products) for one in model.lines):
            return False
        if len(line.products) != 1:
            continue
        other = by_sku.get(line.products[0].sku)
        if other is None or _figures(other, line, model) != _figures(line, line, code):
            return False
    return True


def _quantities(understood: Understood) -> Counter[Decimal]:
    return Counter(q for line in understood.lines if (q := line.requested.quantity) is not None)


def _figures(line: LineMatch, code: LineMatch, of: Understood) -> tuple[Decimal | None, Decimal, bool, bool]:
    """What may not differ; a quantity that code did not read is the model's to give."""
    asked, general = line.requested, of.request.discount_percent
    quantity = asked.quantity if code.requested.quantity is not None else None
    own = general if asked.discount_percent is None else asked.discount_percent
    return quantity, own or Decimal(0), asked.optional, asked.option_group is not None
