"""`robo serve`."""

import logging
from contextlib import nullcontext
from typing import Annotated

import typer

from api.cli_logs import show_logs
from api.commands.shared import bar, opened
from api.home import announced, secret_key
from api.search import sync_pages
from api.worker import working
from core.settings import settings


def serve(
    host: Annotated[str | None, typer.Option(help="address to listen on")] = None,
    port: Annotated[int | None, typer.Option(help="port to listen on")] = None,
) -> None:
    """Serve the API until stopped; commands of the same home then go through this server."""
    import uvicorn

    from api.app import create_app

    config = settings()
    show_logs(logging.WARNING)
    # The links of customers lead where this process listens.
    config.host, config.port = where, at = host or config.host, port or config.port
    sending = working(config) if config.worker == "embedded" else nullcontext()
    with opened() as parts, announced(config, where, at):
        with bar("Bringing the index up to date") as advance:
            sync_pages(parts, None, advance)
        typer.echo(f"Virtuo Robo listens on http://{where}:{at}  (API: /openapi.json)", err=True)
        with sending:
            app = create_app(parts, secret_key(config))
            uvicorn.run(app, host=where, port=at, log_level="warning", proxy_headers=False)


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command()(serve)
