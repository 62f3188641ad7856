"""The words of the public pages in the language they are shown in."""

import tomllib
from functools import lru_cache
from pathlib import Path

from pydantic import TypeAdapter
from starlette.requests import Request

from core.language import LANGUAGES, Language

NAMES: dict[Language, str] = {"hu": "Magyar", "pl": "Polski", "en": "English"}
_FILE = TypeAdapter(dict[str, dict[Language, str]])


@lru_cache
def words(language: Language) -> dict[str, str]:
    """Every word by name. Callers share the mapping and must not change it."""
    text = Path(__file__).with_name("words.toml").read_text(encoding="utf-8")
    return {name: texts[language] for name, texts in _FILE.validate_python(tomllib.loads(text)).items()}


def picked(request: Request) -> Language | None:
    """The language chosen by the switch on the page, which is a part of the address: no cookie is set."""
    return next((known for known in LANGUAGES if known == request.query_params.get("language")), None)


def accepted(request: Request) -> Language:
    """The first language the browser wants that we speak, else English."""
    wanted = [part.split(";")[0].strip()[:2].lower() for part in request.headers.get("accept-language", "").split(",")]
    return next((known for code in wanted for known in LANGUAGES if known == code), "en")
