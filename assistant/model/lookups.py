"""The tools a model may call while it answers: they read, as the asking user, and never fail the run."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING

from pydantic import BaseModel, Field

from assistant.model import blocks
from assistant.prompts import tool_texts

if TYPE_CHECKING:
    from langchain_core.tools import BaseTool

    from assistant.evidence import Evidence
    from assistant.model.contract import ReadTools

_log = logging.getLogger(__name__)
LONGEST_ARGUMENT = 200
RESULT = 5_000
MOST_RESULTS = 8

_NOT_ALLOWED = "This lookup is not available to the user. Answer from the sources you have."
_FAILED = "The lookup failed. Answer from the sources you have."
_NOTHING = "Nothing was found."


class Query(BaseModel):
    """Words to search for."""

    query: str = Field(description="a few words")


class Name(BaseModel):
    """A name as the user wrote it."""

    name: str = Field(description="the name, or part of it")


class Code(BaseModel):
    """The code of a record."""

    code: str = Field(description="the code, such as C0001")


class Lookups:
    """One answer's tools and sources. `sources` has every source shown to the model, by number."""

    def __init__(self, tools: ReadTools, boundary: str) -> None:
        self.sources: dict[int, Evidence] = {}
        self._tools = tools
        self.boundary = boundary
        self._turn = asyncio.Lock()
        self._next = 1

    def show(self, evidence: tuple[Evidence, ...]) -> str:
        """The given sources as text for the model, numbered as they are. Later finds count on from them."""
        text, numbers = blocks.sources(evidence, self.boundary)
        self.sources.update({one.n: one for one in evidence if one.n in numbers})
        self._next = max((one.n for one in evidence), default=0) + 1
        return text

    async def names(self) -> tuple[str, ...]:
        """The lookups this user may use now and this program knows."""
        return tuple(name for name in await asyncio.to_thread(self._tools.available) if name in tool_texts())

    def as_tools(self, names: tuple[str, ...]) -> list[BaseTool]:
        """The named lookups in the form the agent wants. No argument says who is asking."""
        from langchain_core.tools import StructuredTool

        from assistant.live.tool import RecordsQuery

        async def search_help(query: str) -> str:
            return await self._call("search_help", lambda: self._tools.search_help(query[:LONGEST_ARGUMENT]))

        async def find_customer(name: str) -> str:
            return await self._call("find_customer", lambda: self._tools.find_customer(name[:LONGEST_ARGUMENT]))

        async def customer_sheet(code: str) -> str:
            return await self._call("customer_sheet", lambda: self._tools.customer_sheet(code[:LONGEST_ARGUMENT]))

        async def find_product(name: str) -> str:
            return await self._call("find_product", lambda: self._tools.find_product(name[:LONGEST_ARGUMENT]))

        async def count_and_list(**asked: object) -> str:
            query = RecordsQuery.model_validate(asked)
            return await self._call("count_and_list", lambda: self._tools.count_and_list(query))

        shapes: list[tuple[Callable[..., object], type[BaseModel]]] = [
            (search_help, Query),
            (find_customer, Name),
            (customer_sheet, Code),
            (find_product, Name),
            (count_and_list, RecordsQuery),
        ]
        return [
            StructuredTool.from_function(
                coroutine=function,  # type: ignore[arg-type]
                name=function.__name__,
                description=tool_texts()[function.__name__],
                args_schema=shape,
            )
            for function, shape in shapes
            if function.__name__ in names
        ]

    async def _call(self, name: str, look: Callable[[], tuple[Evidence, ...]]) -> str:
        """Looks up, one at a time; whatever happens is told to the model in words."""
        async with self._turn:
            try:
                if name not in await self.names():
                    return _NOT_ALLOWED
                found = await asyncio.to_thread(look)
            except Exception:
                # A broken lookup must not take the answer with it, and its message may hold another's data.
                _log.exception("lookup %s failed", name)
                return _FAILED
            return self._shown(found)

    def _shown(self, found: tuple[Evidence, ...]) -> str:
        numbered = tuple(self._numbered(one, i) for i, one in enumerate(found[:MOST_RESULTS]))
        text, numbers = blocks.sources(numbered, self.boundary, RESULT)
        for one in numbered:
            if one.n in numbers:
                self.sources[one.n] = one
        self._next = max(self._next, max(self.sources, default=0) + 1)
        return text or _NOTHING

    def _numbered(self, found: Evidence, offset: int) -> Evidence:
        """`found` with its number in this answer: the one it already has, or a new one."""
        for n, known in self.sources.items():
            if replace(found, n=n) == known:
                return known
        return replace(found, n=self._next + offset)
