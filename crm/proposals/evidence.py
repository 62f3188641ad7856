"""What a change does, taken from the audit's own record of it: shown before, compared and kept afterwards."""

from sqlalchemy import Engine, inspect

from core.errors import AppError
from crm import audit
from crm.actor import Actor
from crm.proposals.doing import depends_on, perform
from crm.proposals.items import Bound, Effect, Item
from crm.session import CrmSession, unit
from crm.tables import Base

# What only happening gives: keys, moments, and the day of opening.
GENERATED = frozenset({"id", "code", "created_at", "updated_at", "version", "done_at", "stage_since", "opened_on"})


def bound(record: Base) -> Bound:
    """`record` as it is now."""
    identity = inspect(record).identity or (0,)
    version = getattr(record, "version", 0)
    return Bound(table=record.__tablename__, id=int(identity[0]), version=int(version), record=record.record)


def record_of(session: CrmSession, it: Bound) -> Base | None:
    """The record `it` speaks of, as the actor sees it now."""
    entity = next(m.class_ for m in Base.registry.mappers if inspect(m.class_).local_table.name == it.table)
    found: Base | None = session.get(entity, it.id)
    return found


def effects(changes: tuple[audit.Recorded, ...]) -> tuple[Effect, ...]:
    """One effect for each record changed, the first values before and the last ones after."""
    merged: dict[tuple[str, int], Effect] = {}
    for change in changes:
        key = (change.record.__tablename__, bound(change.record).id)
        known = merged.get(key)
        before, after = _telling(change.before), _telling(change.after)
        if known is not None:
            before = {**(before or {}), **known.before} if known.before is not None else None
            after = {**(known.after or {}), **(after or {})}
        name = "" if before is None else change.record.record
        action = "create" if known is not None and known.before is None else change.action
        merged[key] = Effect(table=key[0], record=name, action=action, before=before, after=after)
    return tuple(effect for effect in merged.values() if effect.before != effect.after)


def _telling(values: dict[str, object] | None) -> dict[str, object] | None:
    if values is None:
        return None
    return {name: value for name, value in values.items() if name not in GENERATED}


def perform_with_evidence(session: CrmSession, item: Item) -> tuple[tuple[Effect, ...], tuple[Bound, ...]]:
    """Do `item`; what that did, and the records it changed as it left them.

    Raises as `perform` does, and `AppError("proposal_already_so")` where nothing was left to do.
    """
    earlier = len(audit.recorded(session))
    perform(session, item)
    changes = audit.recorded(session)[earlier:]
    found = effects(changes)
    if not found:
        raise AppError("proposal_already_so", 409)
    made = {(b.table, b.id): b for b in (bound(change.record) for change in changes)}
    return found, tuple(made.values())


class _Stumbled(Exception):
    """An item that could not be done, among those before it that could."""

    def __init__(self, place: int, error: AppError) -> None:
        self.place, self.error = place, error


class _TakenBack(Exception):
    """The end of a trial: whatever it did is rolled back."""

    def __init__(self, items: list[Item]) -> None:
        self.items = items


def try_out(engine: Engine, actor: Actor, items: list[Item]) -> list[Item | AppError]:
    """Each item with its effects and the records it depends on, or what would refuse it.

    The very steps are taken, in order, as `actor`, and all of them are rolled back.
    """
    refused: dict[int, AppError] = {}
    while True:
        left = [place for place in range(len(items)) if place not in refused]
        try:
            _run(engine, actor, [items[place] for place in left])
        except _Stumbled as stumbled:
            refused[left[stumbled.place]] = stumbled.error
        except _TakenBack as done:
            tried = dict(zip(left, done.items, strict=True))
            return [refused.get(place) or tried[place] for place in range(len(items))]


def _run(engine: Engine, actor: Actor, items: list[Item]) -> None:
    with unit(engine, actor) as session:
        place = 0
        tried: list[Item] = []
        try:
            depended = []
            for place, item in enumerate(items):  # noqa: B007
                depended.append(tuple(bound(record) for record in depends_on(session, item)))
            for place, item in enumerate(items):
                found, _made = perform_with_evidence(session, item)
                tried.append(item.model_copy(update={"effects": found, "bound": depended[place]}))
        except AppError as error:
            raise _Stumbled(place, error) from error
        raise _TakenBack(tried)
