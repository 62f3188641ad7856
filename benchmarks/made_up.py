"""Made-up customers in bulk: put in below the permission layer, with the same name words it would keep."""

import random
from collections.abc import Iterator
from datetime import timedelta
from itertools import islice

from sqlalchemy import Connection, Engine

from core.clock import now, today
from core.text import fold
from crm.engine import gather_statistics
from crm.session import name_words
from crm.tables import Activity, Customer, CustomerWord, Opportunity, Team, User, table_of

OWNERS = 200
TEAMS = 10
# One customer in ten belongs to nobody.
_UNASSIGNED = 0.1
_BATCH = 5_000

_WHO = (
    *("Kovács", "Szabó", "Horváth", "Fekete", "Balogh", "Lakatos", "Sipos", "Gulyás", "Vörös", "Pintér"),
    *("Nowak", "Wiśniewski", "Wójcik", "Kamiński", "Lewandowski", "Zając", "Król", "Pawlak", "Dudek", "Wróbel"),
    *("Baker", "Harper", "Marlow", "Whitby", "Ashdown", "Thornton", "Kendal", "Norwood", "Selby", "Winslow"),
    *("Kőrös", "Tisza", "Bakony", "Mátra", "Karpaty", "Wisła", "Odra", "Severn", "Pennine", "Kent"),
)
_TRADE = (
    *("Faipari", "Pékség", "Fuvarozó", "Kertészet", "Nyomda", "Optika", "Borászat", "Gépműhely"),
    *("Transport", "Budowa", "Drukarnia", "Meble", "Ogrody", "Kawiarnia", "Elektro", "Szkło"),
    *("Joinery", "Bakery", "Haulage", "Printing", "Glass", "Catering", "Orchards", "Tooling"),
)
_FORM = ("Kft.", "Bt.", "Zrt.", "Sp. z o.o.", "S.A.", "Ltd", "PLC")
_PLACES = (("HU", "HUF", "hu", "Szeged"), ("PL", "PLN", "pl", "Gdynia"), ("GB", "EUR", "en", "Leeds"))


def _people(connection: Connection) -> None:
    moment = now()
    connection.execute(
        table_of(Team).insert(), [{"id": n, "name": f"Team {n}", "version": 1} for n in range(1, TEAMS + 1)]
    )
    connection.execute(
        table_of(User).insert(),
        [
            {
                "id": n,
                "login": f"user{n}",
                "family_name": f"Owner {n}",
                "given_name": "Test",
                "email": f"user{n}@robo.example",
                "role_code": "restricted",
                "team_id": n % TEAMS + 1,
                "language": "en",
                "active": True,
                "version": 1,
                "created_at": moment,
                "updated_at": moment,
            }
            for n in range(1, OWNERS + 1)
        ],
    )


def _customers(count: int) -> Iterator[dict[str, object]]:
    chance = random.Random(20261122)
    moment = now()
    for n in range(1, count + 1):
        country, currency, language, city = chance.choice(_PLACES)
        # The number makes every name different, so that an order by name has no ties.
        name = f"{chance.choice(_WHO)} {chance.choice(_TRADE)} {n} {chance.choice(_FORM)}"
        yield {
            "id": n,
            "code": f"C{n:06d}",
            "name": name,
            "name_key": fold(name),
            "tax_number": f"{10_000_000 + n}-2-41",
            "tax_key": f"{10_000_000 + n}241",
            "country": country,
            "city": city,
            "address": f"1 Mill Road {n % 300}",
            "industry": "trade",
            "employees": n % 500,
            "sites": 1,
            "status": "active",
            "segment": "B",
            "owner_id": None if chance.random() < _UNASSIGNED else chance.randint(1, OWNERS),
            "currency": currency,
            "language": language,
            "payment_days": 8,
            "version": 1,
            "created_at": moment,
            "updated_at": moment,
        }


def fill(engine: Engine, count: int) -> None:
    """Puts `OWNERS` users in `TEAMS` teams and `count` customers into a migrated, empty database."""
    rows = _customers(count)
    with engine.begin() as connection:
        _people(connection)
        while batch := list(islice(rows, _BATCH)):
            connection.execute(table_of(Customer).insert(), batch)
            words = [{"customer_id": row["id"], "word": word} for row in batch for word in name_words(str(row["name"]))]
            connection.execute(table_of(CustomerWord).insert(), words)
    gather_statistics(engine)


def _deals(count: int) -> Iterator[tuple[list[dict[str, object]], list[dict[str, object]]]]:
    chance, moment, day = random.Random(11), now(), today()
    both = {"version": 1, "created_at": moment, "updated_at": moment}
    for n in range(1, count + 1):
        activities: list[dict[str, object]] = [
            {
                **both,
                "customer_id": n,
                "type_code": "call",
                "subject": f"Call {k}",
                "due": day - timedelta(days=chance.randint(-60, 700)),
                "state": "done" if chance.random() < 0.7 else "open",
                "priority": "normal",
            }
            for k in range(3)
        ]
        stage = chance.choice(("contact", "offer", "won", "lost", None, None, None, None))
        deal = {**both, "code": f"O{n:06d}", "customer_id": n, "title": "x", "currency": "HUF", "opened_on": day}
        yield activities, [] if stage is None else [{**deal, "stage_code": stage}]


def happen(engine: Engine, count: int) -> None:
    """Gives each of `count` customers three activities, seven in ten of them done, and every other an opportunity;
    their status, segment and city become different."""
    rows = _deals(count)
    customers = table_of(Customer)
    with engine.begin() as connection:
        while batch := list(islice(rows, _BATCH)):
            connection.execute(table_of(Activity).insert(), [a for activities, _ in batch for a in activities])
            connection.execute(table_of(Opportunity).insert(), [deal for _, deals in batch for deal in deals])
        for n, status in enumerate(("potential", "active", "passive", "former")):
            there = customers.update().where(customers.c.id % 4 == n)
            connection.execute(there.values(status=status, segment="ABCD"[n]))
        for n in range(50):
            connection.execute(customers.update().where(customers.c.id % 50 == n).values(city=f"Town {n:02}"))
    gather_statistics(engine)


def beginnings(count: int) -> list[str]:
    """`count` things people type to find a customer: the beginning of a name word, or of two."""
    chance = random.Random(7)
    typed: list[str] = []
    while len(typed) < count:
        who, trade = chance.choice(_WHO), chance.choice(_TRADE)
        one = who[: chance.randint(2, len(who))]
        typed.append(one if chance.random() < 0.5 else f"{one} {trade[: chance.randint(1, 4)]}")
    return typed
