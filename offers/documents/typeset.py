"""The PDF without LibreOffice: the offer set by typst, in this process, from one template."""

import json
from datetime import UTC, datetime, time
from functools import lru_cache
from pathlib import Path
from threading import Lock

import typst

from core.errors import AppError
from offers.documents.files import whole_file
from offers.documents.view import printed
from offers.documents.words import TEMPLATES, labels
from offers.sheet import OfferSheet

_ONE_AT_A_TIME = Lock()


@lru_cache
def _compiler() -> typst.Compiler:
    # The wheel's own Libertinus Serif sets every offer alike on every machine; fonts of the system
    # only help out with letters it lacks. Both are looked up once, as that takes longer than a page.
    return typst.Compiler(TEMPLATES / "offer.typ", root=TEMPLATES, font_paths=typst.Fonts())


def typeset_pdf(sheet: OfferSheet, target: Path) -> Path:
    """Write the offer as a PDF to `target` (whole or not at all) and return `target`.

    The same sheet gives the same bytes. Raises `AppError` `pdf_failed` if typst cannot set it.
    """
    given = json.dumps({"offer": printed(sheet).as_dict(), "labels": labels(sheet.language)})
    made_at = datetime.combine(sheet.made_on, time(), UTC)
    try:
        with _ONE_AT_A_TIME:
            pdf = _compiler().compile(format="pdf", sys_inputs={"sheet": given}, timestamp=made_at)
    except typst.TypstError as fault:
        raise AppError("pdf_failed", 500, file=target.name, fault=fault.message[:200]) from fault
    if not isinstance(pdf, bytes):
        raise AppError("pdf_failed", 500, file=target.name, fault="no page")
    with whole_file(target) as draft:
        draft.write_bytes(pdf)
    return target
