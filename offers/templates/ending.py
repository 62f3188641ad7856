"""What follows the lines in the Word templates: totals, terms, notes and signatures."""

from docx.document import Document
from docx.shared import Mm

from offers.templates.items import header_row, tag
from offers.templates.wordkit import (
    ACCENT,
    CENTER,
    INK,
    LEFT,
    MUTED,
    PAGE_WIDTH,
    RIGHT,
    RULE,
    TINT,
    borders,
    caption,
    low,
    marker,
    row_keeps_together,
    shade,
    space,
    table,
    write,
)


def sums(made: Document, words: dict[str, str]) -> None:
    """VAT by rate and the totals in one block, then why there is no VAT and how prices were converted."""
    space(write(made.add_paragraph(), "", size=6), after=4)
    both = table(made, (80, 6, PAGE_WIDTH - 86), 1, padding=0)
    row_keeps_together(both.rows[0])
    left, _, right = both.rows[0].cells
    rates = table(left, (16, 32, 32), 4)
    header_row(rates.rows[0], (words["vat_rate"], words["vat_net"], words["vat_amount"]), left=1)
    tag(rates.rows[1], "for row in vat")
    for place, (cell, value) in enumerate(zip(rates.rows[2].cells, ("rate", "net", "vat"), strict=True)):
        write(cell.paragraphs[0], "{{ row." + value + " }}", size=8.5, align=LEFT if place == 0 else RIGHT)
        space(cell.paragraphs[0], before=1, after=1)
        borders(cell, bottom=f"4:{RULE}")
    tag(rates.rows[3], "endfor")
    totals = table(right, (40, PAGE_WIDTH - 126), 3)
    for row, name in zip(totals.rows, ("net", "vat", "gross"), strict=True):
        last = name == "gross"
        color = ACCENT if last else INK
        label, value = row.cells
        write(label.paragraphs[0], words[f"total_{name}"], 11 if last else 9, last, color)
        write(value.paragraphs[0], "{{ totals." + name + " }}", 13 if last else 9, True, color, RIGHT)
        for cell in row.cells:
            space(cell.paragraphs[0], before=4 if last else 1.5, after=4 if last else 1.5)
            borders(cell, **({"top": "12:144B6B"} if last else {"bottom": f"4:{RULE}"}))
            if last:
                shade(cell, TINT)
    for cell in (left, right):
        low(cell)
    for name in ("vat_note", "rate_note"):
        marker(made, f"if {name}")
        note = write(made.add_paragraph(), "{{ " + name + " }}", size=8, color=MUTED)
        space(note, before=4).paragraph_format.keep_together = True
        marker(made, "endif")


def terms(made: Document, words: dict[str, str]) -> None:
    """Delivery and warranty, what is said to the customer, and the closing sentence."""
    marker(made, "if delivery or warranty")
    space(caption(made.add_paragraph(), words["terms"]), before=16, after=3)
    rows = table(made, (32, PAGE_WIDTH - 32), 6, padding=1)
    for place, name in enumerate(("delivery", "warranty")):
        tag(rows.rows[3 * place], f"if {name}")
        row = rows.rows[3 * place + 1]
        row_keeps_together(row)
        label, value = row.cells
        write(label.paragraphs[0], words[name], size=8, color=MUTED)
        write(value.paragraphs[0], "{{ " + name + " }}", size=8.5)
        for cell in row.cells:
            space(cell.paragraphs[0], before=1, after=1)
            borders(cell, bottom=f"4:{RULE}")
        tag(rows.rows[3 * place + 2], "endif")
    marker(made, "endif")
    marker(made, "if notes")
    space(caption(made.add_paragraph(), words["notes"]), before=14, after=3)
    marker(made, "for note in notes")
    note = space(write(made.add_paragraph(), "{{ note }}", size=8.5), after=3)
    # The lines to sign on never stand alone on a page: what is said last goes with them.
    note.paragraph_format.keep_together = note.paragraph_format.keep_with_next = True
    marker(made, "endfor")
    marker(made, "endif")


def signatures(made: Document, words: dict[str, str]) -> None:
    """The closing sentence and the lines to sign on, on one page."""
    closing = space(write(made.add_paragraph(), words["closing"], size=9), before=16, after=34)
    closing.paragraph_format.keep_with_next = True
    row = table(made, (76, PAGE_WIDTH - 152, 76), 1).rows[0]
    row_keeps_together(row)
    seller, _, buyer = row.cells
    write(seller.paragraphs[0], "{{ owner.name }}", size=9, bold=True, align=CENTER)
    write(seller.add_paragraph(), words["for_seller"], size=7.5, color=MUTED, align=CENTER)
    write(buyer.paragraphs[0], "{{ buyer.name }}", size=9, bold=True, align=CENTER)
    write(buyer.add_paragraph(), words["for_buyer"], size=7.5, color=MUTED, align=CENTER)
    for cell in (seller, buyer):
        borders(cell, top="6:5F6B76")
    end = space(write(made.add_paragraph(), "", size=1))
    end.paragraph_format.line_spacing = Mm(0.4)
