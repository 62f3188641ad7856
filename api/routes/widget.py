"""The widget's file, for any page that names it in a script tag, and the second one, which it asks for itself when
somebody sends a file or looks at what was recognised in one."""

from fastapi import APIRouter, Request
from fastapi.responses import FileResponse, PlainTextResponse, Response

from api.assets import STATIC, mark_of
from api.errors import language_of
from core.errors import say

router = APIRouter(include_in_schema=False)
NAME = "robo.js"
SECOND = "robo-offers.js"
_HEADERS = {
    "Cache-Control": "public, max-age=300",
    # Pages that isolate themselves (Cross-Origin-Embedder-Policy) may load it too; there is nothing secret in it.
    "Cross-Origin-Resource-Policy": "cross-origin",
}


@router.get("/robo.js")
def widget(request: Request) -> Response:
    """The widget; looked at again after five minutes, so that hosts get a new release without changing their page."""
    return _served(request, NAME)


@router.get("/robo-offers.js")
def second(request: Request) -> Response:
    """What the widget loads for uploaded requests, under the same rules."""
    return _served(request, SECOND)


def _served(request: Request, name: str) -> Response:
    path = STATIC / name
    if not path.is_file():
        return PlainTextResponse(say("not_built", language_of(request), file=name), 404)
    headers = {**_HEADERS, "ETag": f'"{mark_of(path)}"'}
    if headers["ETag"] in request.headers.get("if-none-match", ""):
        return Response(status_code=304, headers=headers)
    return FileResponse(path, media_type="text/javascript; charset=utf-8", headers=headers)
