"""What the fields of a customer are called, and how their values are shown, in the user's language."""

from collections.abc import Mapping

from babel import Locale

from api.console.visit import Visit
from api.console.words import N_
from crm.customer_list import Beside
from crm.customers import STATUSES
from crm.tables import Customer, User

LABELS: Mapping[str, str] = {
    "code": N_("Code"),
    "name": N_("Name"),
    "status": N_("Status"),
    "segment": N_("Segment"),
    "owner": N_("Owner"),
    "city": N_("City"),
    "address": N_("Address"),
    "country": N_("Country"),
    "industry": N_("Industry"),
    "tax_number": N_("Tax number"),
    "employees": N_("Number of employees"),
    "sites": N_("Number of sites"),
    "currency": N_("Currency"),
    "language": N_("Language"),
    "payment_days": N_("Terms of payment, in days"),
    "last_contact": N_("Last contact"),
    "next_due": N_("Next task"),
    "open_opportunities": N_("Open opportunities"),
    "added": N_("Added"),
}
# Columns of the list beside name and code, in their order; those shown where nobody chose any.
COLUMNS = tuple(name for name in LABELS if name not in ("code", "name", "address", "language"))
USUAL = ("status", "segment", "owner", "city", "last_contact", "next_due")
# The order each column's header asks for.
SORTED: Mapping[str, str] = {"owner": "owner", "city": "city", "last_contact": "last_contact", "added": "newest"}
NUMERIC = frozenset({"employees", "sites", "payment_days", "open_opportunities"})
# Fields that are changed where they stand, in list and sheet.
EDITABLE = (
    *("status", "segment", "owner", "city", "address", "country", "industry", "tax_number", "employees", "sites"),
    *("currency", "language", "payment_days"),
)
STATUS_NAMES: Mapping[str, str] = dict(
    zip(STATUSES, (N_("Potential"), N_("Active"), N_("Passive"), N_("Former")), strict=True)
)
STATUS_TONES: Mapping[str, str] = {"active": "good", "potential": "accent", "passive": "warn", "former": "plain"}
LANGUAGE_NAMES: Mapping[str, str] = {"hu": N_("Hungarian"), "pl": N_("Polish"), "en": N_("English")}


def country_name(visit: Visit, code: str) -> str:
    """A country in the user's language; an unknown code as it is."""
    return str(Locale.parse(visit.language).territories.get(code, code))


def person(visit: Visit, user: User | None) -> str:
    """A user's name, or that there is none."""
    return user.display_name(visit.language) if user is not None else visit.words("Unassigned")


class Shown:
    """A customer as a screen shows it to its user."""

    def __init__(self, visit: Visit, customer: Customer, beside: Beside | None = None) -> None:
        self.visit = visit
        self.customer = customer
        self.beside = beside or Beside()

    def __getitem__(self, field: str) -> str:
        """The value of a field as text; empty where there is none."""
        words, customer = self.visit.words, self.customer
        match field:
            case "status":
                return words(STATUS_NAMES.get(customer.status, customer.status))
            case "language":
                return words(LANGUAGE_NAMES.get(customer.language, customer.language))
            case "owner":
                return person(self.visit, customer.owner)
            case "country":
                return country_name(self.visit, customer.country)
            case "added":
                return words.day(customer.created_at.date())
            case "last_contact" | "next_due":
                day = getattr(self.beside, field)
                return words.day(day) if day else ""
            case "open_opportunities":
                return words.number(self.beside.open_opportunities)
            case "employees" | "sites" | "payment_days":
                number = getattr(customer, field)
                return "" if number is None else words.number(number)
        return str(getattr(customer, field) or "")

    def raw(self, field: str) -> str:
        """The value of a field as a form holds it."""
        if field == "owner":
            return self.customer.owner.login if self.customer.owner else ""
        value = getattr(self.customer, field)
        return "" if value is None else str(value)

    @property
    def tone(self) -> str:
        """The colour its status is shown in."""
        return STATUS_TONES.get(self.customer.status, "plain")


def labels_for(visit: Visit) -> dict[str, str]:
    """The labels of the fields this user's level sees."""
    return {name: visit.words(label) for name, label in LABELS.items() if visit.actor.sees("customer", name)}
