"""What a message is about, told from the beginnings of its words alone."""

import tomllib
from functools import lru_cache
from pathlib import Path

from core.text import fold

_FILE = Path(__file__).with_name("vocabulary.toml")
_TRIM = ".,;:!?()[]{}\"'„”“»«…"


@lru_cache
def _vocabulary() -> dict[str, tuple[str, ...]]:
    raw = tomllib.loads(_FILE.read_text(encoding="utf-8"))
    return {topic: tuple(table["words"]) for topic, table in raw.items()}


def topics(text: str) -> frozenset[str]:
    """The topics of `vocabulary.toml` that a word of `text` belongs to."""
    written = [word.strip(_TRIM) for word in fold(text).split()]
    return frozenset(
        topic
        for topic, beginnings in _vocabulary().items()
        if any(
            word == start[1:] if start.startswith("=") else word.startswith(start)
            for word in written
            for start in beginnings
        )
    )


def is_question(text: str) -> bool:
    """Whether the message asks rather than orders: a question mark or a question word anywhere."""
    return "?" in text or "question" in topics(text)
