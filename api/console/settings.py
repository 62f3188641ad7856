"""The frame of the settings: their sections, and what every section's forms share."""

from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from typing import Annotated

from fastapi import APIRouter, Depends, Request
from fastapi.responses import HTMLResponse, Response
from starlette.datastructures import FormData

from api.console.addresses import count_of
from api.console.customers_forms import faults_of
from api.console.screens import Control, Screen
from api.console.visit import Visit, VisitDep
from api.console.words import N_
from core.errors import AppError, Forbidden
from core.language import LANGUAGES

router = APIRouter(include_in_schema=False)
LANGUAGE_NAMES = {"hu": "magyar", "pl": "polski", "en": "English"}
_LONGEST = 200


@dataclass(frozen=True)
class Section:
    """A section of the settings, shown to those who may `read` its resource; `whole` where that has to be all of it,
    `edited` where it takes the right to change it."""

    name: str
    label: str
    resource: str
    whole: bool = False
    edited: bool = False

    @property
    def path(self) -> str:
        """Its address."""
        return f"/settings/{self.name}"


SECTIONS = (
    Section("users", N_("Users"), "user"),
    Section("teams", N_("Teams"), "team"),
    Section("levels", N_("Levels"), "settings"),
    Section("pipeline", N_("Pipeline"), "settings"),
    Section("activity-types", N_("Activity types"), "settings"),
    Section("company", N_("Company"), "settings"),
    Section("rates", N_("Exchange rates"), "settings"),
    Section("approval", N_("Approval and numbers"), "settings"),
    Section("letters", N_("Cover letters"), "settings", edited=True),
    Section("templates", N_("Offer templates"), "template", edited=True),
    Section("model", N_("Model and search"), "settings"),
    Section("usage", N_("Model usage"), "usage", whole=True),
    Section("embedding", N_("Embedding"), "embedding"),
    Section("audit", N_("Audit"), "audit"),
)


def sections(visit: Visit) -> list[Section]:
    """The sections this user gets."""
    return [
        section
        for section in SECTIONS
        if visit.can(section.resource, "update" if section.edited else "read")
        and (not section.whole or visit.actor.scope(section.resource, "read") == "all")
    ]


def may_open(visit: Visit, name: str) -> None:
    """Raise as for a page that is not there, unless the user gets the section `name`."""
    if name not in [section.name for section in sections(visit)]:
        raise AppError("page_missing", 404, path=visit.request.url.path)


async def _form(request: Request) -> FormData:
    return await request.form(max_fields=500)


FormDep = Annotated[FormData, Depends(_form)]


def text(form: FormData, name: str) -> str:
    """What was typed into the field `name`; empty where there is none."""
    value = form.get(name)
    return value if isinstance(value, str) else ""


def version(form: FormData) -> int:
    """The version of the record the form was opened with; one that matches none where it is not a number."""
    return count_of(text(form, "version"), -1)


def names(form: FormData) -> dict[str, str]:
    """The names typed, by language."""
    return {language: text(form, f"name_{language}")[:_LONGEST] for language in LANGUAGES}


def page(
    visit: Visit,
    template: str,
    section: str,
    *,
    title: str,
    controls: tuple[Control, ...] = (),
    fields: dict[str, str] | None = None,
    refused: AppError | None = None,
    record: tuple[str, str] | None = None,
    **values: object,
) -> HTMLResponse:
    """A page of a section. `refused` is why a form comes back, as `errors` by field for the template."""
    errors = faults_of(visit, refused) if refused is not None else {}
    label = next(visit.words(s.label) for s in SECTIONS if s.name == section)
    told: dict[str, str | int | Decimal | None] = {visit.words("Section"): label, **(fields or {})}
    screen = Screen("settings", record, told, errors, controls)
    return visit.page(
        f"settings/{template}.html",
        screen,
        refused.status if refused is not None else 200,
        sections=sections(visit),
        section=section,
        title=title,
        errors=errors,
        controls={control.name: control for control in controls},
        languages=LANGUAGE_NAMES,
        **values,
    )


def act(
    visit: Visit,
    work: Callable[[], object],
    path: str,
    notice: str,
    again: Callable[[AppError], Response],
) -> Response:
    """Do `work` and go to `path`; where it is refused, show the page `again` with what was typed."""
    try:
        work()
    except Forbidden:
        raise
    except AppError as refused:
        return again(refused)
    return visit.go(path, notice)


@router.get("/settings")
def index(visit: VisitDep) -> Response:
    """The first section the user gets."""
    found = sections(visit)
    if not found:
        raise AppError("page_missing", 404, path="/settings")
    return visit.go(found[0].path)
