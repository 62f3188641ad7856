"""The bar of saved views that lists show, for any screen with a list."""

from dataclasses import dataclass
from typing import Annotated

from fastapi import APIRouter, Form
from fastapi.responses import Response

from api.console.addresses import ListUrl
from api.console.visit import Visit, VisitDep
from crm import saved_views
from crm.session import CrmSession

router = APIRouter(include_in_schema=False)
_PATHS = {"dashboard": "/"}
Text = Annotated[str, Form(max_length=4_000)]


@dataclass(frozen=True)
class ViewTab:
    """A saved view as a tab: `current` where the list is just so."""

    id: int
    name: str
    href: str
    current: bool


@dataclass(frozen=True)
class ViewBar:
    """The user's views of a screen, and the state that could be saved as one."""

    screen: str
    path: str
    query: str
    tabs: tuple[ViewTab, ...]

    @property
    def current(self) -> ViewTab | None:
        """The view the list shows, if it is one."""
        return next((tab for tab in self.tabs if tab.current), None)


def _path(screen: str) -> str:
    return _PATHS.get(screen, f"/{screen}")


def bar(visit: Visit, session: CrmSession, screen: str, url: ListUrl) -> ViewBar:
    """What `views/_bar.html` shows above the list of `screen`, which is in the state of `url`."""
    path, query = _path(screen), url.query
    views = saved_views.of(session, screen) if visit.can("view", "read") else []
    tabs = tuple(ViewTab(v.id, v.name, f"{path}?{v.query}", v.query == query) for v in views)
    return ViewBar(screen, path, query, tabs)


@router.post("/views/{screen}")
def save(visit: VisitDep, screen: str, name: Text = "", query: Text = "") -> Response:
    """Keep the state of a list under a name, and go on with it."""
    with visit.writing() as session:
        view = saved_views.save(session, screen, name, query)
        path, name = f"{_path(screen)}?{view.query}", view.name
    return visit.go(path, visit.words("View “%(name)s” is saved.", name=name))


@router.post("/views/{view_id}/rename")
def rename(visit: VisitDep, view_id: int, name: Text = "") -> Response:
    """Give a view another name."""
    with visit.writing() as session:
        view = saved_views.rename(session, view_id, name)
        path = f"{_path(view.screen)}?{view.query}"
    return visit.go(path, visit.words("The view has its new name."))


@router.post("/views/{view_id}/delete")
def delete(visit: VisitDep, view_id: int) -> Response:
    """Forget a view; the list stays as it is."""
    with visit.writing() as session:
        view = saved_views.by_id(session, view_id)
        path = f"{_path(view.screen)}?{view.query}"
        saved_views.delete(session, view_id)
    return visit.go(path, visit.words("The view is deleted."))
