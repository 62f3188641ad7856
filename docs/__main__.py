"""Writes the pages that come from code, and checks that every relative link of the documents leads somewhere."""

import re
import sys
from pathlib import Path

from docs import live_questions, permissions

ROOT = Path(__file__).parents[1]
_LINK = re.compile(r"\]\((?!https?:|#|mailto:)([^)#\s]+)")


def dead_links() -> list[str]:
    """Relative links in Markdown files of the repository's top and of docs/ that lead nowhere."""
    files = [*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")]
    return [
        f"{file.relative_to(ROOT)}: {link}"
        for file in files
        for link in _LINK.findall(file.read_text(encoding="utf-8"))
        if not (file.parent / link).exists()
    ]


if __name__ == "__main__":
    for page in (live_questions, permissions):
        page.TARGET.write_text(page.render(), encoding="utf-8")
    sys.exit("\n".join(dead_links()) or None)
