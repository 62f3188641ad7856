"""The language of the terminal."""

import locale

from core.language import LANGUAGES, Language


def terminal_language() -> Language:
    """The language messages of commands are in: `LC_ALL`, `LC_MESSAGES` or `LANG`, else English."""
    code = (locale.getlocale(locale.LC_MESSAGES)[0] or "en")[:2]
    return next((language for language in LANGUAGES if language == code), "en")
