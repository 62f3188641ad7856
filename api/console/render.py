"""Templates: one Jinja environment a language, autoescaped, with the language's words and formats."""

from functools import cache
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape

from api.assets import asset_url
from api.console.icons import icon, notice_box
from api.console.words import Words, translations
from core.language import Language

TEMPLATES = Path(__file__).with_name("templates")


@cache
def words_of(language: Language) -> Words:
    """The words of `language`."""
    return Words(language)


@cache
def environment(language: Language) -> Environment:
    """The templates as they speak `language`. A name a template uses but is not given is an error."""
    made = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=select_autoescape(default=True, default_for_string=True),
        undefined=StrictUndefined,
        extensions=["jinja2.ext.i18n", "jinja2.ext.do"],
        trim_blocks=True,
        lstrip_blocks=True,
    )
    words = words_of(language)
    made.install_gettext_translations(translations(language), newstyle=True)  # type: ignore[attr-defined]
    made.policies["ext.i18n.trimmed"] = True
    made.globals.update(
        words=words, count=words.count, language=language, asset_url=asset_url, icon=icon, notice_box=notice_box
    )
    for name in ("money", "number", "percent", "day", "weekday", "month", "moment", "time", "ago", "name"):
        made.filters[name if name != "name" else "named"] = getattr(words, name)
    return made
