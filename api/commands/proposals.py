"""`robo confirm` and `robo reject`: deciding about changes that were asked for with `robo ask`."""

from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table

from api.commands.shared import opened, remote, server_url, token_for
from assistant.changes.views import proposal_view
from assistant.reply import ProposalView
from core.settings import settings
from crm import proposals
from crm.people import actor_for

Code = Annotated[str, typer.Argument(help="the code of the proposal, such as P7KMQ2X4A")]
User = Annotated[str, typer.Option("--user", help="login of the user who asked for the changes")]
Json = Annotated[bool, typer.Option("--json", help="print the proposal as JSON")]


def print_proposal(view: ProposalView, console: Console) -> None:
    """What a proposal changes, before and after, in a table an item; how to decide while it waits."""
    for item in view.items:
        table = Table(title=f"{view.code} · {item.n}. {item.title} · {item.state}")
        for heading in ("", "before", "after"):
            table.add_column(heading)
        for change in item.changes:
            table.add_row(change.label, change.before or "–", change.after or "–")
        console.print(table)
        if item.problem:
            console.print(f"  ! {item.problem}", markup=False, style="yellow", soft_wrap=True)
    if view.state == "open":
        console.print(f"  robo confirm {view.code} --user LOGIN    robo reject {view.code} --user LOGIN", markup=False)


def _decide(code: str, user: str, step: str, body: dict[str, object], as_json: bool) -> None:
    url = server_url()
    if url is not None:
        path = f"/api/v1/proposals/{code}/{step}"
        view = ProposalView.model_validate(remote(url, path, body, token_for(settings(), user)).json())
    else:
        with opened() as parts:
            actor = actor_for(parts.engine, user)
            if step == "confirm":
                chosen = body.get("items")
                numbers = [int(str(n)) for n in chosen] if isinstance(chosen, list) else None
                proposals.confirm(parts.engine, actor, code, numbers)
            else:
                proposals.reject(parts.engine, actor, code)
            view = proposal_view(parts.engine, actor, code)
    if as_json:
        typer.echo(view.model_dump_json(indent=2))
    else:
        print_proposal(view, Console())


def confirm(
    code: Code,
    user: User,
    item: Annotated[list[int] | None, typer.Option("--item", help="only this item; repeat for several")] = None,
    json: Json = False,
) -> None:
    """Carry out changes that `robo ask` has proposed."""
    _decide(code, user, "confirm", {"items": list(item)} if item else {}, json)


def reject(code: Code, user: User, json: Json = False) -> None:
    """Decide against changes that `robo ask` has proposed."""
    _decide(code, user, "reject", {}, json)


def register(app: typer.Typer) -> None:
    """Add the commands."""
    app.command()(confirm)
    app.command()(reject)
