"""Which kind of file it is: by what is in it, and by its name only where a text can be several things."""

import re
import zipfile
from typing import BinaryIO

from retrieval.parsing.limits import Fault

KINDS = ("pdf", "docx", "xlsx", "md", "html", "txt", "eml")
MEDIA_TYPES = {
    "pdf": "application/pdf",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "md": "text/markdown",
    "html": "text/html",
    "txt": "text/plain",
    "eml": "message/rfc822",
}
_BINARY = {"docm": "docx", "xlsm": "xlsx", "pdf": "pdf", "docx": "docx", "xlsx": "xlsx", "dotx": "docx", "xltx": "xlsx"}
_TEXTS = {
    "md": "md",
    "markdown": "md",
    "html": "html",
    "htm": "html",
    "xhtml": "html",
    "txt": "txt",
    "text": "txt",
    "eml": "eml",
    "": "txt",
}
_START = 4096
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_WIDE_MARKS = (b"\xff\xfe", b"\xfe\xff")
_LOOKS_HTML = re.compile(
    rb"^\s*(?:<\?xml[^>]*>\s*)?(?:<!--.*?-->\s*)*<(?:!doctype\s+html|html)[\s>]", re.IGNORECASE | re.DOTALL
)


def extension(filename: str) -> str:
    """What a file's name ends in, in small letters, without the dot; empty where it has none."""
    name = filename.replace("\\", "/").rpartition("/")[2]
    return name.rpartition(".")[2].lower() if "." in name.strip(".") else ""


def kind_of(file: BinaryIO, filename: str) -> str:
    """One of `KINDS`; `file` is left at its beginning.

    Raises `Fault`: empty, encrypted, of an older Office, damaged (its name says more than its content keeps), or of
    a kind that is not read.
    """
    start = file.read(_START)
    file.seek(0)
    named = extension(filename)
    if not start:
        raise Fault("file_empty")
    if start.startswith(b"PK\x03\x04") or start.startswith(b"PK\x05\x06"):
        return _office(file, named)
    if start.startswith(_OLE):
        raise Fault(_ole(file))
    if b"%PDF-" in start[:1024]:
        return "pdf"
    if named in _BINARY:
        if not start.strip(b"\0 \t\r\n"):
            raise Fault("file_empty")
        # A damaged beginning may be all that is wrong with a PDF.
        if named == "pdf" and _mentions(file, b"%PDF-") | _mentions(file, b"startxref"):
            return "pdf"
        raise Fault("file_damaged")
    if b"\0" in start and not start.startswith(_WIDE_MARKS) and not _is_wide(start):
        raise Fault("file_unknown_kind")
    if _LOOKS_HTML.match(start) and named != "eml":
        return "html"
    if named not in _TEXTS or start.startswith(b"{\\rtf"):
        raise Fault("file_unknown_kind")
    return _TEXTS[named]


def _office(file: BinaryIO, named: str) -> str:
    try:
        with zipfile.ZipFile(file) as archive:
            names = {name.lower().replace("\\", "/") for name in archive.namelist()}
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError, UnicodeDecodeError) as broken:
        raise Fault("file_damaged" if named in _BINARY else "file_unknown_kind") from broken
    finally:
        file.seek(0)
    if any(name.startswith("xl/") and name.endswith("workbook.xml") for name in names):
        return "xlsx"
    if any(name.startswith("word/") and name.endswith(".xml") for name in names):
        return "docx"
    if _BINARY.get(named) in ("docx", "xlsx") and "[content_types].xml" in names and "xl/workbook.bin" not in names:
        return _BINARY[named]
    raise Fault("file_unknown_kind")


def _ole(file: BinaryIO) -> str:
    """A protected Office file is one of the older format around an encrypted package."""
    return "file_encrypted" if _mentions(file, "EncryptedPackage".encode("utf-16-le")) else "file_old_kind"


def _mentions(file: BinaryIO, words: bytes) -> bool:
    """Whether `words` are anywhere in `file`, which is left at its beginning."""
    kept = b""
    try:
        while part := file.read(1 << 20):
            if words in kept + part:
                return True
            kept = part[-len(words) :]
        return False
    finally:
        file.seek(0)


def _is_wide(start: bytes) -> bool:
    """UTF-16 without a mark: Latin letters with a zero at every other place."""
    even, odd = start[0::2].count(0), start[1::2].count(0)
    return max(even, odd) > len(start) // 4 and min(even, odd) < len(start) // 50 + 1
