"""Help pages as HTML: rendered Markdown, and passages with what was searched for marked in them."""

from collections import Counter

from markdown_it import MarkdownIt
from markupsafe import Markup, escape

from core.text import fold, folded_words, words
from retrieval.chunks import plain, slug

# No HTML of its own, and no pictures from anywhere: a page is text.
_MARKDOWN = MarkdownIt("commonmark", {"html": False}).enable("table").disable("image")
_EXCERPT = 260
_STEM = 5


def render(body: str) -> tuple[Markup, list[tuple[str, str]]]:
    """HTML of a page's Markdown, and its second-level headings with their anchors.

    Each heading bears the anchor its citations point to (`retrieval.chunks.slug`, numbered where it repeats).
    """
    tokens = _MARKDOWN.parse(body)
    seen: Counter[str] = Counter()
    headings = []
    for place, token in enumerate(tokens):
        if token.type != "heading_open" or token.level:
            continue
        heading = plain(tokens[place + 1].content)
        anchor = slug(heading)
        seen[anchor] += 1
        anchor = anchor if seen[anchor] == 1 else f"{anchor}-{seen[anchor]}"
        token.attrSet("id", anchor)
        if token.tag == "h2":
            headings.append((heading, anchor))
    return Markup(_MARKDOWN.renderer.render(tokens, _MARKDOWN.options, {})), headings


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
