"""What is explained of an offer is what its service does: over people, rights, states, stages and files."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as examples
from hypothesis import strategies as st
from sqlalchemy import Engine, select

from core.clock import today
from core.errors import AppError
from core.settings import Settings
from crm import approvals, customers, opportunities
from crm import offers as offer_records
from crm.actor import SYSTEM, Actor, Scope
from crm.session import unit
from crm.tables import Offer, OfferDocument, OfferLine, OfferVersion, Price, Product
from offers.documents import sha256_of
from offers.explaining import explain_offer
from offers.service import Offers

FIRMS = ("C0001", "C0002", "C0003")
RIGHTS = [
    *[("offer", action) for action in ("create", "update", "issue", "approve")],
    *[("opportunity", action) for action in ("create", "transition")],
    ("activity", "create"),
]


class _TakenBack(Exception):
    """Ends a unit of work that succeeded."""


@pytest.fixture
def offers(engine: Engine, settings: Settings, company: None) -> Offers:
    return Offers(engine, settings)


@pytest.fixture
def actors(people: Callable[[str], Actor], offers: Offers) -> dict[str, Actor]:
    """People with an offer of nora's at each of three firms, its two files noted and in place."""
    known = {login: people(login) for login in ("mate", "nora", "rita")}
    with unit(offers.engine, SYSTEM) as session:
        for n, code in enumerate(FIRMS):
            firm = customers.by_code(session, code)
            deal = opportunities.open_new(session, firm, "x", "direct")
            offer = Offer(
                number=f"T-2026-0000{n}", customer_id=firm.id, opportunity_id=deal.id, owner_id=known["nora"].user_id
            )
            version = OfferVersion(
                offer=offer,
                ordinal=1,
                currency="HUF",
                language="hu",
                made_on=today(),
                valid_until=today() + timedelta(days=30),
                payment_days=8,
                net=Decimal(12000),
                vat=Decimal(3240),
                gross=Decimal(15240),
                warnings=[],
            )
            goods = session.scalars(select(Product).where(Product.sku == "TOLL")).one()
            price = session.scalars(select(Price).where(Price.product_id == goods.id, Price.currency == "HUF")).one()
            version.lines.append(
                OfferLine(
                    position=1,
                    product_id=goods.id,
                    price_id=price.id,
                    sku="TOLL",
                    name="x",
                    quantity=Decimal(1),
                    unit="db",
                    unit_price=Decimal(12000),
                    discount_percent=Decimal(0),
                    net=Decimal(12000),
                    vat_percent=Decimal(27),
                )
            )
            for kind in ("docx", "pdf"):
                path = offers.settings.home / "documents" / offer.number / f"x.{kind}"
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_bytes(kind.encode())
                noted = f"documents/{offer.number}/x.{kind}"
                version.documents.append(OfferDocument(kind=kind, path=noted, sha256=sha256_of(path)))
            session.add_all([offer, version])
    return known


def _stand(offers: Offers, number: str, state: str, stage: str | None, expired: bool, whole: bool) -> None:
    """Put the offer, its opportunity (none without a `stage`) and its files where the example wants them."""
    with unit(offers.engine, SYSTEM) as session:
        offer = offer_records.by_number(session, number)
        offer.state = state
        offer.latest.valid_until = today() - timedelta(days=1) if expired else today() + timedelta(days=30)
        deals = opportunities.search(session, offer.customer.code)
        deals[0].stage_code = stage or "lost"
        offer.opportunity_id = deals[0].id if stage else None
    (offers.settings.home / "documents" / number / "x.pdf").write_bytes(b"pdf" if whole else b"other")


