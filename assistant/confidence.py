"""Whether the pages hold an answer to a question, told from how well they fit it."""

from core.text import folded_words
from retrieval.result import Hit, SearchResult

# Measured by `robo eval answers`-like probes on the shipped pages: see docs/decisions/0005-abstaining.md.
CERTAIN_COSINE = 0.865
LEAST_COSINE = 0.825
_LEAST_SHARE = 0.34
_SHORT = 3
_STEM = 5


def shared_words(question: str, hits: tuple[Hit, ...]) -> float:
    """The share of the question's longer words (by their first letters) that stand in the best passages."""
    asked = {word[:_STEM] for word in folded_words(question) if len(word) > _SHORT}
    if not asked:
        return 0.0
    text = " ".join(f"{hit.title} {hit.section} {hit.text}" for hit in hits[:2])
    held = {word[:_STEM] for word in folded_words(text)}
    return len(asked & held) / len(asked)


def holds_answer(question: str, result: SearchResult, hits: tuple[Hit, ...]) -> bool:
    """True if the best passage is near enough by meaning, or fairly near and sharing the question's words."""
    if result.best_cosine >= CERTAIN_COSINE:
        return True
    return result.best_cosine >= LEAST_COSINE and shared_words(question, hits) >= _LEAST_SHARE
