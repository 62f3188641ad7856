"""Which terms and options of a model's offer request the person really uttered."""

from core.language import LANGUAGES
from core.text import folded_words
from offers.request import OfferRequest, RequestedLine
from offers.understand.lexicon import lexicon

_TEXTS = ("delivery", "warranty", "notes", "title")


def terms_said(request: OfferRequest, prompt: str) -> OfferRequest:
    """`request` less free texts that do not stand in `prompt` word for word, documents to attach of which a word does
    not, options and alternatives without a word for them, and days of payment without a word for paying.

    What a model words itself never reaches a customer under the person's name.
    """
    spoken = folded_words(prompt)
    line = f" {' '.join(spoken)} "
    changes: dict[str, object] = {}
    for name in _TEXTS:
        text = getattr(request, name)
        if text is not None and not _verbatim(text, line):
            changes[name] = None
    changes["attach"] = tuple(each for each in request.attach if _verbatim(each, line))
    if request.payment_days is not None and not _uttered("pay", spoken) and "net" not in spoken:
        changes["payment_days"] = None
    options, choices = _uttered("optional", spoken), _uttered("or", spoken)
    changes["lines"] = tuple(_plain(each, options, choices) for each in request.lines)
    return request.model_copy(update=changes)


def _plain(line: RequestedLine, options: bool, choices: bool) -> RequestedLine:
    group = line.option_group if choices else None
    return line.model_copy(update={"option_group": group, "optional": line.optional and (options or group is not None)})


def _verbatim(text: str, line: str) -> bool:
    words = folded_words(text)
    return bool(words) and f" {' '.join(words)} " in line


def _uttered(kind: str, words: list[str]) -> bool:
    return any(lexicon(language).inflected(kind, word) for language in LANGUAGES for word in words)
