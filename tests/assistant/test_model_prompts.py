"""Prompts are files, filled in strictly; and the model part of the program costs nothing until a model is asked."""

import subprocess
import sys
from pathlib import Path
from typing import get_args

import pytest

import assistant.prompts
from assistant.model.contract import FaultReason, ReadTools
from assistant.prompts import PromptMismatch, prompt, tool_texts
from core.errors import say
from core.language import LANGUAGES


def test_a_value_missing_or_unasked_for_is_an_error() -> None:
    with pytest.raises(PromptMismatch):
        prompt("question", material="a", question="b")
    with pytest.raises(PromptMismatch):
        prompt("reminder_hu", more="a")
    with pytest.raises(PromptMismatch):
        prompt("no_such_prompt")


def test_what_is_filled_in_is_never_expanded_again() -> None:
    filled = prompt("question", material="$question $$ ${reminder}", question="mi?", reminder="r")
    assert filled.startswith("$question $$ ${reminder}\n")


def test_every_prompt_file_is_filled_by_some_code() -> None:
    folder = Path(assistant.prompts.__file__).parent
    code = "".join(p.read_text(encoding="utf-8") for p in folder.parent.rglob("*.py"))
    for file in folder.glob("*.txt"):
        base = file.stem.removesuffix("_" + file.stem.rsplit("_", 1)[-1]) if file.stem[-2:] in LANGUAGES else file.stem
        assert f'"{base}"' in code or f'"{base}_{{' in code, file.name


def test_every_lookup_says_what_it_is_for() -> None:
    lookups = {name for name in vars(ReadTools) if not name.startswith("_")} - {"available"}
    assert set(tool_texts()) == lookups


def test_every_fault_has_words_for_the_user() -> None:
    for reason in get_args(FaultReason):
        for language in LANGUAGES:
            assert say(f"model_{reason}", language)


def test_importing_the_model_part_loads_no_model_library() -> None:
    heavy = (
        "langchain",
        "langchain_core",
        "langchain_openai",
        "langgraph",
        "openai",
        "httpx2",
        "sqlalchemy",
        "chromadb",
    )
    code = f"import sys, assistant.model; print([m for m in {heavy!r} if m in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
