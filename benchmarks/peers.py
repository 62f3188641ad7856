"""Side by side with the documented defaults of three frameworks: `python -m benchmarks.peers DIR ... [--json FILE]`.

DIR are evaluation sets whose rows name their article (`doc`, `ord`). Every side gets whole articles and the same
embedder; it cuts, indexes and searches as its documentation shows first. Frameworks that are not installed are named
and left out; to install them, in an environment of their own: `pip install llama-index-core haystack-ai
langchain-text-splitters` beside this project.
"""

import argparse
import json
import re
import statistics
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from rich.console import Console
from rich.table import Table

from benchmarks.peer_sides import SIDES, Article, Search
from core.settings import settings
from core.text import nfc
from retrieval.beir import read_set
from retrieval.embed import Embedder, make_embedder

# An answer is handed over when half of its text is, or so many characters of a long one, which fits no single piece.
_ENOUGH = 0.5
_ENOUGH_CHARACTERS = 300
_SENTENCE = re.compile(r"(?<=[.!?:;])\s+|\n+")


@dataclass(frozen=True)
class PeerFigure:
    """One side on one set: the share of questions whose answer is within what it hands over (`k` pieces), the mean
    characters handed over, the mean reciprocal rank of the first piece that holds part of the answer (of ten), and
    milliseconds a question (median and 95th percentile), embedding included."""

    side: str
    data: str
    k: int
    answered: float
    characters: float
    mrr: float
    median_ms: float
    p95_ms: float
    pieces: int
    index_seconds: float


def articles_of(directory: Path) -> tuple[list[Article], dict[str, str]]:
    """The articles of a set, sections in order under their title; and the text of each section by id."""
    rows = [json.loads(line) for line in (directory / "corpus.jsonl").read_text(encoding="utf-8").splitlines()]
    rows.sort(key=lambda row: (row["doc"], row["ord"]))
    sections = {row["id"]: nfc(row["text"]) for row in rows}
    grouped: dict[str, list[dict[str, str]]] = {}
    for row in rows:
        grouped.setdefault(row["doc"], []).append(row)
    return [
        Article(doc, nfc(part[0]["title"]), tuple(nfc(r["text"]) for r in part)) for doc, part in grouped.items()
    ], sections


def answers(answer: str, handed: Sequence[str]) -> bool:
    """Whether enough of the sentences of `answer`, by their characters, stand in the pieces handed over."""
    pieces = [_flat(piece) for piece in handed]
    sentences = [flat for sentence in _SENTENCE.split(answer) if (flat := _flat(sentence))]
    whole = sum(map(len, sentences))
    held = sum(len(s) for s in sentences if any(s in piece for piece in pieces))
    return held > 0 and (held >= _ENOUGH * whole or held >= _ENOUGH_CHARACTERS)


def _flat(text: str) -> str:
    return " ".join(text.split())


def measure(
    side: str, build: Callable[[Sequence[Article], Embedder], Search], directory: Path, embedder: Embedder
) -> PeerFigure:
    """Index the articles of `directory` and ask all its questions."""
    chosen = read_set(directory)
    articles, sections = articles_of(directory)
    started = time.perf_counter()
    search = build(articles, embedder)
    indexed = time.perf_counter() - started
    search.ask("?", search.k)
    answered, characters, ranks, times = [], [], [], []
    for identifier, question in chosen.questions.items():
        gold = [sections[section] for section in chosen.gains[identifier]]
        started = time.perf_counter()
        handed = search.ask(question, search.k)
        times.append((time.perf_counter() - started) * 1000)
        answered.append(any(answers(answer, handed) for answer in gold))
        characters.append(sum(map(len, handed)))
        ten = search.ask(question, 10)
        ranks.append(
            next((1 / at for at, piece in enumerate(ten, 1) if any(answers(answer, [piece]) for answer in gold)), 0.0)
        )
    times.sort()
    return PeerFigure(
        side=side,
        data=directory.name,
        k=search.k,
        answered=statistics.fmean(answered),
        characters=statistics.fmean(characters),
        mrr=statistics.fmean(ranks),
        median_ms=statistics.median(times),
        p95_ms=times[int(len(times) * 0.95)],
        pieces=search.pieces,
        index_seconds=indexed,
    )


def main(arguments: Sequence[str] | None = None, embedder: Embedder | None = None) -> list[PeerFigure]:
    """Run every side that is installed on every set, print one table and write the figures."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.peers", description=(__doc__ or "").splitlines()[0])
    parser.add_argument("directories", nargs="+", type=Path, metavar="DIR")
    parser.add_argument("--json", type=Path, metavar="FILE")
    given = parser.parse_args(arguments)
    chosen = embedder or make_embedder(settings())
    console, figures = Console(width=130), []
    for directory in given.directories:
        for side, load in SIDES.items():
            try:
                build = load()
            except ImportError as missing:
                console.print(f"{side} left out: {missing}. Install it in an environment of its own (see --help).")
                continue
            figures.append(measure(side, build, directory, chosen))
            print_table(console, figures[-1:])
    console.rule("all")
    print_table(console, figures)
    if given.json:
        given.json.write_text(json.dumps([asdict(f) for f in figures], indent=2) + "\n", encoding="utf-8")
    return figures


def print_table(console: Console, figures: Sequence[PeerFigure]) -> None:
    """The figures for reading."""
    table = Table()
    for heading in (
        "set",
        "side",
        "k",
        "answer within",
        "characters",
        "MRR@10",
        "median ms",
        "p95 ms",
        "pieces",
        "index s",
    ):
        table.add_column(heading, justify="left" if heading in ("set", "side") else "right", no_wrap=True)
    for f in figures:
        shown = (f"{f.answered:.3f}", f"{f.characters:,.0f}", f"{f.mrr:.3f}", f"{f.median_ms:.1f}", f"{f.p95_ms:.1f}")
        table.add_row(f.data, f.side, str(f.k), *shown, str(f.pieces), f"{f.index_seconds:.0f}")
    console.print(table)


if __name__ == "__main__":
    main(sys.argv[1:])
