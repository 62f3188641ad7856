"""Who acts: a user with the grants of their level, or the system itself."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal, get_args

from core.language import Language

Resource = Literal[
    "customer",
    "contact",
    "product",
    "price",
    "opportunity",
    "activity",
    "offer",
    "conversation",
    "user",
    "team",
    "settings",
    "audit",
    "credential",
    "page",
    "view",
    "embedding",
    "question",
    "usage",
    "margin",
    "template",
    "attachment",
]
Action = Literal["read", "create", "update", "delete", "transition", "undo", "issue", "approve"]
Scope = Literal["own", "team", "all"]

RESOURCES: tuple[Resource, ...] = get_args(Resource)
ACTIONS: tuple[Action, ...] = get_args(Action)
# Whatever a row of grants says: passwords, browser sessions and failed sign-ins are read by signing in alone.
NEVER_GRANTED: frozenset[Resource] = frozenset({"credential"})


@dataclass(frozen=True)
class Actor:
    """A signed-in user as the data layer sees them, with grants as of the start of the unit of work.

    `is_system` is true only for work no person asked for by chat or screen: sign-in, migration, and the
    import an administrator runs on the machine itself. `hidden` names, by resource, the fields of records that
    the level never sees.
    """

    user_id: int
    login: str
    role: str
    team_id: int | None
    language: Language
    grants: Mapping[tuple[str, str], Scope] = field(default_factory=dict)
    is_system: bool = False
    hidden: Mapping[str, frozenset[str]] = field(default_factory=dict)

    def scope(self, resource: str, action: str) -> Scope | None:
        """How far the actor's right to `action` on `resource` reaches; None where there is none."""
        return "all" if self.is_system else self.grants.get((resource, action))

    def sees(self, resource: str, field: str) -> bool:
        """Whether `field` of `resource` is shown to the actor: a screen leaves out a column that is not."""
        return self.is_system or field not in self.hidden.get(resource, frozenset())

    @property
    def audiences(self) -> frozenset[str]:
        """The audiences of help pages and documents this actor may read."""
        return frozenset({"everyone", self.role})


SYSTEM = Actor(user_id=0, login="system", role="system", team_id=None, language="en", is_system=True)
