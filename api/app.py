"""The FastAPI application."""

from fastapi import FastAPI

from api.console.areas import AREAS
from api.console.errors import to_sign_in
from api.console.security import SecurityHeaders
from api.console.visit import SignInNeeded
from api.errors import Unforeseen, answer_errors
from api.limits import BodyLimit
from api.origins import Origins, allowed_origins, origins_of
from api.proxies import Proxied
from api.public import routes as public
from api.routes import (
    acceptance,
    agui,
    approvals,
    auth,
    chat,
    conversations,
    document_links,
    documents,
    embed,
    enquiries,
    health,
    library,
    local,
    mails,
    offer_changes,
    offer_figures,
    offers,
    proposals,
    questions,
    records,
    requests,
    static,
    suggestions,
    templates,
    usage,
    widget,
)
from api.runs import Runs
from api.schema import describe
from assistant.context import Parts

_ROUTES = (
    health,
    auth,
    embed,
    chat,
    conversations,
    agui,
    suggestions,
    questions,
    offer_figures,
    library,
    offer_changes,
    offers,
    acceptance,
    mails,
    approvals,
    proposals,
    # Before the links, whose path takes any word for a token.
    documents,
    document_links,
    templates,
    records,
    requests,
    enquiries,
    usage,
    local,
    static,
    widget,
)


def routed() -> FastAPI:
    """The routes and how they answer errors, over nothing yet: enough to describe the API."""
    app = FastAPI(title="Virtuo Robo", version="1", docs_url=None, redoc_url=None)
    for module in _ROUTES:
        app.include_router(module.router)
    app.include_router(public.router)
    for area in AREAS:
        app.include_router(area)
    app.add_exception_handler(SignInNeeded, to_sign_in)
    answer_errors(app)
    describe(app)
    return app


def create_app(parts: Parts, key: bytes) -> FastAPI:
    """The application over opened `parts`, signing tokens with `key`."""
    app = routed()
    app.state.parts, app.state.key, app.state.runs = parts, key, Runs()
    app.add_middleware(Unforeseen)
    app.add_middleware(BodyLimit)
    # A faulty origin in the settings is told now, not at the first call from a page.
    origins_of(parts.settings)
    app.add_middleware(Origins, parts=parts)
    app.add_middleware(SecurityHeaders, origins=lambda: allowed_origins(parts))
    app.add_middleware(Proxied, trusted=parts.settings.trusted_proxies)
    return app
