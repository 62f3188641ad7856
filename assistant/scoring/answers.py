"""Whether answers are right: found, from the right page, borne out by their sources, or honestly refused."""

import asyncio
import logging
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from assistant.ask import Ask
from assistant.context import Parts
from assistant.model.sentences import sentences
from assistant.model.support import judge
from assistant.reply import Citation, Reply
from assistant.scoring.board import Board
from assistant.scoring.cases import AnswerCase
from assistant.scoring.curve import curve_of, probability
from assistant.scoring.leaks import Leaks
from assistant.turn import TurnFailed, reply_to
from core.errors import say
from core.language import Language, detect_language
from core.text import fold
from crm.people import actor_for, as_language

log = logging.getLogger(__name__)

METRICS = (
    "answered",
    "right page first",
    "right page among three",
    "unanswerable admitted",
    "not wrongly refused",
    "screen right",
    "live right",
    "figures exact",
    "sentences supported",
    "language kept",
    "no leak",
)
Progress = Callable[[int, int | None], None]
_FIRST = 3
_CERTAIN = 0.9
_LETTERS_TO_TELL = 45
_BOLD = re.compile(r"\*\*([0-9][0-9\s\u00a0\u202f.,]*)\*\*")
_MARK = re.compile(r"\s*\[[0-9]{1,3}\]")


@dataclass(frozen=True)
class Answered:
    """A case and what came of it; `reply` is None where the turn failed with a fault of the program."""

    case: AnswerCase
    reply: Reply | None
    probability: float | None


def ask(parts: Parts, case: AnswerCase) -> Answered:
    """Ask as the case's user, in a conversation of its own."""
    actor = actor_for(parts.engine, case.user)
    message = Ask(case.question, screen=case.screen, language=case.lang)
    sure = probability(parts, actor, case)
    try:
        return Answered(case, asyncio.run(reply_to(parts, actor, message)), sure)
    except TurnFailed as failed:
        log.warning("case %s failed: %s", case.id, failed)
        return Answered(case, None, sure)


def _pages(reply: Reply) -> list[str]:
    """The pages cited, in order, each once."""
    return list(dict.fromkeys(citation.page_id for citation in reply.citations))


def _also(language: Language) -> str:
    """What a line begins with that only names further pages."""
    return say("see_also", language, pages="").strip()


class Sources:
    """The texts of cited pages, each read once."""

    def __init__(self, parts: Parts) -> None:
        self._parts = parts
        self._read: dict[str, str] = {}

    def of(self, citation: Citation) -> str:
        """The whole text of the page cited, or the quote where it is gone."""
        place = re.match(r"/help/(hu|pl|en)/", citation.url)
        if place is None:
            return citation.quote
        key = f"{place[1]}/{citation.page_id}"
        if key not in self._read:
            self._read[key] = self._parts.knowledge.page_text(as_language(place[1]), citation.page_id)
        return f"{citation.title}\n{self._read[key] or citation.quote}"


def _supported(sources: Sources, reply: Reply) -> tuple[int, int]:
    """How many sentences of the answer the pages they cite bear out by their words and figures, and how many there are.

    Only what cites a page is counted: what a program says of itself ("there is a page only in...") has no source. What
    is said of a screen or of records comes from the user's rights and the records themselves, and is counted apart.
    """
    texts = {c.n: sources.of(c) for c in reply.citations if c.url.startswith("/help/")}
    right = of = 0
    for block in reply.text.split("\n\n"):
        cited = [texts[n] for mark in re.findall(r"\[([0-9]{1,3})\]", block) if (n := int(mark)) in texts]
        if not cited or block.startswith(_also(reply.language)):
            continue
        for sentence in sentences(_MARK.sub("", block)):
            if any(c.isalpha() for c in sentence.bare):
                of += 1
                right += judge(sentence.bare, cited).supported
    return right, of


def _language_kept(case: AnswerCase, reply: Reply) -> bool:
    """Whether the reply is in the language asked for, where its own words are enough to tell; quoted pages of another
    language are announced as such."""
    if reply.language != case.lang:
        return False
    # The lines of a list are records, named as they are.
    own = "\n".join(line for line in _MARK.sub("", reply.text).splitlines() if not line.startswith("- ["))
    if sum(c.isalpha() for c in own) < _LETTERS_TO_TELL:
        return True
    return detect_language(own, case.lang, _CERTAIN) == case.lang


