"""Sources, lookups that remember how they were used, and a run of an answer from start to end."""

import asyncio
from dataclasses import dataclass, field

from assistant.evidence import Evidence
from assistant.model import Answered, AnsweringModel, PastTurn, Piece
from assistant.screen import ScreenContext
from core.language import Language
from core.settings import Settings

ALL = ("search_help", "find_customer", "customer_sheet", "find_product")


def passage(n: int, text: str, page: str = "stages") -> Evidence:
    return Evidence(n=n, page_id=page, title="Szakaszok", section="Váltás", url=f"/help/{page}", text=text)


STAGES = passage(1, "Az ajánlat szakasz csak akkor választható, ha a lehetőséghez van elküldött ajánlat.")
ANSWER = "Az ajánlat szakasz csak akkor választható, ha van elküldött ajánlat [1]."


@dataclass
class Remembering:
    """Lookups with fixed finds; `asked` has each use in order."""

    finds: dict[str, tuple[Evidence, ...]] = field(default_factory=dict)
    may: tuple[str, ...] = ALL
    breaks: bool = False
    asked: list[tuple[str, str]] = field(default_factory=list)

    def available(self) -> tuple[str, ...]:
        return self.may

    def _find(self, name: str, value: str) -> tuple[Evidence, ...]:
        self.asked.append((name, value))
        if self.breaks:
            raise RuntimeError("database of C0042 is gone")
        return self.finds.get(name, ())

    def search_help(self, query: str) -> tuple[Evidence, ...]:
        return self._find("search_help", query)

    def find_customer(self, name: str) -> tuple[Evidence, ...]:
        return self._find("find_customer", name)

    def customer_sheet(self, code: str) -> tuple[Evidence, ...]:
        return self._find("customer_sheet", code)

    def find_product(self, name: str) -> tuple[Evidence, ...]:
        return self._find("find_product", name)


@dataclass
class Outcome:
    """What a run gave: the pieces shown, and the whole."""

    pieces: list[str]
    whole: Answered


def ask(
    settings: Settings,
    question: str = "Miért nem léphetek az ajánlat szakaszba?",
    *,
    language: Language = "hu",
    evidence: tuple[Evidence, ...] = (STAGES,),
    screen: ScreenContext | None = None,
    history: tuple[PastTurn, ...] = (),
    tools: Remembering | None = None,
) -> Outcome:
    """Runs one answer to its end; the pieces joined must be the whole text, which comes once and last."""

    async def collect() -> Outcome:
        items: list[Piece | Answered] = []
        bound = Remembering(may=()) if tools is None else tools
        async for item in AnsweringModel(settings).answer(
            question, language=language, evidence=evidence, screen=screen, history=history, tools=bound
        ):
            items.append(item)
        whole = items.pop()
        assert isinstance(whole, Answered)
        pieces = [item.text for item in items if isinstance(item, Piece)]
        assert len(pieces) == len(items)
        assert "".join(pieces) == whole.text
        return Outcome(pieces, whole)

    return asyncio.run(collect())
