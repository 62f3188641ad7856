"""Settings: the pipeline drawn and as tables, and the types of activities that move it."""

from collections.abc import Mapping

from fastapi import APIRouter
from fastapi.responses import HTMLResponse, Response

from api.console.settings import FormDep, act, may_open, names, page, text, version
from api.console.settings_diagram import draw
from api.console.visit import Visit, VisitDep
from api.console.words import N_
from core.errors import AppError
from crm import settings_pipeline, settings_types
from crm.session import CrmSession

router = APIRouter(include_in_schema=False)
PATH, TYPES = "/settings/pipeline", "/settings/activity-types"
TRIGGER_NAMES = {
    "person": N_("by hand"),
    "activity": N_("by an activity"),
    "automatic": N_("by itself, at once"),
    "stay": N_("an activity leaves it there"),
    "undo": N_("taken back"),
}
ORIGIN_NAMES = {"direct": N_("Recorded by a user"), "external": N_("Enquiry from outside")}
RIGHT_NAMES = {"transition": N_("to move"), "undo": N_("to undo")}


def _stages(visit: Visit, session: CrmSession) -> list[tuple[str, str]]:
    return [(r.stage.code, visit.words.name(r.stage.names)) for r in settings_pipeline.stages(session)]


def _page(
    visit: Visit, refused: AppError | None = None, at: str = "", typed: Mapping[str, str] | None = None
) -> HTMLResponse:
    may_open(visit, "pipeline")
    words = visit.words
    with visit.reading() as session:
        rows = settings_pipeline.stages(session)
        steps = settings_pipeline.transitions(session)
        return page(
            visit,
            "pipeline",
            "pipeline",
            title=words("Pipeline"),
            controls=(
                visit.control("add-stage", words("Add the stage"), "settings", "create"),
                visit.control("add-step", words("Add the step"), "settings", "create"),
            ),
            refused=refused,
            at=at,
            typed=typed or {},
            rows=rows,
            steps=steps,
            entries=settings_pipeline.entries(session),
            stages=_stages(visit, session),
            drawing=draw([row.stage for row in rows], steps, visit.language),
            triggers={code: words(name) for code, name in TRIGGER_NAMES.items()},
            origins={code: words(name) for code, name in ORIGIN_NAMES.items()},
            rights={code: words(name) for code, name in RIGHT_NAMES.items()},
        )


@router.get(PATH)
def show(visit: VisitDep) -> HTMLResponse:
    """The pipeline."""
    return _page(visit)


@router.post(PATH + "/stages")
def add_stage(visit: VisitDep, form: FormDep) -> Response:
    """Add a stage with a step to it and on from it."""
    typed = {**names(form), **{name: text(form, name) for name in ("kind", "comes_from", "leads_to")}}

    def work() -> None:
        with visit.writing() as session:
            closed = typed["kind"] == "closed"
            settings_pipeline.add_stage(session, typed, closed, typed["comes_from"], typed["leads_to"])

    said = visit.words("The stage is added.")
    return act(visit, work, PATH, said, lambda refused: _page(visit, refused, "new-stage", typed))


@router.post(PATH + "/stages/{code}")
def change_stage(visit: VisitDep, code: str, form: FormDep) -> Response:
    """Rename a stage, move it in the order, or remove it, as the button pressed says."""
    typed, what = names(form), text(form, "what")

    def work() -> None:
        with visit.writing() as session:
            if what == "remove":
                settings_pipeline.remove_stage(session, code, version(form))
            elif what in ("earlier", "later"):
                settings_pipeline.move_stage(session, code, version(form), -1 if what == "earlier" else 1)
            else:
                settings_pipeline.rename_stage(session, code, version(form), typed)

    said = visit.words("The stage is removed.") if what == "remove" else visit.words("Saved.")
    return act(visit, work, PATH, said, lambda refused: _page(visit, refused, f"stage-{code}", typed))


@router.post(PATH + "/steps")
def add_step(visit: VisitDep, form: FormDep) -> Response:
    """Add a step between two stages."""
    typed = {name: text(form, name) for name in ("start", "end", "trigger", "action")}

    def work() -> None:
        with visit.writing() as session:
            settings_pipeline.add_transition(
                session, typed["start"], typed["end"], typed["trigger"], typed["action"] or "transition"
            )

    said = visit.words("The step is added.")
    return act(visit, work, PATH, said, lambda refused: _page(visit, refused, "new-step", typed))


@router.post(PATH + "/steps/{step}/remove")
def remove_step(visit: VisitDep, step: int, form: FormDep) -> Response:
    """Remove a step."""

    def work() -> None:
        with visit.writing() as session:
            settings_pipeline.remove_transition(session, step, version(form))

    said = visit.words("The step is removed.")
    return act(visit, work, PATH, said, lambda refused: _page(visit, refused, "steps"))


@router.post(PATH + "/entries/{origin}")
def set_entry(visit: VisitDep, origin: str, form: FormDep) -> Response:
    """Say where opportunities of an origin begin."""

    def work() -> None:
        with visit.writing() as session:
            settings_pipeline.set_entry(session, origin, version(form), text(form, "stage"))

    said = visit.words("Saved.")
    return act(visit, work, PATH, said, lambda refused: _page(visit, refused, "entries"))


def _types(
    visit: Visit, refused: AppError | None = None, at: str = "", typed: Mapping[str, str] | None = None
) -> HTMLResponse:
    may_open(visit, "activity-types")
    with visit.reading() as session:
        rows, stages = settings_types.listed(session), _stages(visit, session)
        named = dict(stages)
        return page(
            visit,
            "types",
            "activity-types",
            title=visit.words("Activity types"),
            controls=(visit.control("add", visit.words("Add the type"), "settings", "create"),),
            refused=refused,
            at=at,
            typed=typed or {},
            rows=rows,
            stages=stages,
            starts={row.type.code: ", ".join(named[code] for code in row.moves_from) for row in rows},
        )


@router.get(TYPES)
def types(visit: VisitDep) -> HTMLResponse:
    """The types of activities."""
    return _types(visit)


@router.post(TYPES)
def add_type(visit: VisitDep, form: FormDep) -> Response:
    """Add a type."""
    typed = {**names(form), "moves_to": text(form, "moves_to")}

    def work() -> None:
        with visit.writing() as session:
            settings_types.add(session, typed, typed["moves_to"])

    said = visit.words("The type is added.")
    return act(visit, work, TYPES, said, lambda refused: _types(visit, refused, "new", typed))


@router.post(TYPES + "/{code}")
def change_type(visit: VisitDep, code: str, form: FormDep) -> Response:
    """Change a type, or remove it, as the button pressed says."""
    typed = {**names(form), "moves_to": text(form, "moves_to")}
    removing = text(form, "what") == "remove"

    def work() -> None:
        with visit.writing() as session:
            if removing:
                settings_types.remove(session, code, version(form))
            else:
                settings_types.change(session, code, version(form), typed, typed["moves_to"])

    said = visit.words("The type is removed.") if removing else visit.words("Saved.")
    return act(visit, work, TYPES, said, lambda refused: _types(visit, refused, code, typed))
