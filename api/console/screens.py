"""What a screen tells about itself: to the navigation, and to the widget."""

from dataclasses import dataclass, field
from decimal import Decimal

from api.console.words import N_


@dataclass(frozen=True)
class Control:
    """A button or field the screen shows; one that is not enabled says why, in the user's language."""

    name: str
    label: str
    enabled: bool = True
    reason: str | None = None


@dataclass(frozen=True)
class Screen:
    """A screen: its id, the record on it, and what is visible of it. The widget is told all of this."""

    id: str
    record: tuple[str, str] | None = None
    fields: dict[str, str | int | Decimal | None] = field(default_factory=dict)
    errors: dict[str, str] = field(default_factory=dict)
    controls: tuple[Control, ...] = ()
    messages: tuple[str, ...] = ()

    def context(self) -> dict[str, object]:
        """The screen as `ScreenContext` takes it, within its bounds."""
        return {
            "id": self.id,
            "record": {"type": self.record[0], "code": self.record[1]} if self.record else None,
            "fields": {k[:120]: str(v)[:2000] for k, v in list(self.fields.items())[:100] if v not in (None, "")},
            "errors": {k[:120]: v[:2000] for k, v in list(self.errors.items())[:100]},
            "controls": [
                {"name": c.name[:120], "label": c.label[:120], "enabled": c.enabled, "reason": c.reason}
                for c in self.controls[:100]
            ],
            "messages": [m[:2000] for m in self.messages[:20]],
        }


@dataclass(frozen=True)
class Place:
    """An entry of the navigation: shown to those who may `read` its resource (to all where it names none)."""

    path: str
    label: str
    icon: str
    screens: tuple[str, ...]
    resource: str | None = None


PLACES = (
    Place("/", N_("Dashboard"), "dashboard", ("dashboard",)),
    Place("/customers", N_("Customers"), "customers", ("customers", "customer"), "customer"),
    Place("/opportunities", N_("Opportunities"), "opportunities", ("opportunities", "opportunity"), "opportunity"),
    Place("/activities", N_("Activities"), "activities", ("activities", "activity"), "activity"),
    Place("/calendar", N_("Calendar"), "calendar", ("calendar",), "activity"),
    Place("/offers", N_("Offers"), "offers", ("offers", "offer"), "offer"),
    Place("/products", N_("Products"), "products", ("products", "product"), "product"),
    Place("/help", N_("Help"), "help", ("help", "help_page")),
    Place("/settings", N_("Settings"), "settings", ("settings",), "settings"),
)
