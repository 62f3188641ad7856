"""What each clause of a message about an offer wants changed. A clause without a verb goes on with the one before."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from assistant.revising.clauses import Clause, Message
from assistant.revising.lexicon import is_in
from assistant.revising.terms import payment, text_of, validity
from offers.understand.products import Mention
from offers.wishes import (
    AddLine,
    RemoveLine,
    SetDiscount,
    SetOptional,
    SetPayment,
    SetQuantity,
    SetText,
    SwapProduct,
    Wish,
)


@dataclass
class Done:
    """The wishes of some clauses. `whole` where all of them were understood, `orders` where a verb or a word of terms
    said that something is to be changed."""

    wishes: list[Wish] = field(default_factory=list)
    whole: bool = True
    orders: bool = False


@dataclass
class _Going:
    """What was last asked for, which a clause without a verb goes on with."""

    verb: str = ""
    percent: Decimal | None = None


def wishes_of(said: Message, parts: list[Clause], today: date) -> Done:
    """The wishes of `parts` in their order."""
    done, going = Done(), _Going()
    for clause in parts:
        own = clause.has.keys() - {"every", "line_word", "more", "fewer"}
        found = _of(said, clause, going, today)
        if found is None:
            done.whole = done.whole and _says_nothing(clause)
            continue
        done.orders = done.orders or bool(own) or bool(clause.percents)
        texts = any(isinstance(wish, SetText) and wish.text for wish in found)
        done.whole = done.whole and (texts or not clause.unread)
        done.wishes += found
    return done


def _says_nothing(clause: Clause) -> bool:
    named = clause.named or clause.numbers or clause.percents or clause.days or clause.times or clause.unread
    # A verb alone ("please change it") goes with what comes after it.
    return not named and not clause.has.keys() - {"set", "turn", "add", "more", "lieu", "every", "replace"}


def _of(said: Message, clause: Clause, going: _Going, today: date) -> list[Wish] | None:
    """The wishes of one clause; None where it is not understood."""
    has = clause.has
    places, numbers = _line_numbers(said, clause)
    readers: tuple[tuple[bool, Callable[[], list[Wish] | None]], ...] = (
        (bool(clause.percents) or ("off" in has and "remove" in has), lambda: _discount(said, clause, going, places)),
        ("instead" in has or "lieu" in has, lambda: _instead(said, clause, numbers)),
        (
            len(clause.named) == 2 and bool(has.keys() & {"replace", "set"}) and not numbers,
            lambda: [SwapProduct(line=said.words(clause.named[0]), product=said.words(clause.named[1]))],
        ),
        (bool(has.keys() & {"optional", "fixed"}), lambda: _optional(said, clause, numbers, places)),
        (bool(clause.times) or bool(clause.days) or "payment" in has, lambda: _terms(said, clause, numbers, today)),
        (bool(has.keys() & {"notes", "title", "warranty"}), lambda: _no_text(clause)),
    )
    for fits, reader in readers:
        if fits:
            return reader()
    own = min(("remove", "add", "set"), key=lambda verb: _at(clause, verb))
    verb = own if own in has else going.verb
    if own in has:
        going.verb = own
    if verb == "remove":
        return _remove(said, clause, numbers, places)
    if verb == "discount" and clause.named and not numbers:
        percent = going.percent if going.percent is not None else Decimal(0)
        return [SetDiscount(line=said.words(named), percent=percent) for named in clause.named]
    if has.keys() & {"more", "fewer"} and numbers and verb != "add":
        return _relative(said, clause, numbers)
    if verb == "add" and clause.named:
        return _add(said, clause, numbers)
    return _quantity(said, clause, numbers, places)


def _at(clause: Clause, verb: str) -> int:
    first = clause.first(verb)
    return 10**6 if first is None else first


def _line_numbers(said: Message, clause: Clause) -> tuple[tuple[int, ...], list[tuple[int, Decimal]]]:
    """Places of lines told by number ("line 2", "a 2. tétel"), and the numbers that are none."""
    word = clause.first("line_word")
    if word is None:
        return (), clause.numbers
    near = [one for one in clause.numbers if 0 < abs(one[0] - word) <= 2]
    behind = [one for one in near if one[0] > word]
    chosen = (behind if said.language != "hu" and behind else near)[:1]
    if not chosen or chosen[0][1] != int(chosen[0][1]) or not 0 < chosen[0][1] < 1000:
        return (), clause.numbers
    return (int(chosen[0][1]),), [one for one in clause.numbers if one is not chosen[0]]


def _lines(said: Message, clause: Clause, places: tuple[int, ...]) -> list[tuple[str, tuple[int, ...]]]:
    """What names the lines of a clause: places, else products as written, else nothing, which is the only line."""
    if places:
        return [("", (place,)) for place in places]
    return [(said.words(named), ()) for named in clause.named] or [("", ())]


def _discount(said: Message, clause: Clause, going: _Going, places: tuple[int, ...]) -> list[Wish] | None:
    if len(clause.percents) > 1 or clause.has.keys() & {"more", "fewer"}:
        return None
    percent = clause.percents[0] if clause.percents else Decimal(0)
    _, numbers = _line_numbers(said, clause)
    added = "add" in clause.has and len(clause.named) == 1 and len(numbers) == 1
    if added:
        name = said.words(clause.named[0])
        return [AddLine(product=name, quantity=numbers[0][1], discount_percent=percent)]
    if numbers:
        return None
    going.verb, going.percent = "discount", percent
    if not clause.named and not places:
        return [SetDiscount(percent=percent, every=True)]
    return [SetDiscount(line=line, at=at, percent=percent) for line, at in _lines(said, clause, places)]


def _instead(said: Message, clause: Clause, numbers: list[tuple[int, Decimal]]) -> list[Wish] | None:
    """ "12 instead of 10", "premium instead of basic"; in Hungarian what is replaced comes first."""
    at = clause.first("instead")
    if at is None:
        if len(numbers) == 1 and len(clause.named) < 2:
            line = said.words(clause.named[0]) if clause.named else ""
            return [SetQuantity(line=line, quantity=numbers[0][1])]
        return [SwapProduct(product=said.words(clause.named[0]))] if len(clause.named) == 1 and not numbers else None
    hungarian = said.language == "hu"
    if len(numbers) == 2 and len(clause.named) < 2:
        gone = [one for one in numbers if (one[0] < at if hungarian else one[0] > at)]
        old = (gone[-1] if hungarian else gone[0]) if gone else None
        new = next((one for one in numbers if one is not old), None)
        if old is None or new is None:
            return None
        line = said.words(clause.named[0]) if clause.named else ""
        return [SetQuantity(line=line, quantity=new[1], was=old[1])]
    if len(clause.named) == 2 and not numbers:
        first, second = clause.named
        before = first.first < at
        # "A helyett B", "B legyen A helyett"; "B instead of A", "instead of A B".
        old_first = not (hungarian and second.first < at) if hungarian else not before
        old_name, new_name = (first, second) if old_first else (second, first)
        return [SwapProduct(line=said.words(old_name), product=said.words(new_name))]
    return None


def _optional(
    said: Message, clause: Clause, numbers: list[tuple[int, Decimal]], places: tuple[int, ...]
) -> list[Wish] | None:
    optional = "fixed" not in clause.has
    if "add" in clause.has and optional and clause.named:
        return [wish.model_copy(update={"optional": True}) for wish in _add(said, clause, numbers) or []] or None
    if numbers:
        return None
    return [SetOptional(line=line, at=at, optional=optional) for line, at in _lines(said, clause, places)]


def _is_delivery(said: Message, named: Mention) -> bool:
    return is_in("delivery", said.prompt.word(named.first), said.language)


def _terms(said: Message, clause: Clause, numbers: list[tuple[int, Decimal]], today: date) -> list[Wish] | None:
    """Payment, delivery, warranty or validity: which of them a time belongs to."""
    has = clause.has
    others = [named for named in clause.named if not _is_delivery(said, named)]
    if others:
        return None
    if "payment" in has:
        days = payment(clause, numbers)
        return None if days is None else [SetPayment(days=days)]
    if "delivery" in has or clause.named:
        text = text_of(said, clause, "delivery")
        return [SetText(field="delivery", text=text)] if text and (clause.times or clause.days) else None
    if "warranty" in has:
        text = text_of(said, clause, "warranty")
        return [SetText(field="warranty", text=text)] if text and clause.times else None
    if numbers:
        return None
    wish = validity(clause, today)
    return None if wish is None else [wish]


def _no_text(clause: Clause) -> list[Wish] | None:
    """A text to be left out: "remove the note"."""
    if "remove" not in clause.has or clause.numbers or clause.named:
        return None
    return [SetText(field=name, text="") for name in ("notes", "title", "warranty") if name in clause.has]


def _remove(
    said: Message, clause: Clause, numbers: list[tuple[int, Decimal]], places: tuple[int, ...]
) -> list[Wish] | None:
    if "delivery" in clause.has and not clause.named and not places:
        return None
    if numbers:
        if len(numbers) == 1 and len(clause.named) == 1:
            name = said.words(clause.named[0])
            return [SetQuantity(line=name, quantity=-numbers[0][1], relative=True)]
        return None
    if not clause.named and not places:
        return None
    return [RemoveLine(line=line, at=at) for line, at in _lines(said, clause, places)]


def _relative(said: Message, clause: Clause, numbers: list[tuple[int, Decimal]]) -> list[Wish] | None:
    if len(numbers) != 1 or len(clause.named) > 1:
        return None
    sign = -1 if "fewer" in clause.has else 1
    line = said.words(clause.named[0]) if clause.named else ""
    return [SetQuantity(line=line, quantity=sign * numbers[0][1], relative=True)]


def _add(said: Message, clause: Clause, numbers: list[tuple[int, Decimal]]) -> list[Wish] | None:
    """Each product with the number before it, else the one behind it."""
    left = list(numbers)
    wishes: list[Wish] = []
    for named in clause.named:
        before = [one for one in left if one[0] < named.first]
        behind = [one for one in left if one[0] > named.last]
        chosen = before[-1:] or (behind[:1] if len(clause.named) == 1 else [])
        left = [one for one in left if one not in chosen]
        quantity = chosen[0][1] if chosen else None
        wishes.append(AddLine(product=said.words(named), quantity=quantity, more="more" in clause.has))
    return None if left else wishes


def _quantity(
    said: Message, clause: Clause, numbers: list[tuple[int, Decimal]], places: tuple[int, ...]
) -> list[Wish] | None:
    if len(numbers) == 1 and len(clause.named) < 2:
        (line, at), *_ = _lines(said, clause, places)
        return [SetQuantity(line=line, at=at, quantity=numbers[0][1])]
    if len(clause.named) == 1 and not numbers and "turn" in clause.has:
        return [SwapProduct(product=said.words(clause.named[0]))]
    return None
