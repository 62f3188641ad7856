"""`robo index` and `robo search`."""

import json as json_format
from pathlib import Path
from typing import Annotated

import typer

from api.commands.shared import bar, local_token, one_language, opened, remote, server_url
from api.search import search_as, sync_pages
from assistant import document_index
from core.settings import settings


def index(
    path: Annotated[Path | None, typer.Argument(help="a folder of pages; none for those that ship")] = None,
) -> None:
    """Bring the index up to date; only what changed is embedded again."""
    url = server_url()
    if url is not None:
        body: dict[str, object] = {"path": str(path.resolve()) if path else None}
        typer.echo(json_format.dumps(remote(url, "/api/v1/local/index", body, local_token(settings())).json()))
        return
    with opened() as parts, bar("Embedding passages") as advance:
        report = sync_pages(parts, path, advance)
        document_index.desk(parts.engine, parts.knowledge).settle()
    typer.echo(
        f"{report.pages} pages: {report.added} added, {report.changed} changed, {report.removed} removed, "
        f"{report.unchanged} unchanged; {report.chunks} passages, generation {report.generation}"
    )


def search(
    question: str,
    user: Annotated[str, typer.Option("--user", help="login whose pages are searched")],
    lang: Annotated[str | None, typer.Option(help="language to prefer")] = None,
    screen: Annotated[str | None, typer.Option(help="screen to prefer")] = None,
    k: Annotated[int, typer.Option(help="how many passages")] = 4,
) -> None:
    """Show the passages an answer would be made from."""
    url = server_url()
    if url is not None:
        body: dict[str, object] = {"question": question, "login": user, "language": lang, "screen": screen, "k": k}
        found = remote(url, "/api/v1/local/search", body, local_token(settings())).json()
    else:
        with opened() as parts:
            found = [p.model_dump() for p in search_as(parts, user, question, one_language(lang), screen, k)]
    for passage in found:
        typer.echo(f"{passage['score']:.3f}  {passage['language']}/{passage['page_id']}  {passage['section']}")
        typer.echo("       " + " ".join(str(passage["text"]).split())[:160])


def register(app: typer.Typer) -> None:
    """Add the commands."""
    app.command()(index)
    app.command()(search)
