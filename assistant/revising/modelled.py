"""Changes of an offer read by a model where code does not understand all of a message: typed wishes, whose names and
figures must stand in the message. Records are looked up and figures computed by code, as ever."""

import json
from datetime import date
from decimal import Decimal

from pydantic import BaseModel, ConfigDict, TypeAdapter, ValidationError

from assistant.model import AnsweringModel, ModelFault
from assistant.model.asking import ENGLISH_NAMES
from assistant.model.grounds import named
from assistant.prompts import prompt
from core.language import LANGUAGES, Language
from core.money import CURRENCIES
from core.text import fold
from offers.understand.dates import dates
from offers.understand.tokens import clean, tokenise
from offers.wishes import Wish

_MOST = 20
_KINDS = (
    *("quantity", "remove", "add", "discount", "optional", "swap", "validity", "payment"),
    *("text", "language", "currency", "reprice", "undo", "copy"),
)
_TEXTS = ("title", "notes", "delivery", "warranty")
_WISH: TypeAdapter[Wish] = TypeAdapter(Wish)
# What each kind takes of what the model may tell, by the name it has in the wish.
_TAKES: dict[str, tuple[str, ...]] = {
    "quantity": ("line", "quantity"),
    "remove": ("line",),
    "add": ("product", "quantity", "percent"),
    "discount": ("line", "percent"),
    "optional": ("line", "optional"),
    "swap": ("line", "product"),
    "validity": ("until", "days", "longer"),
    "payment": ("days",),
    "text": ("field", "text"),
    "language": ("language",),
    "currency": ("currency",),
    "reprice": (),
    "undo": (),
    "copy": ("customer",),
}
_NAMES = ("line", "product", "customer", "text")
_NUMBERS = ("quantity", "percent", "days", "longer")


class _Said(BaseModel):
    """One wish as the model tells it."""

    model_config = ConfigDict(extra="ignore")

    kind: str
    line: str | None = None
    product: str | None = None
    quantity: Decimal | None = None
    percent: Decimal | None = None
    optional: bool | None = None
    until: date | None = None
    days: int | None = None
    longer: int | None = None
    field: str | None = None
    text: str | None = None
    language: str | None = None
    currency: str | None = None
    customer: str | None = None


class _Read(BaseModel):
    wishes: list[_Said]


def schema() -> dict[str, object]:
    """A strict JSON schema of a list of wishes: every field required, and null where nothing was said."""
    text: dict[str, object] = {"type": ["string", "null"]}
    number: dict[str, object] = {"type": ["number", "null"]}
    whole: dict[str, object] = {"type": ["integer", "null"]}
    properties: dict[str, object] = {
        "kind": {"type": "string", "enum": list(_KINDS)},
        "line": text,
        "product": text,
        "quantity": number,
        "percent": number,
        "optional": {"type": ["boolean", "null"]},
        "until": text,
        "days": whole,
        "longer": whole,
        "field": {"type": ["string", "null"], "enum": [*_TEXTS, None]},
        "text": text,
        "language": {"type": ["string", "null"], "enum": [*LANGUAGES, None]},
        "currency": {"type": ["string", "null"], "enum": [*CURRENCIES, None]},
        "customer": text,
    }
    wish = {"type": "object", "properties": properties, "required": list(properties), "additionalProperties": False}
    wishes = {"type": "array", "items": wish}
    return {
        "type": "object",
        "properties": {"wishes": wishes},
        "required": ["wishes"],
        "additionalProperties": False,
    }


async def wishes_by(model: AnsweringModel, message: str, language: Language, today: date) -> tuple[Wish, ...]:
    """The wishes a model reads in `message`. Raises `ModelFault`, also where it says what the message does not."""
    rules = prompt("revising", language=ENGLISH_NAMES[language], today=today.isoformat())
    answer = await model.fill(message, rules=rules, schema=schema(), name="offer_changes")
    start = answer.find("{")
    try:
        found, _end = json.JSONDecoder(parse_float=Decimal).raw_decode(answer, max(start, 0))
        said = _Read.model_validate(found).wishes
        if len(said) > _MOST:
            raise ModelFault("nonsense", "more changes than anyone asks for")
        return tuple(_wish(each, message, language, today) for each in said)
    except (ValueError, ValidationError, RecursionError) as error:
        raise ModelFault("nonsense", f"no list of changes: {type(error).__name__}") from error


def _wish(said: _Said, message: str, language: Language, today: date) -> Wish:
    told = said.model_dump(exclude_none=True)
    kept: dict[str, object] = {name: told[name] for name in _TAKES.get(said.kind, ()) if name in told}
    for name in _NAMES:
        if isinstance(value := kept.get(name), str) and value and not _stands(name, value, message):
            raise ModelFault("nonsense", "words that nobody wrote")
    figures = _figures(message, language)
    for name in _NUMBERS:
        if name in kept and not _figure_stands(name, Decimal(str(kept[name])), figures, message):
            raise ModelFault("nonsense", "a figure that nobody wrote")
    if "until" in kept and kept["until"] not in _days(message, language, today):
        raise ModelFault("nonsense", "a day that nobody wrote")
    if said.kind == "discount":
        kept["every"] = not kept.get("line")
    if said.kind == "add" and "percent" in kept:
        kept["discount_percent"] = kept.pop("percent")
    return _WISH.validate_python({"kind": said.kind, **kept})


def _stands(name: str, value: str, message: str) -> bool:
    if name == "text":
        return " ".join(fold(value).split()) in " ".join(fold(message).split())
    return named(value, message)


def _figures(message: str, language: Language) -> frozenset[Decimal]:
    """Every number written or spelled in the message, read in any of the languages."""
    return frozenset(
        token.value
        for code in (language, *LANGUAGES)
        for token in tokenise(clean(message), code).tokens
        if token.value is not None
    )


def _figure_stands(name: str, value: Decimal, figures: frozenset[Decimal], message: str) -> bool:
    if value in figures:
        return True
    # Weeks are told as days; nought takes a discount away, and one is said by an article or not at all.
    weeks = name in ("days", "longer") and value % 7 == 0 and (value / 7 in figures or value == 7)
    return weeks or (name == "percent" and value == 0) or (name == "quantity" and value == 1)


def _days(message: str, language: Language, today: date) -> frozenset[date]:
    return frozenset(one.day for code in (language, *LANGUAGES) for one in dates(tokenise(clean(message), code), today))
