"""Rendering the public pages, with the headers all of them have."""

from functools import cache
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from starlette.responses import HTMLResponse

from api.assets import mark_of
from api.public.words import NAMES, words
from core.language import Language

_HERE = Path(__file__).parent
ASSETS = _HERE / "assets"
POLICY = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self' data:",
        "connect-src 'self'",
        "form-action 'self'",
        "base-uri 'none'",
        "frame-ancestors 'none'",
    )
)
# The token is in the address: it must reach no other site, no cache and no search engine.
HEADERS = {
    "Cache-Control": "no-store",
    "Content-Security-Policy": POLICY,
    "Referrer-Policy": "no-referrer",
    "X-Robots-Tag": "noindex, nofollow, noarchive",
    "X-Frame-Options": "DENY",
}


def asset_url(name: str) -> str:
    """The address of a file of the public pages, which changes with its content."""
    return f"/o/assets/{name}?v={mark_of(ASSETS / name)}"


@cache
def _environment() -> Environment:
    made = Environment(
        loader=FileSystemLoader(_HERE / "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.globals.update(asset_url=asset_url, language_names=NAMES)
    return made


def page(template: str, language: Language, path: str, status: int = 200, **values: object) -> HTMLResponse:
    """A page in `language`, at `path`, which the switch of languages leads back to."""
    text = _environment().get_template(template).render(language=language, w=words(language), path=path, **values)
    return HTMLResponse(text, status, headers={**HEADERS, "Content-Language": language})
