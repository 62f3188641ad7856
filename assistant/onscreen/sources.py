"""The passage of the help pages about a rule or a screen, as the asker may read it now."""

import tomllib
from functools import lru_cache
from pathlib import Path

from assistant import pages
from assistant.compose import shorten
from assistant.context import Turn
from assistant.evidence import Evidence
from core.errors import AppError
from core.language import Language
from crm.explain import Explanation
from retrieval.chunks import Section, sections

_FILE = Path(__file__).with_name("sources.toml")
_QUOTED = 280


@lru_cache(maxsize=1)
def passages() -> dict[str, tuple[str, str]]:
    """By name of a rule, an action or a screen, the page's id and the English heading."""
    read: dict[str, list[str]] = tomllib.loads(_FILE.read_text(encoding="utf-8"))["passages"]
    return {name: (entry[0], entry[1]) for name, entry in read.items()}


@lru_cache(maxsize=256)
def _heading(page_id: str, english: str, language: Language) -> str | None:
    """The heading in `language` of the section that is headed `english` in the shipped English page."""
    by_language = {p.language: p for p in pages.shipped() if p.id == page_id}
    if not {"en", language} <= by_language.keys():
        return None
    headings = [_last(s) for s in sections("", by_language["en"].body)]
    place = headings.index(english) if english in headings else None
    own = [_last(s) for s in sections("", by_language[language].body)]
    return own[place] if place is not None and place < len(own) else None


def _last(section: Section) -> str:
    return section.heading_path[-1] if section.heading_path else ""


def passage(turn: Turn, name: str, n: int = 1) -> Evidence | None:
    """The passage called `name`, in the answer's language; None where the company hid or narrowed its page."""
    if name not in passages():
        return None
    page_id, english = passages()[name]
    try:
        page = pages.find(turn.parts, turn.language, page_id, turn.actor)
    except AppError:
        return None
    wanted = _heading(page_id, english, turn.language)
    found = [s for s in sections(page.title, page.body) if s.text]
    section = next((s for s in found if _last(s) == wanted), found[0] if found else None)
    if section is None:
        return None
    anchor = f"#{section.anchor}" if section.anchor else ""
    url = f"/help/{turn.language}/{page_id}{anchor}"
    return Evidence(n, page_id, page.title, _last(section), url, shorten(section.text, _QUOTED))


def name_for(explained: Explanation) -> str:
    """The name of the passage about what forbids an action, else about how it is done."""
    if explained.allowed:
        return f"{explained.action}_{explained.resource}"
    code = explained.error.code if explained.error else ""
    if explained.rule == "not_offered":
        return f"not_offered_{explained.resource}"
    return code if code in passages() else str(explained.rule)
