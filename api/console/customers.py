"""The list of customers: narrowed, ordered and laid out by its address, and the same list as a workbook."""

from collections.abc import Iterable
from datetime import timedelta

from fastapi import APIRouter
from fastapi.responses import HTMLResponse, Response
from starlette.datastructures import QueryParams

from api.console.addresses import ListUrl
from api.console.customers_words import (
    COLUMNS,
    EDITABLE,
    NUMERIC,
    SORTED,
    STATUS_NAMES,
    USUAL,
    Shown,
    country_name,
    labels_for,
)
from api.console.export import LONGEST, Value, workbook
from api.console.screens import Screen, filters_told
from api.console.views import bar
from api.console.visit import Visit, VisitDep
from core.clock import today
from core.errors import AppError
from crm import customer_list
from crm.customer_list import ME, NOBODY, ORDERS, TEAM, CustomerFilters
from crm.days import day_of
from crm.session import CrmSession

router = APIRouter(include_in_schema=False)
PATH = "/customers"
FILTERS = ("q", "status", "owner", "segment", "industry", "country", "city", "currency", "quiet", "open", "columns")
QUIET_DAYS = (30, 60, 90, 180, 365)
# SQLite takes a limited number of values in one condition.
_AT_ONCE = 500


def url_of(query: QueryParams) -> ListUrl:
    """The state of the list that an address asks for."""
    return ListUrl.of(PATH, query, FILTERS, "name", ORDERS)


def filters_of(url: ListUrl) -> CustomerFilters:
    """What the address narrows to. `quiet` is a number of days without contact, `open` is yes or no."""
    days = int(url["quiet"]) if url["quiet"].isascii() and url["quiet"].isdigit() and len(url["quiet"]) < 5 else 0
    return CustomerFilters(
        text=url["q"],
        status=url["status"],
        segment=url["segment"],
        industry=url["industry"],
        owner=url["owner"],
        country=url["country"],
        city=url["city"],
        currency=url["currency"],
        quiet_since=today() - timedelta(days=days) if days else None,
        open_opportunity={"yes": True, "no": False}.get(url["open"]),
    )


def columns_of(visit: Visit, url: ListUrl) -> list[str]:
    """The columns the list shows, in their own order; never one the level does not see."""
    asked = url["columns"].split(",") if url["columns"] else USUAL
    return [name for name in COLUMNS if name in asked and visit.actor.sees("customer", name)]


def _choices(visit: Visit, session: CrmSession) -> dict[str, list[tuple[str, str]]]:
    words, there = visit.words, customer_list.choices(session)
    people = [(user.login, user.display_name(visit.language)) for user in customer_list.owners(session)]

    def every(label: str, values: Iterable[str]) -> list[tuple[str, str]]:
        return [("", label), *((value, value) for value in values)]

    countries = sorted((country_name(visit, code), code) for code in there.countries)
    return {
        "status": [("", words("Every status")), *((code, words(name)) for code, name in STATUS_NAMES.items())],
        "owner": [
            ("", words("Anyone’s")),
            (ME, words("Mine")),
            (TEAM, words("My team’s")),
            (NOBODY, words("Unassigned")),
            *(one for one in people if one[0] != visit.actor.login),
        ],
        "segment": every(words("Every segment"), there.segments),
        "industry": every(words("Every industry"), there.industries),
        "country": [("", words("Every country")), *((code, name) for name, code in countries)],
        "currency": every(words("Every currency"), there.currencies),
        "quiet": [
            ("", words("Whenever")),
            *((str(n), words.count("%(num)s day ago or more", "%(num)s days ago or more", n)) for n in QUIET_DAYS),
        ],
        "open": [("", words("With or without")), ("yes", words("With one")), ("no", words("Without one"))],
        "order": [
            ("name", words("By name")),
            ("code", words("By code")),
            ("city", words("By city")),
            ("owner", words("By owner")),
            ("newest", words("Newest first")),
            ("last_contact", words("Longest without contact first")),
            ("-last_contact", words("Last contacted first")),
        ],
    }


def may_read(visit: Visit) -> None:
    """Raise as for a page that is not there, unless the user's level reads customers at all."""
    if not visit.can("customer", "read"):
        raise AppError("page_missing", 404, path=visit.request.url.path)


@router.get(PATH)
def show(visit: VisitDep) -> Response:
    """The list in the state of its address."""
    may_read(visit)
    url, ticked = url_of(visit.request.query_params), visit.request.query_params.getlist("column")
    if ticked:
        # The form of columns sends each by itself; an address names them together.
        return visit.go(url.having(columns=",".join(name for name in COLUMNS if name in ticked)))
    return page(visit, url)


def page(visit: Visit, url: ListUrl) -> HTMLResponse:
    """The list as a page."""
    words = visit.words
    new = visit.control("new", words("New customer"), "customer", "create")
    with visit.reading() as session:
        rows = customer_list.page(session, filters_of(url), url.order, url.offset)
        beside = customer_list.beside(session, rows.rows)
        choices, labels = _choices(visit, session), labels_for(visit)
        screen = Screen(
            "customers",
            fields={words("Customers"): rows.total},
            controls=(new, visit.control("edit", words("Change in the list"), "customer", "update")),
            filters=filters_told(words, url.filters, choices),
        )
        return visit.page(
            "customers/list.html",
            screen,
            url=url,
            rows=rows,
            shown=[Shown(visit, customer, beside[customer.id]) for customer in rows.rows],
            columns=columns_of(visit, url),
            labels=labels,
            sorted_by=SORTED,
            numeric=NUMERIC,
            editable=EDITABLE if visit.can("customer", "update") else (),
            choices=choices,
            narrowed=any(url[name] for name in FILTERS if name != "columns"),
            more=any(url[name] for name in ("segment", "industry", "country", "city", "currency", "quiet", "open")),
            new=new,
            views=bar(visit, session, "customers", url),
            today=today(),
        )


@router.get(PATH + "/export.xlsx")
def export(visit: VisitDep) -> Response:
    """The whole list as a workbook, with the columns it shows. Raises `AppError("export_too_long")`."""
    may_read(visit)
    url = url_of(visit.request.query_params)
    columns, labels = columns_of(visit, url), labels_for(visit)
    with visit.reading() as session:
        query = customer_list.query_for(session, filters_of(url), url.order)
        customers = session.scalars(query.limit(LONGEST + 1)).unique().all()
        if len(customers) > LONGEST:
            raise AppError("export_too_long", 409, most=LONGEST)
        beside: dict[int, customer_list.Beside] = {}
        for start in range(0, len(customers), _AT_ONCE):
            beside |= customer_list.beside(session, customers[start : start + _AT_ONCE])
        rows = [_row(Shown(visit, customer, beside[customer.id]), columns) for customer in customers]
    return workbook(visit.words("Customers"), [labels[name] for name in ("code", "name", *columns)], rows)


def _row(shown: Shown, columns: list[str]) -> list[Value]:
    """Figures and days as such, so that a workbook computes and sorts with them; the rest as shown."""
    own = shown.customer
    kept: dict[str, Value] = {
        "employees": own.employees,
        "sites": own.sites,
        "payment_days": own.payment_days,
        "last_contact": shown.beside.last_contact,
        "next_due": shown.beside.next_due,
        "open_opportunities": shown.beside.open_opportunities,
        "added": day_of(own.created_at),
    }
    return [own.code, own.name, *(kept[name] if name in kept else shown[name] for name in columns)]
