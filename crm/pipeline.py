"""The pipeline: which step may follow which. The one place an opportunity's stage is set."""

from dataclasses import dataclass

from sqlalchemy import select

from core.clock import now
from core.errors import AppError, Forbidden, say
from core.language import Language
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
    rows = session.scalars(
        select(Transition)
        .join(Stage, Stage.code == Transition.to_stage)
        .where(Transition.from_stage == opportunity.stage_code, Transition.trigger.in_(("person", "undo")))
        .order_by(Stage.position)
    )
    return [Step(r.to_stage, r.trigger) for r in rows if session.actor.scope("opportunity", r.action) is not None]


def _transition(session: CrmSession, start: str, end: str, triggers: tuple[str, ...]) -> Transition | None:
    return session.scalar(
        select(Transition).where(
            Transition.from_stage == start, Transition.to_stage == end, Transition.trigger.in_(triggers)
        )
    )


def _refuse(session: CrmSession, opportunity: Opportunity, end: str, trigger: str) -> AppError:
    language = session.actor.language
    names = [stage_name(session, step.stage, language) for step in legal_steps(session, opportunity)]
    return AppError(
        "step_refused",
        409,
        start=stage_name(session, opportunity.stage_code, language),
        end=stage_name(session, end, language),
        rule=f"{opportunity.stage_code} > {end}, {trigger}",
        legal=", ".join(names) or say("no_steps", language),
    )


def _set_stage(session: CrmSession, opportunity: Opportunity, transition: Transition) -> None:
    if session.actor.scope("opportunity", transition.action) is None:
        raise Forbidden(transition.action, "opportunity")
    # The flush compares the version the opportunity was read with: of two people, one moves it.
    with acting(session, transition.action):
        opportunity.stage_code, opportunity.stage_since = transition.to_stage, now()


def move(session: CrmSession, opportunity: Opportunity, end: str) -> None:
    """Take the step to stage `end` by hand.

    Raises `AppError("step_refused")` naming the rule and the legal steps, `Forbidden` where the actor
    lacks the right the transition wants, `AppError("conflict")` where someone else moved it meanwhile.
    """
    transition = _transition(session, opportunity.stage_code, end, ("person", "undo"))
    if transition is None:
        raise _refuse(session, opportunity, end, "person")
    _set_stage(session, opportunity, transition)


def carry(session: CrmSession, opportunity: Opportunity, end: str) -> None:
    """Take the step an activity type carries, and the automatic ones that follow it.

    Where a `stay` transition exists for the pair the stage is kept. Raises like `move`.
    """
    if opportunity.stage_code != end:
        if _transition(session, opportunity.stage_code, end, ("stay",)):
            return
        transition = _transition(session, opportunity.stage_code, end, ("activity",))
        if transition is None:
            raise _refuse(session, opportunity, end, "activity")
        _set_stage(session, opportunity, transition)
    visited = {opportunity.stage_code}
    while True:
        follow = session.scalar(
            select(Transition).where(Transition.from_stage == opportunity.stage_code, Transition.trigger == "automatic")
        )
        # A circle of automatic steps, should anyone configure one, ends where it began.
        if follow is None or follow.to_stage in visited:
            return
        visited.add(follow.to_stage)
        _set_stage(session, opportunity, follow)
