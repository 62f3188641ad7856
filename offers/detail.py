"""An offer whole, as a screen shows it: any of its versions, what may be done with it, and what happened to it."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal

from core.clock import today
from core.errors import AppError, Forbidden, NotFound
from core.language import Language
from core.money import Currency
from crm import mails
from crm import offers as offer_records
from crm.people import as_language
from crm.session import CrmSession
from crm.tables import Offer, OfferVersion
from offers.approving import approvable
from offers.comparison import LineChange, TermChange, compare, compare_terms
from offers.currency import as_currency
from offers.sheet import Rate, SheetLine, Totals, VatRow
from offers.timeline import Event, timeline
from offers.to_sheet import sheet_lines, version_rate, version_vat
from offers.warnings import told

ActionName = Literal["edit", "approve", "send", "issue"]


@dataclass(frozen=True)
class VersionDetail:
    """What one version says; amounts in `currency`. `documents` are the kinds of files it has."""

    ordinal: int
    currency: Currency
    language: Language
    made_on: date
    made_at: datetime
    valid_until: date
    payment_days: int
    lines: tuple[SheetLine, ...]
    vat: tuple[VatRow, ...]
    totals: Totals
    warnings: tuple[str, ...]
    documents: tuple[str, ...]
    author: int | None = None
    made_from: str = ""
    title: str | None = None
    notes: str = ""
    delivery: str = ""
    warranty: str = ""
    vat_rule: str = ""
    rate: Rate | None = None


@dataclass(frozen=True)
class OfferDetail:
    """An offer with all its versions, oldest first. `shown` is the one looked at.

    `lock` is the version of its record: `revise`, `approve` and `issue` want it back. `actions` has those the one
    who looks has a right to, each with the reason why it is not possible now, or None.
    """

    number: str
    lock: int
    state: str
    customer_code: str
    customer_name: str
    owner: str
    opportunity_code: str | None
    opportunity_title: str | None
    opportunity_stage: str | None
    issued_at: datetime | None
    shown: VersionDetail
    versions: tuple[VersionDetail, ...]
    actions: dict[ActionName, AppError | None]
    events: tuple[Event, ...]

    @property
    def newest(self) -> VersionDetail:
        """The version that counts."""
        return self.versions[-1]

    @property
    def expired(self) -> bool:
        """Whether its validity is over."""
        return self.newest.valid_until < today()

    def changes_from(self, ordinal: int) -> tuple[LineChange, ...]:
        """What `shown` changed of version `ordinal`. Raises `NotFound`."""
        return compare(self.version(ordinal).lines, self.shown.lines)

    def terms_from(self, ordinal: int) -> tuple[TermChange, ...]:
        """The terms that `shown` changed of version `ordinal`. Raises `NotFound`."""
        return compare_terms(self.version(ordinal), self.shown)

    def version(self, ordinal: int) -> VersionDetail:
        """Version `ordinal`. Raises `NotFound`."""
        found = next((v for v in self.versions if v.ordinal == ordinal), None)
        if found is None:
            raise NotFound("offer", f"{self.number} v{ordinal}")
        return found


def version_detail(version: OfferVersion, reader: Language) -> VersionDetail:
    """What `version`, whose lines and documents are loaded, says; its warnings in the language of the `reader`."""
    currency = as_currency(version.currency)
    return VersionDetail(
        ordinal=version.ordinal,
        currency=currency,
        language=as_language(version.language),
        made_on=version.made_on,
        made_at=version.made_at,
        valid_until=version.valid_until,
        payment_days=version.payment_days,
        lines=sheet_lines(version),
        vat=version_vat(version),
        totals=Totals(version.net, version.vat, version.gross),
        warnings=tuple(told(warning, reader) for warning in version.warnings),
        documents=tuple(sorted(document.kind for document in version.documents if document.kind != "pack")),
        author=version.author_id,
        made_from=version.made_from,
        title=version.title,
        notes=version.notes,
        delivery=version.delivery,
        warranty=version.warranty,
        vat_rule=version.vat_rule,
        rate=version_rate(version),
    )


def offer_detail(session: CrmSession, offer: Offer, ordinal: int | None = None) -> OfferDetail:
    """`offer`, whose versions, lines and documents are loaded, looked at in version `ordinal`, else in its newest.

    Raises `NotFound` for a version it has not.
    """
    versions = tuple(version_detail(version, session.actor.language) for version in offer.versions)
    found = next((v for v in versions if v.ordinal == ordinal), None) if ordinal is not None else versions[-1]
    if found is None:
        raise NotFound("offer", f"{offer.number} v{ordinal}")
    deal = offer.opportunity
    return OfferDetail(
        number=offer.number,
        lock=offer.version,
        state=offer.state,
        customer_code=offer.customer.code,
        customer_name=offer.customer.name,
        owner=offer.owner.display_name(session.actor.language),
        opportunity_code=deal.code if deal else None,
        opportunity_title=deal.title if deal else None,
        opportunity_stage=deal.stage_code if deal else None,
        issued_at=offer.issued_at,
        shown=found,
        versions=versions,
        actions=_actions(session, offer),
        events=timeline(session, offer),
    )


def _actions(session: CrmSession, offer: Offer) -> dict[ActionName, AppError | None]:
    checks: dict[ActionName, Callable[[], None]] = {
        "edit": lambda: offer_records.revisable(session, offer),
        "approve": lambda: approvable(session, offer),
        "send": lambda: mails.sendable(session, offer),
        "issue": lambda: offer_records.issuable(session, offer),
    }
    wanted = {
        "edit": True,
        "approve": offer.state == "awaiting_approval",
        "send": offer.state not in ("awaiting_approval", "rejected"),
        "issue": offer.state not in offer_records.OUT,
    }
    actions: dict[ActionName, AppError | None] = {}
    for name, check in checks.items():
        if not wanted[name]:
            continue
        try:
            check()
            actions[name] = None
        except (Forbidden, NotFound):
            # What the level has no right to is not shown at all.
            continue
        except AppError as reason:
            actions[name] = reason
    return actions
