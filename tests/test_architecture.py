"""Imports go one way, files stay short, and what is shipped names no registry."""

import ast
import string
import subprocess
import tomllib
from pathlib import Path

import pytest

from core.errors import catalogue

ROOT = Path(__file__).parents[1]
MAY_IMPORT = {
    "core": set(),
    "knowledge": {"core"},
    "crm": {"core"},
    "retrieval": {"core", "knowledge"},
    "offers": {"core", "crm"},
    "assistant": {"core", "crm", "retrieval", "offers", "knowledge"},
    "api": {"core", "crm", "retrieval", "offers", "assistant", "knowledge", "demo"},
    "demo": {"core", "crm"},
}
LONGEST_FILE = 400


def imported_rooms(path: Path) -> set[str]:
    found: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name.split(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and not node.level:
            found.add((node.module or "").split(".")[0])
    return found & set(MAY_IMPORT)


@pytest.mark.parametrize("room", MAY_IMPORT)
def test_a_room_imports_only_the_rooms_to_its_left(room: str) -> None:
    files = list((ROOT / room).rglob("*.py"))
    assert files
    against = {
        f"{path.relative_to(ROOT)} imports {other}"
        for path in files
        for other in imported_rooms(path) - {room} - MAY_IMPORT[room]
    }
    assert not against


def tracked(*patterns: str) -> list[Path]:
    command = ["git", "ls-files", "--cached", "--others", "--exclude-standard", *patterns]
    listed = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
    return [ROOT / line for line in listed.stdout.splitlines() if (ROOT / line).is_file()]


def test_no_source_file_grows_beyond_the_limit() -> None:
    long = {
        p.relative_to(ROOT): n for p in tracked("*.py", "*.ts") if (n := len(p.read_text().splitlines())) > LONGEST_FILE
    }
    assert not long


def test_every_message_exists_in_every_language() -> None:
    assert len(catalogue()) > 50


def test_translations_of_a_message_have_the_same_blanks() -> None:
    for code, texts in catalogue().items():
        blanks = {
            language: {f for _, f, _, _ in string.Formatter().parse(text) if f} for language, text in texts.items()
        }
        assert len({frozenset(b) for b in blanks.values()}) == 1, code


def test_no_lock_file_or_built_file_is_tracked() -> None:
    names = {p.name for p in tracked()}
    assert not names & {"uv.lock", "package-lock.json", "poetry.lock"}
    assert "constraints.txt" in names
    assert "://" not in (ROOT / "constraints.txt").read_text()


def test_the_package_declares_what_it_imports() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    assert project["requires-python"] == ">=3.11"
    assert len(project["dependencies"]) > 20
