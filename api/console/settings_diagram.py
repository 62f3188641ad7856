"""The pipeline as a drawing: open stages in a row, closed ones at its end, steps between them as arrows."""

from collections.abc import Sequence
from dataclasses import dataclass

from core.language import Language
from crm.tables import Stage, Transition

_WIDTH, _HEIGHT, _GAP = 140, 50, 46
_APART = 22
_SIDE = 8
_LINE = 17
# How far the arrow over one stage rises, and each further stage more.
_RISE, _MORE = 26, 16


@dataclass(frozen=True)
class Box:
    """A stage: its left upper corner, and its name in at most two lines."""

    code: str
    x: int
    y: int
    lines: tuple[str, ...]
    closed: bool

    @property
    def texts(self) -> list[tuple[int, int, str]]:
        """Each line of the name with the middle of where it stands."""
        top = self.y + _HEIGHT // 2 + 5 - (len(self.lines) - 1) * _LINE // 2
        return [(self.x + _WIDTH // 2, top + at * _LINE, line) for at, line in enumerate(self.lines)]


@dataclass(frozen=True)
class Arrow:
    """A step: its path as SVG draws it, and its trigger, which says how it looks."""

    path: str
    trigger: str


@dataclass(frozen=True)
class Drawing:
    """The whole drawing, `width` by `height`."""

    width: int
    height: int
    boxes: Sequence[Box]
    arrows: Sequence[Arrow]
    box_width: int = _WIDTH
    box_height: int = _HEIGHT


def _two_lines(name: str) -> tuple[str, ...]:
    words = name.split()
    if len(name) <= 15 or len(words) < 2:
        return (name,)
    cuts = [(" ".join(words[:at]), " ".join(words[at:])) for at in range(1, len(words))]
    return min(cuts, key=lambda pair: max(map(len, pair)))


def draw(stages: Sequence[Stage], transitions: Sequence[Transition], language: Language) -> Drawing:
    """Open stages in their order from left to right, closed ones at the end, one above the other; steps on run above
    the row, steps back below it."""
    ongoing = [stage for stage in stages if not stage.closed]
    ended = [stage for stage in stages if stage.closed]
    place = {stage.code: at for at, stage in enumerate(ongoing)}
    spans = [place[t.to_stage] - place[t.from_stage] for t in transitions if {t.from_stage, t.to_stage} <= set(place)]
    stack = len(ended) * (_HEIGHT + _APART) - _APART
    above = max(_RISE + _MORE * max([1, *spans]), (stack - _HEIGHT) // 2) + _SIDE
    below = max(_RISE + _MORE * max([0, *(-span for span in spans)]), (stack - _HEIGHT) // 2) + _SIDE
    corners = {stage.code: (_SIDE + at * (_WIDTH + _GAP), above) for at, stage in enumerate(ongoing)}
    first = above + (_HEIGHT - stack) // 2
    x = _SIDE + len(ongoing) * (_WIDTH + _GAP)
    corners |= {stage.code: (x, first + at * (_HEIGHT + _APART)) for at, stage in enumerate(ended)}
    boxes = [Box(s.code, *corners[s.code], _two_lines(str(s.names.get(language, s.code))), s.closed) for s in stages]
    seen: dict[tuple[str, str], int] = {}
    arrows = []
    for step in transitions:
        pair = (step.from_stage, step.to_stage)
        nth = seen[pair] = seen.get(pair, -1) + 1
        arrows.append(Arrow(_path(corners[pair[0]], corners[pair[1]], above, nth), step.trigger))
    return Drawing(x + (_WIDTH if ended else -_GAP) + _SIDE, above + _HEIGHT + below, boxes, arrows)


def _path(start: tuple[int, int], end: tuple[int, int], row: int, nth: int) -> str:
    """An arrow from box to box. Neighbours are joined at their sides, others of the row by an arc; between the row and
    a closed stage it swings from side to side. A second step of the same two stages runs apart from the first."""
    (x1, y1), (x2, y2) = start, end
    columns, shift = (x2 - x1) // (_WIDTH + _GAP), 10 * nth
    if y1 != row or y2 != row or (columns == 1 and nth == 0):
        return _side_to_side(start, end, row, columns, shift)
    lift = _RISE + _MORE * (abs(columns) - 1) + 9 * nth
    if columns > 0:
        left, right = x1 + _WIDTH * 2 // 3 + shift, x2 + _WIDTH // 3 - shift
        return f"M{left} {row}C{left} {row - lift} {right} {row - lift} {right} {row - 2}"
    foot = row + _HEIGHT
    right, left = x1 + _WIDTH // 3 + shift, x2 + _WIDTH * 2 // 3 - shift
    return f"M{right} {foot}C{right} {foot + lift} {left} {foot + lift} {left} {foot + 2}"


def _side_to_side(start: tuple[int, int], end: tuple[int, int], row: int, columns: int, shift: int) -> str:
    (x1, y1), (x2, y2) = start, end
    middle = _HEIGHT // 2
    if columns == 1:
        y, z = y1 + middle - shift, y2 + middle - shift
        half = (x2 - x1 - _WIDTH) // 2
        return f"M{x1 + _WIDTH} {y}C{x1 + _WIDTH + half} {y} {x2 - half} {z} {x2 - 2} {z}"
    if columns == -1:
        y, z = y1 + middle + 12 + shift, y2 + middle + 12 + shift
        half = (x1 - x2 - _WIDTH) // 2
        return f"M{x1} {y}C{x1 - half} {y} {x2 + _WIDTH + half} {z} {x2 + _WIDTH + 2} {z}"
    if columns == 0:
        # Closed stages stand above one another.
        down = y2 > y1
        x = x1 + _WIDTH // 2 + shift
        return f"M{x} {y1 + (_HEIGHT if down else 0)}V{y2 + (-2 if down else _HEIGHT + 2)}"
    reach = _GAP + _WIDTH // 2
    if columns > 0:
        x, z = x1 + _WIDTH * 2 // 3 + shift, y2 + 10 + shift
        return f"M{x} {row}C{x} {row - _RISE - _MORE * columns} {x2 - reach} {z} {x2 - 2} {z}"
    x, y = x2 + _WIDTH // 2 + shift, y1 + _HEIGHT - 10 - shift
    foot = row + _HEIGHT
    return f"M{x1} {y}C{x1 - reach} {y} {x} {foot + _RISE - _MORE * columns} {x} {foot + 2}"
