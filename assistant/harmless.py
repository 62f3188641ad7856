"""Text for people with nothing in it that would lead them out or fetch anything: the last step of every answer."""

import re

# A picture, or a link to anywhere but a path of the console; only the label stays.
_PICTURE = re.compile(r"!\[([^\]\n]{0,300})\]\([^)\n]{0,2000}\)")
_LINK = re.compile(r"\[([^\]\n]{0,300})\]\((?!/(?![/\\]))[^)\n]{0,2000}\)")
_DEFINED = re.compile(r"^(\s*\[[^\]\n]{1,300}\]):(?=\s*\S)", re.MULTILINE)
# An address as it is made into a link wherever text is shown; those of this machine are instructions, not links out.
_ADDRESS = re.compile(
    r"(https?|ftp):(?=//)(?!//(?:127\.0\.0\.1|localhost)(?::[0-9]+)?(?:[/\s`,)]|\.?(?:\s|$)))", re.IGNORECASE
)
_TAG = re.compile(r"<(?=[A-Za-z/!?])")


def harmless(text: str) -> str:
    """`text` with pictures and links that lead elsewhere reduced to their labels, addresses no longer links, and no
    tags. Links to paths of the console stay. Doing it twice changes nothing more."""
    while (shown := _LINK.sub(r"\1", _PICTURE.sub(r"\1", text))) != text:
        text = shown
    return _TAG.sub("‹", _ADDRESS.sub(r"\1: ", _DEFINED.sub(r"\1 :", text)))