def _succeeds(offers: Offers, actor: Actor, action: str, number: str) -> bool:
    """Do it as the service does, short of what only rendering can refuse, and take it back."""
    try:
        if action == "issue":
            # Issuing looks at the files in a unit of its own before the one that writes.
            offers._intact(actor, number)
        with unit(offers.engine, actor) as session:
            offer = offer_records.by_number(session, number)
            if action == "issue":
                offers._issue(session, number, None, None)
            elif action == "approve":
                approvals.decide(session, offer, approved=True)
            else:
                before = offer.latest
                same = [
                    offer_records.NewLine(
                        line.product,
                        line.price,
                        line.name,
                        line.quantity,
                        line.discount_percent,
                        line.net,
                        line.unit_price,
                        line.vat_percent,
                        {},
                    )
                    for line in before.lines
                ]
                until = today() + timedelta(days=9)
                money = (before.net, before.vat, before.gross)
                new = offer_records.NewVersion("HUF", "hu", until, 8, same, *money, warnings=[])
                offer_records.revise(session, offer, new)
            session.flush()
            raise _TakenBack
    except _TakenBack:
        return True
    except AppError:
        return False


@examples(max_examples=120, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    login=st.sampled_from(["mate", "nora", "rita"]),
    at=st.integers(0, 2),
    action=st.sampled_from(["issue", "approve", "update"]),
    state=st.sampled_from(["draft", "awaiting_approval", "rejected", "issued", "accepted", "declined"]),
    stage=st.sampled_from([None, "contact", "request", "offer", "decision", "won", "lost"]),
    expired=st.booleans(),
    whole=st.sampled_from([True, True, False]),
    read=st.sampled_from(["own", "all"]),
    denied=st.sets(st.sampled_from(RIGHTS), max_size=2),
    narrowed=st.sets(st.sampled_from(RIGHTS), max_size=2),
)
def test_an_offer_is_explained_as_the_service_treats_it(
    offers: Offers,
    actors: dict[str, Actor],
    login: str,
    at: int,
    action: str,
    state: str,
    stage: str | None,
    expired: bool,
    whole: bool,
    read: Scope,
    denied: set[tuple[str, str]],
    narrowed: set[tuple[str, str]],
) -> None:
    number = f"T-2026-0000{at}"
    _stand(offers, number, state, stage, expired, whole)
    reading: dict[tuple[str, str], Scope] = dict.fromkeys(
        [(r, "read") for r in ("customer", "opportunity", "offer", "activity")], read
    )
    open_to_all: dict[tuple[str, str], Scope] = dict.fromkeys(
        [(r, "read") for r in ("user", "product", "price")], "all"
    )
    rights: dict[tuple[str, str], Scope] = {r: "own" if r in narrowed else "all" for r in RIGHTS if r not in denied}
    actor = replace(actors[login], grants={**open_to_all, **reading, **rights})
    told = explain_offer(offers, actor, action, number)
    assert told.allowed == _succeeds(offers, actor, action, number)
    assert told.allowed == (told.rule is None) == (told.error is None)


def test_an_offer_out_of_sight_is_explained_like_none(offers: Offers, actors: dict[str, Actor]) -> None:
    _stand(offers, "T-2026-00000", "issued", "won", expired=True, whole=False)
    for action in ("read", "issue", "approve", "update", "delete"):
        hidden, absent = (explain_offer(offers, actors["rita"], action, f"T-2026-{n}") for n in ("00000", "99999"))
        assert hidden.error is not None and absent.error is not None and hidden.rule == "absent"
        assert hidden.error.message("hu").replace("00000", "99999") == absent.error.message("hu")
        assert replace(hidden, record=None, error=None) == replace(absent, record=None, error=None)


def test_nothing_of_the_trial_stays(offers: Offers, actors: dict[str, Actor]) -> None:
    assert explain_offer(offers, actors["nora"], "issue", "T-2026-00000").allowed
    with unit(offers.engine, SYSTEM, writes=False) as session:
        assert offer_records.by_number(session, "T-2026-00000").state == "draft"
        assert opportunities.by_code(session, "O0001").stage_code == "contact"


def test_those_who_may_approve_are_named_to_the_one_who_waits(offers: Offers, actors: dict[str, Actor]) -> None:
    _stand(offers, "T-2026-00000", "awaiting_approval", "offer", expired=False, whole=True)
    waiting = explain_offer(offers, actors["nora"], "issue", "T-2026-00000")
    assert (waiting.rule, waiting.holders) == ("state", ("manager", "administrator"))
    own = replace(actors["nora"], grants={**actors["nora"].grants, ("offer", "approve"): "all"})
    assert explain_offer(offers, own, "approve", "T-2026-00000").rule == "own_work"
