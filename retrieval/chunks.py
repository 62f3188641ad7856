"""Pages cut into chunks: never across a section, at most `LIMIT` characters, nothing lost."""

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from markdown_it import MarkdownIt

from core.text import fold, nfc, words

LIMIT = 1200
# No section of a help page is as long as this; a document without headings is one section.
STRETCH = 80 * LIMIT

# From the gentlest border to the hardest: paragraphs, lines, sentences, words; then any character.
_BORDERS = tuple(re.compile(p) for p in (r"\n[ \t]*\n\s*", r"\n", r"(?<=[.!?…:;])\s+", r"\s+"))
_LINK = re.compile(r"!?\[([^\]\n]*)\]\([^)\n]*\)")
_MARKS = re.compile(r"\*\*|__|`+|^[ \t]*(?:[-*+]|>|\|)[ \t]+|[ \t]*\|[ \t:|-]*$", re.MULTILINE)


@dataclass(frozen=True)
class Chunk:
    """A piece of one section: `text` is the page's own Markdown, at most `LIMIT` characters.

    `heading_path` runs from the outermost heading to the section's own and is empty above the first
    heading; `anchor` is the section's fragment (see `slug`), empty there too; `ordinal` counts from 0
    through the whole page.
    """

    ordinal: int
    heading_path: tuple[str, ...]
    anchor: str
    text: str

    @property
    def section(self) -> str:
        """The heading path in one line."""
        return " › ".join(self.heading_path)


@dataclass(frozen=True)
class Section:
    """One heading and the Markdown under it, up to the next heading of any level."""

    heading_path: tuple[str, ...]
    anchor: str
    text: str


def chunk_markdown(title: str, body: str, limit: int = LIMIT) -> tuple[Chunk, ...]:
    """`body` as chunks, in order. A first-level heading that repeats `title` is left out of the
    heading path. A heading with neither text nor headings under it gives one chunk, of its own words;
    one with only headings under it gives none, it lives on in their heading paths."""
    chunks: list[Chunk] = []
    found = list(sections(title, body))
    for section, following in zip(found, [*found[1:], None], strict=True):
        text, depth = section.text, len(section.heading_path)
        if not text and depth and (following is None or following.heading_path[:depth] != section.heading_path):
            text = section.heading_path[-1]
        for piece in (piece for stretch in stretches(text) for piece in split(stretch, limit)):
            chunks.append(Chunk(len(chunks), section.heading_path, section.anchor, piece))
    return tuple(chunks)


def sections(title: str, body: str) -> Iterator[Section]:
    """The sections of `body` in order, those without text included; headings inside lists and
    quotations are text."""
    # Only line feeds count as line ends in the parser's line numbers; str.splitlines knows more kinds.
    body = body.replace("\r\n", "\n").replace("\r", "\n")
    lines = [line + "\n" for line in body.split("\n")]
    tokens = _markdown().parse(body)
    path: list[tuple[int, str]] = []
    anchors: Counter[str] = Counter()
    anchor, start = "", 0
    for index, token in enumerate(tokens):
        if token.type != "heading_open" or token.level or token.map is None:
            continue
        yield Section(tuple(text for _, text in path), anchor, "".join(lines[start : token.map[0]]).strip())
        level, text = int(token.tag[1:]), plain(tokens[index + 1].content)
        path = [(depth, above) for depth, above in path if depth < level]
        anchor = slug(text)
        anchors[anchor] += 1
        if anchors[anchor] > 1:
            anchor = f"{anchor}-{anchors[anchor]}"
        if text and not (level == 1 and fold(text) == fold(title)):
            path.append((level, text))
        start = token.map[1]
    yield Section(tuple(text for _, text in path), anchor, "".join(lines[start:]).strip())


def slug(heading: str) -> str:
    """The fragment that leads to `heading`: its words folded and joined by hyphens."""
    return "-".join(fold(word) for word in words(heading))


def plain(markdown: str) -> str:
    """`markdown` without link targets, emphasis, code and list marks: what is indexed, not shown."""
    return nfc(_MARKS.sub("", _LINK.sub(r"\1", markdown))).strip()


def stretches(text: str) -> Iterator[str]:
    """`text` in stretches of about `STRETCH` characters, cut at blank lines: a longer beginning of the same text has
    the same first ones, so a section that grows keeps the chunks it has."""
    start = 0
    while (cut := text.find("\n\n", start + STRETCH)) >= 0:
        yield text[start:cut]
        start = cut
    yield text[start:]


def split(text: str, limit: int) -> tuple[str, ...]:
    """`text` in pieces of at most `limit` characters, of about equal length, cut at the gentlest
    border that does; only white space at the cuts is dropped."""
    pieces: list[str] = []
    rest = text.strip()
    while len(rest) > limit:
        # Equal shares: a full piece followed by a stub of a line would rank badly by its length.
        share = -(-len(rest) // -(-len(rest) // limit))
        cut = _cut(rest, share, limit)
        pieces.append(rest[:cut].rstrip())
        rest = rest[cut:].lstrip()
    return (*pieces, rest) if rest else tuple(pieces)


def _cut(text: str, share: int, limit: int) -> int:
    """Where to end the first piece of `text`: the border nearest to `share` in its second half."""
    for border in _BORDERS:
        ends = [m.end() for m in border.finditer(text, 0, limit + 1) if limit // 2 <= m.start() <= limit and m.start()]
        if ends:
            return min(ends, key=lambda end: (abs(end - share), end))
    return limit


@lru_cache
def _markdown() -> MarkdownIt:
    return MarkdownIt("commonmark")
