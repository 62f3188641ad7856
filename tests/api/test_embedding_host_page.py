"""The host application of docs/embed, as a process of its own beside a real server of ours."""

import json
import os
import re
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated

import httpx
import pytest
import uvicorn
from fastapi import Depends, FastAPI
from fastapi.testclient import TestClient
from sqlalchemy import Engine

from api.app import create_app
from api.origins import forget_origins
from assistant.context import Parts
from crm import embedding
from crm.actor import SYSTEM
from crm.session import unit
from crm.tables import User
from tests.conftest import KEY

EMBED = Path(__file__).parents[2] / "docs" / "embed"


@pytest.fixture
def robo_url(parts: Parts) -> Iterator[str]:
    """A server of ours on a free port, with the user anna."""
    with unit(parts.engine, SYSTEM) as session:
        session.add(
            User(
                login="anna",
                family_name="A",
                given_name="B",
                email="anna@robo.example",
                role_code="normal",
                language="hu",
            )
        )
    server = uvicorn.Server(uvicorn.Config(create_app(parts, KEY), port=0, log_level="critical"))
    thread = threading.Thread(target=server.run)
    thread.start()
    while not server.started:
        time.sleep(0.02)
    yield f"http://127.0.0.1:{server.servers[0].sockets[0].getsockname()[1]}"
    server.should_exit = True
    thread.join()


def started(robo_url: str, key: str) -> tuple[subprocess.Popen[str], str]:
    """host.py on a free port: the process and its address."""
    environment = {**os.environ, "ROBO_URL": robo_url, "ROBO_HOST_KEY": key}
    command = [sys.executable, str(EMBED / "host.py"), "--port", "0"]
    process = subprocess.Popen(command, env=environment, stderr=subprocess.PIPE, text=True)
    assert process.stderr is not None
    port = re.search(r"localhost:(\d+)", process.stderr.readline())
    assert port is not None
    return process, f"http://localhost:{port.group(1)}"


@pytest.fixture
def host(robo_url: str, engine: Engine, parts: Parts) -> Iterator[httpx.Client]:
    """A browser on the host's pages."""
    with unit(engine, SYSTEM) as session:
        _, key = embedding.add(session, "harbour", ["http://localhost:9000"])
    process, url = started(robo_url, key)
    with unit(engine, SYSTEM) as session:
        embedding.change_origins(session, "harbour", [url])
    forget_origins(parts)
    with httpx.Client(base_url=url, follow_redirects=True) as client:
        yield client
    process.terminate()
    process.wait()
    assert process.stderr is not None
    process.stderr.close()


def test_the_hosts_page_gets_a_token_that_is_good_on_it(host: httpx.Client, robo_url: str) -> None:
    token = host.post("/assistant-token").json()
    assert token["expires_in"] == 900
    own = {"Authorization": f"Bearer {token['access_token']}", "Origin": str(host.base_url).rstrip("/")}
    answer = httpx.get(f"{robo_url}/api/v1/me", headers=own)
    assert answer.json()["login"] == "anna" and answer.headers["access-control-allow-origin"] == own["Origin"]
    elsewhere = httpx.get(f"{robo_url}/api/v1/me", headers={**own, "Origin": "https://evil.example"})
    assert (elsewhere.status_code, elsewhere.json()["error"]["code"]) == (403, "origin_refused")


def test_a_user_the_assistant_does_not_know_gets_no_token_and_the_host_learns_why(host: httpx.Client) -> None:
    assert 'data-login="oliver"' in host.post("/switch", data={"login": "oliver"}).text
    refused = host.post("/assistant-token")
    assert (refused.status_code, refused.json()["error"]["code"]) == (404, "embed_login_unknown")
    assert 'data-login="anna"' in host.post("/switch", data={"login": "admin"}).text


def test_the_hosts_pages_keep_a_strict_policy_and_the_key_to_themselves(host: httpx.Client, robo_url: str) -> None:
    for path in ("/", "/orders", "/customers/C0038", "/host.js", "/host.css", "/data.json"):
        answer = host.get(path)
        policy = answer.headers["content-security-policy"]
        assert answer.status_code == 200 and "unsafe" not in policy and f"script-src 'self' {robo_url}" in policy
        assert "robo_host_" not in answer.text
    page = host.get("/").text
    assert f'<script src="{robo_url}/robo.js" defer data-robo-url="{robo_url}"' in page
    assert not re.search(r"\son\w+=|<style|<script>", page) and host.get("/nowhere").status_code == 404


def test_without_a_key_the_host_says_what_is_missing() -> None:
    environment = {name: value for name, value in os.environ.items() if name != "ROBO_HOST_KEY"}
    command = [sys.executable, str(EMBED / "host.py")]
    ended = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=30, check=False)
    assert ended.returncode == 1 and "robo embed add" in ended.stderr


def test_the_python_of_the_guide_works_as_it_stands(
    robo_url: str, engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    with unit(engine, SYSTEM) as session:
        _, key = embedding.add(session, "guide", ["http://localhost:9000"])
    monkeypatch.setenv("ROBO_URL", robo_url)
    monkeypatch.setenv("ROBO_HOST_KEY", key)
    guide = (EMBED.parent / "embedding.md").read_text(encoding="utf-8")
    found = re.search(r"```python\n(.*?)```", guide, re.DOTALL)
    assert found is not None and len(found.group(1).splitlines()) <= 10
    names: dict[str, object] = {
        "app": (host := FastAPI()),
        "current_user": lambda: "anna",
        "Annotated": Annotated,
        "Depends": Depends,
        "httpx": httpx,
        "os": os,
    }
    exec(compile(found.group(1), "embedding.md", "exec"), names)
    with TestClient(host) as browser:
        token = browser.post("/assistant-token").json()["access_token"]
    answer = httpx.get(f"{robo_url}/api/v1/me", headers={"Authorization": f"Bearer {token}"})
    assert answer.json()["login"] == "anna"


def test_the_hosts_data_names_records_of_the_demo_company() -> None:
    rows = (EMBED.parents[1] / "demo" / "data" / "customers.csv").read_text(encoding="utf-8")
    customers = json.loads((EMBED / "data.json").read_text(encoding="utf-8"))["customers"]
    assert customers and all(f"{c['code']},{c['name']}," in rows for c in customers)
