"""Odd PDFs of the world: each is stamped on every page, or refused with a reason, and none takes for ever."""

from datetime import date
from pathlib import Path

import pytest
from pypdf import PdfReader

from core.errors import AppError
from offers.packing import _marks
from offers.packs.limits import PackLimits
from offers.packs.sandbox import ask
from offers.packs.typesetting import stamps_pdf

CORPUS = Path(__file__).parents[3] / "shared" / "corpora" / "pdf"
LIMITS = PackLimits(seconds=30.0, cpu_seconds=25)

pytestmark = pytest.mark.acceptance


@pytest.mark.parametrize("file", sorted(CORPUS.glob("*.pdf"))[::12], ids=lambda file: file.name)
def test_a_pdf_is_stamped_right_or_refused_with_a_reason(file: Path, tmp_path: Path) -> None:
    try:
        seen = ask({"task": "inspect", "file": str(file)}, LIMITS, file.name)
    except AppError as refused:
        assert refused.code.startswith("attachment_")
        return
    parts: list[dict[str, object]] = [{"file": str(file), "title": file.name, "stamp": True}]
    sizes = ask({"task": "measure", "parts": parts}, LIMITS, file.name)["sizes"]
    stamps, target = tmp_path / "stamps.pdf", tmp_path / "pack.pdf"
    stamps.write_bytes(stamps_pdf(_marks(parts, sizes, "AJ-2026-00001 {page}/{pages}"), date(2026, 1, 1)))
    ask(
        {"task": "merge", "parts": parts, "stamps": str(stamps), "target": str(target), "title": "t"}, LIMITS, file.name
    )
    assert len(PdfReader(target).pages) == seen["pages"]


def test_there_are_files_to_try() -> None:
    assert list(CORPUS.glob("*.pdf"))
