"""Why an actor may or may not do something with a record, and what they may do instead.

Nothing here decides: the functions that refuse an action when it is done are asked beforehand
(`crm.explain_checks`), and what they raise is put in order. So an explanation cannot say other than what happens.
"""

from dataclasses import dataclass, replace
from typing import Literal

from sqlalchemy import select

from core.errors import AppError
from crm import explain_checks, hidden
from crm.actor import ACTIONS, Scope
from crm.pipeline_rules import Choice, rules
from crm.session import CrmSession
from crm.tables import Activity, Base, Grant, Opportunity, Role, Stage

Rule = Literal[
    "right", "scope", "absent", "own_work", "hidden_field", "state", "pipeline", "closed", "kept", "not_offered"
]
_WIDTHS: tuple[Scope, ...] = ("own", "team", "all")
# The fields that a new record cannot be without, as their forms name them.
NEEDED = {
    "customer": ("name", "country", "payment_days"),
    "contact": ("family_name", "given_name"),
    "opportunity": ("title", "currency"),
    "activity": ("type", "subject"),
    "offer": ("customer", "lines"),
    "product": ("sku", "name", "unit", "vat_percent"),
    "price": ("currency", "unit_price", "valid_from"),
}


@dataclass(frozen=True)
class Explanation:
    """What the answer to "may I" is, and why.

    `rule` is what forbids it, none where it is allowed:

    - `right`: the level has no grant for `lacking` (a resource and an action);
    - `scope`: it has one, but it reaches no further than `scope`, and this record is seen but not reached;
    - `absent`: there is no such record, or the actor may not see it: the two are told in the same words;
    - `own_work`: nobody approves what they made themselves;
    - `hidden_field`: the level never sees that field;
    - `state`: the record is in a state that does not allow it now (issued, awaiting approval, run out, ...);
    - `pipeline`: no step leads there from the opportunity's stage; `closed`: it is won or lost;
    - `kept`: what was offered and what it cost stays as it was;
    - `not_offered`: no screen and no call does this, whoever asks.

    `error` is what doing it would raise; its sentence says the rule. `level` is the actor's, `holders` the codes of the
    levels whose grants would do, `steps` the stages of an opportunity with the reason where one cannot be chosen,
    `needed` the fields a new record cannot be without.
    """

    action: str
    resource: str
    record: str | None
    allowed: bool
    level: str
    rule: Rule | None = None
    error: AppError | None = None
    lacking: tuple[str, str] | None = None
    scope: Scope | None = None
    holders: tuple[str, ...] = ()
    steps: tuple[Choice, ...] = ()
    needed: tuple[str, ...] = ()


def explain(
    session: CrmSession,
    action: str,
    resource: str,
    code: str | None = None,
    *,
    end: str | None = None,
    field: str | None = None,
) -> Explanation:
    """Whether the session's actor may do `action` to the record of `resource` with this `code`, and why not.

    For `create`, `code` is that of the record the new one belongs to: a customer's, for a price a product's. `end` is
    the stage an opportunity is to be moved to; `field` the field to be seen or changed. Issuing an offer also depends
    on its files, which `offers.explaining` looks at. A record out of sight is explained exactly as one that is not
    there, before anything else is looked at.
    """
    known: Base | None = None
    try:
        if code is not None:
            kind = explain_checks.MADE_AT.get(resource, resource) if action == "create" else resource
            known = explain_checks.find(session, kind, code)
        if field is not None:
            hidden.check_field(session.actor, resource, field)
        explain_checks.check(session, action, resource, known, end)
    except AppError as error:
        return refused(session, action, resource, code, error, known)
    return replace(_plain(session, action, resource, code, known), allowed=True)


def _plain(session: CrmSession, action: str, resource: str, code: str | None, known: Base | None) -> Explanation:
    steps: tuple[Choice, ...] = ()
    if isinstance(known, Opportunity):
        steps = tuple(rules(session).choices(known.stage_code, session.actor))
    needed = NEEDED.get(resource, ()) if action == "create" else ()
    return Explanation(action, resource, code, False, session.actor.role, steps=steps, needed=needed)


