"""Every level, resource and action: the session's check says what the grants in the tables say."""

from collections.abc import Callable
from datetime import date
from decimal import Decimal

import pytest
from sqlalchemy import Engine, select

from core.clock import today
from core.errors import Forbidden, NotFound
from crm import guard, opportunities
from crm.actor import ACTIONS, RESOURCES, SYSTEM, Actor
from crm.defaults import default_grants
from crm.session import CrmSession, unit
from crm.tables import (
    Activity,
    ActivityType,
    Attachment,
    AuditEntry,
    Base,
    Contact,
    Conversation,
    Credential,
    Customer,
    EmbeddingHost,
    HelpPage,
    ModelUsage,
    Offer,
    OfferTemplate,
    OpenQuestion,
    Price,
    Product,
    ProductCost,
    SavedView,
    Team,
    User,
)

People = Callable[[str], Actor]
LEVELS = {"ada": "administrator", "mate": "manager", "nora": "normal", "rita": "restricted"}


def samples(session: CrmSession, actor: Actor, owner_id: int | None) -> dict[str, Base]:
    """A stored record of every resource; those with a customer belong to one that `owner_id` owns."""
    firm = Customer(code="M1", name="Minta", country="HU", owner_id=owner_id, currency="HUF", language="hu")
    goods = Product(
        sku="M1", name_hu="m", name_pl="m", name_en="m", unit="db", vat_percent=Decimal(27), minimum_quantity=Decimal(1)
    )
    session.add_all([firm, goods])
    session.flush()
    made: dict[str, Base] = {
        "customer": firm,
        "product": goods,
        "contact": Contact(customer_id=firm.id, family_name="x", given_name="y"),
        "activity": Activity(customer_id=firm.id, type_code="call", subject="x", due=today()),
        "opportunity": opportunities.open_new(session, firm, "x", "direct"),
        "offer": Offer(number="M-1", customer_id=firm.id, owner_id=actor.user_id),
        "price": Price(product_id=goods.id, currency="HUF", unit_price=Decimal(1), valid_from=date(2020, 1, 1)),
        "conversation": Conversation(code="m", user_id=actor.user_id, title="x"),
        "view": SavedView(user_id=actor.user_id, screen="customers", name="x", query="q=x"),
        "page": HelpPage(
            page_id="x", language="en", title="x", body="x", screens=[], audience=["everyone"], updated_on=today()
        ),
        "margin": ProductCost(product_id=goods.id, currency="HUF", unit_cost=Decimal(1), valid_from=date(2020, 1, 1)),
        "template": OfferTemplate(code="x", name="x", language="en"),
        "attachment": Attachment(
            code="x", title="x", filename="x", media_type="text/plain", size=1, sha256="x", path="x"
        ),
        "embedding": EmbeddingHost(name="x", origins=[], key_sha256="x"),
        "question": OpenQuestion(
            code="x", user_id=owner_id or actor.user_id, cause="unanswered", language="en", text="x", group="x"
        ),
    }
    session.add_all(made.values())
    session.flush()
    return {
        **made,
        "user": session.scalars(select(User)).first() or User(),
        "team": session.scalars(select(Team)).first() or Team(),
        "settings": session.get_one(ActivityType, "call"),
        "usage": ModelUsage(user_id=owner_id or actor.user_id, day=today()),
        "audit": session.scalars(select(AuditEntry)).first() or AuditEntry(),
        "credential": Credential(user_id=actor.user_id, password_hash="x"),
    }


@pytest.mark.parametrize("login", LEVELS)
@pytest.mark.parametrize("owner", ["own", "nobody", "other"])
def test_the_check_says_what_the_grants_say(engine: Engine, people: People, login: str, owner: str) -> None:
    actor = people(login)
    owner_id = {"own": actor.user_id, "nobody": None, "other": people("reka").user_id}[owner]
    grants = default_grants()[LEVELS[login]]
    with unit(engine, SYSTEM) as session:
        records = samples(session, actor, owner_id)
        assert set(records) == set(RESOURCES)
        for resource, record in records.items():
            for action in ACTIONS:
                scope = grants.get((resource, action))  # type: ignore[call-overload]
                owned = resource in ("customer", "contact", "activity", "opportunity", "offer")
                try:
                    guard.check(session, actor, record, action)
                    came = "allowed"
                except Forbidden:
                    came = "forbidden"
                except NotFound:
                    came = "absent"
                expected = "allowed" if scope else "forbidden"
                # Nobody approves an offer of their own, and this one is.
                if (resource, action) == ("offer", "approve"):
                    expected = "forbidden"
                if scope == "own" and (owned or resource in ("question", "usage")) and owner == "other":
                    expected = "absent"
                # No offer is deleted by anyone: its number would be missing.
                if (resource, action) == ("offer", "delete"):
                    expected = "forbidden"
                assert came == expected, (resource, action)