def _said(reply: Reply) -> str:
    """Everything a reply shows, folded."""
    links = " ".join(f"{link.label} {link.url}" for link in reply.links)
    sources = " ".join(f"{c.page_id} {c.title} {c.url}" for c in reply.citations)
    return " ".join(fold(f"{reply.text} {links} {sources}").split())


def _right(case: AnswerCase, reply: Reply) -> dict[str, bool]:
    """What the case's kind asks of its reply."""
    pages, said, answered = _pages(reply), _said(reply), not reply.abstained and reply.kind != "refusal"
    match case.kind:
        case "none":
            return {"unanswerable admitted": not answered or reply.kind == "clarification"}
        case "screen":
            expected = any(fold(word) in said for word in case.expect) if case.expect else False
            by_page = not case.expect and bool(set(case.pages) & set(pages[:_FIRST]))
            return {"not wrongly refused": answered, "screen right": answered and (expected or by_page)}
        case "live":
            exact = all(_figure_told(figure, reply, said) for figure in case.figures)
            named = all(fold(record.rsplit(":", 1)[-1]) in said for record in case.records)
            figures = {"figures exact": exact} if case.figures else {}
            return {"not wrongly refused": answered, "live right": answered and exact and named, **figures}
        case "page":
            return {
                "answered": answered,
                "not wrongly refused": answered,
                "right page first": bool(pages) and pages[0] in case.pages,
                "right page among three": bool(set(case.pages) & set(pages[:_FIRST])),
            }


def _figure_told(figure: str, reply: Reply, said: str) -> bool:
    """Whether the reply gives this figure: in bold where it counts something, and nought by naming no record."""
    counted = _BOLD.search(reply.text)
    if counted is not None:
        return re.sub(r"\D", "", counted[1]) == re.sub(r"\D", "", figure)
    return _figure_in(figure, said) or (figure == "0" and not reply.citations)


def _figure_in(figure: str, said: str) -> bool:
    """Whether a figure stands in the text, however its thousands are parted."""
    plain = re.sub(r"(?<=\d)[\s\u00a0\u202f.,](?=\d{3}\b)", "", said)
    return re.search(rf"(?<![\d]){re.escape(fold(figure))}(?!\d)", plain) is not None


def count(board: Board, sources: Sources, leaks: Leaks, answered: Answered) -> None:
    """Put one case on the board."""
    case, reply = answered.case, answered.reply
    if reply is None:
        board.wrong.append({"id": case.id, "question": case.question, "wrong": "failed"})
        board.count(case.lang, "answered", False)
        return
    verdicts = _right(case, reply)
    verdicts["language kept"] = _language_kept(case, reply)
    leaked = leaks.of(case.user, reply, case.question)
    verdicts["no leak"] = not leaked
    for metric, right in verdicts.items():
        board.count(case.lang, metric, right)
    if case.kind in ("page", "none") and not reply.abstained and reply.citations:
        board.count(case.lang, "sentences supported", *_supported(sources, reply))
    wrong = [metric for metric, right in verdicts.items() if not right and metric != "right page first"]
    if wrong:
        row: dict[str, object] = {"id": case.id, "question": case.question, "wrong": ", ".join(wrong)}
        board.wrong.append(
            {**row, "kind": reply.kind, "cited": _pages(reply), "wanted": list(case.pages), "leaked": leaked}
        )


def evaluate_answers(parts: Parts, cases: Sequence[AnswerCase], progress: Progress | None = None) -> Board:
    """Ask every case and score it. Conversations stay in the database of `parts`: hand in one made for it."""
    board, leaks, sources = Board("answers", METRICS), Leaks(parts), Sources(parts)
    found: list[Answered] = []
    for done, case in enumerate(cases, start=1):
        found.append(ask(parts, case))
        count(board, sources, leaks, found[-1])
        if progress:
            progress(done, len(cases))
    board.curve = curve_of([(a.case.kind, a.probability) for a in found if a.probability is not None])
    return board
