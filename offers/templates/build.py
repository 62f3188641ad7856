"""Builds the Word templates `offer.hu.docx`, `offer.pl.docx` and `offer.en.docx`.

Run `python -m offers.templates.build` after changing a label or the layout. A company may also open
one of the files in Word, change it and use it as its own; the placeholders are in `docs/offer-templates.md`.
"""

from datetime import UTC, datetime
from pathlib import Path

import docx
from docx.document import Document
from docx.enum.text import WD_TAB_ALIGNMENT
from docx.oxml.ns import qn
from docx.shared import Mm, Pt

from core.language import LANGUAGES, Language
from offers.documents.words import TEMPLATES, labels
from offers.templates.ending import signatures, sums, terms
from offers.templates.items import alternatives, lines, options
from offers.templates.wordkit import (
    ACCENT,
    ALARM,
    CENTER,
    FONT,
    INK,
    MARGIN,
    MUTED,
    PAGE_WIDTH,
    RIGHT,
    RULE,
    borders,
    caption,
    element,
    field,
    low,
    marker,
    shade,
    space,
    table,
    write,
)

_REGION: dict[Language, str] = {"hu": "hu-HU", "pl": "pl-PL", "en": "en-GB"}


def build(language: Language, target: Path) -> Path:
    """Write the template of `language` to `target`. The same labels give the same document."""
    words = labels(language)
    made = docx.Document()
    _page(made, language)
    _footer(made, words)
    _head(made, words)
    _draft_mark(made)
    _parties(made, words)
    _subject(made)
    lines(made, words)
    sums(made, words)
    alternatives(made, words)
    options(made, words)
    terms(made, words)
    signatures(made, words)
    made.save(str(target))
    return target


def _page(made: Document, language: Language) -> None:
    section = made.sections[0]
    section.page_width, section.page_height = Mm(210), Mm(297)
    section.left_margin = section.right_margin = Mm(MARGIN)
    section.top_margin, section.bottom_margin = Mm(18), Mm(20)
    section.header_distance, section.footer_distance = Mm(7), Mm(9)
    normal = made.styles["Normal"]
    normal.font.name, normal.font.size, normal.font.color.rgb = FONT, Pt(9), INK
    run = normal.element.get_or_add_rPr()
    for script in ("ascii", "hAnsi", "cs", "eastAsia"):
        run.get_or_add_rFonts().set(qn(f"w:{script}"), FONT)
    run.append(element("lang", val=_REGION[language], eastAsia=_REGION[language]))
    normal.paragraph_format.space_after = Pt(0)
    about = made.core_properties
    about.author, about.title, about.comments, about.language = "", labels(language)["offer"], "", _REGION[language]
    about.created = about.modified = datetime(2026, 1, 1, tzinfo=UTC)
    # In an older mode Word and LibreOffice set a table one cell margin left of the text around it.
    for setting in made.settings.element.iter(qn("w:compatSetting")):
        if setting.get(qn("w:name")) == "compatibilityMode":
            setting.set(qn("w:val"), "15")
    header = section.header.paragraphs[0]
    header.style = normal
    write(header, "{{ draft }}", size=8, bold=True, color=ALARM, align=RIGHT)


def _footer(made: Document, words: dict[str, str]) -> None:
    line = made.sections[0].footer.paragraphs[0]
    line.style = made.styles["Normal"]
    line.paragraph_format.tab_stops.add_tab_stop(Mm(PAGE_WIDTH), WD_TAB_ALIGNMENT.RIGHT)
    edge = element("pBdr")
    edge.append(element("top", val="single", sz="4", space="4", color=RULE))
    line._p.get_or_add_pPr().append(edge)
    write(line, "{{ seller.name }}  ·  {{ number }}, {{ version }}\t", size=7.5, color=MUTED)
    before, rest = words["page"].split("{page}")
    between, after = rest.split("{pages}")
    for text, code in ((before, "PAGE"), (between, "NUMPAGES")):
        write(line, text, size=7.5, color=MUTED)
        field(line, code, 7.5, MUTED)
    write(line, after, size=7.5, color=MUTED)


