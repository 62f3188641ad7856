"""Settings: the applications that embed the widget."""

from collections.abc import Callable

from fastapi import APIRouter
from fastapi.responses import HTMLResponse, Response

from api.console.settings import FormDep, act, may_open, page, text, version
from api.console.visit import Visit, VisitDep
from core.errors import AppError, Forbidden
from crm import embedding
from crm.embedding import HostView
from crm.session import CrmSession

router = APIRouter(include_in_schema=False)
PATH = "/settings/embedding"


def _page(
    visit: Visit,
    refused: AppError | None = None,
    at: str = "",
    typed: dict[str, str] | None = None,
    key: tuple[HostView, str] | None = None,
) -> HTMLResponse:
    may_open(visit, "embedding")
    words = visit.words
    with visit.reading() as session:
        return page(
            visit,
            "embedding",
            "embedding",
            title=words("Embedding"),
            controls=(visit.control("add", words("Add the application"), "embedding", "create"),),
            refused=refused,
            rows=embedding.hosts(session),
            at=at,
            typed=typed or {},
            key=key,
            base=str(visit.request.base_url).rstrip("/"),
        )


def _origins(typed: str) -> list[str]:
    return typed.replace(",", " ").split()


@router.get(PATH)
def show(visit: VisitDep) -> HTMLResponse:
    """The applications."""
    return _page(visit)


def _keyed(
    visit: Visit, work: Callable[[CrmSession], tuple[HostView, str]], at: str, typed: dict[str, str]
) -> HTMLResponse:
    """The page with a new key on it: shown in the answer to the very form, and never again."""
    try:
        with visit.writing() as session:
            made = work(session)
    except Forbidden:
        raise
    except AppError as refused:
        return _page(visit, refused, at, typed)
    return _page(visit, key=made)


@router.post(PATH)
def add(visit: VisitDep, form: FormDep) -> Response:
    """Add an application, and show its key."""
    typed = {"name": text(form, "name")[:200], "origins": text(form, "origins")[:5000]}
    return _keyed(visit, lambda s: embedding.add(s, typed["name"], _origins(typed["origins"])), "new", typed)


@router.post(PATH + "/key")
def new_key(visit: VisitDep, form: FormDep) -> Response:
    """Give an application a new key, and show it."""
    name = text(form, "name")
    return _keyed(visit, lambda s: embedding.new_key(s, name, version(form)), name, {})


@router.post(PATH + "/origins")
def change_origins(visit: VisitDep, form: FormDep) -> Response:
    """Change where an application's pages come from."""
    name, typed = text(form, "name"), text(form, "origins")[:5000]

    def work() -> None:
        with visit.writing() as session:
            embedding.change_origins(session, name, _origins(typed), version(form))

    said = visit.words("Saved.")
    return act(visit, work, PATH, said, lambda refused: _page(visit, refused, name, {"origins": typed}))


@router.post(PATH + "/switch")
def switch(visit: VisitDep, form: FormDep) -> Response:
    """Switch an application off or on."""
    name, on = text(form, "name"), text(form, "active") == "yes"

    def work() -> None:
        with visit.writing() as session:
            embedding.switch(session, name, on, version(form))

    said = visit.words("%(name)s is switched on.") if on else visit.words("%(name)s is switched off.")
    return act(visit, work, PATH, said % {"name": name}, lambda refused: _page(visit, refused, name))
