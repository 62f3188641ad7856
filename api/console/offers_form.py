"""The offer form as typed: its lines and terms, read into an edit, and written back the way people type."""

from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Annotated

from fastapi import Depends, Request
from pydantic_core import PydanticCustomError
from starlette.datastructures import FormData

from api.console.addresses import count_of
from core.language import LANGUAGES, Language
from core.money import CURRENCIES, plain
from crm import catalogue
from crm.imports.cells import as_decimal
from crm.session import CrmSession
from crm.tables import Product
from offers.detail import VersionDetail
from offers.figures import Edit, EditedLine

_UNREADABLE = Decimal("NaN")
_TERMS = ("customer", "currency", "opportunity", "language", "valid_until", "payment_days", "discount")
_TEXTS = ("title", "notes", "delivery", "warranty")
_COLUMNS = ("key", "product", "quantity", "discount_percent", "optional", "option_group", "line_text")
_LONGEST, _LONGEST_TEXT = 200, 2000
_LONGEST_KEY = 24


@dataclass
class TypedLine:
    """One line as typed; `key` tells the rows of the form apart while they move. `optional` is empty for no."""

    key: str
    product: str = ""
    quantity: str = ""
    discount: str = ""
    optional: str = ""
    group: str = ""
    text: str = ""

    @property
    def blank(self) -> bool:
        """Whether nothing was typed into it: such a line is left aside."""
        return not (self.product.strip() or self.quantity.strip() or self.discount.strip())

    @property
    def has_more(self) -> bool:
        """Whether there is something in the fields that are seldom used."""
        return bool(self.optional or self.group.strip() or self.text.strip())


@dataclass
class TypedOffer:
    """The whole form; `version` is that of the record it was opened with, `do` the button that was pressed."""

    lines: list[TypedLine]
    terms: dict[str, str] = field(default_factory=dict)
    version: int = 0
    do: str = ""

    def __getitem__(self, name: str) -> str:
        """What was typed into the field `name`."""
        return self.terms.get(name, "")

    @property
    def filled(self) -> list[TypedLine]:
        """The lines something was typed into."""
        return [line for line in self.lines if not line.blank]

    def rearranged(self) -> bool:
        """Do to the lines what the pressed button says (`add`, `remove KEY`, `up KEY`, `down KEY`); whether it was
        one of these, and not the one that saves."""
        what, _, key = self.do.partition(" ")
        place = next((i for i, line in enumerate(self.lines) if line.key == key), None)
        if what == "add":
            taken = {line.key for line in self.lines}
            self.lines.append(TypedLine(next(f"n{i}" for i in range(len(taken) + 1) if f"n{i}" not in taken)))
        elif what == "remove" and place is not None:
            del self.lines[place]
        elif what in ("up", "down") and place is not None:
            other = max(0, place - 1) if what == "up" else min(len(self.lines) - 1, place + 1)
            self.lines[place], self.lines[other] = self.lines[other], self.lines[place]
        return what in ("add", "remove", "up", "down", "update")


def typed_from(version: VersionDetail, lock: int, language: Language) -> TypedOffer:
    """The form as it opens for an offer there is."""

    def number(value: Decimal) -> str:
        return plain(value) if language == "en" else plain(value).replace(".", ",")

    lines = [
        TypedLine(
            f"l{place}",
            f"{line.sku} · {line.name}",
            number(line.quantity),
            number(line.discount_percent) if line.discount_percent else "",
            "1" if line.optional else "",
            line.option_group or "",
            line.text,
        )
        for place, line in enumerate(version.lines)
    ]
    terms = {
        "valid_until": version.valid_until.isoformat(),
        "payment_days": str(version.payment_days),
        "language": version.language,
        "currency": version.currency,
        "title": version.title or "",
        "notes": version.notes,
        "delivery": version.delivery,
        "warranty": version.warranty,
    }
    return TypedOffer(lines, terms, lock)


async def _typed(request: Request) -> TypedOffer:
    form = await request.form()
    columns = [_texts(form, name, _LONGEST_TEXT if name == "line_text" else _LONGEST) for name in _COLUMNS]
    longest = max(len(column) for column in columns)
    filled = [column + [""] * (longest - len(column)) for column in columns]
    rows = zip(*filled, strict=True)
    lines = [TypedLine(_key(key, place), *rest) for place, (key, *rest) in enumerate(rows)]
    terms = {name: texts[0] for name in _TERMS if (texts := _texts(form, name))}
    terms |= {name: texts[0].replace("\r\n", "\n") for name in _TEXTS if (texts := _texts(form, name, _LONGEST_TEXT))}
    version = next(iter(_texts(form, "version")), "0")
    pressed = next(iter(_texts(form, "do")), "")
    return TypedOffer(lines, terms, count_of(version), pressed)


def _texts(form: FormData, name: str, longest: int = _LONGEST) -> list[str]:
    return [value[:longest] for value in form.getlist(name) if isinstance(value, str)]


def _key(key: str, place: int) -> str:
    """A row's key as sent, if it can be part of an element's id."""
    return key if key.isascii() and key.isalnum() and len(key) <= _LONGEST_KEY else f"p{place}"


TypedOfferDep = Annotated[TypedOffer, Depends(_typed)]


def edit_of(session: CrmSession, typed: TypedOffer, before: Edit | None = None) -> Edit:
    """The edit that was typed; what cannot be read is left to the figures to refuse, each in its place.

    `before` is the version that is edited: what the form has no field for stays as it says, and so does a text that
    was not sent.
    """
    lines = tuple(
        EditedLine(
            _sku(session, line.product),
            _number(line.quantity),
            _number(line.discount),
            bool(line.optional),
            line.group.strip() or None,
            line.text.strip(),
        )
        for line in typed.filled
    )
    kept = before or Edit((), None, None)
    language = next((code for code in LANGUAGES if code == typed["language"]), None)
    days = typed["payment_days"].strip()
    return Edit(
        lines,
        _day(typed["valid_until"]),
        int(days) if days.isascii() and days.isdigit() and len(days) < 6 else None,
        _number(typed["discount"]),
        language,
        title=typed.terms.get("title", kept.title or "").strip() or None,
        notes=typed.terms.get("notes", kept.notes).strip(),
        delivery=typed.terms.get("delivery", kept.delivery).strip(),
        warranty=typed.terms.get("warranty", kept.warranty).strip(),
        attach=kept.attach,
        currency=next((code for code in CURRENCIES if code == typed["currency"]), None),
    )


def _number(text: str) -> Decimal | None:
    text = text.strip().removesuffix("%").strip()
    try:
        return as_decimal(text or None)
    except PydanticCustomError:
        return _UNREADABLE


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def _sku(session: CrmSession, text: str) -> str:
    """The SKU meant by what was typed or picked (`SKU · name`); a name counts where only one product has it."""
    code = text.split("·")[0].strip()
    if not code or catalogue.by_sku(session, code) is not None:
        return code
    found: list[Product] = catalogue.search(session, code, 2)
    return found[0].sku if len(found) == 1 else code
