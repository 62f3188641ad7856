"""`robo documents`: a company's own files for the assistant to answer from."""

import time
from pathlib import Path
from typing import Annotated

import typer

from api.commands.shared import bar, local_token, opened, remote, server_url
from api.local_documents import Added, Asked, Listed, add_file, listed_documents, remove_document
from assistant.document_index import desk
from core.settings import settings

app = typer.Typer(no_args_is_help=True, help="The company's own documents: what the assistant answers from.")
_POLL_SECONDS = 0.5


def _remote(url: str, what: str, body: dict[str, object]) -> object:
    return remote(url, f"/api/v1/local/documents/{what}", body, local_token(settings())).json()


@app.command()
def add(
    files: Annotated[list[Path], typer.Argument(help="PDF, docx, xlsx, md, html or txt files")],
    audience: Annotated[list[str], typer.Option(help="everyone, or a level such as manager; can be given again")],
    language: Annotated[str | None, typer.Option(help="hu, pl or en; found out from the text if not given")] = None,
    title: Annotated[str | None, typer.Option(help="its title; taken from the file if not given")] = None,
) -> None:
    """Add files, and wait until the assistant answers from them."""
    for file in files:
        asked = Asked(path=str(file.resolve()), language=language, audience=audience, title=title)
        url = server_url()
        if url is not None:
            added = Added.model_validate(_remote(url, "add", asked.model_dump()))
            _watch(url, added.code)
        else:
            with opened() as parts, bar("Embedding passages"):
                added = add_file(parts, asked)
                desk(parts.engine, parts.knowledge).settle()
        left_out = f", {added.unread} of them unreadable" if added.unread else ""
        typer.echo(f"{added.code}  {added.language}  {added.pages} pages{left_out}  {added.title}")


def _watch(url: str, code: str) -> None:
    with bar("Embedding passages") as advance:
        while True:
            found = next((d for d in _list(url) if d.code == code), None)
            if found is None or found.state != "indexing":
                return
            advance(found.done, found.total or None)
            time.sleep(_POLL_SECONDS)


def _list(url: str) -> list[Listed]:
    answer = _remote(url, "list", {})
    assert isinstance(answer, list)
    return [Listed.model_validate(each) for each in answer]


@app.command("list")
def list_() -> None:
    """Show the documents, and whether the assistant answers from them yet."""
    url = server_url()
    if url is not None:
        found = _list(url)
    else:
        with opened() as parts:
            found = listed_documents(parts)
    for each in found:
        audience = ",".join(each.audience)
        typer.echo(f"{each.code}  {each.language}  {each.state:8}  {audience:20}  {each.title}  ({each.filename})")


@app.command()
def remove(code: Annotated[str, typer.Argument(help="its code, such as D0001")]) -> None:
    """Delete a document: no answer quotes it any more."""
    url = server_url()
    if url is not None:
        _remote(url, "remove", {"code": code})
    else:
        with opened() as parts:
            remove_document(parts, code)
            desk(parts.engine, parts.knowledge).settle()
    typer.echo(code)


def register(to: typer.Typer) -> None:
    """Add the commands."""
    to.add_typer(app, name="documents")
