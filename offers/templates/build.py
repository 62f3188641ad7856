"""Builds the Word templates `offer.hu.docx`, `offer.pl.docx` and `offer.en.docx`.

Run `python -m offers.templates.build` after changing a label or the layout. A company may also open
one of the files in Word, change it and use it as its own; the placeholders are in `README.md`.
"""

from datetime import UTC, datetime
from pathlib import Path

import docx
from docx.document import Document
from docx.enum.text import WD_TAB_ALIGNMENT
from docx.oxml.ns import qn
from docx.shared import Mm, Pt
from docx.table import Table, _Cell

from core.language import LANGUAGES, Language
from offers.documents.words import TEMPLATES, labels
from offers.templates.wordkit import (
    ACCENT,
    ALARM,
    CENTER,
    FONT,
    INK,
    LEFT,
    MUTED,
    RIGHT,
    RULE,
    TINT,
    borders,
    element,
    field,
    row_keeps_together,
    shade,
    space,
    table,
    write,
)

PAGE_WIDTH = 178.0
# Wide enough for 99 999 999,00 zł in DejaVu Sans, the widest font that may stand in for the first choice.
LINE_WIDTHS = (22.0, 44.0, 22.0, 30.0, 14.0, 33.0, 13.0)
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
    _subject(made, words)
    _lines(made, words)
    _sums(made, words)
    _terms(made, words)
    _signatures(made, words)
    made.save(str(target))
    return target


def _page(made: Document, language: Language) -> None:
    section = made.sections[0]
    section.page_width, section.page_height = Mm(210), Mm(297)
    section.left_margin = section.right_margin = Mm(16)
    section.top_margin, section.bottom_margin = Mm(16), Mm(18)
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
    head = table(made, (108, 70), 1, padding=0)
    left, right = head.rows[0].cells
    write(left.paragraphs[0], "{{ seller.name }}", size=17, bold=True, color=ACCENT)
    facts = (("address", ""), ("tax_number", words["tax_number"]), ("bank_account", words["bank_account"]))
    for name, label in facts:
        write(left.add_paragraph(), "{%p if seller." + name + " %}")
        write(left.add_paragraph(), (f"{label}: " if label else "") + "{{ seller." + name + " }}", size=8, color=MUTED)
        write(left.add_paragraph(), "{%p endif %}")
    reach = "{{ [seller.phone, seller.email, seller.website] | select | join('  ·  ') }}"
    write(left.add_paragraph(), reach, size=8, color=MUTED)
    write(right.paragraphs[0], words["offer"].upper(), size=20, color=ACCENT, align=RIGHT)
    write(right.add_paragraph(), "{{ number }}", size=11, bold=True, align=RIGHT)
    write(right.add_paragraph(), "{{ version }}", size=8, color=MUTED, align=RIGHT)
    for cell in (left, right):
        borders(cell, bottom="16:144B6B")
        space(cell.paragraphs[-1], after=5)


def _draft_mark(made: Document) -> None:
    space(write(made.add_paragraph(), "", size=4))
    write(made.add_paragraph(), "{%p if draft %}")
    mark = table(made, (PAGE_WIDTH,), 1)
    cell = mark.rows[0].cells[0]
    line = space(cell.paragraphs[0], before=3, after=3)
    write(line, "{{ draft }}", size=15, bold=True, color=ALARM, align=CENTER)
    write(line, "   {{ draft_reason }}", size=9, color=ALARM)
    borders(cell, top="12:B42318", left="12:B42318", bottom="12:B42318", right="12:B42318")
    shade(cell, "FDF0EF")
    write(made.add_paragraph(), "{%p endif %}")


def _caption(cell: _Cell, text: str) -> None:
    write(cell.paragraphs[0], text.upper(), size=7.5, bold=True, color=ACCENT)
    space(cell.paragraphs[0], before=4, after=2)


def _parties(made: Document, words: dict[str, str]) -> None:
    space(write(made.add_paragraph(), "", size=4))
    both = table(made, (98, 80), 1, padding=0)
    buyer, facts = both.rows[0].cells
    _caption(buyer, words["buyer"])
    write(buyer.add_paragraph(), "{{ buyer.name }}", size=12, bold=True)
    for field_name, label in (("address", ""), ("tax_number", words["tax_number"]), ("contact", words["attention"])):
        write(buyer.add_paragraph(), "{%p if buyer." + field_name + " %}")
        text = (f"{label}: " if label else "") + "{{ buyer." + field_name + " }}"
        space(write(buyer.add_paragraph(), text), before=1)
        write(buyer.add_paragraph(), "{%p endif %}")
    rows = (
        (words["made_on"], "{{ made_on }}"),
        (words["valid_until"], "{{ valid_until }}"),
        (words["payment"], "{{ payment }}"),
        (words["owner"], "{{ owner.name }}"),
    )
    inner = table(facts, (29, 51), len(rows), padding=1)
    for row, (label, value) in zip(inner.rows, rows, strict=True):
        write(row.cells[0].paragraphs[0], label, size=8, color=MUTED)
        write(row.cells[1].paragraphs[0], value, bold=True)
        for cell in row.cells:
            borders(cell, bottom=f"4:{RULE}")
    mail = inner.rows[-1].cells[1].add_paragraph()
    write(mail, "{{ owner.email }}", size=8, color=MUTED)
    # A cell must end with a paragraph; the empty ones around the inner table are made as low as Word allows.
    for blank in facts.paragraphs:
        space(write(blank, "", size=1)).paragraph_format.line_spacing = Pt(1)


