"""Plain text and Markdown, in the encodings Central Europe writes them in."""

import re
from collections.abc import Iterator
from typing import BinaryIO

from retrieval.parsing import markdown
from retrieval.parsing.limits import Budget, Draft, Fault, Limits, Section
from retrieval.parsing.printed import lines_of

_FRONT = re.compile(r"\A---[ \t]*\n(.*?)\n---[ \t]*\n", re.DOTALL)
_FRONT_TITLE = re.compile(r"^title:[ \t]*[\"']?(.+?)[\"']?[ \t]*$", re.MULTILINE)
_FIRST_HEADING = re.compile(r"^#{1,6}[ \t]+(.+?)[ \t]*#*[ \t]*$", re.MULTILINE)
_PART = 10_000
# Where the two encodings put letters that Polish has: the same byte is a letter in one and a sign in the other.
_ISO_LETTERS, _WINDOWS_LETTERS = b"\xa1\xb1\xa6\xb6\xac\xbc", b"\xa5\xb9\x8c\x9c\x8f\x9f"


def decoded(data: bytes) -> str:
    """`data` as text: by its mark, else UTF-8, else UTF-16 by its zeros, else cp1250 or ISO 8859-2 by their letters.

    Raises `Fault("file_unknown_kind")` for what is no text.
    """
    for mark, name in ((b"\xef\xbb\xbf", "utf-8"), (b"\xff\xfe", "utf-16-le"), (b"\xfe\xff", "utf-16-be")):
        if data.startswith(mark):
            return data[len(mark) :].decode(name, errors="replace")
    if b"\0" in data:
        even, odd = data[0::2].count(0), data[1::2].count(0)
        if max(even, odd) * 4 < len(data):
            raise Fault("file_unknown_kind")
        return data.decode("utf-16-be" if even > odd else "utf-16-le", errors="replace")
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        pass
    if any(0x80 <= byte < 0xA0 for byte in data):
        return data.decode("cp1250", errors="replace")
    iso, windows = (sum(data.count(bytes([byte])) for byte in letters) for letters in (_ISO_LETTERS, _WINDOWS_LETTERS))
    return data.decode("iso-8859-2" if iso > windows else "cp1250", errors="replace")


def read_text(file: BinaryIO, limits: Limits) -> Draft:
    """A text file; its paragraphs stay, its margins go."""
    written = decoded(file.read())
    text = Budget(limits).spend(markdown.escaped(written))
    parts = list(_parts(text))
    sections = [Section(part, number if len(parts) > 1 else None) for number, part in enumerate(parts, 1)]
    return Draft("txt", "", 1, sections, places=lines_of(written, limits.places))


def _parts(text: str) -> Iterator[str]:
    """A long text in parts that can be cited, each ending with a paragraph, or with a line where those are long."""
    while len(text) > 2 * _PART:
        cut = text.find("\n\n", _PART, 2 * _PART)
        cut = cut if cut > 0 else max(text.rfind("\n", _PART, 2 * _PART), _PART)
        yield text[:cut]
        text = text[cut:].lstrip()
    yield text


def read_markdown(file: BinaryIO, limits: Limits) -> Draft:
    """A Markdown file as it is, without its front matter."""
    text = markdown.clean(decoded(file.read())).lstrip("\n")
    front = _FRONT.match(text)
    title = _FRONT_TITLE.search(front.group(1)) if front else None
    text = Budget(limits).spend(text[front.end() :] if front else text).strip()
    if title is None:
        title = _FIRST_HEADING.search(text)
    named = markdown.one_line(title.group(1)) if title else ""
    return Draft("md", named, 1, [Section(text)], places=lines_of(text, limits.places))
