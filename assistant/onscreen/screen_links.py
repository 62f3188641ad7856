"""Links to the screen where something is done, for answers that were given on another one."""

import tomllib
from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path

from pydantic import BaseModel

from assistant.reply import LinkView
from core.language import Language
from crm.actor import Actor

_FILE = Path(__file__).with_name("screens.toml")
_MOST = 2
# The path of a record's own screen, by its kind.
_RECORDS = {
    "customer": "/customers/{}",
    "opportunity": "/opportunities/{}",
    "offer": "/offers/{}",
    "activity": "/activities/{}",
    "product": "/products/{}",
}
_LISTS = {"customer": "customers", "contact": "customers", "opportunity": "opportunities", "offer": "offers"}
_LISTS |= {"activity": "activities", "product": "products", "price": "products"}


class ScreenPlace(BaseModel):
    """A screen of the console: its path, what it is called, the right it needs, the help pages about it."""

    path: str
    hu: str
    pl: str
    en: str
    right: tuple[str, str] | None = None
    pages: list[str]

    def label(self, language: Language) -> str:
        """What the navigation calls it."""
        return {"hu": self.hu, "pl": self.pl, "en": self.en}[language]

    def open_to(self, actor: Actor) -> bool:
        """Whether the actor's level gets this screen."""
        return self.right is None or actor.scope(*self.right) is not None


@lru_cache(maxsize=1)
def screen_places() -> dict[str, ScreenPlace]:
    """The screens of the console that links lead to, by their names."""
    read = tomllib.loads(_FILE.read_text(encoding="utf-8"))
    return {name: ScreenPlace.model_validate(entry) for name, entry in read.items()}


def links_for(
    page_ids: Sequence[str], language: Language, actor: Actor, on_screen: str | None = None
) -> tuple[LinkView, ...]:
    """Links to the screens where the matter of the pages `page_ids` is done, at most two, in the order of the pages.

    Screens that the actor's level does not get are left out, and so is the one they are on (`on_screen`).
    """
    places = [
        place
        for page_id in page_ids
        for name, place in screen_places().items()
        if page_id in place.pages and place.open_to(actor) and name != on_screen
    ]
    unique = {place.path: LinkView(label=place.label(language), url=place.path) for place in places}
    return tuple(unique.values())[:_MOST]


def record_link(resource: str, code: str, label: str) -> LinkView | None:
    """A link to the record's own screen; None for a kind that has none."""
    path = _RECORDS.get(resource)
    return LinkView(label=label, url=path.format(code)) if path else None


def list_link(resource: str, language: Language, actor: Actor) -> tuple[LinkView, ...]:
    """A link to the list of such records, where the actor's level gets it."""
    place = screen_places().get(_LISTS.get(resource, ""))
    if place is None or not place.open_to(actor):
        return ()
    return (LinkView(label=place.label(language), url=place.path),)
