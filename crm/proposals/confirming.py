"""Confirming and rejecting: by the person a proposal was shown to, item by item, each done once or not at all."""

from collections.abc import Collection, Mapping

from sqlalchemy import Engine
from sqlalchemy.orm.exc import StaleDataError

from core import clock
from core.errors import AppError
from crm.actor import Actor
from crm.customer_fields import tidy
from crm.proposals.evidence import bound, perform_with_evidence, record_of, try_out
from crm.proposals.items import Bound, Effect, Item, Problem, edited, loaded, stored
from crm.proposals.reading import because, by_code, expire
from crm.session import CrmSession, unit
from crm.tables import Proposal

_LONGEST_REASON = 1000
Edits = Mapping[int, Mapping[str, str | None]]


def confirm(
    engine: Engine, actor: Actor, code: str, accepted: Collection[int] | None = None, edits: Edits | None = None
) -> None:
    """Do the `accepted` items (numbers from 1; all that are open if none are named) with the person's `edits`; the
    others are rejected.

    Each item is one transaction with its own note in the proposal: done once, or not at all, whenever this stops;
    one refused leaves the others done. What an item did must be what was shown: where a record changed meanwhile it
    fails with `proposal_record_changed` and shows what the record holds instead. Raises `NotFound`, `AppError`
    `proposal_decided` or `proposal_expired` (409), `proposal_item_unknown` or what an edit is refused for (422);
    then nothing was done.
    """
    expire(engine, actor)
    with unit(engine, actor, writes=False) as session:
        items = loaded(_open(session, code).items)
    chosen = sorted(set(accepted) if accepted is not None else _open_numbers(items))
    if not chosen or not set(chosen) | set(edits or {}) <= set(_open_numbers(items)):
        raise AppError("proposal_item_unknown", 422, proposal=code[:60])
    corrected = _corrected(engine, actor, items, edits or {})
    version = _decide(engine, actor, code, chosen, corrected)
    for number in chosen:
        version = _do(engine, actor, code, number, version)


def reject(engine: Engine, actor: Actor, code: str, reason: str | None = None) -> None:
    """Decide against all that is still open, and keep why if the person says so.

    Raises `NotFound`, `proposal_decided` or `proposal_expired`."""
    expire(engine, actor)
    with unit(engine, actor) as session:
        proposal = _open(session, code)
        items = loaded(proposal.items)
        why = tidy(reason or "")[:_LONGEST_REASON] or None
        proposal.items = stored(tuple(_now(i, state="rejected", reason=why) if i.state == "open" else i for i in items))
        because(session, proposal)
        _close(proposal)
        _claim(session, proposal)


def _open(session: CrmSession, code: str) -> Proposal:
    proposal = by_code(session, code)
    if proposal.state == "expired":
        raise AppError("proposal_expired", 409, proposal=proposal.code)
    if proposal.state != "open":
        raise AppError("proposal_decided", 409, proposal=proposal.code)
    return proposal


def _open_numbers(items: tuple[Item, ...]) -> list[int]:
    return [number for number, item in enumerate(items, start=1) if item.state == "open"]


def _now(item: Item, **changed: object) -> Item:
    return item.model_copy(update=changed)


def _corrected(engine: Engine, actor: Actor, items: tuple[Item, ...], edits: Edits) -> dict[int, Item]:
    """The edited items with what they would do now. One whose record changed meanwhile is left for its refusal."""
    found: dict[int, Item] = {}
    for number, values in edits.items():
        before = items[number - 1]
        item = edited(before, values)
        tried = try_out(engine, actor, [item])[0]
        if isinstance(tried, AppError):
            raise tried
        found[number] = item if tried.bound != before.bound else tried
    return found


