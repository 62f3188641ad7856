"""Help pages as HTML: rendered Markdown, and passages with what was searched for marked in them."""

import re
from collections import Counter

from markdown_it import MarkdownIt
from markupsafe import Markup, escape

from core.text import fold, folded_words, words
from retrieval.chunks import plain, slug

# No HTML of its own, and no pictures from anywhere: a page is text.
_MARKDOWN = MarkdownIt("commonmark", {"html": False}).enable("table").disable("image")
# For the texts of uploaded files: quotations and brackets deep in each other cost seconds.
DOCUMENTS = MarkdownIt("commonmark", {"html": False, "maxNesting": 8}).enable("table").disable("image")
# Longer texts are shown as plain paragraphs: Markdown can take half a minute for a million characters.
_LONGEST = 100_000
_HEADING = re.compile(r"(#{1,6})[ \t]+(.*)")
_EXCERPT = 260
_STEM = 5


def render(
    body: str, seen: Counter[str] | None = None, markdown: MarkdownIt = _MARKDOWN
) -> tuple[Markup, list[tuple[str, str]]]:
    """HTML of a page's Markdown, and its second-level headings with their anchors.

    Each heading bears the anchor its citations point to (`retrieval.chunks.slug`, numbered where it repeats); `seen`
    counts those above, where `body` is a later part of a text. A very long text is shown as plain paragraphs.
    """
    seen = Counter() if seen is None else seen
    if len(body) > _LONGEST:
        return _paragraphs(body, seen)
    tokens = markdown.parse(body)
    headings = []
    for place, token in enumerate(tokens):
        if token.type != "heading_open" or token.level:
            continue
        heading = plain(tokens[place + 1].content)
        anchor = anchored(heading, seen)
        token.attrSet("id", anchor)
        if token.tag == "h2":
            headings.append((heading, anchor))
    return Markup(markdown.renderer.render(tokens, markdown.options, {})), headings


def anchored(heading: str, seen: Counter[str]) -> str:
    """The anchor of a heading where those in `seen` stand above it; it is counted there."""
    anchor = slug(heading)
    seen[anchor] += 1
    return anchor if seen[anchor] == 1 else f"{anchor}-{seen[anchor]}"


def _paragraphs(body: str, seen: Counter[str]) -> tuple[Markup, list[tuple[str, str]]]:
    parts, headings = [], []
    for block in body.split("\n\n"):
        found = _HEADING.fullmatch(block.strip())
        if found is None:
            parts.append(Markup("<p>{}</p>\n").format(block))
            continue
        heading = plain(found[2])
        anchor = anchored(heading, seen)
        tag = f"h{len(found[1])}"
        parts.append(Markup('<{} id="{}">{}</{}>\n').format(tag, anchor, heading, tag))
        if tag == "h2":
            headings.append((heading, anchor))
    return Markup().join(parts), headings


def excerpt(text: str, question: str) -> Markup:
    """The stretch of a passage around the first word asked for, with every such word marked."""
    wanted = {word[:_STEM] for word in folded_words(question) if len(word) > 2}
    said = " ".join(plain(text).split())
    first = next((said.find(word) for word in words(said) if fold(word)[:_STEM] in wanted), 0)
    start = max(0, said.rfind(" ", 0, max(first - 60, 0)) + 1)
    shown = said[start : start + _EXCERPT]
    parts = [Markup("… ") if start else Markup()]
    at = 0
    for word in words(shown):
        here = shown.index(word, at)
        parts.append(escape(shown[at:here]))
        marked = fold(word)[:_STEM] in wanted
        parts.append(Markup("<mark>{}</mark>").format(word) if marked else escape(word))
        at = here + len(word)
    parts.append(escape(shown[at:]))
    parts.append(Markup(" …") if start + _EXCERPT < len(said) else Markup())
    return Markup().join(parts)
