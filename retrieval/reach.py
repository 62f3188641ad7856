"""Who can be quoted from, changed at once: nothing is embedded, and nothing that is being embedded is waited for.

A sync that runs meanwhile finds the index changed, and is told so by `index_busy`.
"""

from collections.abc import Callable, Collection
from dataclasses import replace

from sqlalchemy import Engine

from core.errors import AppError
from retrieval.store import StoredPage, fingerprint, read_pages, read_passages, read_state, write
from retrieval.sync import PageKey, withdraw

_TRIES = 8


def withdraw_now(engine: Engine, keys: Collection[PageKey]) -> None:
    """Take pages (language, id) out of the index. Raises `AppError` `index_busy` (409) where others keep changing
    it."""
    _insisting(lambda: withdraw(engine, keys))


def readdress(engine: Engine, key: PageKey, audience: tuple[str, ...]) -> None:
    """Let a page be for `audience` from now on, its passages as they are. Whatever is embedding it meanwhile finds the
    index busy, also where the page is not in the index yet, or is for `audience` already.

    Raises as `withdraw_now`.
    """
    _insisting(lambda: _readdress(engine, key, audience))


def _readdress(engine: Engine, key: PageKey, audience: tuple[str, ...]) -> None:
    with engine.connect() as connection:
        before = read_state(connection)
        held = next((page for page in read_pages(connection) if (page.language, page.page_id) == key), None)
        passages = read_passages(connection) if held is not None else []
    # An index nothing was ever brought into has no state to raise.
    if not before.generation:
        return
    after = replace(before, generation=before.generation + 1)
    if held is None:
        write(engine, before, after, gone_pages=(), pages=(), passages=())
        return
    own = [p for p in passages if (p.language, p.page_id) == key]
    after = replace(after, fingerprint=fingerprint(p.passage_id for p in passages))
    write(engine, before, after, gone_pages=(), pages=[replace(held, audience=audience)], passages=own)


def indexed_under(engine: Engine, prefix: str) -> dict[PageKey, str]:
    """The pages (language, id) of every source whose name begins with `prefix`, with that name."""
    return {key: page.source for key, page in pages_under(engine, prefix).items()}


def pages_under(engine: Engine, prefix: str) -> dict[PageKey, StoredPage]:
    """As `indexed_under`, with the pages as they are indexed."""
    with engine.connect() as connection:
        return {
            (page.language, page.page_id): page for page in read_pages(connection) if page.source.startswith(prefix)
        }


def _insisting(change: Callable[[], object]) -> None:
    for left in reversed(range(_TRIES)):
        try:
            change()
            return
        except AppError as error:
            if error.code != "index_busy" or not left:
                raise
