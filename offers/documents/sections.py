"""Where each line of an offer stands in its document: among those that count, as an alternative, or as an option."""

from dataclasses import dataclass

from offers.sheet import OfferSheet, SheetLine


@dataclass(frozen=True)
class Placed:
    """A line and its place among all lines of the sheet, from 0."""

    place: int
    line: SheetLine


@dataclass(frozen=True)
class Alternatives:
    """The lines of one option group that may be taken instead of the one that counts, `chosen`, if there is one."""

    name: str
    chosen: Placed | None
    lines: tuple[Placed, ...]


@dataclass(frozen=True)
class Sections:
    """The lines of a sheet in the order documents print them. `counted` are in the totals; the others are not."""

    counted: tuple[Placed, ...]
    alternatives: tuple[Alternatives, ...]
    options: tuple[Placed, ...]

    @property
    def printed(self) -> tuple[Placed, ...]:
        """Every line, in the order of the document."""
        grouped = (one for group in self.alternatives for one in group.lines)
        return (*self.counted, *grouped, *self.options)


def sections(sheet: OfferSheet) -> Sections:
    """The lines of `sheet` by where they are printed; within a section they keep their order."""
    placed = [Placed(place, line) for place, line in enumerate(sheet.lines)]
    groups = dict.fromkeys(one.line.option_group for one in placed if one.line.optional and one.line.option_group)
    return Sections(
        tuple(one for one in placed if not one.line.optional),
        tuple(_alternatives(name, placed) for name in groups if name),
        tuple(one for one in placed if one.line.optional and not one.line.option_group),
    )


def _alternatives(name: str, placed: list[Placed]) -> Alternatives:
    group = [one for one in placed if one.line.option_group == name]
    chosen = next((one for one in group if not one.line.optional), None)
    return Alternatives(name, chosen, tuple(one for one in group if one.line.optional))
