"""The process that looks through PDF files or merges them: it reads one request from standard input and answers with
one on standard output. Started by `offers.packs.sandbox`."""

import json
import logging
import os
import resource
import sys
import warnings
from pathlib import Path

from offers.packs.limits import Fault, PackLimits

_FORBIDDEN = ("socket.", "subprocess.", "os.exec", "os.fork", "os.posix_spawn", "os.spawn", "os.system", "ctypes.")
_NICER = 5
_DEEPEST = 5_000


def restrict(limits: PackLimits) -> None:
    """Take away from this process what it never needs: time, memory, large files, network, other programs."""
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_CPU, (limits.cpu_seconds, limits.cpu_seconds + 1))
    resource.setrlimit(resource.RLIMIT_AS, (limits.memory, limits.memory))
    resource.setrlimit(resource.RLIMIT_FSIZE, (limits.written, limits.written))
    os.nice(_NICER)
    sys.addaudithook(_refuse)


def _refuse(event: str, _arguments: tuple[object, ...]) -> None:
    if event.startswith(_FORBIDDEN):
        raise PermissionError(event)


def _done(request: dict[str, object], limits: PackLimits) -> dict[str, object]:
    if request["task"] == "inspect":
        from offers.packs.inspecting import inspected

        return inspected(Path(str(request["file"])), limits)
    from offers.packs import merging

    parts = request["parts"]
    assert isinstance(parts, list)
    if request["task"] == "measure":
        return merging.measured(parts, limits)
    return merging.merged(
        parts, Path(str(request["stamps"])), Path(str(request["target"])), str(request["title"]), limits
    )


def main() -> None:
    """Do the one thing asked for, and say what came of it."""
    request = json.loads(sys.stdin.buffer.read())
    limits = PackLimits(**request["limits"])
    restrict(limits)
    logging.disable(logging.CRITICAL)
    warnings.simplefilter("ignore")
    sys.setrecursionlimit(_DEEPEST)
    try:
        answer = _done(request, limits)
    except Fault as fault:
        answer = {"fault": fault.code, "title": fault.title, "values": fault.values}
    except MemoryError:
        answer = {"fault": "attachment_took_too_much"}
    # A damaged file makes the library meet anything: KeyError, TypeError, RecursionError and others.
    except Exception:
        answer = {"fault": "attachment_damaged"}
    sys.stdout.buffer.write(json.dumps(answer).encode())
    sys.stdout.buffer.flush()
    os._exit(0)


if __name__ == "__main__":
    main()
