"""The page on permissions says what the program does."""

import runpy
from pathlib import Path

from crm.defaults import default_grants

DOCS = Path(__file__).parents[2] / "docs"


def test_the_page_is_up_to_date() -> None:
    render = runpy.run_path(str(DOCS / "permissions.py"))["render"]
    assert (DOCS / "permissions.md").read_text(encoding="utf-8") == render(), "run: python docs/permissions.py"


def test_no_right_is_left_out_of_the_page() -> None:
    rows = [line.split(" | ") for line in (DOCS / "permissions.md").read_text(encoding="utf-8").splitlines()]
    shown = {(r[0].removeprefix("| "), r[1]): [c.removesuffix(" |") for c in r[2:]] for r in rows if len(r) == 6}
    for place, level in enumerate(("administrator", "manager", "normal", "restricted")):
        for right, scope in default_grants()[level].items():
            assert shown[right][place] == scope
