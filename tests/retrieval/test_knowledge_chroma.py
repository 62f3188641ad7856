"""Chroma is a mirror of SQL: in step after every sync, rebuilt without embedding when damaged, never missed."""

import shutil
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from sqlalchemy import Engine

from core.settings import Settings
from retrieval.index import Knowledge
from retrieval.snapshot import read_snapshot
from retrieval.vectors import ChromaVectors, VectorsUnavailable
from tests.retrieval.retrieval_fakes import PAGES, HashedWords

ADMIN = frozenset({"administrator"})


def delete_folder(folder: Path) -> None:
    shutil.rmtree(folder)


def scribble_over_database(folder: Path) -> None:
    (folder / "chroma.sqlite3").write_bytes(b"this is no database" * 500)


def truncate_everything(folder: Path) -> None:
    for file in folder.rglob("*"):
        if file.is_file():
            file.write_bytes(file.read_bytes()[: file.stat().st_size // 2])


def delete_database_alone(folder: Path) -> None:
    (folder / "chroma.sqlite3").unlink()


DAMAGES = [delete_folder, scribble_over_database, truncate_everything, delete_database_alone]


def held(settings: Settings, engine: Engine) -> dict[str, list[str]]:
    """What Chroma answers for each audience group, everything in it."""
    snapshot = read_snapshot(engine)
    store = ChromaVectors(settings, f"{snapshot.state.embedder} {snapshot.state.dimension}")
    query = np.ones(snapshot.state.dimension, np.float32)
    found = {group: sorted(store.nearest(query, [group], 100)) for group in snapshot.groups}
    store.close()
    return found


def wanted(engine: Engine) -> dict[str, list[str]]:
    return {group: sorted(ids) for group, (ids, _) in read_snapshot(engine).groups.items()}


@pytest.fixture
def knowledge(settings: Settings, engine: Engine) -> Knowledge:
    knowledge = Knowledge(settings, engine, HashedWords())
    knowledge.sync(PAGES)
    return knowledge


def test_after_every_sync_chroma_holds_what_sql_holds(settings: Settings, engine: Engine, knowledge: Knowledge) -> None:
    assert held(settings, engine) == wanted(engine)
    knowledge.sync([replace(PAGES[0], audience=("manager",)), replace(PAGES[1], body="Other words.")])
    assert held(settings, engine) == wanted(engine)
    assert set(wanted(engine)) == {"manager", "everyone"}


@pytest.mark.parametrize("damage", DAMAGES)
def test_a_damaged_store_is_made_again_without_embedding(
    settings: Settings, engine: Engine, knowledge: Knowledge, damage: Callable[[Path], None]
) -> None:
    knowledge.close()
    damage(settings.home / "chroma")
    embedder = HashedWords()
    restarted = Knowledge(settings, engine, embedder, vectors="chroma")
    assert restarted.search("restore backup", language=None, audiences=ADMIN).hits[0].page_id == "backup"
    restarted.close()
    assert held(settings, engine) == wanted(engine)
    assert embedder.embedded == []


def test_a_store_with_other_vectors_under_the_same_ids_is_found_out(
    settings: Settings, engine: Engine, knowledge: Knowledge
) -> None:
    knowledge.close()
    groups = read_snapshot(engine).groups
    forged = ChromaVectors(settings, "fake 64")
    forged.reconcile({})
    forged.reconcile({group: (ids, np.roll(vectors, 1, axis=1)) for group, (ids, vectors) in groups.items()})
    forged.close()
    assert Knowledge(settings, engine, HashedWords()).sync(PAGES).chroma == "rebuilt"
    assert Knowledge(settings, engine, HashedWords()).sync(PAGES).chroma == "current"


def test_a_sync_that_died_before_chroma_was_written_is_made_up_for(
    settings: Settings, engine: Engine, knowledge: Knowledge
) -> None:
    knowledge.close()
    groups = read_snapshot(engine).groups
    behind = ChromaVectors(settings, "fake 64")
    behind.reconcile({group: (ids[:1], vectors[:1]) for group, (ids, vectors) in groups.items()})
    behind.close()
    assert Knowledge(settings, engine, HashedWords()).sync(PAGES).chroma == "current"
    assert held(settings, engine) == wanted(engine)


def test_a_chroma_server_that_is_away_costs_only_itself(settings: Settings, engine: Engine) -> None:
    away = settings.model_copy(update={"chroma_url": "http://127.0.0.1:9"})
    knowledge = Knowledge(away, engine, HashedWords())
    assert knowledge.sync(PAGES).chroma == "unavailable"
    assert knowledge.search("restore backup", language=None, audiences=ADMIN).hits[0].page_id == "backup"
    with pytest.raises(VectorsUnavailable):
        ChromaVectors(away, "fake 64").nearest(np.ones(64, np.float32), ["everyone"], 3)
