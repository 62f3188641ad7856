"""`robo embed`: the applications that may embed the widget."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Annotated

import typer

from core.settings import settings
from crm import embedding
from crm import engine as crm_engine
from crm.actor import SYSTEM
from crm.session import CrmSession, unit

embed = typer.Typer(no_args_is_help=True, help="Applications that embed the widget (hosts).")
Origins = Annotated[list[str], typer.Option("--origin", help="where the host's pages come from; may be given again")]


@contextmanager
def _home(*, writes: bool = True) -> Iterator[CrmSession]:
    engine = crm_engine.connect(settings())
    crm_engine.migrate(engine)
    try:
        with unit(engine, SYSTEM, writes=writes) as session:
            yield session
    finally:
        engine.dispose()


def _show_key(name: str, key: str) -> None:
    typer.echo(f"The key of {name}, for its server alone (never in a page); it is not shown again:", err=True)
    typer.echo(key)


@embed.command()
def add(name: str, origin: Origins) -> None:
    """Let the application NAME embed the widget on pages from ORIGIN, and print its key alone on a line."""
    with _home() as session:
        host, key = embedding.add(session, name, origin)
    _show_key(host.name, key)


@embed.command(name="list")
def show() -> None:
    """Show every host: its name, whether it is on, and its origins."""
    with _home(writes=False) as session:
        found = embedding.hosts(session)
    for host in found:
        typer.echo(f"{host.name}\t{'on' if host.active else 'off'}\t{' '.join(host.origins)}")
    if not found:
        typer.echo("No application embeds the widget yet: robo embed add NAME --origin https://crm.example", err=True)


@embed.command()
def origins(name: str, origin: Origins) -> None:
    """Replace the origins of the host NAME."""
    with _home() as session:
        host = embedding.change_origins(session, name, origin)
    typer.echo(f"Pages of {host.name} come from: {' '.join(host.origins)}", err=True)


@embed.command()
def new_key(name: str) -> None:
    """Give the host NAME a new key and print it; the old one, and tokens minted with it, end at once."""
    with _home() as session:
        host, key = embedding.new_key(session, name)
    _show_key(host.name, key)


@embed.command()
def off(name: str) -> None:
    """Switch the host NAME off: no more tokens, and those it has are refused at once."""
    with _home() as session:
        host = embedding.switch(session, name, False)
    typer.echo(f"{host.name} is switched off.", err=True)


@embed.command()
def on(name: str) -> None:
    """Switch the host NAME on again."""
    with _home() as session:
        host = embedding.switch(session, name, True)
    typer.echo(f"{host.name} is switched on.", err=True)


def register(app: typer.Typer) -> None:
    """Add the commands."""
    app.add_typer(embed, name="embed")
