"""The pipeline as an administrator sets it up: stages, the steps between them, and where opportunities begin.

Every change is checked as a whole (`crm.pipeline_check`); one that would leave a stage nobody reaches, or one without
a way to the end, is refused and says why.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import func, select

from core.errors import AppError, NotFound
from crm import pipeline_check
from crm.customer_fields import FieldsRefused
from crm.session import CrmSession
from crm.settings_rules import code_from, names_from, same_version
from crm.tables import ActivityType, Opportunity, PipelineEntry, Stage, Transition, table_of

RIGHTS = ("transition", "undo")


@dataclass(frozen=True)
class StageRow:
    """A stage, how many opportunities are in it, whoever may see them, and the origins that begin in it."""

    stage: Stage
    opportunities: int
    origins: tuple[str, ...]


def stages(session: CrmSession) -> list[StageRow]:
    """Every stage, in pipeline order."""
    deals = table_of(Opportunity)
    counted = select(deals.c.stage_code, func.count()).group_by(deals.c.stage_code)
    held: dict[str, int] = {row[0]: row[1] for row in session.connection().execute(counted)}
    begins = [(entry.stage_code, entry.origin) for entry in session.scalars(select(PipelineEntry))]
    return [
        StageRow(s, held.get(s.code, 0), tuple(sorted(origin for code, origin in begins if code == s.code)))
        for s in _ordered(session)
    ]


def _ordered(session: CrmSession) -> list[Stage]:
    return list(session.scalars(select(Stage).order_by(Stage.position, Stage.code)))


def _stage(session: CrmSession, code: str) -> Stage:
    found = session.get(Stage, code)
    if found is None:
        raise NotFound("settings", code)
    return found


def _checked(session: CrmSession) -> None:
    pipeline_check.check(session, session.actor.language)


def rename_stage(session: CrmSession, code: str, version: int, typed: Mapping[str, str]) -> Stage:
    """Give a stage other names. Raises `FieldsRefused`, `NotFound`, `AppError("conflict")`, `Forbidden`."""
    stage = _stage(session, code)
    same_version(stage.version, version)
    stage.names = names_from(typed, (s.names for s in _ordered(session) if s.code != code))
    session.flush()
    return stage


def move_stage(session: CrmSession, code: str, version: int, places: int) -> None:
    """Move a stage `places` on in the order (back, if negative), as far as there are places. The steps stay."""
    stage = _stage(session, code)
    same_version(stage.version, version)
    order = _ordered(session)
    at = order.index(stage)
    order.insert(max(0, min(at + places, len(order) - 1)), order.pop(at))
    _number(order)
    session.flush()


def _number(order: list[Stage]) -> None:
    for position, stage in enumerate(order):
        if stage.position != position:
            stage.position = position


def add_stage(session: CrmSession, typed: Mapping[str, str], closed: bool, comes_from: str, leads_to: str) -> Stage:
    """A new stage behind `comes_from`, with a step by hand from there, and, if it is open, one on to `leads_to`:
    without them nobody would reach it, or get out of it.

    Raises `FieldsRefused` for the names, `NotFound` for a stage there is none of, `AppError("pipeline_broken")`.
    """
    order = _ordered(session)
    before = _stage(session, comes_from)
    names = names_from(typed, (s.names for s in order))
    made = Stage(
        code=code_from(str(names["en"]), (s.code for s in order)), names=names, closed=closed, position=len(order)
    )
    order.insert(order.index(before) + 1, made)
    session.add(made)
    _number(order)
    session.flush()
    session.add(Transition(from_stage=before.code, to_stage=made.code, trigger="person", action="transition"))
    if not closed:
        after = _stage(session, leads_to)
        session.add(Transition(from_stage=made.code, to_stage=after.code, trigger="person", action="transition"))
    _checked(session)
    return made


def remove_stage(session: CrmSession, code: str, version: int) -> None:
    """Remove a stage with its steps, if nothing is in it, begins in it, or moves there.

    Raises `AppError("stage_in_use")` (409) saying by what, `AppError("pipeline_broken")` where the rest would not
    hold together: then add a step past it first.
    """
    row = next((r for r in stages(session) if r.stage.code == code), None)
    if row is None:
        raise NotFound("settings", code)
    same_version(row.stage.version, version)
    types = [kind for kind in session.scalars(select(ActivityType)) if kind.moves_to == code]
    if row.opportunities or row.origins or types:
        uses = [str(kind.names.get(session.actor.language, kind.code)) for kind in types]
        raise AppError("stage_in_use", 409, count=row.opportunities, uses=", ".join([*row.origins, *uses]) or "–")
    for step in session.scalars(select(Transition)):
        if code in (step.from_stage, step.to_stage):
            session.delete(step)
    session.flush()
    session.delete(row.stage)
    _number([s for s in _ordered(session) if s.code != code])
    _checked(session)


def transitions(session: CrmSession) -> list[Transition]:
    """Every step, by the order of the stages it leads from and to."""
    place = {stage.code: at for at, stage in enumerate(_ordered(session))}
    rows = session.scalars(select(Transition))
    order = {trigger: at for at, trigger in enumerate(pipeline_check.TRIGGERS)}
    return sorted(rows, key=lambda t: (place[t.from_stage], place[t.to_stage], order.get(t.trigger, len(order))))


def add_transition(session: CrmSession, start: str, end: str, trigger: str, action: str) -> Transition:
    """A step from one stage to another by `trigger`, for those granted `action` (`transition` or `undo`).

    Raises `FieldsRefused` for what is no choice or is there already, `AppError("pipeline_broken")`.
    """
    faults: dict[str, AppError] = {}
    known = {stage.code for stage in _ordered(session)}
    choices = {"start": (start, known), "end": (end, known)}
    choices |= {"trigger": (trigger, set(pipeline_check.TRIGGERS)), "action": (action, set(RIGHTS))}
    for name, (value, possible) in choices.items():
        if value not in possible:
            faults[name] = AppError("field_missing", 422)
    if not faults and start == end:
        faults["end"] = AppError("transition_nowhere", 422)
    same = (Transition.from_stage == start) & (Transition.to_stage == end) & (Transition.trigger == trigger)
    if not faults and session.scalar(select(Transition).where(same)) is not None:
        faults["trigger"] = AppError("transition_there", 422)
    if faults:
        raise FieldsRefused(faults)
    step = Transition(from_stage=start, to_stage=end, trigger=trigger, action=action)
    session.add(step)
    _checked(session)
    return step


def remove_transition(session: CrmSession, transition_id: int, version: int) -> None:
    """Remove a step. Raises `NotFound`, `AppError("conflict")`, `AppError("pipeline_broken")`."""
    step = session.get(Transition, transition_id)
    if step is None:
        raise NotFound("settings", transition_id)
    same_version(step.version, version)
    session.delete(step)
    _checked(session)


def entries(session: CrmSession) -> list[PipelineEntry]:
    """Where opportunities begin, by where they came from: `direct` or `external`."""
    return list(session.scalars(select(PipelineEntry).order_by(PipelineEntry.origin)))


def set_entry(session: CrmSession, origin: str, version: int, stage_code: str) -> None:
    """Have opportunities of `origin` begin in another stage. Raises as `remove_transition` does."""
    entry = session.get(PipelineEntry, origin)
    if entry is None:
        raise NotFound("settings", origin)
    same_version(entry.version, version)
    entry.stage_code = _stage(session, stage_code).code
    _checked(session)
