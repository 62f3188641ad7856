"""The connection to the model's server, opened for one answer and closed after it."""

from __future__ import annotations

import ssl
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import lru_cache
from typing import TYPE_CHECKING

from core.settings import Settings

if TYPE_CHECKING:
    import openai
    from langchain_openai import ChatOpenAI

# Refused by OpenAI's reasoning models, wanted by every small one.
_NO_TEMPERATURE = ("o1", "o3", "o4", "gpt-5")


def _key(settings: Settings) -> str:
    """The key, or a word: local servers want none, the client library always one."""
    return settings.openai_api_key.get_secret_value() if settings.openai_api_key else "none"


def temperature(settings: Settings) -> float | None:
    """0 where the model allows it: the same question gets the same answer."""
    return None if settings.model.rsplit("/", 1)[-1].lower().startswith(_NO_TEMPERATURE) else 0.0


@lru_cache
def _tls() -> ssl.SSLContext:
    """The certificates trusted here: reading them takes a tenth of a second, so it is done once."""
    import httpx2

    return httpx2.create_ssl_context()


@asynccontextmanager
async def openai_client(settings: Settings) -> AsyncIterator[openai.AsyncOpenAI]:
    """A client that does not try again by itself: an answer without the model is at hand."""
    import openai

    async with openai.AsyncOpenAI(
        api_key=_key(settings),
        base_url=settings.openai_base_url,
        timeout=settings.model_timeout,
        max_retries=0,
    ) as client:
        yield client


@asynccontextmanager
async def chat_model(settings: Settings) -> AsyncIterator[ChatOpenAI]:
    """The same for LangChain. Its own shared connections belong to one event loop, so they are not used."""
    import openai
    from langchain_openai import ChatOpenAI
    from pydantic import SecretStr

    # The library makes a client for plain calls too, though nothing here uses it.
    with openai.DefaultHttpxClient(verify=_tls()) as plain:
        async with openai.DefaultAsyncHttpxClient(timeout=settings.model_timeout, verify=_tls()) as http:
            yield ChatOpenAI(
                model=settings.model,
                api_key=SecretStr(_key(settings)),
                base_url=settings.openai_base_url,
                timeout=settings.model_timeout,
                max_retries=0,
                temperature=temperature(settings),
                streaming=True,
                stream_usage=True,
                use_responses_api=False,
                stream_chunk_timeout=None,
                http_client=plain,
                http_async_client=http,
            )
