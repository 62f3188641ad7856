"""An answer without a model: the best passage itself, shortened, with its source."""

import re
from dataclasses import dataclass

from assistant.evidence import Evidence
from assistant.reply import Citation
from assistant.screen import ScreenContext
from core.errors import say
from core.language import Language
from core.text import fold, folded_words
from retrieval.result import Hit

_LONGEST = 700
_SECOND_LONGEST = 280
# A second passage is added only if it is nearly as good as the first.
_NEARLY = 0.92
# Another page is named as worth reading from here on, up to this many sources in all.
_NEAR = 0.6
_MOST_CITED = 3
_MARK = re.compile(r"\[([0-9]{1,3})\]")
_SENTENCE_END = re.compile(r"(?<=[.!?…])\s+(?=[^\s])")
_LIST_ITEM = re.compile(r"\s*(\d+\.|[-*|])\s")


@dataclass(frozen=True)
class Composed:
    """An answer's text, with `[n]` behind each claim, and the citations the marks point to."""

    text: str
    citations: tuple[Citation, ...]


def as_evidence(hits: tuple[Hit, ...], first: int = 1) -> tuple[Evidence, ...]:
    """Hits as numbered evidence; the address of a page is `/help/<language>/<page>#<section>`."""
    return tuple(
        Evidence(
            n=n,
            page_id=hit.page_id,
            title=hit.title,
            section=hit.section,
            url=f"/help/{hit.language}/{hit.page_id}" + (f"#{hit.anchor}" if hit.anchor else ""),
            text=hit.text,
        )
        for n, hit in enumerate(hits, start=first)
    )


def _sentences(line: str) -> list[str]:
    """The sentences of a line; an item of a list or table stays whole."""
    return [line] if _LIST_ITEM.match(line) else _SENTENCE_END.split(line)


def shorten(text: str, longest: int) -> str:
    """Whole lines or sentences of `text`, at most about `longest` characters, at least the first."""
    kept: list[str] = []
    length = 0
    for line in text.strip().splitlines():
        pieces = _sentences(line)
        for i, piece in enumerate(pieces):
            if kept and length + len(piece) > longest:
                return "".join(kept).rstrip() + ("" if kept[-1].rstrip().endswith((".", "!", "?")) else " …")
            kept.append(piece + (" " if i + 1 < len(pieces) else "\n"))
            length += len(piece)
    return "".join(kept).rstrip()


def _closest_sentences(text: str, question: str, longest: int) -> str:
    """The stretch of `text` that begins with the sentence sharing most word beginnings with the question."""
    wanted = {word[:5] for word in folded_words(question) if len(word) > 3}
    sentences = [s for line in text.strip().splitlines() for s in _sentences(line) if s.strip()]
    if not sentences:
        return ""
    best = max(
        range(len(sentences)),
        key=lambda i: (len(wanted & {word[:5] for word in folded_words(sentences[i])}), -i),
    )
    return shorten("\n".join(sentences[best:]), longest)


def compose(question: str, hits: tuple[Hit, ...], screen: ScreenContext | None, language: Language) -> Composed:
    """Answer `question` from `hits`, best first and not empty, fitted to the screen.

    A message on the screen that the best passage speaks of is quoted first. At most three passages are cited: the
    best, a second one quoted where it is nearly as good, and the titles of other pages that are near.
    """
    evidence = as_evidence(hits)
    best = hits[0]
    parts: list[str] = []
    shown = screen.messages[0].strip() if screen and screen.messages else ""
    if shown:
        parts.append(say("on_screen_message", language, message=shorten(shown, 200)))
    if best.language != language:
        parts.append(say("other_language", language, language=best.language))
    parts.append(f"{_unmarked(shorten(best.text, _LONGEST))} [1]")
    citations = [evidence[0].citation(shorten(best.text, _LONGEST))]
    others = [
        (hit, source)
        for hit, source in zip(hits[1:], evidence[1:], strict=True)
        if hit.language == best.language and fold(hit.text) != fold(best.text)
    ]
    for hit, source in others:
        if hit.score >= _NEARLY * best.score:
            quote = _closest_sentences(hit.text, question, _SECOND_LONGEST)
            parts.append(f"{_unmarked(quote)} [2]")
            citations.append(source.citation(quote).model_copy(update={"n": 2}))
            break
    also: list[str] = []
    for hit, source in others:
        known = {citation.page_id for citation in citations}
        if len(citations) < _MOST_CITED and hit.page_id not in known and hit.score >= _NEAR * best.score:
            citations.append(source.citation().model_copy(update={"n": len(citations) + 1}))
            also.append(f"{_unmarked(hit.title)} [{len(citations)}]")
    if also:
        parts.append(say("see_also", language, pages=", ".join(also)))
    return Composed("\n\n".join(parts), tuple(citations))


def _unmarked(text: str) -> str:
    """`text` without marks that would point at a source of the answer."""
    return _MARK.sub(r"(\1)", text)
