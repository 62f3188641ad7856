"""A passage's fellow in another language: pages of one id say the same, section by section."""

import re

from assistant import pages
from assistant.context import Parts
from assistant.pages import HelpText
from assistant.reply import Citation
from core.errors import AppError
from core.language import Language
from crm.actor import Actor
from crm.people import as_language
from retrieval.chunks import chunk_markdown

_ADDRESS = re.compile(r"^/help/([a-z]{2})/[^#]+(?:#(.+))?$")


def heading_in(parts: Parts, actor: Actor, cited: Citation, language: Language) -> str:
    """Title and heading of the cited passage as the page in `language` has them; empty where `actor` may read no such
    page. The title alone where the sections do not match."""
    address = _ADDRESS.match(cited.url)
    if address is None:
        return ""
    try:
        there = pages.find(parts, language, cited.page_id, actor)
        here = pages.find(parts, as_language(address[1]), cited.page_id, actor)
    except AppError:
        return ""
    mine, theirs = _sections(here), _sections(there)
    anchors = list(mine)
    if address[2] not in mine or len(mine) != len(theirs):
        return there.title
    return f"{there.title}: {list(theirs.values())[anchors.index(address[2])]}"


def _sections(page: HelpText) -> dict[str, str]:
    """Headings by anchor, in order."""
    return {c.anchor: c.section for c in chunk_markdown(page.title, page.body) if c.anchor}
