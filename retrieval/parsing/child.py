"""The process that reads one file: its standard input is the file, its standard output the result, and it can do no
more than that. Started by `retrieval.parsing.door`."""

import importlib
import json
import logging
import os
import resource
import sys
from collections.abc import Callable
from types import ModuleType
from typing import BinaryIO, cast

from retrieval.parsing.limits import Draft, Fault, Limits, peak_of

Reader = Callable[[BinaryIO, Limits], Draft]
# Each reader is imported when a file of its kind has come: the libraries take longer to load than most files to read.
_READERS = {
    "pdf": ("retrieval.parsing.pdf", "read"),
    "docx": ("retrieval.parsing.word", "read"),
    "xlsx": ("retrieval.parsing.sheet", "read"),
    "html": ("retrieval.parsing.web", "read"),
    "md": ("retrieval.parsing.plain", "read_markdown"),
    "txt": ("retrieval.parsing.plain", "read_text"),
    "eml": ("retrieval.parsing.mail", "read"),
}
_FORBIDDEN = (
    "socket.",
    "subprocess.",
    "os.exec",
    "os.fork",
    "os.posix_spawn",
    "os.spawn",
    "os.system",
    "ctypes.",
    "urllib.",
)
_NICER = 10


def restrict(limits: Limits) -> None:
    """Take away from this process what a reader never needs: time, memory, files to write, network, other programs."""
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_CPU, (limits.cpu_seconds, limits.cpu_seconds + 1))
    resource.setrlimit(resource.RLIMIT_AS, (limits.memory, limits.memory))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    os.nice(_NICER)
    sys.addaudithook(_refuse)
    # Only openpyxl would load it, for types of numbers that no file has, and it takes much of the memory allowed.
    sys.modules["numpy"] = cast(ModuleType, None)


def _refuse(event: str, arguments: tuple[object, ...]) -> None:
    if event.startswith(_FORBIDDEN):
        raise PermissionError(event)
    if event == "open" and isinstance(arguments[1], str) and set(arguments[1]) & set("wax+"):
        raise PermissionError(event)


def outcome(file: BinaryIO, filename: str, limits: Limits) -> dict[str, object]:
    """What is sent back: the draft, or the fault that kept it from being made."""
    from retrieval.parsing import kinds

    try:
        kind = kinds.kind_of(file, filename)
        module, name = _READERS[kind]
        read = cast(Reader, getattr(importlib.import_module(module), name))
        return _told(read(file, limits))
    except Fault as fault:
        return {"fault": fault.code, "values": fault.values}
    except MemoryError:
        return {"fault": "file_took_too_much_memory", "values": {}}
    # Libraries let through whatever broke inside them on a broken file: KeyError, TypeError, RecursionError and others.
    except Exception:
        return {"fault": "file_damaged", "values": {}}


def _told(draft: Draft) -> dict[str, object]:
    from retrieval.parsing.markdown import bounded

    sections = [(s.number, s.name, text) for s in draft.sections if (text := bounded(s.text)).strip()]
    if not any(character.isalnum() for _, _, text in sections for character in text):
        return {"fault": "file_without_text", "values": {}}
    return {
        "kind": draft.kind,
        "title": draft.title[:300],
        "pages": draft.pages,
        "unread": draft.unread,
        "sections": sections,
        "places": [[*vars(place).values()] for place in draft.places],
    }


def main() -> None:
    """Read the file at standard input under the limits that the first argument gives; the second is its name."""
    limits = Limits(**json.loads(sys.argv[1]))
    restrict(limits)
    logging.disable(logging.CRITICAL)
    result = outcome(sys.stdin.buffer, sys.argv[2], limits)
    result["peak"] = peak_of("self")
    sys.stdout.buffer.write(json.dumps(result, ensure_ascii=False).encode("utf-8", "replace"))
    sys.stdout.buffer.flush()
    # Taking down a large heap in order would cost more time than reading did.
    os._exit(0)


if __name__ == "__main__":
    main()
