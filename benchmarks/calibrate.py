"""Learns when the pages hold no answer: `python -m benchmarks.calibrate [--neighbour DIR ...]`.

Asks the shipped pages the questions of demo/cases/questions.jsonl (with and without an answer), the questions of this
package and the suggested ones (all answerable), and, with `--neighbour`, those of evaluation sets about another
product (taken as unanswerable). Prints the curve by cross-validation over the folds of the cases, and writes
assistant/confidence.json.
"""

import argparse
import json
import tempfile
import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from rich.console import Console
from sqlalchemy import create_engine

from assistant.confidence import FEATURES, WEIGHTS, features
from core.language import LANGUAGES, Language
from core.settings import Settings
from knowledge.pages import help_pages
from retrieval.arrays import Vectors, unit
from retrieval.beir import read_set
from retrieval.embed import Embedder
from retrieval.index import Knowledge

ROOT = Path(__file__).parents[1]
CASES = ROOT / "demo" / "cases" / "questions.jsonl"
SUGGESTED = ROOT / "assistant" / "suggestions.toml"
# How much a question weighs: cases are other people's words, the rest only steadies them.
_WEIGHT = {"case": 1.0, "asked": 0.5, "neighbour": 0.25}
_NEIGHBOURS = 80
_FOLDS = 5
_TOPIC_PENALTY = 1.0
# A wrong refusal is held to cost as much as this many unanswerable questions answered.
_REFUSAL_COSTS = 2.0
_READERS = {"admin": frozenset({"administrator", "manager"}), "vera": frozenset({"manager"})}


@dataclass(frozen=True)
class Sample:
    """A question with its features and vector, whether the pages answer it, and its fold (-1: only for training)."""

    kind: str
    answered: bool
    fold: int
    values: tuple[float, ...]
    query: Vectors


@dataclass(frozen=True)
class Learned:
    """What `Calibration` holds, but the threshold."""

    common: Vectors
    topic: Vectors
    means: Vectors
    scales: Vectors
    weights: Vectors
    bias: float

    def probabilities(self, samples: Sequence[Sample]) -> Vectors:
        """One a sample."""
        rows = np.column_stack([_values(samples), _about(samples, self.common, self.topic)])
        scaled = (rows - self.means) / self.scales
        return np.asarray(1 / (1 + np.exp(-(scaled @ self.weights) - self.bias)), np.float32)


def gather(knowledge: Knowledge, neighbours: Sequence[Path]) -> list[Sample]:
    """All questions asked."""
    asked: list[tuple[str, bool, int, str, Language, str, str | None]] = []
    for line in CASES.read_text(encoding="utf-8").splitlines():
        case = json.loads(line)
        if case["kind"] in ("page", "none"):
            screen = (case.get("screen") or {}).get("id")
            answered = case["kind"] == "page"
            asked.append(("case", answered, case["fold"], case["question"], case["lang"], case["user"], screen))
    for question in tomllib.loads(SUGGESTED.read_text(encoding="utf-8"))["questions"].values():
        asked += [("asked", True, -1, question[code], code, "admin", None) for code in LANGUAGES]
    for directory in neighbours:
        rows = [json.loads(row) for row in (directory / "queries.jsonl").read_text(encoding="utf-8").splitlines()]
        code = rows[0]["lang"]
        questions = sorted(read_set(directory).questions.values(), key=lambda text: text[::-1])[:_NEIGHBOURS]
        asked += [("neighbour", False, -1, text, code, "admin", None) for text in questions]
    samples = []
    for kind, answered, fold, question, language, user, screen in asked:
        audiences = _READERS.get(user, frozenset())
        result = knowledge.search(question, language=language, audiences=audiences, screen=screen, k=4)
        assert result.query is not None
        samples.append(Sample(kind, answered, fold, features(question, result, result.hits), result.query))
    return samples


def learn(samples: Sequence[Sample]) -> Learned:
    """The topic from the questions' vectors; then the log odds from the features and the topic, which for each sample
    is told by the others, so that it does not count for more than it will be worth."""
    common: Vectors = np.array([s.query for s in samples], np.float32).sum(axis=0) / np.float32(len(samples))
    about = np.zeros(len(samples))
    part = np.arange(len(samples)) % _FOLDS
    for k in range(_FOLDS):
        topic = _topic([s for s, p in zip(samples, part, strict=True) if p != k], common)
        about[part == k] = _about([s for s, p in zip(samples, part, strict=True) if p == k], common, topic)
    rows = np.column_stack([_values(samples), about])
    means, scales = rows.mean(axis=0), rows.std(axis=0) + 1e-9
    solved = _logistic((rows - means) / scales, samples, 1.0)
    return Learned(
        common=common,
        topic=_topic(samples, common),
        means=np.asarray(means, np.float32),
        scales=np.asarray(scales, np.float32),
        weights=solved[1:],
        bias=float(solved[0]),
    )


