"""Settings: the company itself, and what the installation was started with."""

from collections.abc import Mapping
from dataclasses import fields
from decimal import Decimal
from urllib.parse import urlsplit

from fastapi import APIRouter
from fastapi.responses import HTMLResponse, Response

from api.console.settings import FormDep, act, may_open, page, version
from api.console.visit import Visit, VisitDep
from assistant import pages
from assistant.charging import UserMeter
from assistant.model.trial import trial
from core.errors import AppError, Forbidden, say
from core.money import plain
from core.settings import Settings
from crm import settings_company, settings_grants
from crm.settings_company import VAT_RULES, CompanyFields
from retrieval.store import read_state

router = APIRouter(include_in_schema=False)
PATH, MODEL = "/settings/company", "/settings/model"
_TYPED = tuple(each.name for each in fields(CompanyFields) if each.name != "limits")


def _page(visit: Visit, refused: AppError | None = None, typed: Mapping[str, str] | None = None) -> HTMLResponse:
    may_open(visit, "company")
    words = visit.words
    with visit.reading() as session:
        company, present = settings_company.present(session)
        levels = [each.role for each in settings_grants.levels(session)]
        stored = {name: str(getattr(company, name)) for name in _TYPED}
        stored |= {name: "yes" if getattr(company, name) else "" for name in VAT_RULES}
        stored |= {f"limit_{role.code}": plain(company.discount_limit(role.code)) for role in levels}
        return page(
            visit,
            "company",
            "company",
            title=words("Company"),
            controls=(visit.control("save", words("Save"), "settings", "update"),),
            fields={words("Name of the company"): company.name},
            refused=refused,
            typed={**stored, **(typed or {})},
            company_version=present,
            levels=levels,
        )


@router.get(PATH)
def show(visit: VisitDep) -> HTMLResponse:
    """The company's own data and limits."""
    return _page(visit)


@router.post(PATH)
def save(visit: VisitDep, form: FormDep) -> Response:
    """Keep the company's settings."""
    typed = {name: str(value)[:500] for name, value in form.items() if name not in ("csrf", "version")}
    # A box that is not ticked is not sent.
    typed = {**dict.fromkeys(VAT_RULES, ""), **typed}

    def work() -> None:
        limits = {name.removeprefix("limit_"): value for name, value in typed.items() if name.startswith("limit_")}
        given = CompanyFields(limits=limits, **{name: typed.get(name, "") for name in _TYPED})
        with visit.writing() as session:
            settings_company.save(session, version(form), given)

    said = visit.words("Saved. New offers follow it.")
    return act(visit, work, PATH, said, lambda refused: _page(visit, refused, typed))


def _host(settings: Settings) -> str:
    """The model's server by name alone: the address may hold more than a screen should show."""
    return urlsplit(settings.openai_base_url or "https://api.openai.com").hostname or "–"


@router.get(MODEL)
def model(visit: VisitDep) -> HTMLResponse:
    """The model and the search, as the installation is set up."""
    may_open(visit, "model")
    words, parts = visit.words, visit.parts
    with parts.engine.connect() as connection:
        state = read_state(connection)
    shown = pages.contents(parts, visit.language, visit.actor)
    return page(
        visit,
        "model",
        "model",
        title=words("Model and search"),
        controls=(visit.control("try", words("Try it"), "settings", "update"),),
        fields={words("Model"): parts.settings.model if parts.model is not None else words("none")},
        settings=parts.settings,
        has_model=parts.model is not None,
        host=_host(parts.settings),
        state=state,
        embedder=parts.knowledge.embedder_name,
        pages=len(shown),
        own=sum(page.origin in ("own", "changed") for page in shown),
        folder=len(parts.knowledge.pages(pages.FOLDER)),
    )


@router.post(MODEL + "/try")
async def try_model(visit: VisitDep) -> HTMLResponse:
    """Ask the model for one word, and say how long it took."""
    if not visit.can("settings", "update"):
        raise Forbidden("update", "settings")
    if visit.parts.model is None:
        raise AppError("page_missing", 404, path=MODEL)
    result = await trial(visit.parts.settings, UserMeter(visit.parts.engine, visit.actor.user_id))
    words = visit.words
    seconds = words.number(Decimal(f"{result.seconds:.1f}"), 1)
    if result.fault is None:
        message = words("The model answered in %(seconds)s s.", seconds=seconds)
    else:
        reason = say(f"model_{result.fault}", visit.language)
        message = words("No answer after %(seconds)s s: %(reason)s.", seconds=seconds, reason=reason)
    return visit.fragment("_notice.html", message=message, tone="good" if result.fault is None else "bad")
