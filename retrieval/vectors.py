"""Chroma, embedded or as a server: the vectors of SQL in a store that can be searched."""

import hashlib
import logging
import shutil
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import numpy as np

from core.settings import Settings
from retrieval.arrays import Vectors
from retrieval.result import ChromaState

if TYPE_CHECKING:
    from chromadb.api import ClientAPI
    from chromadb.api.models.Collection import Collection

# What the store must hold: for each audience group the passage ids and their unit vectors, shape (n, d).
Wanted = Mapping[str, tuple[Sequence[str], Vectors]]

log = logging.getLogger(__name__)

_BATCH = 2000
_PROBE_SECONDS = 300
# hnsw keeps float32 but scales vectors to length 1 itself, so the last digits may differ.
_TOLERANCE = 1e-4


class VectorsUnavailable(Exception):
    """Chroma did not do as asked, for whatever reason; the caller goes on without it."""


class ChromaVectors:
    """One Chroma collection for each audience group, so that a search asks only those its asker may
    read: a group outside them cannot take a candidate's place. (A metadata filter does the same at
    ten times the cost; measured in docs/decisions/0003.)

    `key` names the embedder: other vectors live in other collections. Safe to use from many threads.
    """

    def __init__(self, settings: Settings, key: str) -> None:
        self._url = settings.chroma_url
        self._folder = settings.home / "chroma"
        self.key = key
        self._prefix = f"robo-{_short(key)}-"
        self._lock = threading.RLock()
        self._client: ClientAPI | None = None
        self._collections: dict[str, Collection] = {}

    def reconcile(self, wanted: Wanted) -> ChromaState:
        """Makes the store hold exactly `wanted`. A passage id covers the passage's text, so ids alone say
        what is missing or surplus; the first time, an embedded store is read in full in a child process,
        and one that is damaged or holds other vectors is thrown away and filled again.

        Raises `VectorsUnavailable` when that cannot be done either.
        """
        with self._lock:
            rebuilt = self._client is None and self._url is None and self._discard_if_damaged(wanted)
            try:
                self._fill(wanted)
            except Exception as fault:
                if self._url is not None:
                    raise VectorsUnavailable(str(fault)) from fault
                log.warning("The vector store failed and is rebuilt: %s", fault)
                self._refill(wanted)
                rebuilt = True
            return "rebuilt" if rebuilt else "current"

    def nearest(self, query: Vectors, groups: Iterable[str], count: int) -> list[str]:
        """The ids of about `count` passages of each of `groups` nearest to `query`, shape (d,).
        Raises `VectorsUnavailable`."""
        found: list[str] = []
        try:
            for group in groups:
                collection = self._collection(group)
                answer = collection.query(query_embeddings=np.atleast_2d(query), n_results=count, include=[])
                found += answer["ids"][0]
        except Exception as fault:
            raise VectorsUnavailable(str(fault)) from fault
        return found

    def close(self) -> None:
        """Lets go of the files or the connection; the next use opens them again."""
        with self._lock:
            if self._client is not None:
                from chromadb.api.client import Client

                if isinstance(self._client, Client):
                    self._client.close()
            self._client = None
            self._collections.clear()

    def _open(self) -> "ClientAPI":
        with self._lock:
            if self._client is None:
                import chromadb
                from chromadb.config import Settings as ChromaSettings

                quiet = ChromaSettings(anonymized_telemetry=False)
                if self._url is None:
                    self._folder.mkdir(parents=True, exist_ok=True)
                    self._client = chromadb.PersistentClient(str(self._folder), settings=quiet)
                else:
                    url = urlsplit(self._url)
                    secure = url.scheme == "https"
                    port = url.port or (443 if secure else 80)
                    self._client = chromadb.HttpClient(url.hostname or "localhost", port, secure, settings=quiet)
            return self._client

    def _collection(self, group: str) -> "Collection":
        name = self._prefix + _short(group)
        with self._lock:
            if name not in self._collections:
                configuration = {"hnsw": {"space": "cosine", "ef_search": 400, "ef_construction": 200}}
                self._collections[name] = self._open().get_or_create_collection(
                    name,
                    embedding_function=None,
                    configuration=configuration,  # type: ignore[arg-type]
                )
            return self._collections[name]

    def _fill(self, wanted: Wanted) -> None:
        client = self._open()
        names = {self._prefix + _short(group) for group in wanted}
        for listed in client.list_collections():
            # Collections of another prefix belong to another embedder or to another user of the server.
            surplus = listed.name.startswith(self._prefix if self._url else "robo-") and listed.name not in names
            if surplus:
                client.delete_collection(listed.name)
                self._collections.pop(listed.name, None)
        for group, (ids, vectors) in wanted.items():
            collection = self._collection(group)
            held = set(collection.get(include=[])["ids"])
            gone = sorted(held.difference(ids))
            missing = [place for place, passage_id in enumerate(ids) if passage_id not in held]
            for start in range(0, len(gone), _BATCH):
                collection.delete(ids=gone[start : start + _BATCH])
            for start in range(0, len(missing), _BATCH):
                part = missing[start : start + _BATCH]
                collection.upsert(ids=[ids[place] for place in part], embeddings=vectors[part])
            if collection.count() != len(ids):
                raise VectorsUnavailable("the store does not hold what was written to it")

    def _refill(self, wanted: Wanted) -> None:
        self.close()
        shutil.rmtree(self._folder, ignore_errors=True)
        try:
            self._fill(wanted)
        except Exception as fault:
            raise VectorsUnavailable(str(fault)) from fault

    def _discard_if_damaged(self, wanted: Wanted) -> bool:
        if not self._folder.exists():
            return False
        reason = self._damage(wanted)
        if reason is None:
            return False
        log.warning("The vector store is thrown away and made again: %s", reason)
        shutil.rmtree(self._folder, ignore_errors=True)
        return True

    def _damage(self, wanted: Wanted) -> str | None:
        """What is wrong with the folder, or None: it opens, and the passages it shares with `wanted` have
        the same vectors. Passages missing or surplus are no damage, an interrupted sync leaves some."""
        with tempfile.TemporaryDirectory() as scratch:
            target = Path(scratch) / "held.npz"
            command = [sys.executable, "-P", str(Path(__file__).with_name("probe.py")), str(self._folder), str(target)]
            try:
                done = subprocess.run(command, capture_output=True, timeout=_PROBE_SECONDS, check=False)
            except (OSError, subprocess.TimeoutExpired) as fault:
                return str(fault)
            if done.returncode:
                return f"reading it ended with {done.returncode}"
            with np.load(target) as held:
                for group, (ids, vectors) in wanted.items():
                    name = self._prefix + _short(group)
                    if f"{name}/ids" in held and _differ(held[f"{name}/ids"], held[f"{name}/vectors"], ids, vectors):
                        return "its vectors are not those of the index"
        return None


def _differ(
    held_ids: "np.ndarray[tuple[int], np.dtype[np.str_]]", held: Vectors, ids: Sequence[str], wanted: Vectors
) -> bool:
    places = {passage_id: place for place, passage_id in enumerate(ids)}
    pairs = [(row, places[str(passage_id)]) for row, passage_id in enumerate(held_ids) if str(passage_id) in places]
    if len(held) != len(held_ids):
        return True
    if not pairs:
        return False
    rows, wanted_rows = (list(side) for side in zip(*pairs, strict=True))
    return held.shape[1] != wanted.shape[1] or not np.allclose(held[rows], wanted[wanted_rows], atol=_TOLERANCE)


def _short(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:12]
