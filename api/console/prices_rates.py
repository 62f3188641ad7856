"""Settings: the exchange rates prices may be converted by."""

from fastapi import APIRouter
from fastapi.responses import HTMLResponse, Response

from api.console.addresses import count_of
from api.console.prices_typed import day_of, number_of
from api.console.settings import FormDep, act, may_open, page, text, version
from api.console.visit import Visit, VisitDep
from core.clock import today
from core.errors import AppError
from core.money import CURRENCIES
from crm import exchange
from crm.tables import ExchangeRate

router = APIRouter(include_in_schema=False)
PATH = "/settings/rates"
_TYPED = ("base", "quote", "rate", "valid_from", "source")
_FIELDS = {
    "rate_currencies_wrong": "quote",
    "rate_wrong": "rate",
    "rate_day_wrong": "valid_from",
    "rate_source_long": "source",
}


def _page(visit: Visit, refused: AppError | None = None, typed: dict[str, str] | None = None) -> HTMLResponse:
    may_open(visit, "rates")
    words = visit.words
    with visit.reading() as session:
        rows = exchange.rates(session)
        return page(
            visit,
            "rates",
            "rates",
            title=words("Exchange rates"),
            controls=(visit.control("save", words("Save the rate"), "settings", "update"),),
            fields={f"{row.base}–{row.quote}": str(row.rate) for row in reversed(rows)},
            refused=refused,
            rows=rows,
            current={_newest(row.base, row.quote, rows) for row in rows},
            wrong={_FIELDS.get(refused.code, ""): visit.refused(refused)} if refused is not None else {},
            typed=typed or {"base": "EUR", "quote": "HUF", "valid_from": today().isoformat()},
            currencies=[(code, code) for code in CURRENCIES],
        )


def _newest(base: str, quote: str, rows: list[ExchangeRate]) -> int:
    """The id of the rate of this pair, either way round, that holds today; 0 for none."""
    pair = {base, quote}
    held = [row for row in rows if {row.base, row.quote} == pair and row.valid_from <= today()]
    return max(held, key=lambda row: row.valid_from).id if held else 0


@router.get(PATH)
def show(visit: VisitDep) -> HTMLResponse:
    """Every rate."""
    return _page(visit)


@router.post(PATH)
def give(visit: VisitDep, form: FormDep) -> Response:
    """Give a rate from a day on."""
    typed = {name: text(form, name)[:400] for name in _TYPED}

    def work() -> None:
        with visit.writing() as session:
            rate, first = number_of(typed["rate"]), day_of(typed["valid_from"])
            exchange.give(session, typed["base"], typed["quote"], rate, first, typed["source"])

    said = visit.words("The rate is saved. Offers made before keep theirs.")
    return act(visit, work, PATH, said, lambda refused: _page(visit, refused, typed))


@router.post(PATH + "/{rate_id}/withdraw")
def withdraw(visit: VisitDep, rate_id: str, form: FormDep) -> Response:
    """Take a rate back."""

    def work() -> None:
        with visit.writing() as session:
            exchange.withdraw(session, count_of(rate_id, 0), version(form))

    said = visit.words("The rate is withdrawn. Offers made by it keep it.")
    return act(visit, work, PATH, said, lambda refused: _page(visit, refused))
