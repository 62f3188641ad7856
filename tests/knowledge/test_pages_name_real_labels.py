"""What a page puts between quotation marks is what the product shows: a label, or the words of a message.

What people write or say themselves, names and other examples stand in italics (`*“10% off everything”*`), codes and
values of the API in code marks. So a label that was renamed is found here before a reader looks for it in vain.
"""

import re
from functools import cache
from pathlib import Path

import pytest

from api.console.words import load
from core.errors import catalogue
from core.language import LANGUAGES, Language
from crm.defaults import ACTIVITY_TYPES, ROLES, STAGES
from knowledge.pages import Page, help_pages

_WIDGET = Path(__file__).parents[2] / "web" / "src" / "widget" / "strings"
_QUOTED = {"hu": r"(?<!\*)„([^„”]+)”", "pl": r"(?<!\*)„([^„”]+)”", "en": r"(?<!\*)“([^“”]+)”"}
_CODE = re.compile(r"```.*?```|`[^`\n]*`", re.DOTALL)
_STRING = re.compile(r'"((?:[^"\\]|\\.)*)"')
_BLANK = re.compile(r"%\(\w+\)[sd]|\$?\{[^}]*\}|%%")
# Fewer letters than these are no beginning of a sentence that anyone would know again.
_LEAST = 10


def _plain(text: str) -> str:
    """`text` as it is compared: letter case, blanks to fill in, spaces and the signs at its end do not count."""
    spaced = _BLANK.sub(" ", text.replace("A(z)", "Az").replace("a(z)", "az"))
    return re.sub(r"[\s\u00a0]+", " ", spaced).strip().casefold().rstrip(".…!?:,% ")


@cache
def _labels(language: Language) -> frozenset[str]:
    """Every text of the console and the widget in `language`, and the names a new company's records come with."""
    shown: set[str] = set()
    for message in load("hu" if language == "en" else language):
        texts = message.id if language == "en" else message.string
        shown.update(texts if isinstance(texts, tuple | list) else (texts,))
    shown.update(_STRING.findall((_WIDGET / f"{language}.ts").read_text(encoding="utf-8")))
    shown.update(names[language] for names in ROLES.values())
    shown.update(names[language] for *_rest, names in (*STAGES, *ACTIVITY_TYPES))
    return frozenset(_plain(text) for text in shown if text)


@cache
def _sentences(language: Language) -> tuple[str, ...]:
    """The messages people are told, without what is filled in."""
    return tuple(_plain(texts[language]) for texts in catalogue().values())


def _is_shown(quoted: str, language: Language) -> bool:
    said = _plain(quoted)
    if said in _labels(language):
        return True
    return len(said) >= _LEAST and any(said in sentence for sentence in _sentences(language))


def _quoted(page: Page) -> list[str]:
    return re.findall(_QUOTED[page.language], _CODE.sub("", page.body))


@pytest.mark.parametrize("language", LANGUAGES)
def test_quoted_words_are_shown_by_the_product(language: Language) -> None:
    pages = [page for page in help_pages() if page.language == language]
    unknown = {(page.id, text) for page in pages for text in _quoted(page) if not _is_shown(text, language)}
    assert unknown == set()
    assert sum(len(_quoted(page)) for page in pages) > 150


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_label_that_nothing_shows_would_be_found(language: Language) -> None:
    assert not _is_shown("Xyzzy", language)
    assert not _is_shown("a", language)
