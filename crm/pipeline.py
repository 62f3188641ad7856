"""The pipeline: which step may follow which. The one place an opportunity's stage is set."""

from dataclasses import dataclass

from sqlalchemy import select

from core.clock import now
from core.errors import AppError, Forbidden, NotFound, say
from core.language import Language
from crm.pipeline_rules import BY_HAND, rules
from crm.session import CrmSession, acting
from crm.tables import Opportunity, PipelineEntry, Stage, Transition


@dataclass(frozen=True)
class Step:
    """A legal step from where an opportunity is: the stage it leads to, and how it is triggered."""

    stage: str
    trigger: str


def entry_stage(session: CrmSession, origin: str) -> str:
    """The stage an enquiry of `origin` (`direct` or `external`) starts in."""
    return session.get_one(PipelineEntry, origin).stage_code


def stage_name(session: CrmSession, code: str, language: Language) -> str:
    """The name of a stage in `language`."""
    stage = session.get(Stage, code)
    return str(stage.names[language]) if stage else code


def legal_steps(session: CrmSession, opportunity: Opportunity) -> list[Step]:
    """The steps the actor may take by hand from the opportunity's stage, in pipeline order."""
    steps = rules(session).legal(opportunity.stage_code, session.actor)
    return [Step(step.to_stage, step.trigger) for step in steps]


def _transition(session: CrmSession, start: str, end: str, triggers: tuple[str, ...]) -> Transition | None:
    return session.scalar(
        select(Transition).where(
            Transition.from_stage == start, Transition.to_stage == end, Transition.trigger.in_(triggers)
        )
    )


def _refuse(session: CrmSession, opportunity: Opportunity, end: str, trigger: str) -> AppError:
    actor, known, start = session.actor, rules(session), opportunity.stage_code
    if not any(stage.code == end for stage in known.stages):
        return NotFound("stage", end)
    names = [known.name(code, actor.language) for code in known.way(start, end, actor)]
    # A way of one step is among the legal ones already.
    way = say("step_way", actor.language, way=" → ".join(names)) if len(names) > 2 else ""
    return AppError(
        "step_refused",
        409,
        start=known.name(start, actor.language),
        end=known.name(end, actor.language),
        rule=known.rule(start, end, trigger, actor.language),
        legal=known.legal_names(start, actor),
        way=way,
    )


def _by_right(session: CrmSession, transition: Transition) -> Transition:
    if session.actor.scope("opportunity", transition.action) is None:
        raise Forbidden(transition.action, "opportunity")
    return transition


def _set_stage(session: CrmSession, opportunity: Opportunity, transition: Transition) -> None:
    # The flush compares the version the opportunity was read with: of two people, one moves it.
    with acting(session, transition.action):
        opportunity.stage_code, opportunity.stage_since = transition.to_stage, now()


def step_by_hand(session: CrmSession, opportunity: Opportunity, end: str) -> Transition:
    """The transition `move` takes to stage `end`; nothing is changed. Raises like `move`."""
    transition = _transition(session, opportunity.stage_code, end, BY_HAND)
    if transition is None:
        raise _refuse(session, opportunity, end, "person")
    return _by_right(session, transition)


def move(session: CrmSession, opportunity: Opportunity, end: str) -> None:
    """Take the step to stage `end` by hand.

    Raises `AppError("step_refused")` naming the rule, the legal steps and the way to `end`, `NotFound` for no
    such stage, `Forbidden` where the actor lacks the right the transition wants, `AppError("conflict")` where
    someone else moved it meanwhile.
    """
    _set_stage(session, opportunity, step_by_hand(session, opportunity, end))


def steps_carried(session: CrmSession, opportunity: Opportunity, end: str) -> list[Transition]:
    """The transitions `carry` takes, in order; nothing is changed. Raises like `move`.

    Empty where a `stay` transition exists for the pair: the stage is kept.
    """
    start, steps = opportunity.stage_code, []
    if start != end:
        if _transition(session, start, end, ("stay",)):
            return []
        carrying = _transition(session, start, end, ("activity",))
        if carrying is None:
            raise _refuse(session, opportunity, end, "activity")
        steps.append(_by_right(session, carrying))
    at, visited = end, {end}
    while True:
        follow = session.scalar(
            select(Transition).where(Transition.from_stage == at, Transition.trigger == "automatic")
        )
        # A circle of automatic steps, should anyone configure one, ends where it began.
        if follow is None or follow.to_stage in visited:
            return steps
        steps.append(_by_right(session, follow))
        at = follow.to_stage
        visited.add(at)


def carry(session: CrmSession, opportunity: Opportunity, end: str) -> None:
    """Take the step an activity type carries, and the automatic ones that follow it.

    Where a `stay` transition exists for the pair the stage is kept. Raises like `move`.
    """
    for step in steps_carried(session, opportunity, end):
        _set_stage(session, opportunity, step)
