"""What to call a browser by its description of itself."""

from api.console.words import Words

# The first that is found counts: most descriptions name several.
_BROWSERS = (
    ("Edg/", "Edge"),
    ("OPR/", "Opera"),
    ("SamsungBrowser/", "Samsung Internet"),
    ("Firefox/", "Firefox"),
    ("FxiOS/", "Firefox"),
    ("CriOS/", "Chrome"),
    ("Chrome/", "Chrome"),
    ("Safari/", "Safari"),
)
_SYSTEMS = (
    ("Android", "Android"),
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Windows", "Windows"),
    ("Mac OS X", "macOS"),
    ("CrOS", "ChromeOS"),
    ("Linux", "Linux"),
)


def browser_name(words: Words, description: str) -> str:
    """Browser and system, such as "Firefox, Windows"; an unknown one is called so."""
    named = [next((name for mark, name in known if mark in description), "") for known in (_BROWSERS, _SYSTEMS)]
    return ", ".join(name for name in named if name) or words("Unknown browser")