def _decide(engine: Engine, actor: Actor, code: str, chosen: list[int], corrected: Mapping[int, Item]) -> int:
    """Keep the person's choice and edits; the version of the proposal after it."""
    with unit(engine, actor) as session:
        proposal = _open(session, code)
        items = list(loaded(proposal.items))
        if not set(chosen) | set(corrected) <= set(_open_numbers(tuple(items))):
            # Somebody else, or another window, decided one of them since they were read.
            raise AppError("proposal_decided", 409, proposal=proposal.code)
        items = [corrected.get(n, item) for n, item in enumerate(items, start=1)]
        for number in _open_numbers(tuple(items)):
            if number not in chosen:
                items[number - 1] = _now(items[number - 1], state="rejected")
        proposal.items = stored(tuple(items))
        because(session, proposal)
        return _claim(session, proposal)


def _claim(session: CrmSession, proposal: Proposal) -> int:
    """Write the proposal now: whoever else is deciding it waits here, and then finds another version."""
    code = proposal.code
    proposal.decided_at = clock.now()
    try:
        session.flush()
    except StaleDataError as overtaken:
        raise AppError("proposal_decided", 409, proposal=code) from overtaken
    return proposal.version


def _do(engine: Engine, actor: Actor, code: str, number: int, version: int) -> int:
    """Do one item and note it, in one transaction; the version of the proposal after it."""
    try:
        with unit(engine, actor) as session:
            proposal = _claimed(session, code, version)
            items = list(loaded(proposal.items))
            item = items[number - 1]
            if item.state != "open":
                raise AppError("proposal_decided", 409, proposal=proposal.code)
            _unchanged(session, item)
            shown = item.effects
            done, made = perform_with_evidence(session, item)
            if done != shown:
                raise AppError("proposal_record_changed", 409)
            items[number - 1] = _now(item, state="done", made=made)
            return _note(session, proposal, _following(items, made))
    except AppError as refused:
        if refused.code == "proposal_decided":
            raise
        return _failed(engine, actor, code, number, version, refused)


def _claimed(session: CrmSession, code: str, version: int) -> Proposal:
    proposal = by_code(session, code)
    if proposal.version != version or proposal.state != "open":
        raise AppError("proposal_decided", 409, proposal=proposal.code)
    because(session, proposal)
    _claim(session, proposal)
    return proposal


def _note(session: CrmSession, proposal: Proposal, items: list[Item]) -> int:
    proposal.items = stored(tuple(items))
    if not _open_numbers(tuple(items)):
        _close(proposal)
    session.flush()
    return proposal.version


def _close(proposal: Proposal) -> None:
    acted = any(item.state in ("done", "failed") for item in loaded(proposal.items))
    proposal.state = "confirmed" if acted else "rejected"


def _following(items: list[Item], made: tuple[Bound, ...]) -> list[Item]:
    """`items` still to be done, bound to what an earlier one of the same proposal made of their records."""
    now = {(b.table, b.id): b for b in made}

    def follow(item: Item) -> Item:
        again = tuple(now.get((b.table, b.id), b) for b in item.bound)
        return _now(item, bound=again) if item.state == "open" else item

    return [follow(item) for item in items]


def _unchanged(session: CrmSession, item: Item) -> None:
    for shown in item.bound:
        record = record_of(session, shown)
        if record is None or bound(record).version != shown.version:
            raise AppError("proposal_record_changed", 409)


def _failed(engine: Engine, actor: Actor, code: str, number: int, version: int, refused: AppError) -> int:
    """Note that an item was refused and why; where its record changed, also what doing it now would do."""
    instead: tuple[Effect, ...] = ()
    if refused.code in ("conflict", "proposal_record_changed"):
        refused = AppError("proposal_record_changed", 409)
    with unit(engine, actor, writes=False) as session:
        proposal = by_code(session, code)
        if proposal.version != version:
            # Erased with its conversation, or decided elsewhere.
            raise AppError("proposal_decided", 409, proposal=proposal.code)
        item = loaded(proposal.items)[number - 1]
    if refused.code == "proposal_record_changed":
        tried = try_out(engine, actor, [item])[0]
        instead = () if isinstance(tried, AppError) else tried.effects
    with unit(engine, actor) as session:
        proposal = _claimed(session, code, version)
        items = list(loaded(proposal.items))
        items[number - 1] = _now(item, state="failed", problem=Problem.of(refused), instead=instead)
        return _note(session, proposal, items)
