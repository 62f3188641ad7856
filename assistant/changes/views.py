"""A proposal as a person reads it: what each item changes, what of it can be corrected, and what became of it."""

from collections.abc import Iterable
from datetime import date

from sqlalchemy import Engine, select

from assistant.changes.printing import changes, label
from assistant.reply import ChoiceView, InputKind, InputView, LinkView, ProposalItemView, ProposalState, ProposalView
from core.errors import AppError, say
from core.language import Language
from crm import customer_fields, proposals
from crm.actor import Actor
from crm.customers import STATUSES
from crm.pipeline_rules import rules
from crm.proposals import Item, Kept
from crm.proposals.doing import subject
from crm.proposals.evidence import record_of
from crm.session import CrmSession, unit
from crm.tables import Activity, ActivityType, Base, Contact, Customer, Opportunity, User

_STATES: dict[str, ProposalState] = {
    "open": "open",
    "confirmed": "confirmed",
    "rejected": "rejected",
    "expired": "expired",
    "undone": "undone",
}
_KINDS: dict[str, InputKind] = {
    "due": "date",
    "starts_at": "datetime",
    "minutes": "number",
    "type_code": "choice",
    "assignee": "choice",
    "login": "choice",
    "owner": "choice",
    "stage": "choice",
    "amount": "number",
}
_REQUIRED = frozenset({"subject", "type_code", "stage", "title", "family_name", "given_name"})
# Inputs named otherwise than the column they fill.
_COLUMN = {"assignee": "assignee_id", "login": "owner_id", "owner": "owner_id", "stage": "stage_code"}
_WHOLE = frozenset({"employees", "sites", "payment_days", "minutes"})


def proposal_view(engine: Engine, actor: Actor, code: str, language: Language | None = None) -> ProposalView:
    """The actor's proposal with this code, in `language` or, without one, in that of its conversation.

    Raises `NotFound`.
    """
    kept = proposals.read(engine, actor, code)
    can_undo = kept.state != "undone" and proposals.undoable(engine, actor, code)
    with unit(engine, actor, writes=False) as session:
        return view_of(session, kept, language or kept.language, can_undo=can_undo)


def view_of(session: CrmSession, kept: Kept, language: Language, *, can_undo: bool = False) -> ProposalView:
    """`kept` in `language`."""
    items = [item_view(session, n, item, language) for n, item in enumerate(kept.items, start=1)]
    state = _STATES.get(kept.state, "expired")
    return ProposalView(code=kept.code, state=state, items=items, expires_at=kept.expires_at, can_undo=can_undo)


def item_view(session: CrmSession, n: int, item: Item, language: Language) -> ProposalItemView:
    """One item; of one that failed because its record changed, `changes` begin at what the record holds now. Of a
    record that is gone or out of sight by now nothing is told."""
    shown = (item.instead or item.effects) if _subject(session, item) is not None else ()
    return ProposalItemView(
        n=n,
        kind=item.kind,
        title=title(session, item, language),
        record=_link(session, item, language),
        changes=[view for effect in shown for view in changes(session, effect, language)],
        inputs=_inputs(session, item, language) if item.state == "open" and shown else [],
        state=item.state,
        problem=item.problem.error().message(language) if item.problem is not None else None,
    )


def _subject(session: CrmSession, item: Item) -> Base | None:
    try:
        return subject(session, item)
    except AppError:
        return None


def name(record: Base | None, language: Language) -> str:
    """What people call a record; a dash for one that is gone or out of sight."""
    match record:
        case Customer():
            return record.name
        case Contact():
            names = (record.family_name, record.given_name)
            return " ".join(names if language == "hu" else reversed(names))
        case Opportunity():
            return f"{record.title} ({record.code})"
        case Activity():
            return record.subject
    return "–"


def title(session: CrmSession, item: Item, language: Language) -> str:
    """The item in a line."""
    kind = item.kind
    if isinstance(item, proposals.NewActivity) and item.done:
        kind = "activity_recorded"  # type: ignore[assignment]
    return say(f"change_{kind}", language, name=name(_subject(session, item), language))


