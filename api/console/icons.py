"""The console's icons: paths of our own drawing on a 24 x 24 grid, stroked."""

from markupsafe import Markup

_PATHS = {
    "activities": "M9 6h11M9 12h11M9 18h11M4 6l1 1 2-2M4 12l1 1 2-2M4 18l1 1 2-2",
    "calendar": "M5 6h14v14H5zM5 10h14M9 3v4M15 3v4",
    "check": "M5 12l5 5L20 7",
    "close": "M6 6l12 12M18 6L6 18",
    "conversations": "M4 5h16v11H9l-4 4v-4H4zM8 9h8M8 12h5",
    "customers": "M4 20V8l6-4v16M10 20h10V10h-10M13 13h1M16 13h1M13 16h1M16 16h1",
    "dashboard": "M4 4h7v9H4zM13 4h7v5h-7zM13 11h7v9h-7zM4 15h7v5H4z",
    "delete": "M5 7h14M10 7V4h4v3M7 7l1 13h8l1-13M10 11v6M14 11v6",
    "download": "M12 4v11M7 11l5 5 5-5M5 20h14",
    "drag": "M9 6h.01M15 6h.01M9 12h.01M15 12h.01M9 18h.01M15 18h.01",
    "edit": "M5 19h3L19 8l-3-3L5 16zM14 7l3 3",
    "empty": "M4 13l3-8h10l3 8v6H4zM4 13h5l1 3h4l1-3h5",
    "help": "M12 20a8 8 0 100-16 8 8 0 000 16zM9.5 10a2.5 2.5 0 115 0c0 2-2.5 2-2.5 4M12 17h.01",
    "mail": "M4 6h16v12H4zM4 7l8 6 8-6",
    "library": "M4 6h6l2 2h8v11H4zM8 12h8M8 15h5",
    "menu": "M4 7h16M4 12h16M4 17h16",
    "more": "M6 12h.01M12 12h.01M18 12h.01",
    "offers": "M7 3h8l4 4v14H7zM15 3v4h4M10 12h6M10 16h6",
    "opportunities": "M4 5h4v14H4zM10 5h4v9h-4zM16 5h4v6h-4z",
    "plus": "M12 5v14M5 12h14",
    "products": "M4 8l8-4 8 4v8l-8 4-8-4zM4 8l8 4 8-4M12 12v8",
    "robo": "M6 9h12v9H6zM12 9V6M12 5h.01M9.5 13h.01M14.5 13h.01M10 16h4M4 12v3M20 12v3",
    "search": "M11 17a6 6 0 100-12 6 6 0 000 12zM15.5 15.5L20 20",
    "settings": "M4 7h9M17 7h3M15 5v4M4 17h3M11 17h9M9 15v4M4 12h3M11 12h9M9 10v4",
    "sign-out": "M14 5H6v14h8M11 12h9M17 9l3 3-3 3",
    "star": "M12 4l2.4 5 5.6.8-4 3.9 1 5.5-5-2.7-5 2.7 1-5.5-4-3.9 5.6-.8z",
    "undo": "M8 5L4 9l4 4M4 9h10a5 5 0 010 10h-3",
    "user": "M12 12a4 4 0 100-8 4 4 0 000 8zM5 20a7 7 0 0114 0",
    "warning": "M12 4l9 16H3zM12 10v4M12 17h.01",
}


def icon(name: str) -> Markup:
    """The drawing `name`, hidden from screen readers: a label stands beside it."""
    return Markup(
        '<svg class="icon" viewBox="0 0 24 24" aria-hidden="true" focusable="false"><path d="{}"/></svg>'
    ).format(_PATHS[name])


def notice_box(message: str, tone: str) -> Markup:
    """A notice of tone `good`, `bad` or `plain`."""
    return Markup('<div class="notice {}">{}<p>{}</p></div>').format(
        tone, icon("check" if tone == "good" else "warning"), message
    )
