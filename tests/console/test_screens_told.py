"""What the widget is told of a list: the filters in the words the user reads, within the bounds the API takes."""

import json
import re
from collections.abc import Callable

import pytest

from assistant.screen import ScreenContext
from tests.conftest import ConsoleClient

Console = Callable[[str], ConsoleClient]


def told(page: str) -> ScreenContext:
    found = re.search(r'id="screen">(.*?)</script>', page, re.DOTALL)
    assert found is not None
    return ScreenContext.model_validate(json.loads(found.group(1)))


@pytest.mark.parametrize(
    ("path", "filters"),
    [
        ("/customers?status=active&owner=me&q=bart", {"Keresés": "bart", "Státusz": "Aktív", "Felelős": "Enyém"}),
        ("/offers?state=awaiting_approval&currency=HUF", {"Állapot": "Jóváhagyásra vár", "Pénznem": "HUF"}),
        ("/opportunities?view=list&owner=me", {"Felelős": "Enyém"}),
        ("/activities?priority=high&due=overdue", {"Fontosság": "Magas", "Határidő": "Lejárt"}),
        ("/products?q=toll", {"Keresés": "toll"}),
        ("/customers", {}),
    ],
)
def test_a_list_tells_its_filters_in_words(console: Console, path: str, filters: dict[str, str]) -> None:
    screen = told(console("nora").get(path).text)
    assert screen.filters == filters


def test_a_field_changed_in_place_carries_what_the_widget_is_told(console: Console) -> None:
    nora = console("nora")
    page = nora.get("/customers/C0001").text
    assert told(page).record is not None
    version = re.search(r'name="version" value="(\d+)"', page)
    assert version is not None
    cell = nora.post("/customers/C0001/cell/city", data={"version": version.group(1), "value": "Pécs"}).text
    assert 'data-record="C0001"' in cell and 'data-value="Pécs"' in cell
    label = re.search(r'data-label="([^"]+)"', cell)
    assert label is not None and told(nora.get("/customers/C0001").text).fields[label.group(1)] == "Pécs"