def address(record: Base | None) -> str | None:
    """The path of a record's screen."""
    match record:
        case Customer():
            return f"/customers/{record.code}"
        case Contact():
            return f"/customers/{record.customer.code}"
        case Opportunity():
            return f"/opportunities/{record.code}"
        case Activity():
            return f"/activities/{record.id}"
    return None


def _link(session: CrmSession, item: Item, language: Language) -> LinkView | None:
    record = _subject(session, item)
    if item.state == "done":
        made = (record_of(session, bound) for bound in item.made)
        record = next((each for each in made if each is not None), record)
    path = address(record)
    return LinkView(label=name(record, language), url=path) if path is not None else None


def _inputs(session: CrmSession, item: Item, language: Language) -> list[InputView]:
    made = {"contact": proposals.NewContact, "opportunity": proposals.NewOpportunity}

    def seen(field: str) -> bool:
        if isinstance(item, proposals.SetField):
            return session.actor.sees(item.resource, item.field)
        return all(session.actor.sees(resource, field) for resource, kind in made.items() if isinstance(item, kind))

    return [_input(session, item, each, language) for each in item.editable if _wanted(item, each) and seen(each)]


def _wanted(item: Item, field: str) -> bool:
    """With an hour the moment is corrected, without one the day."""
    timed = getattr(item, "starts_at", None) is not None
    if isinstance(item, proposals.NewActivity) and item.done and field == "minutes":
        return timed
    return {"due": not timed, "starts_at": timed, "minutes": timed}.get(field, True)


def _input(session: CrmSession, item: Item, field: str, language: Language) -> InputView:
    value = getattr(item, field)
    kind = _KINDS.get(field, "text")
    column = _COLUMN.get(field, field)
    choices: Iterable[ChoiceView] = ()
    if isinstance(item, proposals.SetField):
        column = item.field
        kind, choices = _field_kind(item, language)
    elif isinstance(item, proposals.Assign) and item.resource == "activity":
        column = "assignee_id"
    if kind == "choice" and not isinstance(item, proposals.SetField):
        choices = _choices(session, item, field, language)
    text = value.isoformat() if isinstance(value, date) else None if value is None else str(value)
    return InputView(
        name=field,
        label=label(column, language),
        kind=kind,
        value=text,
        required=field in _REQUIRED,
        choices=list(choices),
    )


def _field_kind(item: "proposals.SetField", language: Language) -> tuple[InputKind, list[ChoiceView]]:
    if item.field == "status":
        return "choice", [ChoiceView(label=say(f"change_word_{code}", language), value=code) for code in STATUSES]
    if item.field == "priority":
        codes = ("high", "normal", "low")
        return "choice", [ChoiceView(label=say(f"change_word_{code}", language), value=code) for code in codes]
    return ("number" if item.field in _WHOLE or item.field == "amount" else "text"), []


def _choices(session: CrmSession, item: Item, field: str, language: Language) -> list[ChoiceView]:
    if field == "type_code":
        kinds = session.scalars(select(ActivityType).order_by(ActivityType.code))
        return [ChoiceView(label=str(k.names.get(language, k.code)), value=k.code) for k in kinds]
    if field == "stage":
        deal = _subject(session, item)
        if not isinstance(deal, Opportunity):
            return []
        known = rules(session)
        steps = known.legal(deal.stage_code, session.actor)
        return [ChoiceView(label=known.name(step.to_stage, language), value=step.to_stage) for step in steps]
    if isinstance(item, proposals.Assign) and item.resource == "customer":
        people = customer_fields.possible_owners(session)
    else:
        people = list(session.scalars(select(User).where(User.active).order_by(User.family_name, User.given_name)))
    nobody = ChoiceView(label=say("change_nobody", language), value="")
    return [nobody, *(ChoiceView(label=user.display_name(language), value=user.login) for user in people)]
