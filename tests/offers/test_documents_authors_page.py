"""The page for authors of templates names every placeholder there is, and none there is not."""

import re
from collections.abc import Iterator, Mapping
from pathlib import Path

from offers.documents.placeholders import REQUIRED, Shape, known

PAGE = Path(__file__).parents[2] / "docs" / "offer-templates.md"
# What the loops of the page call one of each.
ONE_OF = {"lines": "line", "options": "line", "alternatives": "group", "vat": "row", "line.contents": "part"}
# Values a party may have in general, and this one never has.
NEVER = re.compile(r"owner\.(?!name|email)|seller\.(contact|code)|buyer\.(email|phone|bank_account|website)")


def names(shape: Mapping[str, Shape], before: str = "") -> Iterator[str]:
    for name, of in shape.items():
        path = before + name
        if isinstance(of, Mapping):
            yield from names(of, f"{path}.")
        else:
            yield path
            if isinstance(of, list) and isinstance(of[0], Mapping) and path in ONE_OF:
                yield from names(of[0], f"{ONE_OF[path]}.")


def test_every_placeholder_is_on_the_page_and_no_other() -> None:
    table = "\n".join(row.split("|")[1] for row in PAGE.read_text().splitlines() if row.startswith("| `"))
    told = set(re.findall(r"`([a-z_.]+)`", table))
    assert told == {name for name in names(known()) if not NEVER.match(name)}


def test_what_has_to_be_printed_is_known() -> None:
    assert set(REQUIRED) <= set(names(known()))
