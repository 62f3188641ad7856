"""Whether a pipeline holds together: what no change of its settings may break."""

from collections.abc import Collection, Iterable, Mapping

from sqlalchemy import select

from core.errors import AppError, say
from core.language import Language
from crm.session import CrmSession
from crm.tables import PipelineEntry, Stage, Transition

TRIGGERS = ("person", "activity", "automatic", "stay", "undo")
# The steps that lead on. `stay` keeps the stage, `undo` takes back what was won or lost.
_ONWARD = frozenset({"person", "activity", "automatic"})
Step = tuple[str, str, str]


def faults(
    stages: Mapping[str, bool], steps: Collection[Step], entries: Iterable[str], names: Mapping[str, str]
) -> list[tuple[str, str]]:
    """What is wrong with a pipeline, as codes of messages with the name of the stage it is about; empty if nothing.

    `stages` says of each code whether it is closed; `steps` are (from, to, trigger); `entries` the codes of the stages
    opportunities begin in; `names` what people call each stage. Checked: entries begin in open stages; every
    open stage is reached from an entry, and leads on to a closed one; automatic steps make no circle and never
    contradict each other; a closed stage is left by `undo` alone.
    """
    found = []
    onward = [(start, end) for start, end, trigger in steps if trigger in _ONWARD]
    begins = set(entries)
    found += [("entry_closed", code) for code in sorted(begins) if stages.get(code, True)]
    reached = _closure(begins, onward)
    ends = {code for code, closed in stages.items() if closed}
    leading = _closure(ends, [(end, start) for start, end in onward])
    for code, closed in stages.items():
        if not closed and code not in reached:
            found.append(("stage_unreached", code))
        if not closed and code not in leading:
            found.append(("stage_without_end", code))
    for start, _end, trigger in steps:
        if stages.get(start, False) and trigger != "undo":
            found.append(("closed_left", start))
        if not stages.get(start, False) and trigger == "undo":
            found.append(("undo_from_open", start))
    automatic = [(start, end) for start, end, trigger in steps if trigger == "automatic"]
    starts = [start for start, _ in automatic]
    found += [("automatic_twice", code) for code in sorted({s for s in starts if starts.count(s) > 1})]
    found += [("automatic_circle", s) for s, end in automatic if s in _closure({end}, automatic)][:1]
    return [(fault, names.get(code, code)) for fault, code in dict.fromkeys(found)]


def _closure(begin: Collection[str], pairs: Collection[tuple[str, str]]) -> set[str]:
    """Everything reached from `begin` along `pairs`, `begin` included."""
    reached, edge = set(begin), set(begin)
    while edge:
        edge = {end for start, end in pairs if start in edge} - reached
        reached |= edge
    return reached


def check(session: CrmSession, language: Language) -> None:
    """Raise `AppError("pipeline_broken")` (409), which says why, if the pipeline as the session has it does not
    hold together. Called after each change, so that the change is taken back with its unit of work."""
    session.flush()
    stages = session.scalars(select(Stage).order_by(Stage.position)).all()
    steps = [(t.from_stage, t.to_stage, t.trigger) for t in session.scalars(select(Transition))]
    entries = [entry.stage_code for entry in session.scalars(select(PipelineEntry))]
    names = {stage.code: str(stage.names.get(language, stage.code)) for stage in stages}
    found = faults({stage.code: stage.closed for stage in stages}, steps, entries, names)
    if found:
        reasons = " ".join(say(f"pipeline_{code}", language, stage=name) for code, name in found)
        raise AppError("pipeline_broken", 409, reasons=reasons)
