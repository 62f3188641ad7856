"""`robo ask` and `robo offer`."""

import asyncio
import shutil
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.markdown import Markdown
from rich.table import Table

from api.commands.proposals import print_proposal
from api.commands.shared import one_language, opened, remote, server_url, token_for
from assistant.ask import Ask
from assistant.reply import Reply
from assistant.screen import RecordRef, ScreenContext
from assistant.turn import reply_to
from core.errors import AppError
from core.settings import settings
from crm.people import actor_for
from offers.service import document_folder
from offers.view import OfferView

User = Annotated[str, typer.Option("--user", help="login of the asking user")]
Json = Annotated[bool, typer.Option("--json", help="print the whole reply as JSON")]


def _screen(screen: str | None, record: str | None) -> ScreenContext | None:
    if screen is None and record is None:
        return None
    shown = None
    if record is not None:
        kind, separator, code = record.partition(":")
        if not separator or not kind or not code:
            raise AppError("bad_request", 422, detail=f"--record {record}: type:code, such as customer:C0001")
        shown = RecordRef(type=kind, code=code)
    return ScreenContext(id=screen or (shown.type if shown else ""), record=shown)


def _reply(login: str, ask: Ask) -> Reply:
    config = settings()
    url = server_url()
    if url is None:
        with opened() as parts:
            return asyncio.run(reply_to(parts, actor_for(parts.engine, login), ask))
    body: dict[str, object] = {
        "message": ask.message,
        "conversation_id": ask.conversation_id,
        "language": ask.language,
        "screen": ask.screen.model_dump() if ask.screen else None,
        "intent": "offer" if ask.wants_offer else None,
    }
    return Reply.model_validate(remote(url, "/api/v1/chat", body, token_for(config, login)).json())


def _with_paths(reply: Reply, out: Path | None) -> Reply:
    """The reply with each document's place on this disk: in the home, or copied to `out`."""
    if reply.offer is None:
        return reply
    folder = document_folder(settings(), reply.offer.number, reply.offer.version)
    documents = []
    for document in reply.offer.documents:
        path = folder / f"{reply.offer.number}.{document.kind}"
        if out is not None:
            out.mkdir(parents=True, exist_ok=True)
            path = Path(shutil.copy2(path, out / path.name))
        documents.append(document.model_copy(update={"path": str(path), "url": None}))
    offer = reply.offer.model_copy(update={"documents": documents})
    return reply.model_copy(update={"offer": offer})


def _offer_table(offer: OfferView) -> Table:
    table = Table(title=f"{offer.number} · {offer.customer.name} · {offer.currency} · {offer.state}")
    for heading in ("SKU", "", "×", "", "%", "net"):
        table.add_column(heading, justify="left" if heading in ("SKU", "") else "right")
    for line in offer.lines:
        table.add_row(
            line.sku, line.name, f"{line.quantity} {line.unit}", line.unit_price, line.discount_percent, line.net
        )
    table.add_section()
    for label, amount in (("net", offer.totals.net), ("VAT", offer.totals.vat), ("gross", offer.totals.gross)):
        table.add_row("", label, "", "", "", amount)
    return table


def show(reply: Reply, as_json: bool) -> None:
    """Print a reply for a person, or whole as JSON."""
    console = Console()
    if as_json:
        typer.echo(reply.model_dump_json(indent=2))
        return
    console.print(Markdown(reply.text))
    if reply.clarification:
        for choice in reply.clarification.choices:
            console.print(f"  • {choice.label}", markup=False)
    if reply.offer:
        console.print(_offer_table(reply.offer))
        for document in reply.offer.documents:
            console.print(f"  {document.kind}: {document.path}", markup=False, soft_wrap=True)
    if reply.proposal:
        print_proposal(reply.proposal, console)
    for citation in reply.citations:
        console.print(f"  [{citation.n}] {citation.title} › {citation.section}  {citation.url}", markup=False)
    for warning in reply.warnings:
        console.print(f"  ! {warning}", markup=False, style="yellow")


def ask(
    question: Annotated[str, typer.Argument(help="the question, in Hungarian, Polish or English")],
    user: User,
    screen: Annotated[str | None, typer.Option(help="id of the screen the user is on")] = None,
    record: Annotated[str | None, typer.Option(help="the record on it, such as customer:C0001")] = None,
    lang: Annotated[str | None, typer.Option(help="answer in this language: hu, pl or en")] = None,
    conversation: Annotated[str | None, typer.Option(help="go on with this conversation")] = None,
    json: Json = False,
) -> None:
    """Ask the assistant anything: how the CRM works, what is on record, or an offer."""
    message = Ask(question, conversation, _screen(screen, record), one_language(lang))
    show(_with_paths(_reply(user, message), None), json)


def offer(
    prompt: Annotated[str, typer.Argument(help="what to offer to whom, in one sentence")],
    user: User,
    out: Annotated[Path | None, typer.Option(help="copy the finished files into this folder")] = None,
    conversation: Annotated[str | None, typer.Option(help="answer a question about an earlier prompt")] = None,
    json: Json = False,
) -> None:
    """Make an offer: a draft with exact prices, a Word file and a PDF."""
    message = Ask(prompt, conversation, wants_offer=conversation is None)
    show(_with_paths(_reply(user, message), out), json)


def register(app: typer.Typer) -> None:
    """Add the commands."""
    app.command()(ask)
    app.command()(offer)