def _head(made: Document, words: dict[str, str]) -> None:
    head = table(made, (PAGE_WIDTH - 68, 68), 1, padding=0)
    left, right = head.rows[0].cells
    write(left.paragraphs[0], "{{ seller.name }}", size=18, bold=True, color=ACCENT)
    space(left.paragraphs[0], after=3)
    facts = (("address", ""), ("tax_number", words["tax_number"]), ("bank_account", words["bank_account"]))
    for name, label in facts:
        marker(left, "if seller." + name)
        write(left.add_paragraph(), (f"{label}: " if label else "") + "{{ seller." + name + " }}", size=8, color=MUTED)
        marker(left, "endif")
    reach = "{{ [seller.phone, seller.email, seller.website] | select | join('  ·  ') }}"
    write(left.add_paragraph(), reach, size=8, color=MUTED)
    write(right.paragraphs[0], words["offer"].upper(), size=20, color=ACCENT, align=RIGHT)
    space(right.paragraphs[0], after=2)
    write(right.add_paragraph(), "{{ number }}", size=11, bold=True, align=RIGHT)
    write(right.add_paragraph(), "{{ version }}", size=8, color=MUTED, align=RIGHT)
    for cell in (left, right):
        borders(cell, bottom="12:144B6B")
        space(cell.paragraphs[-1], after=7)


def _draft_mark(made: Document) -> None:
    space(write(made.add_paragraph(), "", size=4))
    marker(made, "if draft")
    mark = table(made, (PAGE_WIDTH,), 1)
    cell = mark.rows[0].cells[0]
    line = space(cell.paragraphs[0], before=3, after=3)
    write(line, "{{ draft }}", size=13, bold=True, color=ALARM, align=CENTER)
    write(line, "   {{ draft_reason }}", size=9, color=ALARM)
    borders(cell, top="8:B42318", left="8:B42318", bottom="8:B42318", right="8:B42318")
    shade(cell, "FDF3F2")
    marker(made, "endif")


def _parties(made: Document, words: dict[str, str]) -> None:
    space(write(made.add_paragraph(), "", size=4), after=2)
    both = table(made, (PAGE_WIDTH - 82, 82), 1, padding=0)
    buyer, facts = both.rows[0].cells
    space(caption(buyer.paragraphs[0], words["buyer"]), before=4, after=3)
    space(write(buyer.add_paragraph(), "{{ buyer.name }}", size=12, bold=True), after=2)
    for field_name, label in (("address", ""), ("tax_number", words["tax_number"]), ("contact", words["attention"])):
        marker(buyer, "if buyer." + field_name)
        text = (f"{label}: " if label else "") + "{{ buyer." + field_name + " }}"
        space(write(buyer.add_paragraph(), text), before=1)
        marker(buyer, "endif")
    rows = (
        (words["made_on"], "{{ made_on }}"),
        (words["valid_until"], "{{ valid_until }}"),
        (words["payment"], "{{ payment }}"),
        (words["owner"], "{{ owner.name }}"),
    )
    inner = table(facts, (30, 52), len(rows), padding=1)
    for row, (label, value) in zip(inner.rows, rows, strict=True):
        write(row.cells[0].paragraphs[0], label, size=8, color=MUTED)
        write(row.cells[1].paragraphs[0], value, bold=True)
        for cell in row.cells:
            space(cell.paragraphs[0], before=1, after=1)
            borders(cell, bottom=f"4:{RULE}")
    mail = inner.rows[-1].cells[1].add_paragraph()
    space(write(mail, "{{ owner.email }}", size=8, color=MUTED), after=1)
    # A cell must end with a paragraph, so the empty ones around the inner table stay, and take no room.
    low(facts)


def _subject(made: Document) -> None:
    space(write(made.add_paragraph(), "", size=4), after=4)
    marker(made, "if title")
    line = space(write(made.add_paragraph(), "{{ title }}", size=14, bold=True), before=6, after=8)
    line.paragraph_format.keep_with_next = True
    marker(made, "endif")


def main() -> None:
    """Rebuild every shipped template in place."""
    for language in LANGUAGES:
        build(language, TEMPLATES / f"offer.{language}.docx")


if __name__ == "__main__":
    main()
