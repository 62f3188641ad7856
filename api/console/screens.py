"""What a screen tells about itself: to the navigation, and to the widget."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal

from api.console.words import N_, Words


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
    filters: dict[str, str] = field(default_factory=dict)
    selection: tuple[tuple[str, str], ...] = ()

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
            "filters": {k[:120]: v[:2000] for k, v in list(self.filters.items())[:50]},
            "selection": [{"type": kind, "code": code[:120]} for kind, code in self.selection[:100]],
        }


# What the fields are called that narrow a list, by their names in its address.
_FILTERS = {
    "q": N_("Search"),
    "state": N_("State"),
    "owner": N_("Owner"),
    "customer": N_("Customer"),
    "currency": N_("Currency"),
    "status": N_("Status"),
    "segment": N_("Segment"),
    "industry": N_("Industry"),
    "country": N_("Country"),
    "quiet": N_("Last contact"),
    "open": N_("Open opportunity"),
    "campaign": N_("Campaign"),
    "stage": N_("Stage"),
    "opportunity": N_("Opportunity"),
    "type": N_("Type"),
    "assignee": N_("Assignee"),
    "priority": N_("Priority"),
    "due": N_("Due"),
    "category": N_("Category"),
    "from": N_("From"),
    "to": N_("To"),
    "since_from": N_("In its stage from"),
    "since_to": N_("In its stage to"),
    "city": N_("City"),
    "source": N_("Source"),
    "due_from": N_("Due from"),
    "due_to": N_("Due to"),
    "done_from": N_("Done from"),
    "done_to": N_("Done to"),
    "valid_from": N_("Valid until, from"),
    "valid_to": N_("Valid until, to"),
    "issued_from": N_("Issued from"),
    "issued_to": N_("Issued to"),
}


def filters_told(
    words: Words, set_to: Mapping[str, str], choices: Mapping[str, Iterable[tuple[str, str]]]
) -> dict[str, str]:
    """What a list is narrowed by, in the words the user reads there: `set_to` by name in the address, `choices` the
    values to pick from with what they are called. What only changes the look of the list is left out."""
    return {
        words(_FILTERS[name]): dict(choices.get(name, ())).get(value, value)
        for name, value in set_to.items()
        if name in _FILTERS and value
    }


@dataclass(frozen=True)
class Place:
    """An entry of the navigation: shown to those with the right to `action` on its resource (to all where it names
    none)."""

    path: str
    label: str
    icon: str
    screens: tuple[str, ...]
    resource: str | None = None
    action: str = "read"


PLACES = (
    Place("/", N_("Dashboard"), "dashboard", ("dashboard",)),
    Place("/customers", N_("Customers"), "customers", ("customers", "customer"), "customer"),
    Place("/opportunities", N_("Opportunities"), "opportunities", ("opportunities", "opportunity"), "opportunity"),
    Place("/activities", N_("Activities"), "activities", ("activities", "activity"), "activity"),
    Place("/calendar", N_("Calendar"), "calendar", ("calendar",), "activity"),
    Place("/offers", N_("Offers"), "offers", ("offers", "offer", "offer_send", "requests", "request"), "offer"),
    Place("/approvals", N_("Approvals"), "check", ("approvals",), "offer", "approve"),
    Place("/mails", N_("Outgoing mail"), "mail", ("mails", "mail"), "offer"),
    Place("/products", N_("Products"), "products", ("products", "product"), "product"),
    Place("/library", N_("Library"), "library", ("library", "library_file"), "attachment"),
    Place(
        "/conversations",
        N_("Conversations"),
        "conversations",
        ("conversations", "conversation", "handovers", "handover"),
        "conversation",
    ),
    Place("/help", N_("Help"), "help", ("help", "help_page", "help_questions", "documents", "document")),
    Place("/settings", N_("Settings"), "settings", ("settings",), "settings"),
)
