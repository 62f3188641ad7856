"""The Word file: a docxtpl template filled in a sandbox, every value as literal text."""

from functools import lru_cache
from pathlib import Path

from docxtpl import DocxTemplate
from jinja2 import StrictUndefined, Template
from jinja2.sandbox import ImmutableSandboxedEnvironment
from markupsafe import Markup, escape

from core.errors import AppError
from core.language import Language
from offers.documents.files import whole_file
from offers.documents.view import PrintedOffer, printed
from offers.documents.words import TEMPLATES
from offers.provenance import require_sources
from offers.sheet import OfferSheet


def _literal(value: object) -> Markup:
    # docxtpl turns {_{ in its output into {{ ; as character references braces stay what they are.
    return Markup(str(escape(value)).replace("{", "&#123;").replace("}", "&#125;"))


class _Environment(ImmutableSandboxedEnvironment):
    """Templates may read the offer's strings and nothing else; compiled parts are kept, as they repeat."""

    @lru_cache(maxsize=64)  # noqa: B019 - there is one environment for the life of the process
    def _compiled(self, source: str) -> Template:
        return super().from_string(source)

    def from_string(self, source: object, *_: object, **__: object) -> Template:
        """The template `source` (its text) compiled; the same text is compiled once."""
        return self._compiled(str(source))


_ENVIRONMENT = _Environment(autoescape=True, finalize=_literal, undefined=StrictUndefined)


def shipped_template(language: Language) -> Path:
    """The Word template that comes with the product for `language`."""
    return TEMPLATES / f"offer.{language}.docx"


def render_docx(sheet: OfferSheet, target: Path, template: Path | None = None) -> Path:
    """Write the offer as a Word file to `target` (whole or not at all) and return `target`.

    `template` is a company's own docxtpl file, by default the shipped one of the sheet's language.
    Values are printed as literal text whatever characters they hold. Raises `AppError`
    `figure_without_source` if the sheet has a figure that follows from none, `offer_template_missing` if the template
    is not there and `offer_template_broken` if it is no Word file, names a placeholder that does not exist, or is not
    a valid template.
    """
    require_sources(sheet)
    return fill_docx(sheet, target, template)


def fill_docx(sheet: OfferSheet, target: Path, template: Path | None = None) -> Path:
    """The same without asking where the figures come from: for samples, never for what is sent."""
    source = template or shipped_template(sheet.language)
    if not source.is_file():
        raise AppError("offer_template_missing", 500, template=source.name)
    offer = printed(sheet)
    try:
        document = DocxTemplate(source)
        document.render(offer.as_dict(), _ENVIRONMENT)
    except Exception as fault:  # a template is a small program of the company: it can raise anything
        raise AppError("offer_template_broken", 422, template=source.name, fault=str(fault)[:200]) from fault
    _describe(document, offer)
    with whole_file(target) as draft:
        document.save(draft)
    return target


def _describe(document: DocxTemplate, offer: PrintedOffer) -> None:
    # Not get_docx(), which would load the unfilled template again.
    about = document.docx.core_properties
    about.title = f"{offer.number} {offer.title}".strip()[:255]
    about.author = about.last_modified_by = offer.seller.name[:255]
