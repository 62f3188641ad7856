"""Settings: what each level may offer alone, by product category, and the series offers are numbered in."""

from fastapi import APIRouter
from fastapi.responses import HTMLResponse, Response

from api.console.settings import LANGUAGE_NAMES, FormDep, act, may_open, page, text, version
from api.console.visit import Visit, VisitDep
from core.clock import today
from core.errors import AppError
from core.language import LANGUAGES
from core.money import print_number
from crm import approval_limits, settings_company, settings_grants
from crm.approval_limits import TypedLimit

router = APIRouter(include_in_schema=False)
PATH = "/settings/approval"
_FIELDS = ("role", "category", "discount", "margin")


def _page(visit: Visit, refused: AppError | None = None, typed: dict[str, str] | None = None) -> HTMLResponse:
    may_open(visit, "approval")
    words = visit.words
    with visit.reading() as session:
        company, present = settings_company.present(session)
        levels = {each.role.code: each.role.names for each in settings_grants.levels(session)}
        rows = approval_limits.listed(session)
        categories = approval_limits.categories(session)
    series = {f"series_{code}": company.offer_series_by_language.get(code, "") for code in LANGUAGES}
    return page(
        visit,
        "approval",
        "approval",
        title=words("Approval and numbers"),
        controls=(visit.control("save", words("Save"), "settings", "update"),),
        refused=refused,
        rows=rows,
        levels=levels,
        choices=[("", "–"), *((code, str(names[visit.language])) for code, names in levels.items())],
        categories=[(name, name) for name in categories],
        typed={**series, **(typed or {})},
        company=company,
        company_version=present,
        language_names=LANGUAGE_NAMES,
        example=f"{company.offer_series}-{today().year}-00001",
        percent=lambda value: "" if value is None else f"{print_number(value, visit.language)}%",
    )


@router.get(PATH)
def show(visit: VisitDep) -> HTMLResponse:
    """The limits and the series."""
    return _page(visit)


@router.post(PATH)
def put(visit: VisitDep, form: FormDep) -> Response:
    """Set or take away one limit."""
    typed = {name: text(form, name)[:100] for name in _FIELDS}

    def work() -> None:
        with visit.writing() as session:
            approval_limits.put(session, TypedLimit(**typed))

    said = visit.words("Saved. New versions of offers follow it.")
    return act(visit, work, PATH, said, lambda refused: _page(visit, refused, typed))


@router.post(PATH + "/series")
def put_series(visit: VisitDep, form: FormDep) -> Response:
    """Set the series by language."""
    typed = {f"series_{code}": text(form, f"series_{code}")[:20] for code in LANGUAGES}

    def work() -> None:
        with visit.writing() as session:
            by_language = {code: typed[f"series_{code}"] for code in LANGUAGES}
            settings_company.save_series(session, version(form), by_language)

    said = visit.words("Saved. New offers follow it.")
    return act(visit, work, PATH, said, lambda refused: _page(visit, refused, typed))
