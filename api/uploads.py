"""Files that come with a form: received on the disk, never held in memory."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from starlette.datastructures import FormData, UploadFile
from starlette.requests import Request

from assistant.document_files import copied, incoming
from assistant.documents import LIMITS
from core.errors import AppError
from core.settings import Settings
from retrieval.parsing.door import shown_name
from retrieval.parsing.limits import MEGABYTE

_MOST_FIELDS = 60
_LONGEST_FIELD = 64_000


async def form_of(request: Request, most_fields: int = _MOST_FIELDS) -> FormData:
    """The form of a request that was let in already: what comes from strangers is not read at all."""
    return await request.form(max_files=1, max_fields=most_fields, max_part_size=_LONGEST_FIELD)


def file_of(form: FormData) -> UploadFile:
    """The file sent as `file`. Raises `AppError("upload_without_file")` (422)."""
    sent = form.get("file")
    if not isinstance(sent, UploadFile) or not sent.filename:
        raise AppError("upload_without_file", 422)
    return sent


@contextmanager
def on_disk(settings: Settings, sent: UploadFile, most: int = LIMITS.file_bytes) -> Iterator[Path]:
    """The file, of at most `most` bytes, on the home's disk, gone afterwards unless it was kept.

    Raises `AppError("file_too_large")` (413).
    """
    with incoming(settings) as path:
        if copied(sent.file, path, most) > most:
            megabytes = most // MEGABYTE
            raise AppError("file_too_large", 413, file=shown_name(sent.filename or ""), megabytes=megabytes)
        yield path
