"""`robo worker` and `robo bounce`."""

from pathlib import Path
from typing import Annotated

import typer

from api import worker as work
from core.errors import AppError
from core.settings import settings
from crm import engine as crm_engine
from offers.bounces import note_bounce


def worker() -> None:
    """Send the mails of this home until stopped: beside `robo serve` with ROBO_WORKER=separate, or on its own."""
    config = settings()
    engine = crm_engine.connect(config)
    crm_engine.migrate(engine)
    engine.dispose()
    where = f"{config.smtp_host}:{config.smtp_port}" if config.smtp_host else str(config.sent_folder)
    typer.echo(f"Mails go to {where}", err=True)
    work.run(config)


def bounce(
    file: Annotated[Path, typer.Argument(help="the report as it came, an .eml file", exists=True, dir_okay=False)],
) -> None:
    """Note a report that a mail could not be delivered, and print the mail's code."""
    engine = crm_engine.connect(settings())
    try:
        code = note_bounce(engine, file.read_bytes())
    finally:
        engine.dispose()
    if code is None:
        raise AppError("mail_not_a_report", 422)
    typer.echo(code)


def register(app: typer.Typer) -> None:
    """Add the commands."""
    app.command()(worker)
    app.command()(bounce)
