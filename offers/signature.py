"""A signature drawn on a page: an SVG path of straight strokes, and nothing else."""

import re

from core.errors import AppError

# The field it is drawn on, in the path's own units.
WIDTH, HEIGHT = 600, 200
LONGEST = 20_000
_STROKE = re.compile(r"M\d{1,3} \d{1,3}(?:L\d{1,3} \d{1,3})+")
_POINT = re.compile(r"(\d{1,3}) (\d{1,3})")


def checked(path: str) -> str | None:
    """`path` as it came, or None for an empty one.

    Strokes are `M x y` and then `L x y` once or more, whole numbers within the field, without anything between them:
    nothing that could be markup, a reference, or too much to draw. Raises `AppError("signature_invalid")` otherwise.
    """
    if not path:
        return None
    if len(path) > LONGEST:
        raise AppError("signature_invalid", 422)
    at = 0
    while at < len(path):
        stroke = _STROKE.match(path, at)
        if stroke is None:
            raise AppError("signature_invalid", 422)
        at = stroke.end()
    if any(int(x) > WIDTH or int(y) > HEIGHT for x, y in _POINT.findall(path)):
        raise AppError("signature_invalid", 422)
    return path


def as_svg(path: str) -> str:
    """A checked path as a picture."""
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" width="{WIDTH}" height="{HEIGHT}">'
        f'<path d="{path}" fill="none" stroke="#14304a" stroke-width="3.5" stroke-linecap="round" '
        'stroke-linejoin="round"/></svg>'
    )
