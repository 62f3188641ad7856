"""Questions to begin with: a few for each screen, each answered by a page that its asker may read."""

import tomllib
from functools import lru_cache
from pathlib import Path

from pydantic import BaseModel

from core.language import Language
from crm.actor import Actor
from knowledge.pages import help_pages

_FILE = Path(__file__).with_name("suggestions.toml")
_MOST = 3
FALLBACK = "other"


class Suggestion(BaseModel):
    """A question in each language, and the ids of the shipped pages that may answer it."""

    pages: list[str]
    hu: str
    pl: str
    en: str

    def words(self, language: Language) -> str:
        """The question in `language`."""
        return {"hu": self.hu, "pl": self.pl, "en": self.en}[language]


class _Catalogue(BaseModel):
    screens: dict[str, list[str]]
    questions: dict[str, Suggestion]


@lru_cache
def catalogue() -> dict[str, list[Suggestion]]:
    """The questions of every screen that has some, by screen id; `other` are those for any other screen."""
    read = _Catalogue.model_validate(tomllib.loads(_FILE.read_text(encoding="utf-8")))
    return {screen: [read.questions[name] for name in names] for screen, names in read.screens.items()}


@lru_cache
def _audiences() -> dict[str, frozenset[str]]:
    return {page.id: frozenset(page.audience) for page in help_pages()}


def suggested(screen: str, actor: Actor) -> list[str]:
    """Two or three questions for `screen` in the actor's language, none that only pages for others answer."""
    known = catalogue()
    first = known.get(screen, [])
    readable = [s for s in (*first, *known[FALLBACK]) if any(_audiences()[page] & actor.audiences for page in s.pages)]
    unique = list({s.en: s for s in readable}.values())
    own = [s for s in unique if s in first]
    return [s.words(actor.language) for s in (own if len(own) > 1 else unique)[:_MOST]]
