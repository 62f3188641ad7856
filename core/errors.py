"""One family of errors. An error is a stable code, an HTTP status and a sentence in each language."""

import tomllib
from functools import lru_cache
from pathlib import Path

from core.language import LANGUAGES, Language

_MESSAGES = Path(__file__).with_name("messages")


class MessageMissing(Exception):
    """A message code, language or parameter that the catalogue does not have: a fault of the program."""


@lru_cache
def catalogue() -> dict[str, dict[Language, str]]:
    """Every message by code and language, one file a room. Raises `MessageMissing` if a language
    lacks one or two files bear the same code."""
    merged: dict[str, dict[Language, str]] = {}
    for file in sorted(_MESSAGES.glob("*.toml")):
        for code, texts in tomllib.loads(file.read_text(encoding="utf-8")).items():
            if set(texts) != set(LANGUAGES) or code in merged:
                raise MessageMissing(f"{file.name}: {code} is there twice, or lacks one of {', '.join(LANGUAGES)}")
            merged[code] = texts
    return merged


def say(code: str, language: Language, /, **values: object) -> str:
    """The sentence `code` in `language` with `values` filled in."""
    try:
        return catalogue()[code][language].format(**values)
    except KeyError as missing:
        raise MessageMissing(f"{code}: {missing}") from missing


class AppError(Exception):
    """Something a person has to be told: what happened, why, and what to do.

    `code` names a message in `messages/` and never changes once released; `status` is the HTTP
    status a door answers with; `values` fill the message and must be safe to show to the asker.
    """

    def __init__(self, code: str, status: int = 400, /, **values: object) -> None:
        self.code = code
        self.status = status
        self.values = values
        super().__init__(say(code, "en", **values))

    def message(self, language: Language) -> str:
        """The sentence in `language`; names of resources and actions in its words."""
        return say(self.code, language, **{name: _worded(name, value, language) for name, value in self.values.items()})


def _worded(name: str, value: object, language: Language) -> object:
    """What people call a resource or an action; other values, and those without a word, as they are."""
    texts = catalogue().get(f"{name}_{value}") if name in ("resource", "action") else None
    return value if texts is None else texts[language]


class NotFound(AppError):
    """No such record, or one the asker may not see: both look exactly the same."""

    def __init__(self, resource: str, code: object) -> None:
        super().__init__("not_found", 404, resource=resource, record=code)


class Forbidden(AppError):
    """The asker sees the record but has no right to this action on it."""

    def __init__(self, action: str, resource: str) -> None:
        super().__init__("forbidden", 403, action=action, resource=resource)
