"""The approval screens: what waits for whom, deciding on an offer's own screen, limits and series in the settings."""

from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal
from html import unescape

import pytest

from assistant.context import Parts
from core.clock import today
from crm.actor import Actor
from offers.figures import Edit, EditedLine

People = Callable[[str], Actor]
Console = Callable[[str], object]


@pytest.fixture
def number(parts: Parts, people: People) -> str:
    """An offer of nora's that waits for approval."""
    edit = Edit((EditedLine("TOLL", Decimal(10), Decimal(30)),), today() + timedelta(days=9), 8)
    return parts.offers.create(people("nora"), "C0001", edit).number


def lock(parts: Parts, actor: Actor, number: str) -> dict[str, str]:
    return {"version": str(parts.offers.detail(actor, number).lock)}


def test_the_list_is_for_those_who_approve_and_counts_what_waits(console: Console, number: str) -> None:
    page = unescape(console("mate").get("/approvals").text)
    assert number in page and "Rád vár" in page and "1 dolog vár rád" in page
    assert console("nora").get("/approvals").status_code == 403
    assert "/approvals" not in console("nora").get("/offers").text


def test_an_offer_is_approved_or_rejected_with_a_reason_on_its_own_screen(
    console: Console, number: str, parts: Parts, people: People
) -> None:
    mate = console("mate")
    assert f"/offers/{number}/approval" in mate.get(f"/offers/{number}").text
    part = unescape(mate.get(f"/offers/{number}/approval").text)
    assert "30%" in part and "Nem hagyom jóvá" in part and "Továbbadom neki" in part
    bare = mate.post(f"/offers/{number}/approval", data={**lock(parts, people("mate"), number), "do": "reject"})
    assert bare.status_code == 422 and "miért utasítod vissza" in unescape(bare.text)
    done = mate.post(
        f"/offers/{number}/approval",
        data={**lock(parts, people("mate"), number), "do": "reject", "comment": "Túl sok"},
    )
    assert done.status_code == 303
    seen = unescape(console("nora").get(f"/offers/{number}/approval").text)
    assert "Túl sok" in seen and "Nem hagyom jóvá" not in seen


def test_its_maker_sees_why_it_waits_but_decides_nothing(console: Console, number: str) -> None:
    part = unescape(console("nora").get(f"/offers/{number}/approval").text)
    assert "30%" in part and "<form" not in part
    assert console("rita").get(f"/offers/{number}/approval").status_code == 404


def test_an_administrator_sets_limits_by_category_and_series_by_language(
    console: Console, parts: Parts, people: People
) -> None:
    ada = console("ada")
    bad = ada.post("/settings/approval", data={"role": "normal", "category": "", "discount": "x", "margin": ""})
    assert bad.status_code == 422
    good = ada.post("/settings/approval", data={"role": "normal", "category": "", "discount": "", "margin": "12,5"})
    assert good.status_code == 303 and "12,5%" in ada.get("/settings/approval").text
    ada.post("/settings/approval", data={"role": "normal", "category": "", "discount": "", "margin": ""})
    assert "12,5%" not in ada.get("/settings/approval").text
    assert console("mate").post("/settings/approval", data={"role": "normal", "margin": "1"}).status_code == 403
    # Nothing was set about the company yet, so its version is 0.
    kept = ada.post("/settings/approval/series", data={"version": "0", "series_en": "qu", "series_pl": ""})
    assert kept.status_code == 303 and 'value="QU"' in ada.get("/settings/approval").text
    edit = Edit((EditedLine("TOLL", Decimal(10), Decimal(1)),), today() + timedelta(days=9), 8, language="en")
    year = today().year
    assert parts.offers.create(people("nora"), "C0001", edit).number == f"QU-{year}-00001"
