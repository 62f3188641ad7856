"""The screens of the console, read from its routes."""

import ast
from pathlib import Path

from api import console

_CONSOLE = Path(console.__file__).parent


def console_screens() -> set[str]:
    """The ids of every `Screen(...)` the console's routes make."""
    found = set()
    for file in sorted(_CONSOLE.glob("*.py")):
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "Screen":
                name = node.args[0]
                assert isinstance(name, ast.Constant) and isinstance(name.value, str), f"{file.name}: {node.lineno}"
                found.add(name.value)
    return found
