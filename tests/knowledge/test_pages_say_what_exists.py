"""Help pages name only commands, API paths and environment variables that the product has."""

import re
from pathlib import Path
from typing import cast

import pytest
from pydantic import AliasChoices
from sqlalchemy import create_engine
from typer.main import get_command

from api.app import create_app
from api.cli import app as command_line
from assistant.context import Parts
from core.settings import Settings
from knowledge.pages import Page, help_pages

_COMMAND = re.compile(r"`robo ((?:[a-z][a-z-]* ?)+)")
_PATH = re.compile(r"`(GET|POST) (/[^\s`?]*)")
_VARIABLE = re.compile(r"`((?:ROBO_|OPENAI_|DATABASE_|CHROMA_)[A-Z_]+)")


def _commands() -> dict[str, set[str]]:
    """Names of commands, each with its subcommands."""
    top = get_command(command_line)
    return {name: set(getattr(command, "commands", {})) for name, command in top.commands.items()}  # type: ignore[attr-defined]


def _routes() -> set[tuple[str, str]]:
    """Method and path of every route in the API's own description, and of that description."""
    parts = Parts(Settings(home=Path("unused")), create_engine("sqlite://"), *cast("list[object]", [None] * 3))  # type: ignore[arg-type]
    paths: dict[str, dict[str, object]] = create_app(parts, b"k" * 32).openapi()["paths"]
    described = {(method.upper(), _general(path)) for path, methods in paths.items() for method in methods}
    return described | {("GET", "/openapi.json")}


def _general(path: str) -> str:
    """`path` with its parameters as `{}`: those in braces, words in capitals on a page, the kind of a document."""
    return re.sub(r"\{[^}]+\}|(?<=/)[^/a-z]{2,}(?=/|$)|(?<=documents/)(docx|pdf)", "{}", path)


def _variables() -> set[str]:
    aliases = [field.validation_alias for field in Settings.model_fields.values()]
    named = {str(a.choices[0]) for a in aliases if isinstance(a, AliasChoices)}
    return named | {f"ROBO_{name.upper()}" for name in Settings.model_fields}


def _cases(pattern: re.Pattern[str]) -> list[tuple[Page, re.Match[str]]]:
    return [(page, match) for page in help_pages() for match in pattern.finditer(page.body)]


def test_the_pages_name_commands_paths_and_variables_at_all() -> None:
    assert min(len(_cases(pattern)) for pattern in (_COMMAND, _PATH, _VARIABLE)) > 20


def test_commands_on_pages_exist() -> None:
    known = _commands()
    unknown = set()
    for page, match in _cases(_COMMAND):
        name, *rest = match.group(1).split()
        if name not in known or (known[name] and rest and rest[0] not in known[name]):
            unknown.add((f"{page.language}/{page.id}", match.group(0)))
    assert unknown == set()


def test_api_paths_on_pages_exist() -> None:
    known = _routes()
    named = {(page.id, match.group(1), _general(match.group(2))) for page, match in _cases(_PATH)}
    assert {(page, method, path) for page, method, path in named if (method, path) not in known} == set()


@pytest.mark.parametrize("language", ["hu", "pl", "en"])
def test_environment_variables_on_pages_are_settings(language: str) -> None:
    named = {match.group(1) for page, match in _cases(_VARIABLE) if page.language == language}
    assert named and named <= _variables()


@pytest.mark.parametrize("pattern", [_COMMAND, _PATH, _VARIABLE], ids=["commands", "paths", "variables"])
def test_translations_name_the_same_things(pattern: re.Pattern[str]) -> None:
    named: dict[str, dict[str, set[str]]] = {}
    for page, match in _cases(pattern):
        named.setdefault(page.id, {"hu": set(), "pl": set(), "en": set()})[page.language].add(
            _general(match.group(0).strip())
        )
    assert {page for page, found in named.items() if not found["hu"] == found["pl"] == found["en"]} == set()
