"""The command line: one process holds a home, the others go through it, and errors are sentences."""

import json
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import jwt
import pytest
import uvicorn
from typer.testing import CliRunner, Result

from api import home
from api.app import create_app
from api.cli import app
from core.errors import AppError
from core.settings import Settings, settings
from crm import engine as crm_engine
from demo.load import DATA, load
from tests.conftest import WordEmbedder

Run = Callable[..., Result]
OFFER = "Készíts ajánlatot a Kovács Kft.-nek 10 db Prémium licencre 5% kedvezménnyel"


@pytest.fixture(scope="module")
def demo_home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home with the demo company, to be used by the tests of this module one after the other."""
    folder = tmp_path_factory.mktemp("demo")
    engine = crm_engine.connect(Settings(home=folder))
    crm_engine.migrate(engine)
    load(engine)
    engine.dispose()
    return folder


@pytest.fixture
def robo(demo_home: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Run]:
    """Runs a command on the demo home, as the terminal would."""
    monkeypatch.setenv("ROBO_HOME", str(demo_home))
    monkeypatch.delenv("DATABASE_URL", raising=False)
    monkeypatch.setattr("retrieval.index.make_embedder", lambda _settings: WordEmbedder())
    settings.cache_clear()
    yield lambda *words: CliRunner().invoke(app, list(words))
    settings.cache_clear()


def last_json(result: Result) -> dict[str, object]:
    assert result.exit_code == 0, result.output
    found: dict[str, object] = json.loads(result.stdout[result.stdout.index("{") :])
    return found


def test_a_token_is_printed_alone(robo: Run) -> None:
    result = robo("user", "token", "anna")
    token = result.stdout.strip()
    assert result.stdout == token + "\n"
    assert jwt.decode(token, options={"verify_signature": False})["sub"] == "anna"
    assert isinstance(robo("user", "token", "nobody").exception, AppError)


def test_an_offer_is_made_from_the_terminal_with_its_files(robo: Run, tmp_path: Path) -> None:
    reply = last_json(robo("offer", OFFER, "--user", "anna", "--out", str(tmp_path / "out"), "--json"))
    offer = reply["offer"]
    assert isinstance(offer, dict)
    assert offer["totals"] == {"net": "616550", "vat": "166469", "gross": "783019"}
    assert {Path(d["path"]).suffix for d in offer["documents"]} == {".docx", ".pdf"}
    assert all(Path(d["path"]).parent == tmp_path / "out" and Path(d["path"]).is_file() for d in offer["documents"])


def test_a_question_is_answered_with_screen_and_record(robo: Run) -> None:
    words = ("ask", "Who is the contact of this customer?", "--user", "oliver", "--record", "customer:C0040")
    reply = last_json(robo(*words, "--screen", "customer", "--json"))
    assert reply["kind"] == "answer"
    citations = reply["citations"]
    assert isinstance(citations, list) and citations[0]["page_id"] == "customer:C0040"


def test_importing_reports_bad_rows_with_their_number_and_exit_code(robo: Run, tmp_path: Path) -> None:
    lines = (DATA / "customers.csv").read_text(encoding="utf-8").splitlines()
    bad = tmp_path / "customers.csv"
    bad.write_text("\n".join([lines[0], lines[1], lines[2].replace("lilla", "nobody")]), encoding="utf-8")
    result = robo("import", "customers", str(bad))
    assert result.exit_code == 2
    assert "1 unchanged, 1 rejected" in result.stdout
    assert "row 3" in result.output and "nobody" in result.output


def test_the_audit_of_all_that_is_whole(robo: Run) -> None:
    result = robo("audit", "verify")
    assert result.exit_code == 0 and "the chain is whole" in result.stdout


def test_a_home_in_use_without_a_server_is_an_error_in_words(demo_home: Path) -> None:
    with home.held(Settings(home=demo_home)), pytest.raises(AppError) as busy, home.held(Settings(home=demo_home), 0.1):
        pass
    assert busy.value.code == "home_in_use"


def test_commands_go_through_the_running_server(robo: Run, demo_home: Path) -> None:
    """The server holds the home's lock all the while: a command that opened the home itself would wait for it."""
    config = Settings(home=demo_home)
    with home.held(config):
        parts = home.open_parts(config)
        server = uvicorn.Server(
            uvicorn.Config(create_app(parts, home.secret_key(config)), port=0, log_level="critical")
        )
        thread = threading.Thread(target=server.run, daemon=True)
        thread.start()
        while not server.started:
            time.sleep(0.01)
        port = server.servers[0].sockets[0].getsockname()[1]
        with home.announced(config, "127.0.0.1", port):
            reply = last_json(robo("offer", OFFER, "--user", "anna", "--json"))
            found = robo("search", "ajánlat készítése", "--user", "anna")
            indexed = robo("index")
            missing = robo("ask", "Szia!", "--user", "anna", "--conversation", "nincs")
        server.should_exit = True
        thread.join()
        parts.engine.dispose()
    offer = reply["offer"]
    assert isinstance(offer, dict) and Path(offer["documents"][0]["path"]).is_file()
    assert "making-an-offer" in found.stdout
    assert json.loads(indexed.stdout)["unchanged"] > 0
    assert isinstance(missing.exception, AppError) and missing.exception.status == 404
