"""No file hurts who reads it: each ends in text or in a reason, in time, and in a process of its own."""

import io
import os
import subprocess
import sys
import zipfile
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from core.errors import AppError
from core.language import LANGUAGES
from retrieval.parsing import markdown
from retrieval.parsing.door import parse
from retrieval.parsing.limits import Limits
from tests.retrieval.parsing_samples import docx, pdf, raw_docx, xlsx, zipped

SMALL = Limits(file_bytes=200_000, pages=3, rows=5, text=500)
LAUGHS = '<!DOCTYPE w [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;">]>'
READS_FILE = '<!DOCTYPE w [<!ENTITY x SYSTEM "file:///etc/hostname">]>'
PARAGRAPH = "<w:p><w:r><w:t>words</w:t></w:r></w:p>"
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


def reason(file: bytes, name: str, limits: Limits = SMALL) -> str:
    """The code a file is refused with."""
    with pytest.raises(AppError) as refused:
        parse(file, name, limits)
    for language in LANGUAGES:
        assert name in refused.value.message(language)
    return refused.value.code


def bomb(megabytes: int) -> bytes:
    """A small archive of many equal bytes."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive, archive.open("word/document.xml", "w") as part:
        for _ in range(megabytes):
            part.write(b" " * 1_000_000)
    return out.getvalue()


@pytest.mark.parametrize(
    ("file", "name", "code"),
    [
        (b"", "a.pdf", "file_empty"),
        (b"\0" * 50, "a.docx", "file_empty"),
        (b"MZ\x90\0\x03\0\0\0", "a.exe", "file_unknown_kind"),
        (b"a,b\n1,2\n", "a.csv", "file_unknown_kind"),
        (zipped({"readme.txt": "x"}), "a.zip", "file_unknown_kind"),
        (b"{\\rtf1 words}", "a.txt", "file_unknown_kind"),
        (OLE + b"WordDocument", "a.doc", "file_old_kind"),
        (OLE + "EncryptedPackage".encode("utf-16-le"), "a.docx", "file_encrypted"),
        (b"not a pdf", "a.pdf", "file_damaged"),
        (pdf("Words")[:300], "a.pdf", "file_damaged"),
        (docx(("Normal", "words"))[:500], "a.docx", "file_damaged"),
        (raw_docx("<w:p>" * 2_000 + "</w:p>" * 2_000), "a.docx", "file_damaged"),
        (raw_docx(PARAGRAPH, LAUGHS), "a.docx", "file_with_entities"),
        (raw_docx(PARAGRAPH, READS_FILE), "a.docx", "file_with_entities"),
        (raw_docx(PARAGRAPH, "<!-- -->" * 20_000 + READS_FILE), "a.docx", "file_with_entities"),
        (pdf("", ""), "scan.pdf", "file_without_text"),
        (b"  \n\t\n", "a.txt", "file_without_text"),
        (b"<p><img src=x></p>", "a.html", "file_without_text"),
        (b"x" * 200_001, "a.txt", "file_too_large"),
        (pdf("1", "2", "3", "4"), "a.pdf", "file_too_many_pages"),
        (xlsx({"S": [(number,) for number in range(6)]}), "a.xlsx", "file_too_many_rows"),
        (b"word " * 200, "a.txt", "file_too_much_text"),
        (docx(("Normal", "word " * 200)), "a.docx", "file_too_much_text"),
    ],
)  # fmt: skip
def test_what_cannot_be_read_says_why_in_every_language(file: bytes, name: str, code: str) -> None:
    assert reason(file, name) == code


def test_an_archive_is_weighed_before_it_is_unpacked() -> None:
    assert reason(bomb(50), "a.docx") == "file_unpacks_too_large"
    assert (
        reason(docx(("Normal", "words")), "b.docx", replace(SMALL, unpacked_bytes=10_000)) == "file_unpacks_too_large"
    )


def test_a_locked_pdf_says_so() -> None:
    from pypdf import PdfReader, PdfWriter

    writer = PdfWriter(clone_from=PdfReader(io.BytesIO(pdf("Words"))))
    writer.encrypt("secret", algorithm="RC4-128")
    out = io.BytesIO()
    writer.write(out)
    assert reason(out.getvalue(), "a.pdf") == "file_encrypted"


def test_reading_that_goes_on_too_long_is_stopped() -> None:
    slow = xlsx({"S": [(number,) for number in range(3_000)]})
    assert reason(slow, "a.xlsx", Limits(seconds=0.05)) == "file_took_too_long"


def test_reading_that_wants_too_much_memory_is_stopped() -> None:
    text = ("word " * 4_000_000).encode()
    assert reason(text, "a.txt", Limits(memory=100_000_000, text=90_000_000)) == "file_took_too_much_memory"


def test_no_process_is_left_behind() -> None:
    for limits in (Limits(), Limits(seconds=0.01)):
        with pytest.raises(AppError):
            parse(pdf(""), "a.pdf", limits)
    assert not [pid for pid in _children() if "retrieval.parsing" in _command(pid)]


def _children() -> list[str]:
    """Ids of the processes this one started that are there, running or not."""
    own = f"PPid:\t{os.getpid()}\n"
    return [path.name for path in Path("/proc").glob("[0-9]*") if own in _read(path / "status")]


def _read(file: Path) -> str:
    try:
        return file.read_text()
    except OSError:
        return ""


def _command(pid: str) -> str:
    return _read(Path("/proc", pid, "cmdline"))


@pytest.mark.parametrize(
    "attempt",
    [
        "import socket; socket.create_connection(('127.0.0.1', 9))",
        "import subprocess; subprocess.run(['true'])",
        "import os; os.system('true')",
        "open('/tmp/written-by-a-reader', 'w')",
    ],
)
def test_a_reader_can_neither_connect_nor_start_nor_write_anything(attempt: str) -> None:
    program = "\n".join(
        [
            "from retrieval.parsing.child import restrict",
            "from retrieval.parsing.limits import Limits",
            "restrict(Limits())",
            "try:",
            f"    {attempt}",
            "except PermissionError:",
            "    print('refused')",
        ]
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=False)
    assert done.stdout.strip() == "refused", done.stderr


def test_many_at_once_are_told_to_come_back(monkeypatch: pytest.MonkeyPatch) -> None:
    import threading

    from retrieval.parsing import door

    monkeypatch.setattr(door, "_readers", threading.BoundedSemaphore(1))
    assert door._readers.acquire()
    assert reason(b"words", "a.txt", Limits(seconds=0.01)) == "file_readers_busy"


@settings(max_examples=300, suppress_health_check=[HealthCheck.too_slow])
@given(st.text(alphabet=st.sampled_from("ab #`~<>=-[]:*_|\\\n\t\r\x0c"), max_size=300))
def test_plain_text_as_markdown_has_no_headings_and_loses_no_letters(text: str) -> None:
    from retrieval.chunks import sections

    made = markdown.bounded(markdown.escaped(text))
    assert [section.heading_path for section in sections("Title", made)] == [()]
    letters = [c for c in text if c.isalpha()]
    assert [c for c in made if c.isalpha()] == letters


@given(st.text(alphabet="ab >[*_\n", min_size=1, max_size=50), st.integers(1, 2_000))
def test_no_paragraph_is_long_enough_to_choke_a_reader_of_markdown(piece: str, times: int) -> None:
    made = markdown.bounded(piece * times)
    assert max(len(block) for block in made.split("\n\n")) <= 4_000
    assert "".join(made.split()) == "".join((piece * times).split())
