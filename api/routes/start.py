"""The plain page at the server's address."""

from pathlib import Path

from fastapi import APIRouter
from fastapi.responses import FileResponse

router = APIRouter(include_in_schema=False)
_PAGES = Path(__file__).parents[1] / "pages"
_POLICY = "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; frame-ancestors 'none'"


@router.get("/")
def start() -> FileResponse:
    """Sign in, ask, make an offer."""
    return FileResponse(_PAGES / "start.html", headers={"Content-Security-Policy": _POLICY})


@router.get("/start.css")
def style() -> FileResponse:
    """How the page looks."""
    return FileResponse(_PAGES / "start.css", media_type="text/css")


@router.get("/start.js")
def script() -> FileResponse:
    """What the page does."""
    return FileResponse(_PAGES / "start.js", media_type="text/javascript")
