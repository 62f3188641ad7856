"""The pipeline's rules told to people: where an opportunity may go from a stage, and why not elsewhere."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select

from core.errors import say
from core.language import Language
from crm.actor import Actor
from crm.session import CrmSession
from crm.tables import Stage, Transition

BY_HAND = ("person", "undo")


@dataclass(frozen=True)
class Choice:
    """A stage as a menu offers it. `reason` says why it cannot be chosen; None where it can.

    `trigger` is `person` or `undo` for a step in the rules, None where there is no such step.
    """

    stage: str
    name: str
    trigger: str | None
    reason: str | None


@dataclass(frozen=True)
class Rules:
    """Every stage in pipeline order, and every transition. Read once, asked for many opportunities."""

    stages: Sequence[Stage]
    transitions: Sequence[Transition]

    def name(self, code: str, language: Language) -> str:
        """The name of a stage in `language`; its code where there is none."""
        return next((str(stage.names.get(language, code)) for stage in self.stages if stage.code == code), code)

    def _names(self, codes: Sequence[str], language: Language) -> str:
        return ", ".join(self.name(stage.code, language) for stage in self.stages if stage.code in codes)

    @property
    def open_codes(self) -> tuple[str, ...]:
        """The stages that do not end the pipeline, in its order."""
        return tuple(stage.code for stage in self.stages if not stage.closed)

    def legal(self, start: str, actor: Actor) -> list[Transition]:
        """The steps `actor` may take by hand from `start`, in pipeline order."""
        place = {stage.code: at for at, stage in enumerate(self.stages)}
        steps = [
            t
            for t in self.transitions
            if t.from_stage == start and t.trigger in BY_HAND and actor.scope("opportunity", t.action) is not None
        ]
        return sorted(steps, key=lambda t: place[t.to_stage])

    def legal_names(self, start: str, actor: Actor) -> str:
        """Their names in the actor's language, or that there is none."""
        codes = [step.to_stage for step in self.legal(start, actor)]
        return self._names(codes, actor.language) or say("no_steps", actor.language)

    def way(self, start: str, end: str, actor: Actor) -> list[str]:
        """The shortest way by legal steps, both ends included; empty where the actor has none."""
        ways, seen = [[start]], {start}
        while ways:
            way = ways.pop(0)
            for step in self.legal(way[-1], actor):
                if step.to_stage == end:
                    return [*way, end]
                if step.to_stage not in seen:
                    seen.add(step.to_stage)
                    ways.append([*way, step.to_stage])
        return []

    def rule(self, start: str, end: str, trigger: str, language: Language) -> str:
        """The rule that keeps an opportunity from going from `start` to `end`, as a sentence."""
        if start == end:
            return say("rule_already_there", language, end=self.name(end, language))
        if any(stage.code == start and stage.closed for stage in self.stages):
            return say("rule_closed", language)
        # Undoing is no way forward: it is told only of stages that can be undone.
        wanted = "activity" if trigger == "activity" else "person"
        starts = [t.from_stage for t in self.transitions if t.to_stage == end and t.trigger == wanted]
        values = {"end": self.name(end, language), "starts": self._names(starts, language)}
        if not starts:
            return say("rule_unreachable", language, **values)
        return say("rule_activity_from" if trigger == "activity" else "rule_only_from", language, **values)

    def choices(self, start: str, actor: Actor) -> list[Choice]:
        """Every other stage, in pipeline order, with the reason where the actor cannot choose it."""
        steps = {t.to_stage: t for t in self.transitions if t.from_stage == start and t.trigger in BY_HAND}
        made = []
        for stage in self.stages:
            if stage.code == start:
                continue
            step, reason = steps.get(stage.code), None
            if step is None:
                reason = self.rule(start, stage.code, "person", actor.language)
            elif actor.scope("opportunity", step.action) is None:
                reason = say("rule_right_to_undo" if step.action == "undo" else "rule_right_to_move", actor.language)
            name = self.name(stage.code, actor.language)
            made.append(Choice(stage.code, name, step.trigger if step else None, reason))
        return made

    def furthest(self, stage: Stage) -> int:
        """The place in `stages` that an opportunity now in `stage` has surely reached.

        One that was lost may have come from any stage that leads there: the earliest of those counts. A stage
        that ends the pipeline otherwise (won) is its own place.
        """
        place = {each.code: at for at, each in enumerate(self.stages)}
        if stage.code != "lost":
            return place[stage.code]
        starts = [place[t.from_stage] for t in self.transitions if t.to_stage == "lost" and t.trigger != "stay"]
        return min(starts, default=0)


def rules(session: CrmSession) -> Rules:
    """The pipeline as it is now."""
    stages = session.scalars(select(Stage).order_by(Stage.position)).all()
    return Rules(stages, session.scalars(select(Transition).order_by(Transition.id)).all())
