"""What changed between two versions of an offer, printed for a person."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from babel.dates import format_date

from core.errors import say
from core.language import Language
from core.money import print_money, print_number
from offers.comparison import LineChange, TermChange, compare, compare_terms
from offers.detail import VersionDetail
from offers.documents.words import unit_word
from offers.sheet import SheetLine


@dataclass(frozen=True)
class Told:
    """One change: `field` is its name, such as `quantity` or `valid_until`; `before` is none for what is new, `after`
    for what is gone. All but `field` is in the reader's language."""

    field: str
    label: str
    before: str | None
    after: str | None


def row_of(told: Told, reader: Language) -> str:
    """A change as one line of text."""
    if told.field == "line_added":
        return say("offer_changed_line_added", reader, name=told.label, amount=told.after)
    if told.field == "line_removed":
        return say("offer_changed_line_removed", reader, name=told.label, amount=told.before)
    return f"{told.label}: {told.before or '–'} → {told.after or '–'}"


def told_changes(before: VersionDetail, after: VersionDetail, reader: Language) -> tuple[Told, ...]:
    """What `after` changed of `before`: lines first, then terms, then the totals that are others."""
    found: list[Told] = []
    for row in compare(before.lines, after.lines):
        found += _line(row, before, after, reader)
    found += [_term(one, reader) for one in compare_terms(before, after)]
    for name in ("net", "gross"):
        old: Decimal = getattr(before.totals, name)
        new: Decimal = getattr(after.totals, name)
        if (old, before.currency) != (new, after.currency):
            label = say(f"offer_changed_{name}", reader)
            found.append(
                Told(name, label, print_money(old, before.currency, reader), print_money(new, after.currency, reader))
            )
    return tuple(found)


def told_terms(before: VersionDetail, after: VersionDetail, reader: Language) -> tuple[Told, ...]:
    """The terms alone that `after` changed of `before`."""
    return tuple(_term(one, reader) for one in compare_terms(before, after))


def _amount(line: SheetLine, reader: Language) -> str:
    said = f"{print_number(line.quantity, reader)} {unit_word(line.unit, line.quantity, reader)}"
    if line.discount_percent:
        said += f", −{print_number(line.discount_percent, reader)}%"
    return f"{said}, {say('offer_changed_is_optional', reader)}" if line.optional else said


def _line(row: LineChange, before: VersionDetail, after: VersionDetail, reader: Language) -> list[Told]:
    if row.before is None and row.after is not None:
        return [Told("line_added", row.after.name, None, _amount(row.after, reader))]
    if row.after is None and row.before is not None:
        return [Told("line_removed", row.before.name, _amount(row.before, reader), None)]
    if row.before is None or row.after is None:
        return []
    old, new, found = row.before, row.after, []

    def told(field: str, was: str, now: str) -> None:
        found.append(Told(field, f"{new.name}, {say(f'offer_changed_{field}', reader)}", was or "–", now or "–"))

    if row.differs("quantity"):
        told("quantity", *(print_number(line.quantity, reader) for line in (old, new)))
    if row.differs("unit_price"):
        told(
            "unit_price",
            print_money(old.unit_price, before.currency, reader),
            print_money(new.unit_price, after.currency, reader),
        )
    if row.differs("discount_percent"):
        told("discount_percent", *(f"{print_number(line.discount_percent, reader)}%" for line in (old, new)))
    if row.differs("optional"):
        words = [
            say("offer_changed_is_optional" if x.optional else "offer_changed_is_fixed", reader) for x in (old, new)
        ]
        told("optional", *words)
    if row.differs("option_group"):
        told("option_group", old.option_group or "", new.option_group or "")
    if row.differs("text"):
        told("text", old.text, new.text)
    return found


def _term(one: TermChange, reader: Language) -> Told:
    return Told(
        one.name,
        say(f"offer_changed_{one.name}", reader),
        _value(one.name, one.before, reader),
        _value(one.name, one.after, reader),
    )


def _value(name: str, value: str | int | date | None, reader: Language) -> str | None:
    if isinstance(value, date):
        return str(format_date(value, "long", locale=reader))
    if value is None:
        return None
    if isinstance(value, int):
        return say("offer_changed_days", reader, count=value)
    if name in ("language", "vat_rule"):
        return say(f"offer_changed_{name}_{value}", reader)
    return value
