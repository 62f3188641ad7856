"""The texts a model is given, one file each; read strictly, so that a typing error is an error."""

import tomllib
from functools import lru_cache
from pathlib import Path
from string import Template

_FOLDER = Path(__file__).parent


class PromptMismatch(Exception):
    """A prompt file that is missing, or whose `$names` are not the values given: a fault of the program."""


@lru_cache
def _template(name: str) -> Template:
    file = _FOLDER / f"{name}.txt"
    if not file.is_file():
        raise PromptMismatch(f"no prompt {name}")
    template = Template(file.read_text(encoding="utf-8").strip())
    if not template.is_valid():
        raise PromptMismatch(f"{name}: a $ that begins no name")
    return template


def prompt(name: str, **values: str) -> str:
    """The prompt `name` with every `$value` filled in once; what is filled in is never expanded again.

    Raises `PromptMismatch` when a value is missing or is not asked for.
    """
    template = _template(name)
    wanted = set(template.get_identifiers())
    if wanted != set(values):
        raise PromptMismatch(f"{name}: wants {sorted(wanted)}, was given {sorted(values)}")
    return template.substitute(values)


@lru_cache
def tool_texts() -> dict[str, str]:
    """What each tool says it is for, by its name."""
    texts: dict[str, str] = {}
    for name, text in tomllib.loads((_FOLDER / "tools.toml").read_text(encoding="utf-8")).items():
        if not isinstance(text, str) or not text.strip():
            raise PromptMismatch(f"tools.toml: {name} says nothing")
        texts[name] = text.strip()
    return texts
