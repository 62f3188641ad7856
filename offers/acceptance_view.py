"""Link and answer of an offer as screens and the API show them."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from pydantic import BaseModel

from core.errors import AppError, Forbidden, NotFound, say
from core.language import Language
from core.money import exact, round_money
from crm import decisions, guard, links
from crm import offers as offer_records
from crm.session import CrmSession
from crm.tables import AcceptanceLink, Offer, OfferDecision
from offers.currency import as_currency

LinkState = Literal["open", "opened", "revoked", "expired", "replaced"]


class LinkView(BaseModel):
    """A link to an offer. Its address is told once, when it is made (`url`); afterwards only its code is known."""

    code: str
    version: int
    state: LinkState
    made_at: datetime
    expires_at: datetime
    opened_at: datetime | None
    url: str | None = None


class TakenView(BaseModel):
    """A line of the offer, and whether the customer took it; `net` in the offer's currency."""

    position: int
    name: str
    net: str
    taken: bool


class DecisionView(BaseModel):
    """A customer's answer, all that was recorded of it. Amounts in `currency`; `signature` is an SVG path on a field of
    600 by 200, `reason` a code, `reason_text` that in words; `has_copy` whether the stamped copy can be fetched."""

    code: str
    decision: Literal["accepted", "declined"]
    version: int
    name: str
    comment: str
    reason: str | None
    reason_text: str
    lines: list[TakenView]
    currency: str
    net: str
    vat: str
    gross: str
    at: datetime
    address: str
    pdf_sha256: str
    signature: str | None
    has_copy: bool
    undone_at: datetime | None


@dataclass(frozen=True)
class AcceptanceDetail:
    """What the offer's screen says of its links and answers, newest first; `may_link` and `may_undo` are None where it
    is possible, else why not, and absent for those without the right."""

    number: str
    state: str
    links: tuple[LinkView, ...]
    decisions: tuple[DecisionView, ...]
    actions: dict[Literal["link", "undo"], AppError | None]


def link_state(link: AcceptanceLink, offer: Offer) -> LinkState:
    """What has become of `link`."""
    if link.revoked_at is not None:
        return "revoked"
    if link.offer_version_id != offer.latest.id or offer.state not in offer_records.OUT:
        return "replaced"
    if not links.is_live(link, offer):
        return "expired"
    return "opened" if link.opened_at else "open"


def link_view(link: AcceptanceLink, offer: Offer, url: str | None = None) -> LinkView:
    """`link` as shown; `url` only where it was just made."""
    return LinkView(
        code=link.code,
        version=link.offer_version.ordinal,
        state=link_state(link, offer),
        made_at=link.made_at,
        expires_at=link.expires_at,
        opened_at=link.opened_at,
        url=url,
    )


def decision_view(decision: OfferDecision, language: Language) -> DecisionView:
    """`decision` as shown, its reason in `language`."""
    version = decision.offer_version
    currency = as_currency(version.currency)
    taken = {int(str(position)) for position in decision.taken}
    return DecisionView(
        code=decision.code,
        decision="accepted" if decision.decision == "accepted" else "declined",
        version=version.ordinal,
        name=decision.name,
        comment=decision.comment,
        reason=decision.reason,
        reason_text=say(f"decline_{decision.reason}", language) if decision.reason else "",
        lines=[
            TakenView(
                position=line.position,
                name=line.name,
                net=exact(round_money(line.net, currency)),
                taken=line.position in taken,
            )
            for line in version.lines
        ],
        currency=currency,
        net=exact(round_money(decision.net, currency)),
        vat=exact(round_money(decision.vat, currency)),
        gross=exact(round_money(decision.gross, currency)),
        at=decision.at,
        address=decision.address,
        pdf_sha256=decision.pdf_sha256,
        signature=decision.signature,
        has_copy=decision.stamped_path is not None,
        undone_at=decision.undone_at,
    )


def acceptance_detail(session: CrmSession, offer: Offer) -> AcceptanceDetail:
    """Links and answers of `offer`, whose versions are loaded, and what the actor may do about them."""
    actions: dict[Literal["link", "undo"], AppError | None] = {}
    if offer.state == "issued":
        try:
            guard.check(session, session.actor, offer, "issue")
            actions["link"] = None
        except (Forbidden, NotFound):
            pass
    try:
        decisions.undoable(session, offer)
        actions["undo"] = None
    except AppError:
        # Without the right, or without an answer, there is nothing to show.
        pass
    language = session.actor.language
    return AcceptanceDetail(
        number=offer.number,
        state=offer.state,
        links=tuple(link_view(link, offer) for link in reversed(links.of_offer(session, offer))),
        decisions=tuple(decision_view(d, language) for d in reversed(decisions.of_offer(session, offer))),
        actions=actions,
    )
