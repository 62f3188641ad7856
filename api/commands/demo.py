"""`robo demo`: the demo company, loaded, indexed and served."""

from typing import Annotated

import typer

from api.commands.serve import serve
from api.commands.shared import bar, opened, server_url
from core.settings import settings
from demo.library import load_library
from demo.load import load

_TRY = """
Open {url} in a browser and sign in, or try three things in another terminal:

  ./robo ask "Hogyan készítek ajánlatot?" --user anna
  ./robo offer "Készíts ajánlatot a Kovács Kft.-nek 10 db Prémium licencre 5% kedvezménnyel" --user anna --out out
  ./robo ask "Who is the contact at Kovács Kft.?" --user oliver
"""


def demo(
    serving: Annotated[bool, typer.Option("--serve/--no-serve", help="serve after loading")] = True,
    port: Annotated[int | None, typer.Option(help="port to listen on")] = None,
) -> None:
    """Load the demo company (again, if it is there), index the help pages, serve, and say what to try."""
    running = server_url()
    if running is not None:
        typer.echo(f"The demo is already served on {running}")
        return
    with opened() as parts, bar("Loading the demo company") as advance:
        logins = load(parts.engine, lambda _kind, done, total: advance(done, total))
        load_library(parts.engine, parts.settings.home.resolve())
    url = f"http://{settings().host}:{port or settings().port}"
    typer.echo("\nVirtuo Robo, with the demo company. Logins:")
    for who in logins:
        typer.echo(f"  {who.login:<8} {who.password:<18} {who.role}, {who.language}")
    typer.echo(_TRY.format(url=url))
    if settings().smtp_host is None:
        typer.echo(f"Mails with offers are not sent anywhere: they are written to {settings().sent_folder}\n")
    if serving:
        serve(port=port)


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command()(demo)
