"""Asking the child process: it is given a request, waited for, and ended when its time is over."""

import json
import os
import signal
import subprocess
import sys
import threading
from contextlib import suppress
from dataclasses import asdict
from pathlib import Path

from core.errors import AppError
from offers.packs.limits import PackLimits

_ROOT = Path(__file__).resolve().parents[2]
# Each may take the memory of its limits.
_AT_ONCE = threading.BoundedSemaphore(2)


def ask(request: dict[str, object], limits: PackLimits, name: str) -> dict[str, object]:
    """What the child answers to `request`. No transaction may be open meanwhile: it can take `limits.seconds`.

    Raises `AppError` with a code of `core/messages/library.toml` that names the file at fault, else `name`: 422 for a
    file that is not taken, 503 where too many are being read.
    """
    if not _AT_ONCE.acquire(timeout=limits.seconds):
        raise AppError("attachment_readers_busy", 503, file=name)
    try:
        answer = _answer(json.dumps({**request, "limits": asdict(limits)}).encode(), limits)
    finally:
        _AT_ONCE.release()
    if "fault" in answer:
        values = answer.get("values")
        known = values if isinstance(values, dict) else {}
        raise AppError(str(answer["fault"]), 422, **{**known, "file": answer.get("title") or name})
    return answer


def _answer(request: bytes, limits: PackLimits) -> dict[str, object]:
    process = subprocess.Popen(
        [sys.executable, "-s", "-P", "-m", "offers.packs.child"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env={"PYTHONPATH": str(_ROOT), "LC_ALL": "C.UTF-8", "PYTHONDONTWRITEBYTECODE": "1", "PYTHONHASHSEED": "0"},
        cwd="/",
        start_new_session=True,
    )
    try:
        said, _ = process.communicate(request, timeout=limits.seconds)
    except subprocess.TimeoutExpired:
        return {"fault": "attachment_took_too_long"}
    finally:
        if process.poll() is None:
            with suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)
            process.communicate()
    try:
        answer = json.loads(said)
        assert isinstance(answer, dict)
        return answer
    except (ValueError, AssertionError):
        return {"fault": _fault_of(process.returncode)}


def _fault_of(exit_code: int) -> str:
    """Why a child ended without an answer: stopped by the system for its time or its memory, or broken by the file."""
    if exit_code == -signal.SIGXCPU:
        return "attachment_took_too_long"
    if exit_code in (-signal.SIGKILL, -signal.SIGABRT):
        return "attachment_took_too_much"
    return "attachment_damaged"