def _subject(made: Document, words: dict[str, str]) -> None:
    write(made.add_paragraph(), "{%p if title %}")
    line = space(made.add_paragraph(), before=10)
    write(line, words["subject"] + ": ", size=10, color=MUTED)
    write(line, "{{ title }}", size=10, bold=True)
    write(made.add_paragraph(), "{%p endif %}")
    space(write(made.add_paragraph(), "", size=6), after=2)


def _header_row(made: Table, texts: tuple[str, ...], left: int) -> None:
    """Fill the first row with column names; the first `left` are set left, the rest right."""
    row = made.rows[0]
    row_keeps_together(row, repeat=True)
    for place, (cell, text) in enumerate(zip(row.cells, texts, strict=True)):
        write(cell.paragraphs[0], text, size=8, bold=True, color=ACCENT, align=LEFT if place < left else RIGHT)
        shade(cell, TINT)


def _loop(made: Table, row: int, loop: str) -> None:
    """Put `loop` around the row after `row`; the two marker rows vanish when the document is made."""
    write(made.rows[row].cells[0].paragraphs[0], "{%tr for " + loop + " %}")
    write(made.rows[row + 2].cells[0].paragraphs[0], "{%tr endfor %}")


def _lines(made: Document, words: dict[str, str]) -> None:
    columns = ("sku", "name", "quantity", "unit_price", "discount", "net", "vat")
    lines = table(made, LINE_WIDTHS, 4)
    _header_row(lines, tuple(words[column] for column in columns), left=2)
    _loop(lines, 1, "line in lines")
    row_keeps_together(lines.rows[2])
    cells = lines.rows[2].cells
    values = ("sku", "name", "quantity }} {{ line.unit", "unit_price", "discount", "net", "vat")
    for place, (cell, value) in enumerate(zip(cells, values, strict=True)):
        size, color = (8.0, MUTED) if value == "sku" else (8.5, INK)
        text = "{{ line." + value + " }}"
        write(cell.paragraphs[0], text, size, value == "net", color, LEFT if place < 2 else RIGHT)
        borders(cell, bottom=f"4:{RULE}")


def _sums(made: Document, words: dict[str, str]) -> None:
    space(write(made.add_paragraph(), "", size=6), after=2)
    both = table(made, (82, 6, 90), 1, padding=0)
    row_keeps_together(both.rows[0])
    left, _, right = both.rows[0].cells
    rates = table(left, (16, 33, 33), 4)
    _header_row(rates, (words["vat_rate"], words["vat_net"], words["vat_amount"]), left=1)
    _loop(rates, 1, "row in vat")
    for place, (cell, value) in enumerate(zip(rates.rows[2].cells, ("rate", "net", "vat"), strict=True)):
        write(cell.paragraphs[0], "{{ row." + value + " }}", size=8.5, align=LEFT if place == 0 else RIGHT)
        borders(cell, bottom=f"4:{RULE}")
    sums = table(right, (40, 50), 3)
    for row, name in zip(sums.rows, ("net", "vat", "gross"), strict=True):
        last = name == "gross"
        color = ACCENT if last else INK
        label, value = row.cells
        write(label.paragraphs[0], words[f"total_{name}"], 10 if last else 9, last, color)
        write(value.paragraphs[0], "{{ totals." + name + " }}", 12 if last else 9, True, color, RIGHT)
        for cell in row.cells:
            space(cell.paragraphs[0], before=2, after=2)
            borders(cell, **({"top": "12:144B6B"} if last else {"bottom": f"4:{RULE}"}))
            if last:
                shade(cell, TINT)
    for cell in (left, right):
        for blank in cell.paragraphs:
            space(write(blank, "", size=1)).paragraph_format.line_spacing = Pt(1)


def _terms(made: Document, words: dict[str, str]) -> None:
    write(made.add_paragraph(), "{%p if notes %}")
    caption = write(made.add_paragraph(), words["notes"].upper(), size=7.5, bold=True, color=ACCENT)
    space(caption, before=12, after=2).paragraph_format.keep_with_next = True
    write(made.add_paragraph(), "{%p for note in notes %}")
    note = space(write(made.add_paragraph(), "–\t{{ note }}", size=8.5), after=1)
    note.paragraph_format.left_indent, note.paragraph_format.first_line_indent = Mm(4), Mm(-4)
    write(made.add_paragraph(), "{%p endfor %}")
    write(made.add_paragraph(), "{%p endif %}")
    space(write(made.add_paragraph(), words["closing"], size=9), before=12)


def _signatures(made: Document, words: dict[str, str]) -> None:
    space(write(made.add_paragraph(), "", size=9), after=30).paragraph_format.keep_with_next = True
    row = table(made, (78, 22, 78), 1).rows[0]
    row_keeps_together(row)
    seller, _, buyer = row.cells
    write(seller.paragraphs[0], "{{ owner.name }}", size=9, bold=True, align=CENTER)
    write(seller.add_paragraph(), words["for_seller"], size=7.5, color=MUTED, align=CENTER)
    write(buyer.paragraphs[0], "{{ buyer.name }}", size=9, bold=True, align=CENTER)
    write(buyer.add_paragraph(), words["for_buyer"], size=7.5, color=MUTED, align=CENTER)
    for cell in (seller, buyer):
        borders(cell, top="6:5F6B76")


def main() -> None:
    """Rebuild every shipped template in place."""
    for language in LANGUAGES:
        build(language, TEMPLATES / f"offer.{language}.docx")


if __name__ == "__main__":
    main()
