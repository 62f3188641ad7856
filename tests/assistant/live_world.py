"""The demo company with some offers, and what a question about it must come to, worked out row by row in Python."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal

from sqlalchemy import Engine, select
from sqlalchemy.orm import selectinload

from assistant.live.question import LiveQuestion, Span
from core.clock import BUSINESS_ZONE, now, today
from crm.actor import SYSTEM
from crm.session import unit
from crm.tables import Activity, Contact, Customer, Offer, OfferVersion, Opportunity, Product, User
from demo.load import load

# number, customer, owner, state, days since made, days valid from today, days since issued, currency, net, opportunity
OFFERS = [
    ("AJ-2026-00001", "C0008", "anna", "draft", 3, 20, None, "HUF", "100000", None),
    ("AJ-2026-00002", "C0003", "vera", "awaiting_approval", 1, 29, None, "HUF", "250000.50", None),
    ("AJ-2026-00003", "C0001", "anna", "issued", 10, 5, 9, "HUF", "300000", "O0029"),
    ("AJ-2026-00004", "C0027", "magda", "issued", 40, -10, 35, "PLN", "1234.56", None),
    ("AJ-2026-00005", "C0040", "oliver", "issued", 5, 3, 4, "EUR", "99.90", "O0034"),
    ("AJ-2026-00006", "C0005", "bence", "draft", 2, 6, None, "HUF", "50000", None),
    ("AJ-2026-00007", "C0031", "magda", "issued", 20, 6, 19, "PLN", "777.77", "O0045"),
    ("AJ-2026-00008", "C0002", "lilla", "issued", 8, 12, 7, "HUF", "80000", None),
    ("AJ-2026-00009", "C0042", "oliver", "draft", 0, 2, None, "EUR", "12.34", None),
]


@dataclass(frozen=True)
class World:
    """Every row of the company, whoever may see it."""

    users: list[User]
    customers: list[Customer]
    contacts: list[Contact]
    deals: list[Opportunity]
    activities: list[Activity]
    offers: list[Offer]
    products: list[Product]

    def user(self, login: str) -> User:
        return next(user for user in self.users if user.login == login)

    def customer(self, code: str) -> Customer:
        return next(customer for customer in self.customers if customer.code == code)

    def reach(self, login: str) -> set[int]:
        """Ids of the customers the user may see: all, or their own and unassigned ones at the restricted level."""
        user = self.user(login)
        return {c.id for c in self.customers if user.role_code != "restricted" or c.owner_id in (user.id, None)}


def make_world(engine: Engine) -> World:
    """Load the demo company and its offers, and read everything back."""
    load(engine)
    with unit(engine, SYSTEM) as session:
        for number, customer, owner, state, made, valid, issued, currency, net, deal in OFFERS:
            firm = session.scalars(select(Customer).where(Customer.code == customer)).one()
            seller = session.scalars(select(User).where(User.login == owner)).one()
            sale = session.scalars(select(Opportunity).where(Opportunity.code == deal)).one_or_none() if deal else None
            offer = Offer(
                number=number,
                customer_id=firm.id,
                owner_id=seller.id,
                opportunity_id=sale.id if sale else None,
                state=state,
                issued_at=None if issued is None else now() - timedelta(days=issued),
            )
            session.add(offer)
            session.flush()
            version = OfferVersion(offer_id=offer.id, ordinal=1, currency=currency, language="hu", payment_days=8)
            version.made_on, version.valid_until = today() - timedelta(days=made), today() + timedelta(days=valid)
            version.net, version.vat, version.gross = Decimal(net), Decimal(0), Decimal(net)
            version.warnings = []
            session.add(version)
    with unit(engine, SYSTEM, writes=False) as session:
        return World(
            list(session.scalars(select(User))),
            list(session.scalars(select(Customer))),
            list(session.scalars(select(Contact))),
            list(session.scalars(select(Opportunity).options(selectinload(Opportunity.stage)))),
            list(session.scalars(select(Activity))),
            list(session.scalars(select(Offer).options(selectinload(Offer.versions), selectinload(Offer.opportunity)))),
            list(session.scalars(select(Product))),
        )


def _day(moment: datetime) -> date:
    return moment.astimezone(BUSINESS_ZONE).date()


def _in(span: Span | None, day: date | None) -> bool:
    if span is None:
        return True
    return day is not None and (span.first or date.min) <= day <= (span.last or date.max)


class Oracle:
    """What `login` must be told: each method gives the ids of the records a kind of question counts."""

    def __init__(self, world: World, login: str) -> None:
        self.world, self.me = world, world.user(login)
        self.reach = world.reach(login)
        self.closed = {d.id for d in world.deals if d.stage_code in ("won", "lost")}

    def _whose(self, question: LiveQuestion) -> Callable[[int | None], bool]:
        whose = question.whose
        if whose is None or whose.kind == "all":
            return lambda _: True
        if whose.kind == "me":
            return lambda owner: owner == self.me.id
        if whose.kind == "team":
            team = {u.id for u in self.world.users if u.team_id == self.me.team_id}
            return lambda owner: owner in team
        login = self.world.user(whose.login)
        return lambda owner: owner == login.id

    def _about(self, question: LiveQuestion, customer_id: int) -> bool:
        if customer_id not in self.reach:
            return False
        return not question.customer or self.world.customer(question.customer).id == customer_id

    def offers(self, question: LiveQuestion) -> set[str]:
        mine, kind, span, found = self._whose(question), question.kind, question.span, set()
        if kind == "offers_awaiting" and self.me.role_code == "manager":
            mine = lambda _: True  # noqa: E731 - they wait for whoever may approve them
        for offer in self.world.offers:
            last = offer.versions[-1]
            valid = last.valid_until >= today()
            alive = valid and offer.opportunity_id not in self.closed
            fits = {
                "offers": _in(span, last.made_on),
                "offers_open": alive and _in(span, last.made_on),
                "offers_draft": offer.state == "draft" and _in(span, last.made_on),
                "offers_awaiting": offer.state == "awaiting_approval",
                "offers_expired": not valid,
                "offers_expiring": alive and _in(span, last.valid_until),
                "offers_issued": offer.issued_at is not None and _in(span, _day(offer.issued_at)),
            }[kind]
            if fits and mine(offer.owner_id) and self._about(question, offer.customer_id):
                found.add(f"offer:{offer.number}")
        return found

    def deals(self, question: LiveQuestion) -> set[str]:
        mine, kind, span, found = self._whose(question), question.kind, question.span, set()
        for deal in self.world.deals:
            since = _day(deal.stage_since) if deal.stage_since else deal.opened_on
            alive = deal.id not in self.closed
            fits = {
                "opportunities_open": alive and _in(span, deal.opened_on),
                "opportunities_by_stage": alive,
                "opportunities_biggest": alive,
                "opportunities_new": _in(span, deal.opened_on),
                "enquiries_new": bool(deal.source) and _in(span, deal.opened_on),
                "opportunities_won": deal.stage_code == "won" and _in(span, since),
                "opportunities_lost": deal.stage_code == "lost" and _in(span, since),
                "opportunities_stuck": alive and (today() - since).days > (question.days or 0),
                "campaign_opportunities": deal.campaign == question.campaign,
                "customer_opportunities": alive or "open" not in question.asked,
            }[kind]
            staged = not question.stage or deal.stage_code == question.stage
            named = not question.campaign or deal.campaign == question.campaign
            if fits and staged and named and mine(deal.owner_id) and self._about(question, deal.customer_id):
                found.add(f"opportunity:{deal.code}")
        return found

    def activities(self, question: LiveQuestion) -> set[str]:
        mine, kind, span, found = self._whose(question), question.kind, question.span, set()
        for one in self.world.activities:
            late = one.due is not None and (one.due < today() or (one.starts_at is not None and one.starts_at < now()))
            typed = not question.activity_type or one.type_code == question.activity_type
            done_on = _day(one.done_at) if one.done_at else one.due
            ahead = one.state == "open" and one.due is not None and one.due >= today()
            fits = {
                "tasks_overdue": one.state == "open" and late,
                "tasks_due": one.state == "open" and _in(span, one.due),
                "customer_tasks": one.state == "open" and _in(span, one.due),
                "calendar": typed and (_in(span, one.due) if span else ahead),
                "activities_done": typed and one.state == "done" and _in(span, done_on),
            }[kind]
            if fits and mine(one.assignee_id) and self._about(question, one.customer_id):
                found.add(f"activity:{one.id}")
        return found

    def customers(self, question: LiveQuestion) -> set[str]:
        mine, found = self._whose(question), set()
        for one in self.world.customers:
            if one.id not in self.reach or not mine(one.owner_id):
                continue
            narrowed = all(
                not getattr(question, name) or getattr(question, name) == getattr(one, name)
                for name in ("city", "segment", "status", "country")
            )
            days = [_day(a.done_at) if a.done_at else a.due for a in self._done(one.id)]
            limit = today() - timedelta(days=question.days or 0)
            fits = {
                "customers": True,
                "customers_unassigned": one.owner_id is None,
                "customers_quiet": not any(day is not None and day >= limit for day in days),
            }[question.kind]
            if fits and narrowed:
                found.add(f"customer:{one.code}")
        return found

    def _done(self, customer_id: int) -> Iterable[Activity]:
        return [a for a in self.world.activities if a.customer_id == customer_id and a.state == "done"]

    def counted(self, question: LiveQuestion) -> set[str] | None:
        """The ids of what a counting question counts; None for a question about one record."""
        groups = {
            self.offers: "offers offers_open offers_draft offers_awaiting offers_expired offers_expiring offers_issued",
            self.deals: "opportunities_open opportunities_by_stage opportunities_biggest opportunities_new "
            "enquiries_new opportunities_won opportunities_lost opportunities_stuck campaign_opportunities "
            "customer_opportunities",
            self.activities: "tasks_overdue tasks_due customer_tasks calendar activities_done",
            self.customers: "customers customers_unassigned customers_quiet",
        }
        for work_out, kinds in groups.items():
            if question.kind in kinds.split():
                return work_out(question)
        return None
