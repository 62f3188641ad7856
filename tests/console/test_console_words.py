"""Nothing of the console is untranslated, and one English text has one translation everywhere."""

import re
from collections import defaultdict
from pathlib import Path

import pytest
from babel.messages.pofile import read_po
from jinja2 import Environment, nodes

from api.console import TEMPLATE_FOLDER
from api.console.catalogue import messages, missing
from api.console.words import LOCALE, TRANSLATED
from core.language import Language

TEMPLATES = sorted(TEMPLATE_FOLDER.rglob("*.html"))
_BLANK = re.compile(r"%\((\w+)\)s")
# Names that are the same in every language.
_NAMES = {
    "Virtuo Robo",
    "· Virtuo Robo",
    "Virtuo",
    "Robo",
    "Ctrl K",
    "PDF",
    "Word",
    "XLSX",
    "ICS",
    "SKU",
    "Markdown",
    "HU",
    "PL",
    "EN",
}


@pytest.mark.parametrize("language", TRANSLATED)
def test_every_text_is_translated(language: Language) -> None:
    assert missing(language) == {}


@pytest.mark.parametrize("language", TRANSLATED)
def test_a_translation_has_the_blanks_of_its_text_and_is_the_only_one(language: Language) -> None:
    seen: dict[object, set[object]] = defaultdict(set)
    for file in sorted((LOCALE / language).glob("*.po")):
        with file.open("rb") as source:
            for message in read_po(source, locale=language):
                if not message.id:
                    continue
                texts = message.id if isinstance(message.id, tuple) else (message.id,)
                said = message.string if isinstance(message.string, tuple) else (message.string,)
                seen[message.id].add(message.string)
                blanks = {name for text in texts for name in _BLANK.findall(text)}
                for string in said:
                    assert set(_BLANK.findall(string)) <= blanks, (file.name, message.id)
                    assert blanks - {"num"} <= set(_BLANK.findall(string)), (file.name, message.id)
    assert {text: said for text, said in seen.items() if len(said) > 1} == {}


def test_the_sources_are_read() -> None:
    assert len({area for area, _ in messages()}) >= 1 and len(list(messages())) > 20


@pytest.mark.parametrize("template", TEMPLATES, ids=lambda p: str(p.relative_to(TEMPLATE_FOLDER)))
def test_no_word_stands_in_a_template_untranslated(template: Path) -> None:
    parsed = Environment(extensions=["jinja2.ext.i18n", "jinja2.ext.do"]).parse(template.read_text(encoding="utf-8"))
    markup = "".join(
        part.data if isinstance(part, nodes.TemplateData) else "\x00"
        for output in parsed.find_all(nodes.Output)
        for part in output.nodes
    )
    shown = re.sub(r"<(script|style)\b.*?</\1>|<!--.*?-->", " ", markup, flags=re.S)
    attributes = re.findall(r'\b(?:title|placeholder|aria-label|alt|data-label|data-confirm)="([^"\x00]+)"', shown)
    text = re.sub(r"<[^<>]*>|&\w+;", "\n", shown).replace("\x00", "\n")
    words = {piece.strip() for piece in [*text.split("\n"), *attributes]}
    left = {w for w in words if re.search(r"[^\W\d_]{2,}", w) and w not in _NAMES and "=" not in w and '"' not in w}
    assert left == set()
