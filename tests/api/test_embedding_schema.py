"""The description of the API holds everything a client's types are made from, and needs nothing to be open."""

import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def schema(tmp_path_factory: pytest.TempPathFactory) -> dict[str, dict[str, dict[str, object]]]:
    """What the module prints where there is no home and no database could be opened."""
    home = tmp_path_factory.mktemp("nowhere") / "home"
    environment = {"ROBO_HOME": str(home), "DATABASE_URL": "postgresql://nobody@127.0.0.1:1/x", "PATH": "/usr/bin"}
    command = [sys.executable, "-m", "api.schema"]
    printed = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=True)
    assert not home.exists() and printed.stderr == ""
    made: dict[str, dict[str, dict[str, object]]] = json.loads(printed.stdout)
    return made


def references(node: object) -> Iterator[str]:
    if isinstance(node, dict):
        for key, value in node.items():
            if key == "$ref":
                yield str(value)
            yield from references(value)
    elif isinstance(node, list):
        for value in node:
            yield from references(value)


def test_every_reference_leads_to_a_component(schema: dict[str, dict[str, dict[str, object]]]) -> None:
    named = {f"#/components/schemas/{name}" for name in schema["components"]["schemas"]}
    assert set(references(schema)) <= named and len(named) > 40


def test_what_the_stream_carries_is_described(schema: dict[str, dict[str, dict[str, object]]]) -> None:
    components = schema["components"]["schemas"]
    assert {"Reply", "ScreenContext", "Started", "Step", "Delta", "Dropped", "Finished", "Failed"} <= set(components)
    events = components["StreamEvents"]
    assert isinstance(events, dict)
    assert set(events["properties"]) == {"robo.started", "robo.step", "robo.dropped", "robo.reply"}


def test_a_reply_that_is_sent_has_all_its_fields_and_a_screen_that_is_taken_only_needs_its_id(
    schema: dict[str, dict[str, dict[str, object]]],
) -> None:
    components = schema["components"]["schemas"]
    reply, screen = components["Reply"], components["ScreenContext"]
    assert isinstance(reply, dict) and isinstance(screen, dict)
    assert set(reply["required"]) == set(reply["properties"])
    assert screen["required"] == ["id"]


def test_the_widgets_calls_are_described(schema: dict[str, dict[str, dict[str, object]]]) -> None:
    assert {
        "/api/v1/agui",
        "/api/v1/runs/{run_id}/stop",
        "/api/v1/suggestions",
        "/api/v1/offers/{number}/documents/{kind}/link",
        "/api/v1/documents/{token}",
        "/api/v1/embed/token",
    } <= set(schema["paths"])
