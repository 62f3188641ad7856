"""Help: the contents, searching in it, and its pages, which those for everyone may read without signing in."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated

from fastapi import APIRouter, Depends, Query, Request
from fastapi.responses import HTMLResponse, Response
from markupsafe import Markup

from api.console.errors import wants_page
from api.console.help_documents import PATH, may_keep
from api.console.help_parts import shown
from api.console.help_text import excerpt
from api.console.render import environment
from api.console.screens import Control, Screen
from api.console.visit import SignInNeeded, Visit, VisitDep, visiting
from api.console.words import N_
from api.deps import KeyDep, PartsDep
from assistant import pages
from assistant.pages import HelpText
from core.errors import AppError
from core.language import Language
from crm.settings_grants import level_name

router = APIRouter(include_in_schema=False)
_FOUND = 12
# A topic and the screens whose pages belong to it; a page belongs to the first topic that has one of its screens.
TOPICS: tuple[tuple[str, frozenset[str]], ...] = (
    (N_("Settings"), frozenset({"settings", "users", "audit", "backup", "import"})),
    (N_("Offers"), frozenset({"offers", "offer"})),
    (N_("Opportunities"), frozenset({"opportunities", "opportunity"})),
    (N_("Activities"), frozenset({"activities", "activity", "calendar"})),
    (N_("Customers"), frozenset({"customers", "customer", "contacts"})),
    (N_("Products"), frozenset({"products", "product"})),
)
_FIRST = N_("First steps and the assistant")
_COMPANY = N_("Written by the company")
_DOCUMENTS = N_("Documents of the company")
_ORDER = (_FIRST, _COMPANY, _DOCUMENTS, *(topic for topic, _ in TOPICS[1:]), TOPICS[0][0])


@dataclass(frozen=True)
class Found:
    """A passage found: its page and section, where it is, and an excerpt with the words marked."""

    title: str
    section: str
    path: str
    excerpt: Markup


def topic_of(page: HelpText) -> str:
    """The topic a page stands under in the contents."""
    if page.origin == "document":
        return _DOCUMENTS
    if page.origin in ("own", "folder"):
        return _COMPANY
    if not page.screens or page.screens[0] in ("assistant", "dashboard"):
        return _FIRST
    first = page.screens[0]
    return next((topic for topic, screens in TOPICS if first in screens), _FIRST)


def _search(visit: Visit, question: str) -> Sequence[Found]:
    audiences, knowledge = visit.actor.audiences, visit.parts.knowledge
    result = knowledge.search(question, language=visit.language, audiences=audiences, k=_FOUND)
    return [
        Found(
            hit.title,
            hit.section,
            f"/help/{hit.language}/{hit.page_id}" + (f"#{hit.anchor}" if hit.anchor else ""),
            excerpt(hit.text, question),
        )
        for hit in knowledge.still_readable(result.hits, audiences)
    ]


@router.get("/help")
def contents(visit: VisitDep, q: Annotated[str, Query(max_length=300)] = "") -> HTMLResponse:
    """The contents by topic, or what was found for `q`."""
    words = visit.words
    shown = pages.contents(visit.parts, visit.language, visit.actor)
    topics = [(words(topic), [p for p in shown if topic_of(p) == topic]) for topic in _ORDER]
    new = visit.control("new", words("New page"), "page", "create")
    question = q.strip()
    return visit.page(
        "help/index.html",
        Screen("help", fields={words("Search"): question}, controls=(new,) if visit.can("page", "create") else ()),
        topics=[(topic, listed) for topic, listed in topics if listed],
        found=_search(visit, question) if question else (),
        q=question,
        new=new,
        writes=visit.can("page", "create"),
        keeps=may_keep(visit),
        reads_questions=visit.actor.scope("question", "read") == "all",
    )


async def _maybe(request: Request, parts: PartsDep, key: KeyDep) -> Visit | None:
    try:
        return await visiting(request, parts, key)
    except SignInNeeded:
        return None


MaybeVisitDep = Annotated[Visit | None, Depends(_maybe)]


def _controls(visit: Visit, page: HelpText) -> tuple[Control, ...]:
    """What may be done with a page, for those who may do something."""
    # A document is changed on a screen of its own.
    if not may_keep(visit) or page.origin == "document":
        return ()
    words = visit.words
    edit = visit.control("edit", words("Edit"), "page", "update" if page.version else "create")
    hide = visit.control("hide", words("Hide"), "page", "update" if page.version else "create")
    label = words("Back to the shipped page") if page.origin == "changed" else words("Delete the page")
    remove = visit.control("remove", label, "page", "delete")
    if page.origin == "folder":
        why = AppError("page_of_folder", 409, page=page.id).message(visit.language)
        edit, hide, remove = (Control(c.name, c.label, False, why) for c in (edit, hide, remove))
    controls = [edit]
    if not page.hidden:
        controls.append(hide)
    if page.version or page.origin == "folder":
        controls.append(remove)
    return tuple(controls)


@router.get("/help/{language}/{page_id:path}")
def page(
    request: Request,
    visit: MaybeVisitDep,
    parts: PartsDep,
    language: Language,
    page_id: str,
    part: Annotated[int, Query(ge=1, le=100_000)] = 1,
) -> Response:
    """A page: in the console for those signed in; by itself, if it is for everyone, for those who are not. A long
    document is shown a part at a time.

    Nobody signed in is asked to sign in alike for a page that is missing and one that is not for everyone.
    """
    try:
        found = pages.find(parts, language, page_id, visit.actor if visit is not None else None)
    except AppError:
        if visit is None and wants_page(request):
            raise SignInNeeded(request.url.path) from None
        raise
    text = shown(found, part)
    if visit is None:
        alone = environment(language).get_template("help/alone.html").render(page=found, text=text)
        return HTMLResponse(alone, headers={"Cache-Control": "no-store"})
    controls = _controls(visit, found)
    return visit.page(
        "help/page.html",
        Screen(
            "help_page", ("help_page", f"{found.language}/{found.id}"), {visit.words("Page"): found.title}, {}, controls
        ),
        page=found,
        text=text,
        controls={control.name: control for control in controls},
        levels=_levels(visit, found),
        document=f"{PATH}/{found.code}" if found.code else "",
        keeps=may_keep(visit),
    )


def _levels(visit: Visit, page: HelpText) -> list[str]:
    """The names of the levels a page is for; none where it is for everyone."""
    if "everyone" in page.audience:
        return []
    with visit.reading() as session:
        return [level_name(session, code, visit.language) for code in page.audience]
