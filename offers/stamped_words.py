"""The words of the page added to an answered offer, and of the mail that carries it."""

import tomllib
from datetime import datetime, timedelta
from functools import lru_cache

from pydantic import TypeAdapter

from core.clock import BUSINESS_ZONE
from core.language import Language
from offers.documents.words import TEMPLATES, print_date

_FILE = TypeAdapter(dict[Language, dict[str, str]])


@lru_cache
def words(language: Language) -> dict[str, str]:
    """The words in `language`, by name. Callers share the mapping and must not change it."""
    text = (TEMPLATES / "acceptance.toml").read_text(encoding="utf-8")
    return _FILE.validate_python(tomllib.loads(text))[language]


def print_moment(moment: datetime, language: Language) -> str:
    """`moment` to the second where the business is, with the name of that time and the offset from UTC."""
    local = moment.astimezone(BUSINESS_ZONE)
    hours = int((local.utcoffset() or timedelta()).total_seconds() // 3600)
    return f"{print_date(local.date(), language)} {local:%H:%M:%S} ({words(language)['zone']}, UTC+{hours})"
