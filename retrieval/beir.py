"""Evaluation sets in BEIR shape: documents, questions, and which documents answer which question."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from core.errors import AppError
from core.text import nfc

_CORPUS = '{"id": "d1", "title": "...", "text": "..."}'
_QUERIES = '{"id": "q1", "text": "..."}'
_QRELS = "query-id<TAB>corpus-id<TAB>score"


@dataclass(frozen=True)
class Document:
    """A row of `corpus.jsonl`: only title and text, whatever else the row has."""

    id: str
    title: str
    text: str


@dataclass(frozen=True)
class EvaluationSet:
    """Documents; questions by id; and for each question the gain of every document that answers it."""

    documents: tuple[Document, ...]
    questions: dict[str, str]
    gains: dict[str, dict[str, int]]


def read_set(directory: Path) -> EvaluationSet:
    """The set in `directory`: `corpus.jsonl`, `queries.jsonl` and `qrels.tsv` (a heading line, or none).
    `_id` is read like `id`. Questions without an answer in `qrels.tsv` are left out.

    Raises `AppError` (422): `eval_missing` for a file that is not there or not UTF-8, `eval_line` with
    file and line for a row that is not as it should be, names an unknown id or repeats one, `eval_empty`
    where nothing is left to measure.
    """
    corpus, queries, qrels = (directory / name for name in ("corpus.jsonl", "queries.jsonl", "qrels.tsv"))
    documents: dict[str, Document] = {}
    for number, row in _rows(corpus, _CORPUS):
        identifier, text = _text(row, "id", corpus, number, _CORPUS), _text(row, "text", corpus, number, _CORPUS)
        if identifier in documents:
            raise _bad(corpus, number, _CORPUS)
        title = row.get("title", "")
        documents[identifier] = Document(identifier, nfc(title) if isinstance(title, str) else "", text)
    questions: dict[str, str] = {}
    for number, row in _rows(queries, _QUERIES):
        identifier = _text(row, "id", queries, number, _QUERIES)
        if identifier in questions:
            raise _bad(queries, number, _QUERIES)
        questions[identifier] = _text(row, "text", queries, number, _QUERIES)
    gains = _gains(qrels, documents, questions)
    for file, found in ((corpus, documents), (queries, questions), (qrels, gains)):
        if not found:
            raise AppError("eval_empty", 422, file=file)
    return EvaluationSet(tuple(documents.values()), {q: text for q, text in questions.items() if q in gains}, gains)


def _gains(file: Path, documents: dict[str, Document], questions: dict[str, str]) -> dict[str, dict[str, int]]:
    gains: dict[str, dict[str, int]] = {}
    for number, line in _lines(file):
        cells = line.split("\t")
        if number == 1 and cells[-1].strip() == "score":
            continue
        score = cells[2].strip() if len(cells) == 3 else ""
        if not score.lstrip("-").isdecimal() or cells[0] not in questions or cells[1] not in documents:
            raise _bad(file, number, _QRELS)
        if int(score) > 0:
            gains.setdefault(cells[0], {})[cells[1]] = int(score)
    return gains


def _lines(file: Path) -> Iterator[tuple[int, str]]:
    try:
        text = file.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as fault:
        raise AppError("eval_missing", 422, file=file) from fault
    for number, line in enumerate(text.split("\n"), start=1):
        if line.strip():
            yield number, line


def _rows(file: Path, expected: str) -> Iterator[tuple[int, dict[str, object]]]:
    for number, line in _lines(file):
        try:
            row = json.loads(line)
        except ValueError as fault:
            raise _bad(file, number, expected) from fault
        if not isinstance(row, dict):
            raise _bad(file, number, expected)
        yield number, row


def _text(row: dict[str, object], name: str, file: Path, number: int, expected: str) -> str:
    value = row.get(name, row.get(f"_{name}"))
    if not isinstance(value, str) or not value.strip():
        raise _bad(file, number, expected)
    return value if name == "id" else nfc(value)


def _bad(file: Path, number: int, expected: str) -> AppError:
    return AppError("eval_line", 422, file=file, line=number, expected=expected)
