"""`robo import`, `backup`, `restore`, `export` and `audit`."""

from pathlib import Path
from typing import Annotated

import typer

from api.cli_language import terminal_language
from api.commands.shared import bar
from api.home import held
from core.errors import say
from core.settings import settings
from crm import audit as audit_chain
from crm import backup as backups
from crm import engine as crm_engine
from crm.actor import SYSTEM
from crm.imports import ImportKind, ImportReport, RowFault, run_import
from crm.session import unit

audit = typer.Typer(no_args_is_help=True, help="The audit chain.")
_SHOWN = 50


def _print_faults(title: str, faults: list[RowFault], color: str) -> None:
    for fault in faults[:_SHOWN]:
        sentence = say(fault.reason_code, terminal_language(), **fault.values)
        typer.secho(f"  {title} {fault.row}: {sentence}", fg=color, err=True)
    if len(faults) > _SHOWN:
        typer.secho(f"  … {len(faults) - _SHOWN} more", fg=color, err=True)


def print_report(report: ImportReport) -> None:
    """What an import did, for a person."""
    typer.echo(
        f"{report.kind}: {report.created} created, {report.updated} updated, {report.unchanged} unchanged, "
        f"{len(report.rejected)} rejected, {len(report.warnings)} warnings"
    )
    _print_faults("row", report.rejected, typer.colors.RED)
    _print_faults("row", report.warnings, typer.colors.YELLOW)


def import_(
    kind: Annotated[ImportKind, typer.Argument(help="what the file holds")],
    file: Annotated[Path, typer.Argument(help="an .xlsx or .csv file")],
    strict: Annotated[bool, typer.Option("--strict", help="all rows or none")] = False,
) -> None:
    """Load a company's data; bad rows are reported and the rest goes in."""
    engine = crm_engine.connect(settings())
    crm_engine.migrate(engine)
    with bar(f"Importing {kind}") as advance:
        report = run_import(engine, kind, file, strict=strict, progress=advance)
    crm_engine.gather_statistics(engine)
    print_report(report)
    if report.rejected:
        raise typer.Exit(2)


def backup(target: Annotated[Path, typer.Argument(help="the archive to write, such as crm.tar.gz")]) -> None:
    """Write a consistent copy of everything that cannot be rebuilt; also while serving."""
    engine = crm_engine.connect(settings())
    crm_engine.migrate(engine)
    written = backups.backup(settings(), target).path
    typer.echo(f"{written} ({written.stat().st_size:,} bytes)")


def restore(
    source: Annotated[Path, typer.Argument(help="an archive that backup wrote")],
    replace: Annotated[bool, typer.Option("--replace", help="replace what the home holds now")] = False,
) -> None:
    """Restore a backup into this home; nothing is changed unless the whole archive is sound."""
    with held(settings(), wait=0):
        backups.restore(settings(), source, replace=replace)
    typer.echo(f"Restored {source}. Run `robo index` to rebuild the index.")


def export(target: Annotated[Path, typer.Argument(help="folder for the csv files")]) -> None:
    """Write the company's data as csv files, without passwords."""
    engine = crm_engine.connect(settings())
    crm_engine.migrate(engine)
    backups.export(engine, target)
    typer.echo(str(target))


@audit.command()
def verify() -> None:
    """Recompute the audit's hash chain from the first entry to the last."""
    engine = crm_engine.connect(settings())
    crm_engine.migrate(engine)
    with unit(engine, SYSTEM, writes=False) as session:
        verdict = audit_chain.verify(session)
    if verdict.broken_at is not None:
        typer.secho(f"The chain is broken at entry {verdict.broken_at}.", fg=typer.colors.RED, err=True)
        raise typer.Exit(1)
    typer.echo(f"{verdict.entries} entries, the chain is whole")


def register(app: typer.Typer) -> None:
    """Add the commands."""
    app.command("import")(import_)
    app.command()(backup)
    app.command()(restore)
    app.command()(export)
    app.add_typer(audit, name="audit")
