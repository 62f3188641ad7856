"""What a new database holds before anyone changes it: levels, grants, pipeline, activity types.

All of it is data an administrator edits afterwards; it is put in once, into empty tables.
"""

from sqlalchemy import Connection, Table, insert, select

from crm.actor import ACTIONS, Action, Resource, Scope
from crm.audit import GENESIS
from crm.tables import ActivityType, AuditHead, Grant, PipelineEntry, Role, Stage, Transition, table_of

_CRUD: tuple[Action, ...] = ("read", "create", "update", "delete")
_OPEN: tuple[Resource, ...] = ("product", "price", "user", "team", "settings", "page", "template", "attachment")
_BUSINESS: tuple[Resource, ...] = ("customer", "contact", "activity", "opportunity", "offer")

ROLES = {
    "administrator": {"hu": "Adminisztrátor", "pl": "Administrator", "en": "Administrator"},
    "manager": {"hu": "Vezető", "pl": "Menedżer", "en": "Manager"},
    "normal": {"hu": "Normál", "pl": "Zwykły", "en": "Normal"},
    "restricted": {"hu": "Korlátozott", "pl": "Ograniczony", "en": "Restricted"},
}


def default_grants() -> dict[str, dict[tuple[Resource, Action], Scope]]:
    """The rights of each level: by resource and action, how far they reach."""
    everyone: dict[tuple[Resource, Action], Scope] = {
        **{(resource, "read"): "all" for resource in _OPEN},
        **{(resource, action): "own" for resource in ("conversation", "view", "question") for action in _CRUD},
        ("usage", "read"): "own",
    }

    def business(scope: Scope) -> dict[tuple[Resource, Action], Scope]:
        return {
            **everyone,
            **{(resource, action): scope for resource in _BUSINESS for action in _CRUD},
            ("opportunity", "transition"): scope,
            ("offer", "issue"): scope,
        }

    manager: dict[tuple[Resource, Action], Scope] = {
        **business("all"),
        **{(resource, action): "all" for resource in ("product", "price", "attachment") for action in _CRUD},
        ("margin", "read"): "all",
        ("opportunity", "undo"): "all",
        ("offer", "undo"): "all",
        ("offer", "approve"): "all",
    }
    administrator: dict[tuple[Resource, Action], Scope] = {
        **manager,
        **{
            (resource, action): "all"
            for resource in ("user", "team", "settings", "page", "embedding", "question", "margin", "template")
            for action in _CRUD
        },
        ("audit", "read"): "all",
        ("usage", "read"): "all",
    }
    return {
        "administrator": administrator,
        "manager": manager,
        "normal": business("all"),
        "restricted": business("own"),
    }


STAGES = [
    ("contact", False, {"hu": "Kapcsolatfelvétel", "pl": "Nawiązanie kontaktu", "en": "Contact"}),
    ("request", False, {"hu": "Ajánlatkérés", "pl": "Zapytanie ofertowe", "en": "Request"}),
    ("offer", False, {"hu": "Ajánlattétel", "pl": "Złożenie oferty", "en": "Offer"}),
    ("decision", False, {"hu": "Döntéshozatal", "pl": "Decyzja", "en": "Decision"}),
    ("won", True, {"hu": "Sikeres", "pl": "Wygrana", "en": "Won"}),
    ("lost", True, {"hu": "Sikertelen", "pl": "Przegrana", "en": "Lost"}),
]

TRANSITIONS = [
    ("contact", "request", "person", "transition"),
    ("contact", "offer", "person", "transition"),
    ("request", "offer", "person", "transition"),
    ("request", "contact", "person", "transition"),
    ("offer", "decision", "person", "transition"),
    ("decision", "won", "person", "transition"),
    ("decision", "lost", "person", "transition"),
    ("contact", "offer", "activity", "transition"),
    ("request", "offer", "activity", "transition"),
    ("offer", "decision", "automatic", "transition"),
    ("decision", "won", "activity", "transition"),
    ("decision", "lost", "activity", "transition"),
    ("decision", "offer", "stay", "transition"),
    ("won", "decision", "undo", "undo"),
    ("lost", "decision", "undo", "undo"),
]

ENTRIES = {"direct": "contact", "external": "request"}

ACTIVITY_TYPES = [
    ("call", None, {"hu": "Telefonhívás", "pl": "Rozmowa telefoniczna", "en": "Call"}),
    ("email", None, {"hu": "E-mail", "pl": "E-mail", "en": "E-mail"}),
    ("meeting", None, {"hu": "Személyes találkozó", "pl": "Spotkanie", "en": "Meeting"}),
    ("note", None, {"hu": "Jegyzet", "pl": "Notatka", "en": "Note"}),
    ("task", None, {"hu": "Feladat", "pl": "Zadanie", "en": "Task"}),
    ("offer_sent", "offer", {"hu": "Ajánlatküldés", "pl": "Wysłanie oferty", "en": "Offer sent"}),
    ("offer_accepted", "won", {"hu": "Ajánlat elfogadva", "pl": "Oferta przyjęta", "en": "Offer accepted"}),
    ("offer_declined", "lost", {"hu": "Ajánlat elutasítva", "pl": "Oferta odrzucona", "en": "Offer declined"}),
]


def _fill(connection: Connection, table: Table, rows: list[dict[str, object]]) -> None:
    if connection.execute(select(table).limit(1)).first() is None:
        connection.execute(insert(table), rows)


def install(connection: Connection) -> None:
    """Put the defaults into those tables that are still empty."""
    _fill(connection, table_of(AuditHead), [{"id": 1, "seq": 0, "hash": GENESIS}])
    _fill(connection, table_of(Role), [{"code": code, "names": names, "version": 1} for code, names in ROLES.items()])
    grants: list[dict[str, object]] = [
        {
            "role_code": role,
            "resource_name": resource,
            "action": action,
            "scope": scope,
            "hidden_fields": [],
            "version": 1,
        }
        for role, rights in default_grants().items()
        for (resource, action), scope in sorted(rights.items(), key=lambda r: (r[0][0], ACTIONS.index(r[0][1])))
    ]
    _fill(connection, table_of(Grant), grants)
    stages: list[dict[str, object]] = [
        {"code": code, "position": position, "names": names, "closed": closed, "version": 1}
        for position, (code, closed, names) in enumerate(STAGES)
    ]
    _fill(connection, table_of(Stage), stages)
    transitions: list[dict[str, object]] = [
        {"from_stage": start, "to_stage": end, "trigger": trigger, "action": action, "version": 1}
        for start, end, trigger, action in TRANSITIONS
    ]
    _fill(connection, table_of(Transition), transitions)
    entries: list[dict[str, object]] = [{"origin": o, "stage_code": s, "version": 1} for o, s in ENTRIES.items()]
    _fill(connection, table_of(PipelineEntry), entries)
    types: list[dict[str, object]] = [
        {"code": code, "names": names, "moves_to": moves_to, "version": 1} for code, moves_to, names in ACTIVITY_TYPES
    ]
    _fill(connection, table_of(ActivityType), types)
