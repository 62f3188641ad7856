"""Opportunities as a board and as a list."""

from collections.abc import Mapping
from datetime import date
from urllib.parse import parse_qsl, urlsplit

from fastapi import APIRouter
from fastapi.responses import HTMLResponse, Response
from starlette.datastructures import QueryParams

from api.console.addresses import ListUrl
from api.console.screens import Control, Screen, filters_told
from api.console.visit import Visit, VisitDep
from api.console.words import N_
from core.clock import today
from crm.customer_list import owners
from crm.lists import found
from crm.opportunity_list import CARDS, DEFAULT_ORDER, ORDERS, OpportunityFilters, board, campaigns, query_for
from crm.pipeline_rules import rules
from crm.session import CrmSession
from crm.tables import Opportunity

router = APIRouter(include_in_schema=False)
PATH = "/opportunities"
FILTERS = (
    *("view", "q", "stage", "owner", "campaign", "customer", "state", "source"),
    *("from", "to", "since_from", "since_to"),
    "columns",
)
# A board shows what is under way; of what has ended, the last few.
ENDED_CARDS = 6
COLUMNS = {
    "customer": N_("Customer"),
    "stage": N_("Stage"),
    "amount": N_("Net amount"),
    "owner": N_("Owner"),
    "campaign": N_("Campaign"),
    "source": N_("Source"),
    "opened": N_("Opened"),
    "since": N_("In stage since"),
}
USUAL_COLUMNS = ("customer", "stage", "amount", "owner", "opened")


def url_of(query: QueryParams | Mapping[str, str]) -> ListUrl:
    """The state of board or list that a query part asks for."""
    return ListUrl.of(PATH, QueryParams(query), FILTERS, DEFAULT_ORDER, ORDERS)


def url_back(back: str) -> ListUrl:
    """The state a form on the board came from."""
    return url_of(dict(parse_qsl(urlsplit(back).query)))


def day_of(text: str) -> date | None:
    """A day of an address; None for anything else."""
    try:
        return date.fromisoformat(text) if text else None
    except ValueError:
        return None


def filters_of(url: ListUrl) -> OpportunityFilters:
    """What the address narrows to."""
    return OpportunityFilters(
        q=url["q"],
        stage=url["stage"],
        owner=url["owner"],
        campaign=url["campaign"],
        customer=url["customer"],
        state=url["state"],
        source=url["source"],
        opened_from=day_of(url["from"]),
        opened_to=day_of(url["to"]),
        since_from=day_of(url["since_from"]),
        since_to=day_of(url["since_to"]),
    )


def columns_of(visit: Visit, url: ListUrl) -> list[str]:
    """The columns the list shows, in their own order; never one the level does not see."""
    asked = url["columns"].split(",") if url["columns"] else USUAL_COLUMNS
    return [name for name in COLUMNS if name in asked and visit.actor.sees("opportunity", name)]


def new_control(visit: Visit) -> Control:
    """The button that opens the form of a new opportunity."""
    return visit.control("new", visit.words("New opportunity"), "opportunity", "create")


def move_control(visit: Visit) -> Control:
    """Moving cards."""
    return visit.control("move", visit.words("Move to …"), "opportunity", "transition")


def _choices(visit: Visit, session: CrmSession) -> dict[str, list[tuple[str, str]]]:
    words = visit.words
    people = [(user.login, user.display_name(visit.language)) for user in owners(session)]
    stages = [(stage.code, words.name(stage.names)) for stage in rules(session).stages]
    orders = [
        ("-opened", words("Newest first")),
        ("opened", words("Oldest first")),
        ("since", words("Longest in its stage first")),
        ("title", words("By title")),
        ("customer", words("By customer")),
    ]
    if visit.actor.sees("opportunity", "amount"):
        orders.insert(2, ("-amount", words("Largest amount first")))
    names = [(name, name) for name in campaigns(session)]
    return {
        "owner": [
            ("", words("Anyone’s")),
            ("me", words("Mine")),
            ("team", words("My team’s")),
            ("nobody", words("Nobody’s")),
            *(person for person in people if person[0] != visit.actor.login),
        ],
        "stage": [("", words("Every stage")), *stages],
        "state": [("", words("Open and closed")), ("open", words("Open")), ("closed", words("Closed"))],
        "campaign": [("", words("Every campaign")), *names] if names else [],
        "order": orders,
    }


def board_values(visit: Visit, session: CrmSession, url: ListUrl) -> dict[str, object]:
    """What the board's part of the screen shows: columns of cards, and what may be done to them."""
    cards = CARDS if not url["stage"] else CARDS * 3
    columns = board(session, filters_of(url), url.order, cards, ENDED_CARDS if not url["stage"] else cards)
    amounts = visit.actor.sees("opportunity", "amount")
    return {"columns": columns, "url": url, "move": move_control(visit), "amounts": amounts, "today": today()}


@router.get(PATH)
def show(visit: VisitDep) -> Response:
    """The opportunities, as a board unless `view=list` is asked for."""
    url, ticked = url_of(visit.request.query_params), visit.request.query_params.getlist("column")
    if ticked:
        # The form of columns sends each by itself; an address names them together.
        return visit.go(url.having(columns=",".join(name for name in COLUMNS if name in ticked)))
    return page(visit, url)


def page(visit: Visit, url: ListUrl, status: int = 200, message: dict[str, object] | None = None) -> HTMLResponse:
    """Board or list in the state of `url`; `message` says how a move went."""
    words, new = visit.words, new_control(visit)
    with visit.reading() as session:
        choices = _choices(visit, session)
        values: dict[str, object] = {"choices": choices, "new": new, "url": url, "message": message}
        values["narrowed"] = any(url[name] for name in FILTERS if name not in ("view", "columns"))
        fields: dict[str, str | int | object] = {}
        if url["view"] == "list":
            rows = found(session, query_for(session, filters_of(url), url.order), Opportunity.id, url.offset)
            labels = {name: words(label) for name, label in COLUMNS.items() if visit.actor.sees("opportunity", name)}
            values |= {"rows": rows, "shown": columns_of(visit, url), "labels": labels}
            values["stage_names"] = dict(choices["stage"])
            fields[words("Opportunities")] = rows.total
        else:
            shown = board_values(visit, session, url)
            values |= shown
            for column in shown["columns"]:  # type: ignore[attr-defined]
                fields[words.name(column.stage.names)] = column.totals.count
        told = Screen(
            "opportunities",
            fields={name: str(value) for name, value in fields.items()},
            errors={"": str(message["text"])} if message and message["tone"] == "bad" else {},
            controls=(new, move_control(visit)),
            filters=filters_told(words, url.filters, choices),
        )
        return visit.page("opportunities/index.html", told, status, **values)
