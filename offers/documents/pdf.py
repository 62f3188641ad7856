"""The PDF of an offer, by LibreOffice from the Word file or by typst from the sheet."""

import logging
from pathlib import Path
from typing import Literal

from core.errors import AppError
from offers.documents.office import convert_to_pdf, soffice
from offers.documents.typeset import typeset_pdf
from offers.provenance import require_sources
from offers.sheet import OfferSheet

_log = logging.getLogger(__name__)


def pdf_engine() -> Literal["libreoffice", "typst"]:
    """What makes PDF files on this machine: LibreOffice where it is installed, else typst."""
    return "typst" if soffice() is None else "libreoffice"


def render_pdf(sheet: OfferSheet, docx: Path, target: Path, custom_template: bool = False) -> Path:
    """Write the offer as a PDF to `target` (whole or not at all) and return `target`.

    With LibreOffice it is the Word file `docx` converted; without, the typst twin of the shipped
    template, set from `sheet`. A Word file from a company's own template (`custom_template`) has no
    twin: without LibreOffice that raises `AppError` `pdf_needs_libreoffice`, and when LibreOffice
    fails, `pdf_failed`. For a shipped template typst steps in when LibreOffice fails. A sheet with a figure
    that follows from no source is refused (`figure_without_source`).
    """
    require_sources(sheet)
    if pdf_engine() == "libreoffice":
        try:
            return convert_to_pdf(docx, target)
        except AppError as fault:
            if custom_template:
                raise
            _log.warning("typst makes the PDF instead: %s", fault)
    elif custom_template:
        raise AppError("pdf_needs_libreoffice", 409)
    return typeset_pdf(sheet, target)
