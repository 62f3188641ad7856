"""Long documents are shown a part at a time, and nothing long is ever run through Markdown."""

from datetime import date

import pytest

from api.console import help_parts
from api.console.help_parts import parted, shown
from api.console.help_text import render
from assistant.pages import HelpText

SECTIONS = "\n\n".join(f"## Rule\n\nWhat rule {n} says. " + "More of it. " * 300 for n in range(30))


def document(body: str) -> HelpText:
    return HelpText("doc-D0001", "en", "T", body, ("everyone",), (), date(2026, 1, 1), "document", code="D0001")


@pytest.mark.parametrize("body", ["short", SECTIONS, "\n\n".join(["paragraph " * 300] * 60)])
def test_the_parts_are_the_whole_text(body: str) -> None:
    parts = parted(body)
    assert "\n".join(parts) == body
    assert all(len(part) < 60_000 for part in parts)
    assert (len(parts) > 1) == (len(body) > 60_000)


def test_a_heading_has_one_anchor_whichever_part_shows_it() -> None:
    page = document(SECTIONS)
    parts = shown(page).parts
    assert parts > 2
    for number in range(1, parts + 1):
        found = shown(page, number)
        places = sorted([*found.headings, *found.elsewhere], key=lambda place: place.part)
        assert [place.anchor for place in places] == ["rule", *(f"rule-{n}" for n in range(2, 31))]
        assert all((place.part == number) == (f'id="{place.anchor}"' in found.body) for place in places)


def test_a_part_beyond_the_last_is_the_last() -> None:
    assert shown(document(SECTIONS), 99_999).part == shown(document(SECTIONS)).parts


def test_a_part_is_rendered_once_until_the_text_changes(monkeypatch: pytest.MonkeyPatch) -> None:
    rendered: list[str] = []

    def counting(body: str, *others: object) -> object:
        rendered.append(body)
        return render(body, *others)  # type: ignore[arg-type]

    monkeypatch.setattr(help_parts, "render", counting)
    help_parts._remembered.clear()
    for body in ("one", "one", "two", "one"):
        shown(document(body))
    assert rendered == ["one", "two"]


def test_a_very_long_text_is_shown_as_paragraphs_with_its_headings() -> None:
    body, headings = render("## Rules\n\n*a* <b>\n\n" + "word " * 30_000)
    assert headings == [("Rules", "rules")] and '<h2 id="rules">Rules</h2>' in body
    assert "<p>*a* &lt;b&gt;</p>" in body and "<em>" not in body
