"""Keeping the catalogues whole: `python -m api.console.catalogue` lists what lacks a translation,
`python -m api.console.catalogue update [AREA ...]` writes those messages into the areas' files, to be filled in."""

import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract_from_file
from babel.messages.pofile import read_po, write_po

from api.console.words import LOCALE, TRANSLATED, load
from core.language import Language

ROOT = Path(__file__).parent
_KEYWORDS = {"_": None, "gettext": None, "ngettext": (1, 2), "N_": None, "words": None, "count": (1, 2)}
_MADE = datetime(2026, 1, 1, tzinfo=UTC)


def area_of(file: Path) -> str:
    """The area a source file belongs to: the folder of a template, the name of a module; `common` for shared ones."""
    inside = file.relative_to(ROOT)
    if inside.parts[0] == "templates":
        return inside.parts[1] if len(inside.parts) > 2 else "common"
    return inside.stem.split("_")[0] if (ROOT / "templates" / inside.stem.split("_")[0]).is_dir() else "common"


def messages() -> Iterator[tuple[str, str | tuple[str, ...]]]:
    """Every message of the console with the area it stands in."""
    for file in sorted([*ROOT.rglob("*.html"), *ROOT.rglob("*.py")]):
        method = "jinja2.ext:babel_extract" if file.suffix == ".html" else "python"
        options = {"newstyle_gettext": "true", "trimmed": "true", "silent": "false"} if file.suffix == ".html" else {}
        for _line, text, _comments, _context in extract_from_file(method, file, keywords=_KEYWORDS, options=options):
            found = tuple(text) if isinstance(text, list | tuple) else text
            if found:
                yield area_of(file), found


def missing(language: Language) -> dict[str, list[str | tuple[str, ...]]]:
    """Messages without a translation, by area."""
    known = load(language)
    lacking: dict[str, list[str | tuple[str, ...]]] = {}
    for area, text in messages():
        stored = known.get(text if isinstance(text, str) else text[0])
        if not (isinstance(stored, Message) and _whole(stored, isinstance(text, tuple), known.num_plurals)):
            texts = lacking.setdefault(area, [])
            if text not in texts:
                texts.append(text)
    return lacking


def _whole(message: Message, plural: bool, forms: int) -> bool:
    if message.fuzzy or bool(plural) != isinstance(message.id, tuple):
        return False
    if isinstance(message.id, tuple):
        return isinstance(message.string, tuple) and len(message.string) == forms and all(message.string)
    return bool(message.string)


def _update(language: Language, areas: list[str]) -> int:
    count = 0
    for area, texts in missing(language).items():
        if areas and area not in areas:
            continue
        file = LOCALE / language / f"{area}.po"
        catalogue = _open(file, language)
        for text in texts:
            catalogue.add(text)
            count += 1
        with file.open("wb") as target:
            write_po(target, catalogue, width=120, no_location=True, sort_output=True, omit_header=False)
    return count


def _open(file: Path, language: Language) -> Catalog:
    if file.exists():
        with file.open("rb") as source:
            return read_po(source, locale=language)
    file.parent.mkdir(parents=True, exist_ok=True)
    return Catalog(
        locale=language, project="Virtuo Robo", version="1", creation_date=_MADE, revision_date=_MADE, fuzzy=False
    )


def _main(update: bool, areas: list[str]) -> int:
    total = 0
    for language in TRANSLATED:
        if update:
            sys.stdout.write(f"{language}: {_update(language, areas)} messages added, to be translated\n")
        for area, texts in missing(language).items():
            total += len(texts)
            sys.stdout.writelines(f"{language}/{area}.po lacks: {text}\n" for text in texts)
    return 1 if total and not update else 0


if __name__ == "__main__":
    sys.exit(_main(sys.argv[1:2] == ["update"], sys.argv[2:]))
