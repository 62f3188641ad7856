"""An offer there is, as an edit, and what a person's wishes make of that edit."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from decimal import Decimal

from core.clock import today
from core.errors import AppError, say
from core.language import Language
from crm.people import as_language
from crm.tables import OfferLine, OfferVersion
from offers.clarify import Choice, first_question, quantity_of, question_about_quantity
from offers.currency import as_currency
from offers.figures import FARTHEST, Edit, EditedLine
from offers.lines_meant import choices_of, lines_meant
from offers.names import product_name
from offers.request import Catalogue, LineMatch, OfferRequest, ProductName, RequestedLine, Understood
from offers.understand import match
from offers.understand.validity import months_later
from offers.wishes import (
    AddLine,
    LineWish,
    RemoveLine,
    SetCurrency,
    SetDiscount,
    SetLanguage,
    SetOptional,
    SetPayment,
    SetQuantity,
    SetText,
    SetValidity,
    SwapProduct,
    Wish,
)


class Question(Exception):
    """What is to be asked before wish `n` (counted from 0) can be done: about its `field`, with `choices` if any."""

    def __init__(self, n: int, text: str, field: str, choices: tuple[Choice, ...] = ()) -> None:
        super().__init__(text)
        self.n, self.text, self.field, self.choices = n, text, field, choices


def edit_of_version(version: OfferVersion) -> Edit:
    """`version`, its lines loaded, as somebody would have typed it: all that it says, and the files added to it by
    hand or by words. What a rule attached is for the rules to attach again."""
    return Edit(
        lines=tuple(
            EditedLine(line.sku, line.quantity, line.discount_percent, line.optional, line.option_group, line.text)
            for line in version.lines
        ),
        valid_until=version.valid_until,
        payment_days=version.payment_days,
        language=as_language(version.language),
        title=version.title,
        notes=version.notes,
        delivery=version.delivery,
        warranty=version.warranty,
        attach=tuple(
            kept.attachment.code for kept in version.attachments if kept.why != "rule" and kept.attachment is not None
        ),
        made_from="prompt",
        currency=as_currency(version.currency),
    )


def renewed(edit: Edit, version: OfferVersion) -> Edit:
    """`edit` with as many days of validity as `version` had when it was made, where its last day is over."""
    if edit.valid_until is None or edit.valid_until >= today():
        return edit
    return replace(edit, valid_until=today() + max(version.valid_until - version.made_on, timedelta(0)))


@dataclass
class _Changing:
    """An edit being changed; `lines` has None where one was left out."""

    version: OfferVersion
    names: Catalogue
    read_in: Language
    reader: Language
    edit: Edit
    lines: list[EditedLine | None] = field(default_factory=list)
    added: list[EditedLine] = field(default_factory=list)

    @property
    def had(self) -> list[OfferLine]:
        """The lines before any change."""
        return self.version.lines


def change(
    version: OfferVersion, wishes: Sequence[Wish], names: Catalogue, read_in: Language, reader: Language
) -> Edit:
    """What `wishes`, their words in `read_in`, make of `version`, whose lines and products are loaded.

    `names` are what the asking user may see. Raises `Question`, in the language of the `reader`, for the first thing
    that is not clear, and `AppError` for what cannot be.
    """
    edit = edit_of_version(version)
    if not any(isinstance(wish, SetValidity) for wish in wishes):
        edit = renewed(edit, version)
    work = _Changing(version, names, read_in, reader, edit, list(edit.lines))
    for n, wish in enumerate(wishes):
        _do(work, n, wish)
    _settle_choices(work)
    kept = tuple(line for line in work.lines if line is not None)
    return replace(work.edit, lines=(*kept, *work.added))


def _settle_choices(work: _Changing) -> None:
    """Of a choice in which one line counted, one still does: the one just made to, the next where that was left out;
    what is left alone is no choice any more."""
    had = work.edit.lines
    for group in {line.option_group for line in had if line.option_group is not None}:
        before = [at for at, line in enumerate(had) if line.option_group == group and not line.optional]
        left = [(at, line) for at, line in enumerate(work.lines) if line is not None and line.option_group == group]
        counted = [at for at, line in left if not line.optional]
        if len(before) != 1 or not left:
            continue
        gone = work.lines[before[0]] is None
        if len(counted) > 1:
            chosen = next((at for at in counted if at not in before), counted[0])
        elif gone and not counted:
            chosen = left[0][0]
        else:
            chosen = counted[0] if counted else -1
        alone = gone and len(left) == 1
        for at, line in left:
            work.lines[at] = replace(line, optional=at != chosen, option_group=None if alone else group)


def _do(work: _Changing, n: int, wish: Wish) -> None:
    match wish:
        case SetQuantity() | RemoveLine() | SetDiscount() | SetOptional() | SwapProduct():
            _do_lines(work, n, wish)
        case AddLine():
            _add(work, n, wish)
        case SetValidity():
            work.edit = replace(work.edit, valid_until=_valid(work, wish))
        case SetPayment():
            work.edit = replace(work.edit, payment_days=wish.days)
        case SetText(field="title"):
            work.edit = replace(work.edit, title=wish.text or None)
        case SetText(field="notes"):
            work.edit = replace(work.edit, notes=wish.text)
        case SetText(field="delivery"):
            work.edit = replace(work.edit, delivery=wish.text)
        case SetText(field="warranty"):
            work.edit = replace(work.edit, warranty=wish.text)
        case SetLanguage():
            work.edit = replace(work.edit, language=wish.language)
        case SetCurrency():
            work.edit = replace(work.edit, currency=wish.currency)
        case _:
            # Prices are those of today in any new version; the rest is done with the offer as a whole.
            pass


def _valid(work: _Changing, wish: SetValidity) -> date:
    """The last day wished for. Raises `AppError("validity_wrong")`."""
    try:
        if wish.until is not None:
            day = wish.until
        elif wish.days is not None:
            day = today() + timedelta(days=wish.days)
        else:
            last = max(work.version.valid_until, today())
            day = months_later(last, wish.longer_months) + timedelta(days=wish.longer or 0)
    except (OverflowError, ValueError) as error:
        raise AppError("validity_wrong", 422) from error
    if not today() <= day <= today() + FARTHEST:
        raise AppError("validity_wrong", 422)
    return day


def _places(work: _Changing, n: int, wish: LineWish) -> tuple[int, ...]:
    """The places of the lines `wish` is about. Raises `Question` where that is not sure."""
    if wish.at:
        if max(wish.at) > len(work.had):
            raise AppError("offer_line_unknown", 422, place=max(wish.at), count=len(work.had))
        return wish.at
    left = tuple(place for place, line in enumerate(work.lines, start=1) if line is not None)
    if isinstance(wish, SetDiscount) and wish.every:
        return left
    if not wish.line:
        places, sure = left, True
    else:
        found = lines_meant(wish.line, work.had, work.names, work.read_in)
        places, sure = tuple(place for place in found.places if place in left), found.sure
    if isinstance(wish, SetQuantity) and wish.was is not None:
        places = tuple(p for p in places if work.had[p - 1].quantity == wish.was) or places
        # A number that no line meant has may be one of something else.
        sure = sure and all(work.had[p - 1].quantity == wish.was for p in places)
    if isinstance(wish, SetOptional) and len(places) > 1:
        places = tuple(p for p in places if work.had[p - 1].optional != wish.optional) or places
    if len(places) == 1 and sure:
        return places
    shown = places or left
    asked = "offer_which_line" if places else "offer_line_not_there"
    question = say(asked, work.reader, written=wish.line or "–", number=work.version.offer.number)
    raise Question(n, question, "line", choices_of(shown, work.had, work.reader))


def _do_lines(work: _Changing, n: int, wish: LineWish) -> None:
    for place in _places(work, n, wish):
        line = work.lines[place - 1]
        if line is not None:
            work.lines[place - 1] = _changed(work, n, wish, line, place)


def _changed(work: _Changing, n: int, wish: LineWish, line: EditedLine, place: int) -> EditedLine | None:
    match wish:
        case SetQuantity():
            quantity = (line.quantity or Decimal(0)) + wish.quantity if wish.relative else wish.quantity
            if wish.relative and quantity == 0:
                return None
            _plausible(work, n, product_name(work.had[place - 1].product), quantity)
            return replace(line, quantity=quantity)
        case SetDiscount():
            return replace(line, discount_percent=wish.percent)
        case SetOptional():
            return replace(line, optional=wish.optional)
        case SwapProduct():
            other = _product(work, n, wish.product)
            _plausible(work, n, other, line.quantity)
            return replace(line, sku=other.sku, text="")
        case _:
            return None


def _product(work: _Changing, n: int, written: str) -> ProductName:
    """The one product on sale that `written` names. Raises `Question`."""
    request = OfferRequest(customer="-", lines=(RequestedLine(product=written, quantity=Decimal(1)),))
    found = match(request, work.names, language=work.read_in).lines[0].products
    if len(found) == 1:
        return found[0]
    shown = tuple(Choice(f"{product.names[work.reader]} ({product.sku})", product.sku) for product in found[:8])
    asked = "which_product" if found else "unknown_product"
    raise Question(n, say(asked, work.reader, written=written), "product", shown)


def _plausible(work: _Changing, n: int, product: ProductName, quantity: Decimal | None) -> None:
    """Raise `Question` where a product cannot be offered in this quantity."""
    asked = question_about_quantity(LineMatch(RequestedLine(product="", quantity=quantity), (product,)), work.reader)
    if asked is not None:
        raise Question(n, asked.question, "quantity", asked.choices)


def _add(work: _Changing, n: int, wish: AddLine) -> None:
    known = lines_meant(wish.product, work.had, work.names, work.read_in) if wish.more else None
    if known is not None and len(known.places) == 1 and known.sure and wish.quantity is not None:
        _do_lines(work, n, SetQuantity(at=known.places, quantity=wish.quantity, relative=True))
        return
    product = _product(work, n, wish.product)
    quantity = quantity_of(LineMatch(RequestedLine(product=wish.product, quantity=wish.quantity), (product,)))
    _plausible(work, n, product, quantity)
    same = [
        place
        for place, line in enumerate(work.lines)
        if line is not None and line.sku == product.sku and line.optional == wish.optional
    ]
    if len(same) == 1 and wish.discount_percent is None and quantity is not None:
        line = work.lines[same[0]]
        if line is not None and line.quantity is not None:
            work.lines[same[0]] = replace(line, quantity=line.quantity + quantity)
            return
    work.added.append(EditedLine(product.sku, quantity, wish.discount_percent, wish.optional))


def customer_meant(n: int, written: str, names: Catalogue, reader: Language) -> str:
    """The code of the one customer that `written` names. Raises `Question`."""
    request = OfferRequest(customer=written)
    understood = Understood(request, match(request, names).customers, ())
    asked = first_question(understood, reader)
    if asked is not None and asked.field == "customer":
        raise Question(n, asked.question, "customer", asked.choices)
    return understood.customers[0].code