def refused(
    session: CrmSession, action: str, resource: str, code: str | None, error: AppError, known: Base | None = None
) -> Explanation:
    """The explanation of `error`, which doing `action` raised, where `known` is the record as the actor sees it."""
    plain = replace(_plain(session, action, resource, code, known), error=error)
    if known is None and error.code == "not_found":
        # Nothing else may be told: what follows of a record would show that there is one.
        return replace(plain, rule="absent")
    rule = _rule_of(session, error, known)
    right = _right_of(error, action, resource)
    if rule == "right":
        return replace(plain, rule=rule, lacking=right, holders=holders(session, *right))
    if rule == "scope":
        scope = session.actor.scope(*right)
        return replace(plain, rule=rule, scope=scope, holders=holders(session, *right, wider_than=scope))
    if rule == "own_work" or (error.code == "offer_awaits_approval"):
        return replace(plain, rule=rule, holders=holders(session, "offer", "approve"))
    if rule == "hidden_field":
        return replace(plain, rule=rule, holders=_seers(session, error))
    if rule == "closed":
        return replace(plain, rule=rule, holders=holders(session, "opportunity", "undo"))
    return replace(plain, rule=rule)


def _rule_of(session: CrmSession, error: AppError, known: Base | None) -> Rule:
    match error.code:
        case "forbidden":
            action, resource = str(error.values["action"]), str(error.values["resource"])
            return "right" if session.actor.scope(resource, action) is None else "kept"
        case "not_found":
            return "scope" if error.values["resource"] != "stage" else "pipeline"
        case "own_offer_not_approved":
            return "own_work"
        case "field_hidden":
            return "hidden_field"
        case "action_not_offered":
            return "not_offered"
        case "step_refused" | "no_step_from":
            return "closed" if _is_closed(session, known) else "pipeline"
        case _:
            return "state"


def _right_of(error: AppError, action: str, resource: str) -> tuple[str, str]:
    """The grant that decided: the one the error names, else that of the action itself."""
    if error.code == "forbidden":
        return str(error.values["resource"]), str(error.values["action"])
    if error.code == "not_found" and error.values["resource"] != resource:
        # Something that would be made along with it is out of reach.
        return str(error.values["resource"]), "create"
    return resource, "update" if action == "complete" else action


def _is_closed(session: CrmSession, known: Base | None) -> bool:
    code = known.stage_code if isinstance(known, Opportunity) else None
    if isinstance(known, Activity) and known.opportunity_id is not None:
        deal = session.get(Opportunity, known.opportunity_id)
        code = deal.stage_code if deal is not None else None
    stage = session.get(Stage, code) if code is not None else None
    return stage is not None and stage.closed


def holders(session: CrmSession, resource: str, action: str, *, wider_than: Scope | None = None) -> tuple[str, ...]:
    """The codes of the levels granted `action` on `resource`, further than `wider_than` if that is given."""
    least = _WIDTHS.index(wider_than) + 1 if wider_than is not None else 0
    rows = session.scalars(select(Grant).where(Grant.resource_name == resource, Grant.action == action))
    wide = {row.role_code for row in rows if row.scope in _WIDTHS[least:]}
    return _in_order(session, wide)


def _seers(session: CrmSession, error: AppError) -> tuple[str, ...]:
    resource, field = str(error.values["resource"]), str(error.values["field"])
    rows = session.scalars(select(Grant).where(Grant.resource_name == resource, Grant.action == "read"))
    return _in_order(session, {row.role_code for row in rows if field not in row.hidden_fields})


def _in_order(session: CrmSession, codes: set[str]) -> tuple[str, ...]:
    """`codes` of levels, those with fewest rights first: the nearest person who can help, before the administrator."""
    rights: dict[str, int] = {}
    for row in session.scalars(select(Grant).where(Grant.action.in_(ACTIONS))):
        rights[row.role_code] = rights.get(row.role_code, 0) + 1
    there = [role.code for role in session.scalars(select(Role)) if role.code in codes]
    return tuple(sorted(there, key=lambda code: (rights.get(code, 0), code)))
