"""Trying a template in a process of its own: a sample offer is made with it and read back.

The child can take only so much time and memory, writes only into its own folder, and starts nothing.
"""

import json
import logging
import os
import resource
import subprocess
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

from core.errors import AppError
from core.language import LANGUAGES, Language
from offers.documents.office import convert_to_pdf, soffice
from offers.documents.places import Place, TemplateRefused
from offers.documents.readback import read_back
from offers.documents.rendered import check_rendered
from offers.documents.sample import plain_sheet, sample_sheet
from offers.documents.sections import sections
from offers.documents.word import fill_docx
from offers.sheet import OfferSheet

_SECONDS, _CPU_SECONDS = 40.0, 15
_MEMORY, _WRITTEN = 1_500_000_000, 30_000_000
_ROOT = Path(__file__).parents[2]
_WHOLE = {"lines": "line.sku", "vat": "row.net", "notes": "notes", "rate_note": "rate_note", "draft": "draft"}


def try_out(template: Path, language: Language) -> None:
    """Raise `AppError` unless offers can be made with the (inspected) `template`, to the cent, also as PDF where
    LibreOffice is installed: `template_leaves_out` with the placeholder that is missing, `template_trial_failed`."""
    with TemporaryDirectory(prefix="offer-template-") as folder:
        result = _child(template, language, Path(folder))
        if "refused" in result:
            found, story = result.get("found", ""), result.get("story", "")
            raise TemplateRefused(result["refused"], Place(story), found, **_told(result))
        if "figure" in result:
            raise _left_out(result["figure"], sample_sheet(language))
        if "fault" in result:
            raise AppError("template_trial_failed", 422, fault=result["fault"][:200])
        if soffice() is not None:
            sheet = sample_sheet(language)
            try:
                pdf = convert_to_pdf(Path(folder, "full.docx"), Path(folder, "full.pdf"), _SECONDS)
                read_back(pdf, sheet, custom_template=True)
            except AppError as fault:
                if fault.code == "document_mismatch":
                    raise _left_out(str(fault.values["figure"]), sheet) from fault
                raise AppError(
                    "template_trial_failed", 422, fault=str(fault.values.get("fault", fault))[:200]
                ) from fault


def _told(result: dict[str, str]) -> dict[str, object]:
    return {name: result[name] for name in ("fault", "nearest") if name in result}


def _left_out(figure: str, sheet: OfferSheet) -> AppError:
    """What is told where `figure` was not found: the placeholder that prints it."""
    return AppError("template_leaves_out", 422, placeholder=placeholder_of(figure, sheet), figure=figure)


def placeholder_of(figure: str, sheet: OfferSheet) -> str:
    """The placeholder that prints `figure` of `sheet`: `lines[2].net` of an option is `options: line.net`."""
    whole, _, name = figure.partition(".")
    stem, _, rest = whole.partition("[")
    if stem != "lines":
        return f"row.{name}" if stem == "vat" and name else _WHOLE.get(stem, figure)
    place = int(rest.rstrip("]"))
    placed = sections(sheet)
    grouped = [one.place for group in placed.alternatives for one in group.lines]
    loop = "options" if any(one.place == place for one in placed.options) else "lines"
    loop = "alternatives" if place in grouped else loop
    printed = {"discount_percent": "discount", "vat_percent": "vat", "contents": "contents"}
    return f"{loop}: line.{printed.get(name, name) or 'sku'}"


def _child(template: Path, language: Language, folder: Path) -> dict[str, str]:
    command = [sys.executable, "-P", "-m", "offers.documents.trying", str(template.resolve()), language, str(folder)]
    env = {"PATH": "", "HOME": str(folder), "TMPDIR": str(folder), "PYTHONPATH": str(_ROOT), "LC_ALL": "C.UTF-8"}
    try:
        done = subprocess.run(
            command, cwd=folder, env=env, stdin=subprocess.DEVNULL, capture_output=True, timeout=_SECONDS
        )
    except subprocess.TimeoutExpired:
        return {"fault": f"> {_SECONDS:g} s"}
    try:
        told = json.loads(done.stdout)
    except ValueError:
        return {"fault": f"exit {done.returncode}"}
    return {str(name): str(value) for name, value in told.items()}


def _restrict() -> None:
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_CPU, (_CPU_SECONDS, _CPU_SECONDS + 1))
    resource.setrlimit(resource.RLIMIT_AS, (_MEMORY, _MEMORY))
    resource.setrlimit(resource.RLIMIT_FSIZE, (_WRITTEN, _WRITTEN))
    os.nice(5)


def _tried(template: Path, language: Language, folder: Path) -> dict[str, str]:
    try:
        check_rendered(template)
        for name, sheet in (("plain", plain_sheet(language)), ("full", sample_sheet(language))):
            read_back(fill_docx(sheet, folder / f"{name}.docx", template), sheet, custom_template=True)
    except TemplateRefused as fault:
        told = {name: str(value) for name, value in fault.values.items() if name in ("found", "fault", "nearest")}
        return {"refused": fault.code, "story": fault.place.story, **told}
    except AppError as fault:
        if fault.code == "document_mismatch":
            return {"figure": str(fault.values["figure"])}
        return {"fault": str(fault.values.get("fault", fault))}
    except (MemoryError, RecursionError) as fault:
        return {"fault": type(fault).__name__}
    return {}


def main() -> None:
    """Try the template that the first argument names for the language of the second, in the folder of the third."""
    _restrict()
    logging.disable(logging.CRITICAL)
    language = next(each for each in LANGUAGES if each == sys.argv[2])
    result = _tried(Path(sys.argv[1]), language, Path(sys.argv[3]))
    sys.stdout.write(json.dumps(result))
    sys.stdout.flush()
    os._exit(0)


if __name__ == "__main__":
    main()
