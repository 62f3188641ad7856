"""The demo company's library: terms in three languages, a product sheet and references, made when it is loaded."""

import hashlib
import json
from datetime import UTC, datetime
from pathlib import Path
from tempfile import NamedTemporaryFile

import typst
from sqlalchemy import Engine, select

from crm import library
from crm.actor import SYSTEM
from crm.library import AttachmentFields, AttachmentFile
from crm.session import unit
from crm.tables import Attachment

_TEMPLATE = Path(__file__).with_name("library.typ")
_TEXTS = Path(__file__).with_name("data") / "library.json"
# The same bytes each time: the files are known by their digest.
_MADE = datetime(2026, 1, 15, tzinfo=UTC)


def load_library(engine: Engine, home: Path) -> int:
    """Put the demo company's documents into an empty library below `home`; how many were put there."""
    with unit(engine, SYSTEM, writes=False) as session:
        if session.scalar(select(Attachment.id).limit(1)) is not None:
            return 0
    listed = json.loads(_TEXTS.read_text(encoding="utf-8"))
    compiler = typst.Compiler(_TEMPLATE, font_paths=typst.Fonts(include_system_fonts=False))
    files = [_set(compiler, each) for each in listed]
    with unit(engine, SYSTEM) as session:
        for each, data in zip(listed, files, strict=True):
            made = AttachmentFile(
                each["filename"], "application/pdf", ".pdf", len(data), each["pages"], hashlib.sha256(data).hexdigest()
            )
            fields = AttachmentFields(each["title"], each["folder"], each["language"], **each["rule"])
            _write(home / library.add(session, made, fields).path, data)
    return len(files)


def _set(compiler: typst.Compiler, text: object) -> bytes:
    made = compiler.compile(format="pdf", sys_inputs={"text": json.dumps(text)}, timestamp=_MADE)
    assert isinstance(made, bytes)
    return made


def _write(path: Path, data: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    with NamedTemporaryFile(dir=path.parent, delete=False) as draft:
        draft.write(data)
    Path(draft.name).replace(path)
