"""Help pages as Markdown with YAML front matter: finding them, reading them, refusing bad ones."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

import frontmatter
from yaml import YAMLError  # type: ignore[import-untyped]

from core.errors import AppError
from core.language import LANGUAGES, Language
from core.text import nfc

HELP = Path(__file__).parent
EVERYONE = "everyone"

_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9._/-]{0,199}")
_FIELDS = frozenset({"id", "title", "language", "screens", "audience", "updated"})


@dataclass(frozen=True)
class Page:
    """One page in one language; (`language`, `id`) is unique, translations share the `id`.

    `screens` are the identifiers of the screens the page explains (may be empty); `audience` the
    groups that may read it, never empty, `("everyone",)` for a page open to all; `body` is Markdown
    without front matter, in NFC; `path` is the file it came from, for messages.
    """

    id: str
    title: str
    language: Language
    screens: tuple[str, ...]
    audience: tuple[str, ...]
    updated: date
    body: str
    path: Path


def help_pages() -> tuple[Page, ...]:
    """The product's own pages, in the order of language and file name. Raises as `load_pages`."""
    return load_pages(HELP)


def load_pages(path: Path) -> tuple[Page, ...]:
    """The pages under `path`: a folder with `hu`, `pl` or `en` inside (a page's language is its
    folder), else a folder of `.md` files, or one such file, whose front matter has `language`.

    Raises `AppError`: `pages_missing` (404) when nothing is there, `page_unreadable`, `page_header`,
    `page_field_missing`, `page_field_wrong`, `page_field_unknown`, `page_empty` (422) naming the file
    and the fault, `page_twice` (409) when two files bear one id in one language.
    """
    if path.is_file():
        return (read_page(path, None),)
    folders = [code for code in LANGUAGES if (path / code).is_dir()]
    if folders:
        pages = [read_page(file, code) for code in folders for file in sorted((path / code).glob("*.md"))]
    else:
        pages = [read_page(file, None) for file in sorted(path.glob("*.md"))]
    if not pages and not folders:
        raise AppError("pages_missing", 404, path=path)
    refuse_doubles(pages)
    return tuple(pages)


def refuse_doubles(pages: Iterable[Page]) -> None:
    """Raises `AppError` `page_twice` (409) if two of `pages` bear one id in one language."""
    seen: dict[tuple[str, str], Path] = {}
    for page in pages:
        first = seen.setdefault((page.language, page.id), page.path)
        if first is not page.path:
            raise AppError("page_twice", 409, file=page.path, id=page.id, other=first)


def read_page(file: Path, folder_language: Language | None) -> Page:
    """The page in `file`; its language is `folder_language`, or its front matter's when that is None.
    Raises as `load_pages`."""
    try:
        text = file.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as fault:
        raise AppError("page_unreadable", 422, file=file) from fault
    try:
        fields, body = frontmatter.parse(text)
    except (YAMLError, ValueError) as fault:
        raise AppError("page_header", 422, file=file) from fault
    if not fields:
        raise AppError("page_header", 422, file=file)
    for name in fields.keys() - _FIELDS:
        raise AppError("page_field_unknown", 422, file=file, field=name)
    header = _Header(file, fields)
    if not body.strip():
        raise AppError("page_empty", 422, file=file)
    return Page(
        id=header.identifier(),
        title=header.text("title"),
        language=header.language(folder_language),
        screens=header.names("screens", may_be_empty=True),
        audience=header.names("audience", may_be_empty=False),
        updated=header.day("updated"),
        body=nfc(body),
        path=file,
    )


@dataclass(frozen=True)
class _Header:
    """Front matter as parsed, with one strict reader for each kind of field."""

    file: Path
    fields: dict[str, object]

    def _get(self, name: str) -> object:
        if name not in self.fields:
            raise AppError("page_field_missing", 422, file=self.file, field=name)
        return self.fields[name]

    def _wrong(self, name: str, expected: str) -> AppError:
        return AppError("page_field_wrong", 422, file=self.file, field=name, expected=expected)

    def text(self, name: str) -> str:
        value = self._get(name)
        if not isinstance(value, str) or not value.strip() or "\n" in value.strip():
            raise self._wrong(name, "text")
        return nfc(value.strip())

    def identifier(self) -> str:
        value = self.text("id")
        if not _ID.fullmatch(value):
            raise self._wrong("id", "a-z 0-9 . _ / -")
        return value

    def language(self, folder_language: Language | None) -> Language:
        if folder_language is not None and "language" not in self.fields:
            return folder_language
        value = self._get("language")
        for code in LANGUAGES:
            if value == code and folder_language in (None, code):
                return code
        raise self._wrong("language", folder_language or " / ".join(LANGUAGES))

    def names(self, name: str, *, may_be_empty: bool) -> tuple[str, ...]:
        value = self._get(name)
        listed = [value] if isinstance(value, str) else value
        if not isinstance(listed, list) or not all(isinstance(v, str) and v.strip() for v in listed):
            raise self._wrong(name, "[a, b]")
        if not listed and not may_be_empty:
            raise self._wrong(name, f"[{EVERYONE}]")
        return tuple(dict.fromkeys(nfc(v.strip()) for v in listed))

    def day(self, name: str) -> date:
        value = self._get(name)
        if not isinstance(value, date) or isinstance(value, datetime):
            raise self._wrong(name, "2026-01-31")
        return value
