"""A company's own template, from a stranger's file to one that offers can be made with."""

from pathlib import Path

from core.language import Language
from offers.documents.inspecting import inspect
from offers.documents.placeholders import check_placeholders
from offers.documents.trying import try_out


def check_template(path: Path, filename: str, language: Language) -> None:
    """Raise `AppError` unless the file at `path`, called `filename`, is a sound template for offers in `language`:
    a safe Word file (`inspect`) of known placeholders (`check_placeholders`) that makes true documents (`try_out`)."""
    inspect(path, filename)
    check_placeholders(path)
    try_out(path, language)
