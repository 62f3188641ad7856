"""Cells of a spreadsheet or a csv file, turned into what the tables hold.

Each type below refuses a cell with a `PydanticCustomError` whose type is the code of a message for people.
"""

import re
from collections.abc import Callable
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from typing import Annotated

from pydantic import BeforeValidator
from pydantic_core import PydanticCustomError

from core.text import nfc

Cell = str | int | float | bool | date | datetime | None

# PostgreSQL indexes at most 2,700 bytes of a name; no code, name or subject of people is longer than this.
LONGEST = 300
_LARGEST_INTEGER = 2_000_000_000
LARGEST_NUMBER = Decimal(10) ** 12 - 1
_PLACES = 4
_SHOWN = 60

_ERROR_CELLS = frozenset({"#N/A", "#REF!", "#VALUE!", "#DIV/0!", "#NAME?", "#NULL!", "#NUM!", "#SPILL!", "#CALC!"})
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\u200b\ufeff]")
_SURROGATE = re.compile("[\ud800-\udfff]")
_SPACES = re.compile(r"[\s\u00a0\u202f\u2009']")
_YEAR_FIRST = re.compile(r"(\d{4})[-./] ?(\d{1,2})[-./] ?(\d{1,2})\.?(?:[T ]\d{1,2}:\d{2}(?::\d{2})?(?:\.\d+)?Z?)?")
_DAY_FIRST = re.compile(r"(\d{1,2})\. ?(\d{1,2})\. ?(\d{4})")
_EMAIL = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s.]+")
_YES = frozenset({"yes", "y", "true", "1", "igen", "tak"})
_NO = frozenset({"no", "n", "false", "0", "nem", "nie"})


def shown(cell: object) -> str:
    """A cell as a message quotes it, cut to a readable length."""
    text = str(cell)
    return text if len(text) <= _SHOWN else text[: _SHOWN - 1] + "…"


def _refuse(code: str, cell: object, **values: object) -> PydanticCustomError:
    return PydanticCustomError(code, "refused", {"value": shown(cell), **values})


def _number_text(number: float) -> str:
    # A spreadsheet keeps fifteen digits; further ones are noise of binary fractions.
    return format(Decimal(format(number, ".15g")), "f")


def as_text(cell: object) -> str | None:
    """The cell as NFC text without surrounding white space and control characters; None if nothing is left.

    An apostrophe that keeps a spreadsheet from reading a text as a formula is taken off.
    """
    if cell is None:
        return None
    if isinstance(cell, datetime) and (cell.hour, cell.minute, cell.second) == (0, 0, 0):
        cell = cell.date()
    if isinstance(cell, date):
        return cell.isoformat()
    text = _number_text(cell) if isinstance(cell, float) else str(cell)
    text = nfc(_CONTROL.sub("", text)).strip()
    if len(text) > 1 and text[0] == "'" and text[1] in "=@+-":
        text = text[1:]
    if text.upper() in _ERROR_CELLS:
        raise _refuse("row_formula_error", text)
    if len(text) > LONGEST:
        raise _refuse("row_too_long", text, longest=LONGEST)
    if _SURROGATE.search(text):
        raise _refuse("row_unreadable", ascii(text))
    return text or None


def _needed(cell: object) -> str:
    text = as_text(cell)
    if text is None:
        raise PydanticCustomError("row_missing_value", "refused")
    return text


def _code(cell: object) -> str:
    return _needed(cell).upper()


def _login(cell: object) -> str | None:
    text = as_text(cell)
    return text and text.lower()


def _email(cell: object) -> str | None:
    text = as_text(cell)
    if text is not None and not _EMAIL.fullmatch(text):
        raise _refuse("row_bad_email", text)
    return text and text.lower()


def _yes_no(cell: object) -> bool:
    word = (as_text(cell) or "no").lower()
    if word not in _YES | _NO:
        raise _refuse("row_not_a_choice", word, choices="yes, no")
    return word in _YES


def _date(cell: object) -> date | None:
    if isinstance(cell, datetime):
        return cell.date()
    if isinstance(cell, date):
        return cell
    text = as_text(cell)
    if text is None:
        return None
    parts: tuple[str, ...] = ()
    if found := _YEAR_FIRST.fullmatch(text):
        parts = found.groups()
    elif found := _DAY_FIRST.fullmatch(text):
        parts = found.groups()[::-1]
    try:
        return date(*(int(p) for p in parts))
    except (TypeError, ValueError):
        raise _refuse("row_bad_date", text) from None


