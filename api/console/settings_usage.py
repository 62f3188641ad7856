"""Settings: what the language model used, by user and day, and how much it may use."""

from collections.abc import Mapping, Sequence
from datetime import timedelta
from decimal import Decimal

from fastapi import APIRouter
from fastapi.responses import HTMLResponse, Response

from api.console.settings import FormDep, act, may_open, page, version
from api.console.visit import Visit, VisitDep
from core.errors import AppError
from crm import settings_budgets, settings_company, usage
from crm.usage import Spent

router = APIRouter(include_in_schema=False)
PATH = "/settings/usage"
_DAYS = 30
_BARS = 14


def _page(visit: Visit, refused: AppError | None = None, typed: Mapping[str, str] | None = None) -> HTMLResponse:
    may_open(visit, "usage")
    words = visit.words
    with visit.reading() as session:
        company, present = settings_company.present(session)
        rows = usage.by_day(session, _DAYS)
    today = usage.today()
    days = [today - timedelta(days=back) for back in reversed(range(_BARS))]
    by_day = [(day, usage.total([row for row in rows if row.day == day])) for day in days]
    spent_today = by_day[-1][1]
    return page(
        visit,
        "usage",
        "usage",
        title=words("Model usage"),
        controls=(visit.control("save", words("Save"), "settings", "update"),),
        fields={words("Calls today"): str(spent_today.calls)},
        refused=refused,
        typed={**settings_budgets.typed_budgets(company.model_budgets), **(typed or {})},
        company_version=present,
        budgets=company.model_budgets,
        rows=rows,
        bars=_bars(by_day),
        today=spent_today,
        anew=usage.begins_anew(today),
        days=_DAYS,
    )


def _bars(days: Sequence[tuple[object, Spent]]) -> list[tuple[object, Spent, int]]:
    """Each day with the height of its bar in per cent of the greatest number of tokens."""
    most = max((spent.tokens for _, spent in days), default=0)
    return [(day, spent, round(100 * spent.tokens / most) if most else 0) for day, spent in days]


@router.get(PATH)
def show(visit: VisitDep) -> HTMLResponse:
    """What was used, and the budgets."""
    return _page(visit)


@router.post(PATH)
def save(visit: VisitDep, form: FormDep) -> Response:
    """Keep the budgets."""
    typed = {name: str(value)[:40] for name, value in form.items() if name not in ("csrf", "version")}

    def work() -> None:
        with visit.writing() as session:
            settings_budgets.save(session, version(form), typed)

    said = visit.words("Saved. The next call of the model follows it.")
    return act(visit, work, PATH, said, lambda refused: _page(visit, refused, typed))


def used_up(limit: int | Decimal | None, used: int | Decimal) -> int | None:
    """How much of a limit is used, in per cent; None where there is no limit."""
    if limit is None:
        return None
    return 100 if limit == 0 else min(100, int(100 * used / limit))
