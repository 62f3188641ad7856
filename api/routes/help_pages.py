"""Help pages as people read them: where a citation leads."""

import html
from pathlib import Path

from fastapi import APIRouter
from fastapi.responses import HTMLResponse, Response
from markdown_it import MarkdownIt

from core.errors import AppError
from core.language import Language
from knowledge.pages import EVERYONE, help_pages
from retrieval.chunks import slug

router = APIRouter(tags=["help"])
_STYLE = Path(__file__).with_name("help.css")
_MARKDOWN = MarkdownIt("commonmark", {"html": False}).enable("table")


def _render(body: str) -> str:
    """HTML of a page's Markdown, each heading with the anchor its citations point to."""
    tokens = _MARKDOWN.parse(body)
    for place, token in enumerate(tokens):
        if token.type == "heading_open":
            token.attrSet("id", slug(tokens[place + 1].content))
    return str(_MARKDOWN.renderer.render(tokens, _MARKDOWN.options, {}))


@router.get("/help.css")
def style() -> Response:
    """How help pages look."""
    return Response(_STYLE.read_text(encoding="utf-8"), media_type="text/css")


@router.get("/help/{language}/{page_id}", response_class=HTMLResponse)
def page(language: Language, page_id: str) -> HTMLResponse:
    """A page that everyone may read. Others look like missing ones here; the assistant quotes them to those who may."""
    found = next((p for p in help_pages() if p.language == language and p.id == page_id), None)
    if found is None or EVERYONE not in found.audience:
        raise AppError("unknown_page", 404, page=page_id)
    title = html.escape(found.title)
    return HTMLResponse(
        f'<!doctype html><html lang="{language}"><head><meta charset="utf-8">'
        f'<meta name="viewport" content="width=device-width"><title>{title}</title>'
        f'<link rel="stylesheet" href="/help.css"></head>'
        f"<body><main><h1>{title}</h1>{_render(found.body)}</main></body></html>",
        headers={"Content-Security-Policy": "default-src 'none'; style-src 'self'"},
    )
