"""The console's words: Babel catalogues, one file an area, and figures and dates the local way."""

from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from functools import cache
from io import BytesIO
from pathlib import Path

from babel.dates import format_date, format_datetime, format_time, format_timedelta
from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from babel.support import Translations

from core.clock import BUSINESS_ZONE, now, today
from core.language import Language
from core.money import Currency, print_money, print_number

LOCALE = Path(__file__).with_name("locale")
# English is what the templates say; only the other languages have catalogues.
TRANSLATED: tuple[Language, ...] = ("hu", "pl")


def N_(text: str) -> str:  # noqa: N802 - gettext's own name for a text that is translated where it is shown
    """Mark a text of the program for translation without translating it yet."""
    return text


def load(language: Language) -> Catalog:
    """Every message of `language`, the areas' files merged."""
    merged = Catalog(locale=language)
    for file in sorted((LOCALE / language).glob("*.po")):
        with file.open("rb") as source:
            for message in read_po(source, locale=language):
                if message.id:
                    merged[message.id] = message
    return merged


@cache
def translations(language: Language) -> Translations:
    """The messages of `language` as gettext uses them."""
    compiled = BytesIO()
    write_mo(compiled, load(language))
    compiled.seek(0)
    return Translations(compiled)


class Words:
    """Texts, figures and dates in one language."""

    def __init__(self, language: Language) -> None:
        self.language = language
        self._texts = translations(language)

    def __call__(self, text: str, **values: object) -> str:
        """`text` in this language, with `values` filled in for `%(name)s`."""
        said = str(self._texts.ugettext(text)) if text else ""
        return said % values if values else said

    def count(self, one: str, many: str, n: int, **values: object) -> str:
        """The plural form for `n`, filled in; `%(num)s` is `n` printed the local way."""
        return str(self._texts.ungettext(one, many, n)) % {"num": self.number(Decimal(n)), **values}

    def number(self, number: Decimal | int, digits: int | None = None) -> str:
        """A number with this language's separators."""
        return print_number(Decimal(number), self.language, digits)

    def money(self, amount: Decimal, currency: Currency) -> str:
        """An amount with its currency."""
        return print_money(amount, currency, self.language)

    def percent(self, number: Decimal | int) -> str:
        """A percentage, given in per cent."""
        space = "" if self.language == "en" else "\u00a0" if self.language == "pl" else ""
        return f"{self.number(number)}{space}%"

    def day(self, day: date) -> str:
        """A date, such as 2026. nov. 22."""
        return str(format_date(day, "medium", locale=self.language))

    def weekday(self, day: date) -> str:
        """A date with its weekday, without the year."""
        pattern = {"hu": "MMMM d., EEEE", "pl": "EEEE, d MMMM", "en": "EEEE, d MMMM"}[self.language]
        return str(format_date(day, pattern, locale=self.language))

    def month(self, day: date) -> str:
        """The month and year a date lies in."""
        pattern = {"hu": "y. MMMM", "pl": "LLLL y", "en": "MMMM y"}[self.language]
        return str(format_date(day, pattern, locale=self.language))

    def moment(self, moment: datetime) -> str:
        """A moment, where the business is."""
        return str(
            format_datetime(moment.astimezone(BUSINESS_ZONE), "medium", locale=self.language).rsplit(":", 1)[0]
            if self.language != "en"
            else format_datetime(moment.astimezone(BUSINESS_ZONE), "d MMM y, HH:mm", locale="en")
        )

    def time(self, moment: datetime) -> str:
        """The time of day of a moment, where the business is."""
        return str(format_time(moment.astimezone(BUSINESS_ZONE).time(), "HH:mm", locale=self.language))

    def ago(self, moment: datetime | date) -> str:
        """How long ago (or ahead) a moment or day is."""
        if isinstance(moment, datetime):
            delta = moment - now()
        else:
            delta = moment - today()
            if not delta:
                return self(N_("today"))
        return str(format_timedelta(delta, add_direction=True, locale=self.language))

    def name(self, names: Mapping[str, object]) -> str:
        """This language's of the names a record bears by language."""
        return str(names.get(self.language) or names.get("en") or "")
