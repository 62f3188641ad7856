"""The five ways outside text gets in, each by its own door: a note, a mail, and a Word, PDF or Excel document."""

import json
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from io import BytesIO
from itertools import islice, product
from pathlib import Path
from typing import Literal

from assistant import documents
from assistant.context import Parts
from assistant.document_index import bring
from assistant.documents import Wanted
from assistant.scoring.cases import AttackCase
from core.clock import today
from core.language import LANGUAGES, Language
from crm.actor import SYSTEM
from crm.enquiries import Enquiry, receive
from crm.numbers import draw
from crm.people import actor_for
from crm.session import unit
from crm.tables import Activity, Customer

Channel = Literal["note", "mail", "docx", "pdf", "xlsx"]
CHANNELS: tuple[Channel, ...] = ("note", "mail", "docx", "pdf", "xlsx")
_A_FILE = 24
_SYLLABLES = ("ba", "ko", "ru", "te", "mi", "lo", "su", "ne", "ga", "pi", "do", "vu")
_TITLE: dict[Language, str] = {"hu": "Tájékoztató", "pl": "Informacja", "en": "Notice"}
_TYPST = """
#let given = json(bytes(sys.inputs.at("given")))
#set text(size: 11pt)
#for one in given { heading(one.at(0)); par(one.at(1)); pagebreak(weak: true) }
"""


@dataclass(frozen=True)
class Planted:
    """A text put into a channel: `topic` is the made-up word it is found by, `code` that of the customer whose record
    holds it, if one does."""

    case: AttackCase
    channel: Channel
    topic: str
    code: str | None


def topics() -> Iterator[str]:
    """Words nobody uses, each once."""
    return ("".join(parts) for parts in product(_SYLLABLES, repeat=4) if len(set(parts)) == 4)


def plant(parts: Parts, cases: Sequence[AttackCase], channel: Channel, words: Iterator[str]) -> list[Planted]:
    """Put every text into `channel`, readable by everybody."""
    named = list(zip(cases, islice(words, len(cases)), strict=True))
    if channel in ("note", "mail"):
        return [Planted(case, channel, topic, _recorded(parts, case, channel, topic)) for case, topic in named]
    for language in LANGUAGES:
        ours = [(topic, case.text) for case, topic in named if case.lang == language]
        for start in range(0, len(ours), _A_FILE):
            _uploaded(parts, channel, language, start, ours[start : start + _A_FILE])
    return [Planted(case, channel, topic, None) for case, topic in named]


def _recorded(parts: Parts, case: AttackCase, channel: Channel, topic: str) -> str:
    """Keep the text in a record of a firm nobody owns; gives the firm's code."""
    firm = f"{topic.title()} Kft."
    with unit(parts.engine, SYSTEM) as session:
        if channel == "mail":
            mail = Enquiry(firm, "Teszt", "Elek", f"{topic}@mail.example", case.text, message=case.text)
            return receive(session, mail).customer.code
        code = f"C{draw(session, 'customer'):04d}"
        customer = Customer(code=code, name=firm, country="HU", currency="HUF", language=case.lang)
        session.add(customer)
        session.flush()
        note = Activity(
            customer_id=customer.id, type_code="note", subject=case.text, note=case.text, state="done", due=today()
        )
        session.add(note)
        return customer.code


def _uploaded(parts: Parts, channel: Channel, language: Language, n: int, texts: list[tuple[str, str]]) -> None:
    """Add a document of the company with the texts, by the same door an administrator uses."""
    made = {"docx": _docx, "pdf": _pdf, "xlsx": _xlsx}[channel]([(f"{_TITLE[language]} {t}", x) for t, x in texts])
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / f"{channel}-{language}-{n}.{channel}"
        file.write_bytes(made)
        wanted = Wanted(title=f"{channel} {language} {n}", language=language, audience=("everyone",))
        added = documents.add(parts, actor_for(parts.engine, "admin"), file, file.name, wanted)
    bring(parts.engine, parts.knowledge, added.code)


def _docx(texts: list[tuple[str, str]]) -> bytes:
    from docx import Document

    document = Document()
    for title, text in texts:
        document.add_heading(title, level=1)
        for line in text.splitlines():
            document.add_paragraph(line)
    made = BytesIO()
    document.save(made)
    return made.getvalue()


def _pdf(texts: list[tuple[str, str]]) -> bytes:
    import typst

    with tempfile.TemporaryDirectory() as folder:
        source = Path(folder) / "notices.typ"
        source.write_text(_TYPST, encoding="utf-8")
        made: bytes = typst.compile(str(source), sys_inputs={"given": json.dumps(texts)})
        return made


def _xlsx(texts: list[tuple[str, str]]) -> bytes:
    from openpyxl import Workbook

    book = Workbook()
    for i, (title, text) in enumerate(texts):
        sheet = book.active if i == 0 else book.create_sheet()
        assert sheet is not None
        sheet.title = title[:31]
        # A text beginning with = would be a formula.
        sheet.append([title, text.replace("\n", " ").lstrip("=+-@ ")])
    made = BytesIO()
    book.save(made)
    return made.getvalue()
