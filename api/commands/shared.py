"""What commands share: the home's parts or its running server, and progress a person can watch."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

import httpx
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TaskID, TextColumn, TimeRemainingColumn

from api.home import held, open_parts, running_server, secret_key
from api.tokens import mint
from assistant.context import Parts
from core.errors import AppError
from core.language import LANGUAGES, Language
from core.settings import Settings, settings

errors = Console(stderr=True)
_SERVER_SECONDS = 300.0


class RemoteError(AppError):
    """An error the running server answered with, already in the user's words."""

    def __init__(self, code: str, status: int, sentence: str) -> None:
        self._sentence = sentence
        Exception.__init__(self, sentence)
        self.code, self.status, self.values = code, status, {}

    def message(self, language: Language) -> str:
        """The sentence, as the server said it."""
        return self._sentence


def remote(url: str, path: str, body: dict[str, object], token: str) -> httpx.Response:
    """POST to the home's running server. Raises `RemoteError` with what it says."""
    answer = httpx.post(url + path, json=body, headers={"Authorization": f"Bearer {token}"}, timeout=_SERVER_SECONDS)
    if answer.is_success:
        return answer
    error = answer.json()["error"]
    raise RemoteError(error["code"], answer.status_code, error["message"])


def token_for(config: Settings, login: str) -> str:
    """A user's token for the home's server, minted with the home's key."""
    return mint(secret_key(config), login, config.token_ttl)


def local_token(config: Settings) -> str:
    """A token of this machine for the home's server."""
    return mint(secret_key(config), "local", 60, "robo-local")


def server_url() -> str | None:
    """The address of this home's running server, if there is one."""
    server = running_server(settings())
    return server.url if server else None


@contextmanager
def bar(label: str) -> Iterator[Callable[[int, int | None], None]]:
    """A progress bar on the terminal's error stream; the function given takes done and total."""
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=errors, transient=True) as progress:
        task: TaskID = progress.add_task(label, total=None)

        def advance(done: int, total: int | None) -> None:
            progress.update(task, completed=done, total=total)

        yield advance


@contextmanager
def opened() -> Iterator[Parts]:
    """The parts of this home, with its lock held; the pages are indexed first if they never were."""
    config = settings()
    with held(config):
        with bar("Indexing help pages") as advance:
            parts = open_parts(config, advance)
        try:
            yield parts
        finally:
            parts.knowledge.close()
            parts.engine.dispose()


def one_language(code: str | None) -> Language | None:
    """`code` as a language of the product. Raises `AppError` for another one."""
    if code is None:
        return None
    found = next((language for language in LANGUAGES if language == code), None)
    if found is None:
        raise AppError("bad_request", 422, detail=f"language {code}: hu, pl, en")
    return found