def held_out(samples: Sequence[Sample]) -> tuple[Vectors, list[Sample]]:
    """The cases, and the probability of each as told by what was learned without its fold."""
    cases = [s for s in samples if s.fold >= 0]
    found = np.zeros(len(cases), np.float32)
    for k in range(_FOLDS):
        learned = learn([s for s in samples if s.fold != k])
        places = [place for place, s in enumerate(cases) if s.fold == k]
        found[places] = learned.probabilities([cases[place] for place in places])
    return found, cases


def curve(found: Vectors, cases: Sequence[Sample]) -> list[tuple[float, float, float]]:
    """For each threshold the share of unanswerable cases admitted and of answerable ones refused."""
    answered = np.array([s.answered for s in cases])
    steps = [step / 100 for step in range(5, 100, 5)]
    return [(t, float((found[~answered] < t).mean()), float((found[answered] < t).mean())) for t in steps]


def _values(samples: Sequence[Sample]) -> Vectors:
    return np.array([s.values for s in samples], np.float32)


def _about(samples: Sequence[Sample], common: Vectors, topic: Vectors) -> Vectors:
    about: Vectors = unit(np.array([s.query for s in samples], np.float32) - common) @ topic
    return about


def _topic(samples: Sequence[Sample], common: Vectors) -> Vectors:
    vectors = unit(np.array([s.query for s in samples], np.float32) - common)
    return np.asarray(_logistic(vectors, samples, _TOPIC_PENALTY)[1:], np.float32)


def _logistic(rows: Vectors, samples: Sequence[Sample], penalty: float) -> Vectors:
    """Intercept and weights of a ridge logistic regression by Newton's method; both answers weigh alike in all."""
    wanted = np.array([s.answered for s in samples], float)
    share = np.array([_WEIGHT[s.kind] for s in samples])
    share /= np.where(wanted == 1, share[wanted == 1].sum(), share[wanted == 0].sum()) * 2 / len(samples)
    full = np.column_stack([np.ones(len(rows)), rows]).astype(float)
    ridge = np.diag([1e-6, *[penalty] * rows.shape[1]])
    solved = np.zeros(full.shape[1])
    for _ in range(30):
        told = 1 / (1 + np.exp(-full @ solved))
        slope = full.T @ (share * (wanted - told)) - ridge @ solved
        solved += np.linalg.solve((full * (share * told * (1 - told))[:, None]).T @ full + ridge, slope)
    return np.asarray(solved, np.float32)


def calibrate(neighbours: Sequence[Path], target: Path = WEIGHTS, embedder: Embedder | None = None) -> None:
    """Learn, print the curve and write `target`."""
    with tempfile.TemporaryDirectory() as scratch:
        own = Settings(home=Path(scratch), database_url=None, chroma_url=None)
        engine = create_engine(own.sqlalchemy_url)
        knowledge = Knowledge(own, engine, embedder, vectors="exact")
        knowledge.sync(help_pages())
        samples = gather(knowledge, neighbours)
        name = knowledge.embedder_name
        knowledge.close()
        engine.dispose()
    points = curve(*held_out(samples))
    threshold = max(points, key=lambda point: point[1] - _REFUSAL_COSTS * point[2])[0]
    console = Console()
    for at, admitted, refused in points:
        console.print(f"{at:.2f}  unanswerable admitted {admitted:6.1%}  answerable refused {refused:6.1%}")
    console.print(
        f"threshold {threshold}, learned from {len(samples)} questions; features {', '.join(FEATURES)}, topic"
    )
    learned = learn(samples)
    arrays = {
        name: [round(float(value), 5) for value in getattr(learned, name)]
        for name in ("means", "scales", "weights", "common", "topic")
    }
    held = {"embedder": name, "threshold": threshold, "bias": round(learned.bias, 5), **arrays}
    target.write_text(json.dumps(held) + "\n", encoding="utf-8")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(prog="python -m benchmarks.calibrate", description=(__doc__ or "").split("\n")[0])
    parser.add_argument("--neighbour", type=Path, action="append", default=[], metavar="DIR")
    calibrate(parser.parse_args().neighbour)
