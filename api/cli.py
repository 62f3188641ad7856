"""The `robo` command."""

import contextlib
import locale
import logging
import sys

import typer

from api.cli_language import terminal_language
from api.cli_logs import show_logs
from api.commands import ask, data, demo, documents, embed, evaluate, index, proposals, serve, users, worker
from core.errors import AppError

app = typer.Typer(
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    help="Virtuo Robo: answers with sources, and offers from a sentence, inside a CRM.",
)
for module in (serve, worker, ask, proposals, index, documents, data, users, embed, evaluate, demo):
    module.register(app)


def main() -> None:
    """Run a command; an error a person caused ends with one sentence and exit code 1."""
    with contextlib.suppress(locale.Error):
        locale.setlocale(locale.LC_ALL, "")
    # What a user has to know is in the reply; a server tells its operator more (see `serve`).
    # The level is the handler's: some libraries set their own logger to everything.
    logging.basicConfig(format="%(asctime)s %(levelname)s %(name)s: %(message)s")
    show_logs(logging.ERROR)
    try:
        app()
    except AppError as error:
        typer.secho(error.message(terminal_language()), fg=typer.colors.RED, err=True)
        sys.exit(1)
