"""A company whose every text is an attack: two hundred strings in every field that people fill in."""

from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path

from sqlalchemy import Engine, select

from assistant.reply import (
    ChangeView,
    ChoiceView,
    Citation,
    ClarificationView,
    InputView,
    LinkView,
    ProposalItemView,
    ProposalView,
    Reply,
)
from core.clock import now, today
from crm.actor import SYSTEM
from crm.session import CrmSession, unit
from crm.tables import (
    Activity,
    BrowserSession,
    Contact,
    Conversation,
    Customer,
    EmbeddingHost,
    HelpPage,
    Message,
    Offer,
    OfferLine,
    OfferVersion,
    Opportunity,
    Price,
    Product,
    SavedView,
    Team,
    User,
)
from offers.view import CustomerView, LineView, OfferView, TotalsView

ATTACKS = Path(__file__).with_name("xss.txt").read_text(encoding="utf-8").splitlines()
STAGES = ("contact", "request", "offer", "decision", "won", "lost")
A_CONVERSATION = 40


def fill(engine: Engine, login: str) -> None:
    """Put every attack into every kind of record, owned by `login`."""
    with unit(engine, SYSTEM) as session:
        user = session.scalars(select(User).where(User.login == login)).one()
        goods = _goods(session)
        for place, attack in enumerate(ATTACKS):
            _records(session, user, goods, place, attack)
        session.flush()
        _surroundings(session, user)
        _conversations(session, user)


def _goods(session: CrmSession) -> Product:
    goods = Product(
        sku="GOODS",
        name_hu="x",
        name_pl="x",
        name_en="x",
        unit="db",
        vat_percent=Decimal(27),
        minimum_quantity=Decimal(1),
    )
    session.add(goods)
    session.flush()
    session.add(Price(product_id=goods.id, currency="HUF", unit_price=Decimal(100), valid_from=date(2020, 1, 1)))
    session.flush()
    return goods


def _records(session: CrmSession, user: User, goods: Product, place: int, attack: str) -> None:
    firm = Customer(
        code=f"X{place:04d}",
        name=attack,
        country="HU",
        city=attack,
        address=attack,
        industry=attack,
        tax_number=attack,
        status="active",
        segment="A",
        owner_id=user.id,
        currency="HUF",
        language="hu",
    )
    session.add(firm)
    session.flush()
    session.add(
        Contact(customer_id=firm.id, family_name=attack, given_name=attack, position=attack, email=attack, phone=attack)
    )
    deal = Opportunity(
        code=f"XO{place:04d}",
        customer_id=firm.id,
        title=attack,
        stage_code=STAGES[place % len(STAGES)],
        owner_id=user.id,
        amount=Decimal(1000 + place),
        currency="HUF",
        source=attack,
        campaign=attack,
        opened_on=today(),
    )
    session.add(deal)
    session.flush()
    for state, day in (("open", place % 9 - 4), ("done", -1)):
        session.add(
            Activity(
                customer_id=firm.id,
                opportunity_id=deal.id,
                type_code="task",
                subject=attack,
                note=attack,
                assignee_id=user.id,
                due=today() + timedelta(days=day),
                state=state,
                done_at=now() if state == "done" else None,
            )
        )
    session.add(
        Product(
            sku=f"XP{place:04d}",
            name_hu=attack,
            name_pl=attack,
            name_en=attack,
            unit=attack[:30],
            category=attack,
            vat_percent=Decimal(27),
            minimum_quantity=Decimal(1),
        )
    )
    offer = Offer(number=f"XA-2026-{place:05d}", customer_id=firm.id, opportunity_id=deal.id, owner_id=user.id)
    version = OfferVersion(
        offer=offer,
        ordinal=1,
        currency="HUF",
        language="hu",
        made_on=today(),
        valid_until=today() + timedelta(days=30),
        payment_days=8,
        net=Decimal(100),
        vat=Decimal(27),
        gross=Decimal(127),
        warnings=[attack],
    )
    session.add(offer)
    session.flush()
    version.lines.append(
        OfferLine(
            position=1,
            product_id=goods.id,
            price_id=goods.prices[0].id,
            sku="GOODS",
            name=attack,
            quantity=Decimal(1),
            unit="db",
            unit_price=Decimal(100),
            discount_percent=Decimal(0),
            net=Decimal(100),
            vat_percent=Decimal(27),
        )
    )
    session.add(
        HelpPage(
            page_id=f"attack-{place}",
            language="hu",
            title=attack,
            body=f"{attack}\n\n## {attack}\n\n{attack}",
            screens=[],
            audience=["everyone"],
            updated_on=today(),
        )
    )


