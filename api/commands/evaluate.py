"""`robo eval`."""

import json as json_format
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table

from api.commands.shared import bar, opened
from assistant.evaluate import evaluate_offers, load_cases
from core.settings import settings
from retrieval.evaluate import evaluate as evaluate_retrieval

evaluation = typer.Typer(no_args_is_help=True, help="Measure quality on files of cases.")
Json = Annotated[bool, typer.Option("--json", help="print JSON")]


@evaluation.command()
def retrieval(
    directory: Annotated[Path, typer.Argument(help="a BEIR folder: corpus.jsonl, queries.jsonl, qrels.tsv")],
    json: Json = False,
    unaccented: Annotated[bool, typer.Option("--unaccented", help="type the questions without accents")] = False,
) -> None:
    """nDCG@10, Recall@5, MRR@10 and the time per question, in the default configuration."""
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


@evaluation.command()
def offers(
    file: Annotated[Path, typer.Argument(help="JSONL: prompt, user, record, expect")], json: Json = False
) -> None:
    """Share of prompts that come to the right offer or the right question; nothing is stored."""
    cases = load_cases(file)
    with opened() as parts, bar("Prompts") as advance:
        score = evaluate_offers(parts, cases, advance)
    if json:
        typer.echo(json_format.dumps(score.as_dict(), ensure_ascii=False))
    else:
        for language, total in sorted(score.total.items()):
            typer.echo(f"{language}: {score.right.get(language, 0)} of {total} right")
        for case in score.wrong:
            typer.echo(f"  wrong: {case['user']}: {case['prompt']}\n         {case['difference']}")
    if score.wrong:
        raise typer.Exit(2)


def register(app: typer.Typer) -> None:
    """Add the commands."""
    app.add_typer(evaluation, name="eval")
