"""An offer of a made-up firm, and as many mails with it as are asked for."""

import hashlib
from datetime import timedelta
from decimal import Decimal

from sqlalchemy import Engine

from core.clock import today
from core.settings import Settings
from crm import mails
from crm.actor import SYSTEM
from crm.mails import NewMail
from crm.session import unit
from crm.tables import Customer, Offer, OfferVersion, User

_FILE = "offer.pdf"
_CONTENT = b"%PDF-1.7\n" + b"0123456789abcdef" * 2_000


def make_offer(engine: Engine, settings: Settings) -> int:
    """The id of the version that is sent; its file is in the home."""
    (settings.home / _FILE).write_bytes(_CONTENT)
    with unit(engine, SYSTEM) as session:
        seller = User(
            login="seller",
            family_name="Seller",
            given_name="A",
            email="seller@robo.example",
            role_code="normal",
            language="en",
        )
        firm = Customer(code="C1", name="Firm", country="HU", currency="EUR", language="en")
        session.add_all((seller, firm))
        session.flush()
        offer = Offer(number="KW-1", customer_id=firm.id, owner_id=seller.id, state="issued")
        nothing = Decimal(0)
        version = OfferVersion(
            offer=offer,
            ordinal=1,
            currency="EUR",
            language="en",
            made_on=today(),
            valid_until=today() + timedelta(days=30),
            payment_days=8,
            net=nothing,
            vat=nothing,
            gross=nothing,
            warnings=[],
        )
        session.add_all((offer, version))
        session.flush()
        return version.id


def add_mails(engine: Engine, settings: Settings, version: int, count: int) -> None:
    """Put `count` mails into the outbox, each as it would be after a confirmation."""
    data = (settings.home / _FILE).read_bytes()
    file = {
        "name": _FILE,
        "path": _FILE,
        "media_type": "application/pdf",
        "sha256": hashlib.sha256(data).hexdigest(),
        "size": len(data),
    }
    with unit(engine, SYSTEM) as session:
        shown = session.get_one(OfferVersion, version)
        for _ in range(count):
            new = NewMail(
                sender="Seller <seller@robo.example>",
                domain="robo.example",
                recipients=["buyer@firm.example"],
                subject="Offer KW-1",
                body="Good day.\n.\nA line of one dot is above.",
                files=[file],
                digest="0" * 64,
            )
            mails.put(session, shown, new)
