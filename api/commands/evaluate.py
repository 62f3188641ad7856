"""`robo eval`."""

import json as json_format
from pathlib import Path
from statistics import fmean
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table

import demo
from api.commands.shared import bar, opened
from api.scratch import scratch_parts
from assistant.evaluate import evaluate_offers, load_cases
from assistant.model.nearness import nearness_for
from assistant.scoring.answers import evaluate_answers
from assistant.scoring.attacks import evaluate_attacks
from assistant.scoring.board import Board
from assistant.scoring.cases import AnswerCase, AttackCase, SentenceCase, read_cases, read_corpus
from assistant.scoring.sentences import evaluate_sentences
from core.clock import today
from core.language import LANGUAGES
from core.settings import settings
from retrieval.evaluate import evaluate as evaluate_retrieval
from retrieval.evaluate import evaluate_all as evaluate_sets

evaluation = typer.Typer(no_args_is_help=True, help="Measure quality on files of cases.")
Json = Annotated[bool, typer.Option("--json", help="print JSON")]
Out = Annotated[Path | None, typer.Option("--out", help="keep the JSON in this file too")]
ATTACKS = Path(demo.__file__).parent / "cases" / "attacks.jsonl"
File = Annotated[Path, typer.Argument(help="JSONL, a case a line")]


@evaluation.command()
def retrieval(
    directories: Annotated[list[Path], typer.Argument(help="BEIR folders: corpus.jsonl, queries.jsonl, qrels.tsv")],
    json: Json = False,
    unaccented: Annotated[bool, typer.Option("--unaccented", help="one set: questions without accents")] = False,
) -> None:
    """nDCG@10, Recall@5, MRR@10 and the time per question, in the default configuration.

    Of several sets each is measured as typed and without accents, and the questions of each against the pages of the
    others where they have the same documents: questions in one language, pages in another.
    """
    if len(directories) > 1:
        _several(directories, json=json)
        return
    directory = directories[0]
    with bar(f"Embedding {directory.name}") as advance:
        score = evaluate_retrieval(directory, settings(), unaccented=unaccented, progress=advance).as_dict()
    if json:
        typer.echo(json_format.dumps(score))
        return
    table = Table(title=str(directory))
    table.add_column("figure")
    table.add_column("value", justify="right")
    for name, value in score.items():
        if isinstance(value, dict):
            for part, milliseconds in value.items():
                table.add_row(f"{name} {part}", f"{milliseconds:.2f}")
        else:
            table.add_row(name, f"{value:.4f}" if isinstance(value, float) else str(value))
    Console().print(table)


def _several(directories: list[Path], *, json: bool) -> None:
    with bar("Embedding the sets") as advance:
        rows = list(evaluate_sets(directories, settings(), progress=advance))
    across = [row.score.ndcg for row in rows if row.questions != row.pages]
    mean = round(fmean(across), 4) if across else None
    if json:
        typer.echo(json_format.dumps({"rows": [row.as_dict() for row in rows], "mean_across_ndcg@10": mean}))
        return
    table = Table(title="Questions of one set, pages of the same or another")
    for heading in ("questions", "pages", "typed", "nDCG@10", "Recall@5", "MRR@10", "questions", "ms"):
        table.add_column(heading, justify="left" if heading in ("questions", "pages", "typed") else "right")
    for row in rows:
        score = row.score
        typed = "no accents" if row.unaccented else "as is"
        quality = (f"{score.ndcg:.4f}", f"{score.recall:.4f}", f"{score.mrr:.4f}")
        milliseconds = f"{score.ms_per_question['total']:.1f}"
        table.add_row(row.questions, row.pages, typed, *quality, str(score.queries), milliseconds)
    Console().print(table)
    if mean is not None:
        typer.echo(f"nDCG@10 across sets, mean of {len(across)}: {mean:.4f}")


@evaluation.command()
def offers(file: File, json: Json = False, out: Out = None) -> None:
    """Share of cases that come to the right offer, question or refusal. Nothing is stored: conversations and uploads
    are played in a copy of this home."""
    cases = load_cases(file)
    talks = any(case.talks for case in cases)
    with (
        scratch_parts(settings(), model=True, demo=False) if talks else opened() as parts,
        bar("Cases") as advance,
    ):
        score = evaluate_offers(parts, cases, advance)
    show(score.board(), json, out)
    if score.wrong:
        raise typer.Exit(2)


@evaluation.command()
def answers(
    file: File,
    json: Json = False,
    out: Out = None,
    model: Annotated[bool, typer.Option("--model", help="ask the configured language model too")] = False,
    most: Annotated[int | None, typer.Option("--most", help="at most so many questions of each language")] = None,
) -> None:
    """Right page, supported sentences, refusals, leaks: every question asked as its user, in a copy of this home."""
    cases = read_cases(file, AnswerCase)
    if most is not None:
        cases = [case for language in LANGUAGES for case in [c for c in cases if c.lang == language][:most]]
    with scratch_parts(settings(), model=model) as parts, bar("Questions") as advance:
        board = evaluate_answers(parts, cases, advance)
    show(board, json, out)


@evaluation.command()
def attacks(
    file: Annotated[Path, typer.Argument(help="JSONL: lang, label, text")] = ATTACKS,
    corpus: Annotated[Path | None, typer.Option("--corpus", help="a folder of further collections (JSONL)")] = None,
    json: Json = False,
    out: Out = None,
    most: Annotated[int | None, typer.Option("--most", help="at most so many texts")] = None,
) -> None:
    """What orders in notes, mails and documents bring about when the model obeys them all: it must be nothing."""
    cases = [*read_cases(file, AttackCase), *(read_corpus(corpus) if corpus else ())]
    with scratch_parts(settings(), model=False) as parts, bar("Attacks") as advance:
        board = evaluate_attacks(parts, cases[:most], progress=advance)
    show(board, json, out)
    if board.wrong:
        raise typer.Exit(2)


@evaluation.command()
def sentences(file: File, json: Json = False, out: Out = None) -> None:
    """How well the check of a model's sentences tells supported ones from others."""
    cases = read_cases(file, SentenceCase)
    show(evaluate_sentences(cases, nearness_for(settings())), json, out)


def show(board: Board, json: bool, out: Path | None) -> None:
    """Print a measurement as a table or as JSON, and keep the JSON in `out`."""
    made = json_format.dumps(board.as_dict(today()), ensure_ascii=False)
    if out is not None:
        out.write_text(made + "\n", encoding="utf-8")
    if json:
        typer.echo(made)
        return
    console = Console()
    table = Table(title=board.name)
    table.add_column("measured")
    for name in board.names:
        table.add_column(name, justify="right")
    for metric, shares in board.rows():
        table.add_row(metric, *shares)
    console.print(table)
    for name, value in board.figures.items():
        typer.echo(f"{name}: {value:g}")
    for point in board.curve:
        typer.echo("  ".join(f"{name} {value:.2f}" for name, value in point.items()))
    for row in board.wrong:
        typer.echo("  " + "; ".join(f"{name}: {value}" for name, value in row.items() if value not in (None, [], "")))


def register(app: typer.Typer) -> None:
    """Add the commands."""
    app.add_typer(evaluation, name="eval")