def as_decimal(cell: object, *, money: bool = False) -> Decimal | None:
    """The number in a cell, exact; a text may have a decimal comma or point and spaces or points between thousands.

    An amount of money written like `24.000` is refused, since it means two things a thousandfold apart.
    """
    if isinstance(cell, bool | date):
        raise _refuse("row_bad_number", cell)
    text = _number_text(cell) if isinstance(cell, float) else as_text(cell)
    if text is None:
        return None
    digits = _SPACES.sub("", text)
    if isinstance(cell, str) and money and re.fullmatch(r"-?[1-9]\d{0,2}[.,]\d{3}", digits):
        raise _refuse("row_ambiguous_number", text)
    if re.fullmatch(r"-?\d{1,3}(\.\d{3})+,\d+|-?\d{1,3}(\.\d{3}){2,}", digits):
        digits = digits.replace(".", "")
    elif re.fullmatch(r"-?\d{1,3}(,\d{3})+\.\d+|-?\d{1,3}(,\d{3}){2,}", digits):
        digits = digits.replace(",", "")
    digits = digits.replace(",", ".")
    try:
        number = Decimal(digits) if re.fullmatch(r"-?\d+(\.\d+)?", digits) else None
    except InvalidOperation:
        number = None
    if number is None or abs(number) > LARGEST_NUMBER:
        raise _refuse("row_bad_number", text)
    if number.scaleb(_PLACES) != number.scaleb(_PLACES).to_integral_value():
        raise _refuse("row_too_many_decimals", text, places=_PLACES)
    return number


def _money(cell: object) -> Decimal | None:
    number = as_decimal(cell, money=True)
    if number is not None and number < 0:
        raise _refuse("row_out_of_range", cell, lowest="0", highest=str(LARGEST_NUMBER))
    return number


def _whole(cell: object) -> int | None:
    number = as_decimal(cell)
    if number is None:
        return None
    if number != number.to_integral_value() or not 0 <= number <= _LARGEST_INTEGER:
        raise _refuse("row_bad_count", cell)
    return int(number)


def choice(*choices: str, default: str | None = None) -> BeforeValidator:
    """A cell that holds one of `choices`, in any letter case; an empty one means `default`, if there is one."""
    canonical = {c.lower(): c for c in choices}

    def read(cell: object) -> str:
        text = as_text(cell)
        if text is None and default is not None:
            return default
        word = _needed(text)
        if word.lower() not in canonical:
            raise _refuse("row_not_a_choice", word, choices=", ".join(choices))
        return canonical[word.lower()]

    return BeforeValidator(read)


def number_between(
    lowest: Decimal, highest: Decimal, *, default: Decimal | None = None, gap: Decimal = Decimal(0)
) -> BeforeValidator:
    """A number from `lowest` to `highest`; an empty cell means `default`, if there is one.

    With a `gap`, numbers above zero must reach it.
    """

    def read(cell: object) -> Decimal:
        if isinstance(cell, str):
            cell = cell.rstrip().removesuffix("%")
        number = as_decimal(cell)
        if number is None:
            if default is None:
                raise PydanticCustomError("row_missing_value", "refused")
            return default
        if not lowest <= number <= highest or 0 < number < gap:
            raise _refuse("row_out_of_range", cell, lowest=str(max(lowest, gap)), highest=str(highest))
        return number

    return BeforeValidator(read)


def default_whole(default: int) -> BeforeValidator:
    """A whole number, not negative; `default` for an empty cell."""

    def read(cell: object) -> int:
        number = _whole(cell)
        return default if number is None else number

    return BeforeValidator(read)


def _country(cell: object) -> str:
    code = _code(cell)
    if not re.fullmatch("[A-Z]{2}", code):
        raise _refuse("row_bad_country", code)
    return code


def _both(*readers: Callable[[object], object]) -> BeforeValidator:
    def read(cell: object) -> object:
        for reader in readers:
            cell = reader(cell)
        return cell

    return BeforeValidator(read)


Text = Annotated[str, BeforeValidator(_needed)]
OptionalText = Annotated[str | None, BeforeValidator(as_text)]
Code = Annotated[str, BeforeValidator(_code)]
Login = Annotated[str, _both(_needed)]
OptionalLogin = Annotated[str | None, BeforeValidator(_login)]
Email = Annotated[str, _both(_needed, _email)]
OptionalEmail = Annotated[str | None, BeforeValidator(_email)]
YesNo = Annotated[bool, BeforeValidator(_yes_no)]
OptionalDate = Annotated[date | None, BeforeValidator(_date)]
Money = Annotated[Decimal | None, BeforeValidator(_money)]
OptionalCount = Annotated[int | None, BeforeValidator(_whole)]
Country = Annotated[str, BeforeValidator(_country)]