def _surroundings(session: CrmSession, user: User) -> None:
    for place, attack in enumerate(ATTACKS[:60]):
        session.add(Team(name=attack))
        session.add(SavedView(user_id=user.id, screen="customers", name=attack, query="order=name"))
        session.add(EmbeddingHost(name=attack, origins=[attack], key_sha256=f"{place}"))
        session.add(
            User(
                login=f"x{place}",
                family_name=attack,
                given_name=attack,
                email=attack,
                role_code="normal",
                language="hu",
            )
        )
        session.add(
            BrowserSession(
                user_id=user.id, token_sha256=f"x{place}", browser=attack, expires_at=now() + timedelta(hours=1)
            )
        )


def _conversations(session: CrmSession, user: User) -> None:
    for start in range(0, len(ATTACKS), A_CONVERSATION):
        attacks = ATTACKS[start : start + A_CONVERSATION]
        thread = Conversation(code=f"{start:032d}", user_id=user.id, title=attacks[0][:80])
        session.add(thread)
        session.flush()
        for place, attack in enumerate(attacks, start=start):
            session.add(Message(code=f"q{place}", conversation_id=thread.id, role="user", text=attack))
            session.flush()
            reply = hostile_reply(thread.code, f"a{place}", attack)
            session.add(
                Message(
                    code=f"a{place}",
                    conversation_id=thread.id,
                    role="assistant",
                    text=attack,
                    reply=reply.model_dump(mode="json"),
                )
            )
            session.flush()


def hostile_reply(conversation: str, message: str, attack: str) -> Reply:
    """A reply of every card there is, each text in it an attack."""
    offer = OfferView(
        number=attack,
        version=1,
        state="draft",
        customer=CustomerView(code=attack, name=attack, tax_number=attack),
        owner=attack,
        currency="HUF",
        language="hu",
        valid_until="2026-12-31",
        lines=[
            LineView(
                sku=attack,
                name=attack,
                quantity="1",
                unit=attack,
                unit_price="1",
                discount_percent="0",
                net="1",
                vat_percent="27",
            )
        ],
        vat=[],
        totals=TotalsView(net="1", vat="0", gross="1"),
        documents=[],
        opportunity=None,
        warnings=[attack],
    )
    return Reply(
        conversation_id=conversation,
        message_id=message,
        kind="offer",
        language="hu",
        text=f"{attack} [1]",
        citations=[Citation(n=1, page_id=attack, title=attack, section=attack, url=attack, quote=attack)],
        warnings=[attack],
        clarification=ClarificationView(
            question=attack, field="customer", choices=[ChoiceView(label=attack, value=attack)]
        ),
        offer=offer,
        proposal=_hostile_proposal(attack),
        links=[LinkView(label=attack, url=attack), LinkView(label=attack, url=f"/customers/{attack}")],
        asked_as=attack,
    )


def _hostile_proposal(attack: str) -> ProposalView:
    """Proposed changes of which nobody knows any more, each text in them an attack."""
    choice = ChoiceView(label=attack, value=attack)
    return ProposalView(
        code=attack,
        state="expired",
        expires_at=now(),
        items=[
            ProposalItemView(
                n=1,
                kind=attack,
                title=attack,
                record=LinkView(label=attack, url=attack),
                changes=[ChangeView(field=attack, label=attack, before=attack, after=attack)],
                inputs=[InputView(name=attack, label=attack, kind="choice", value=attack, choices=[choice])],
                state="open",
                problem=attack,
            )
        ],
    )
