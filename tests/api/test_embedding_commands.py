"""`robo embed`, and the widget's file as hosts load it."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from fastapi.testclient import TestClient
from typer.testing import CliRunner, Result

from api import assets
from api.cli import app
from api.routes import widget
from core.errors import AppError
from core.settings import Settings, settings
from crm import embedding
from crm import engine as crm_engine

Run = Callable[..., Result]
ORIGIN = "https://crm.example"


@pytest.fixture
def robo(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Run]:
    """Runs `robo embed` on a fresh home."""
    monkeypatch.setenv("ROBO_HOME", str(tmp_path))
    monkeypatch.delenv("DATABASE_URL", raising=False)
    settings.cache_clear()
    yield lambda *words: CliRunner().invoke(app, ["embed", *words])
    settings.cache_clear()


def test_a_key_is_printed_alone_and_is_the_hosts(robo: Run, tmp_path: Path) -> None:
    added = robo("add", "CRM", "--origin", ORIGIN, "--origin", "http://localhost:9000")
    key = added.stdout.strip()
    assert added.exit_code == 0 and added.stdout == key + "\n" and "not shown again" in added.stderr
    assert robo("list").stdout == f"CRM\ton\t{ORIGIN} http://localhost:9000\n"
    home = Settings(home=tmp_path)
    engine = crm_engine.connect(home)
    assert embedding.by_key(engine, home, key, "here").name == "CRM"
    newer = robo("new-key", "CRM").stdout.strip()
    assert newer != key and embedding.by_key(engine, home, newer, "here").name == "CRM"
    engine.dispose()


def test_a_host_is_changed_and_switched_off_and_on(robo: Run) -> None:
    assert "robo embed add" in robo("list").stderr
    robo("add", "CRM", "--origin", ORIGIN)
    assert robo("origins", "CRM", "--origin", "https://new.example").exit_code == 0
    assert robo("off", "CRM").exit_code == 0
    assert robo("list").stdout == "CRM\toff\thttps://new.example\n"
    assert robo("on", "CRM").exit_code == 0
    assert robo("list").stdout == "CRM\ton\thttps://new.example\n"


def test_what_is_wrong_is_said_in_a_sentence(robo: Run) -> None:
    faults = {
        "origin_invalid": ("add", "CRM", "--origin", "https://crm.example/app"),
        "not_found": ("off", "absent"),
    }
    for code, words in faults.items():
        error = robo(*words).exception
        assert isinstance(error, AppError) and error.code == code
    assert robo("add", "CRM").exit_code == 2


@pytest.fixture
def built(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder of built files with a widget in it."""
    (tmp_path / "static").mkdir()
    file = tmp_path / "static" / "robo.js"
    file.write_text("'use strict';", encoding="utf-8")
    for module in (assets, widget):
        monkeypatch.setattr(module, "STATIC", file.parent)
    return file


def test_the_widget_is_kept_for_five_minutes_and_then_looked_at_again(client: TestClient, built: Path) -> None:
    first = client.get("/robo.js")
    assert first.status_code == 200 and first.headers["content-type"].startswith("text/javascript")
    assert first.headers["cache-control"] == "public, max-age=300"
    assert first.headers["cross-origin-resource-policy"] == "cross-origin"
    again = client.get("/robo.js", headers={"If-None-Match": first.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")
    built.write_text("'use strict'; // newer", encoding="utf-8")
    newer = client.get("/robo.js", headers={"If-None-Match": first.headers["etag"]})
    assert newer.status_code == 200 and newer.headers["etag"] != first.headers["etag"]


def test_a_widget_that_was_not_built_says_how_to_build_it(client: TestClient, built: Path) -> None:
    built.unlink()
    missing = client.get("/robo.js", headers={"Accept-Language": "hu"})
    assert missing.status_code == 404 and "make install" in missing.text
