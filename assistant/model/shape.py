"""The JSON an offer request is asked for in, and reading what came back as kindly as is safe."""

import json
import re
from decimal import Decimal, InvalidOperation

from pydantic import ValidationError

from assistant.model.contract import ModelFault
from offers.request import OfferRequest, RequestedLine

_NUMBER: dict[str, object] = {"type": ["number", "null"]}
_NUMBERS = ("quantity", "discount_percent", "named_price", "valid_days", "payment_days")
_MOST_ATTACHED = 20


def schema() -> dict[str, object]:
    """A strict JSON schema without references, patterns or defaults, which not every server knows.

    Every field is required and may be null; numbers are plain JSON numbers. A server that enforces it writes the fields
    in this order, so the quantity comes before the name: a small model otherwise leaves it in the name.
    """
    text: dict[str, object] = {"type": ["string", "null"]}
    line = _object(
        {
            "quantity": _NUMBER,
            "product": {"type": "string"},
            "discount_percent": _NUMBER,
            "named_price": _NUMBER,
            "optional": {"type": "boolean"},
            "option_group": text,
        }
    )
    return _object(
        {
            "customer": text,
            "discount_percent": _NUMBER,
            "lines": {"type": "array", "items": line},
            "valid_days": {"type": ["integer", "null"]},
            "valid_until": text,
            "currency": {"type": ["string", "null"], "enum": ["HUF", "EUR", "PLN", None]},
            "language": {"type": ["string", "null"], "enum": ["hu", "pl", "en", None]},
            "opportunity": text,
            "payment_days": {"type": ["integer", "null"]},
            "delivery": text,
            "warranty": text,
            "notes": text,
            "title": text,
            "attach": {"type": "array", "items": {"type": "string"}},
        }
    )


def _object(properties: dict[str, object]) -> dict[str, object]:
    return {
        "type": "object",
        "properties": properties,
        "required": list(properties),
        "additionalProperties": False,
    }


def read(text: str) -> OfferRequest:
    """The request in `text`: a JSON object, possibly behind words or inside a code fence.

    Raises `ModelFault` ("nonsense") if there is none or a value is of another kind.
    """
    start = text.find("{")
    try:
        found, _ = json.JSONDecoder(parse_float=Decimal).raw_decode(text, max(start, 0))
        return OfferRequest.model_validate(_tidied(found))
    except (ValueError, ValidationError, RecursionError) as error:
        raise ModelFault("nonsense", f"no offer request: {type(error).__name__}") from error


def _tidied(found: object) -> dict[str, object]:
    """Known fields alone, empty texts as none, numbers written as text as numbers."""
    if not isinstance(found, dict):
        raise ValueError("not an object")
    request = _fields(found, set(OfferRequest.model_fields) - {"lines", "attach"})
    lines = found.get("lines") or []
    if not isinstance(lines, list):
        raise ValueError("lines is no list")
    request["lines"] = [_line(line) for line in lines if isinstance(line, dict)]
    attach = found.get("attach") or []
    if not isinstance(attach, list):
        raise ValueError("attach is no list")
    request["attach"] = tuple(each for each in attach if isinstance(each, str) and each.strip())[:_MOST_ATTACHED]
    return request


def _line(found: dict[object, object]) -> dict[str, object]:
    line = _fields(found, set(RequestedLine.model_fields))
    # A server that knows no schema may leave it out or say nothing.
    line["optional"] = line.get("optional") or False
    return line


def _fields(found: dict[object, object], wanted: set[str]) -> dict[str, object]:
    tidy: dict[str, object] = {}
    for name in wanted & found.keys():
        value = found[name]
        if isinstance(value, str) and value.strip().lower() in ("", "null", "none", "n/a"):
            value = None
        tidy[name] = _decimal(value) if name in _NUMBERS else value
    return tidy


def _decimal(value: object) -> Decimal | None:
    """A number, or one written as text: `2,5`, `10 %`, `1 500`. A bool is no number."""
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, int | Decimal | str):
        raise ValueError("no number")
    plain = re.sub(r"[\s%]", "", str(value))
    if "," in plain and "." not in plain:
        plain = plain.replace(",", ".")
    try:
        number = Decimal(plain)
    except InvalidOperation as error:
        raise ValueError("no number") from error
    if not number.is_finite() or number < 0 or number.adjusted() > 12:
        raise ValueError("no possible number")
    # Nobody asks for nought of a thing, or for a discount of nothing: it is how some models write "not said".
    return number or None
