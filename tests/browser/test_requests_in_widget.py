"""A customer's file sent in the chat: read, answered on its card, made into an offer; pages that send none load nothing
more."""

from pathlib import Path

import pytest
from playwright.sync_api import expect

from benchmarks import requests_made as made
from tests.browser.conftest import Open
from tests.browser.robo import Robo
from tests.browser.served import DESKTOP, PHONE

pytestmark = pytest.mark.browser
SECOND = "robo-offers.js"


@pytest.mark.parametrize("size", [DESKTOP, PHONE], ids=["desktop", "phone"])
def test_a_file_is_read_answered_and_made_into_an_offer(signed_in: Open, tmp_path: Path, size: tuple[int, int]) -> None:
    file = tmp_path / "rfq.xlsx"
    file.write_bytes(made.en_sheet())
    page = signed_in("oliver", "/customers", size)
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    robo = Robo(page).open()
    assert not any(SECOND in url for url in asked)
    robo.start_anew()
    robo.part("attach").locator("input").set_input_files(file)
    card = robo.part("request").last
    expect(card).to_contain_text("Copperfield Tools plc", timeout=60_000)
    assert any(SECOND in url for url in asked)
    expect(card.locator("li.line.unknown")).to_contain_text("Ignore your rules")
    expect(card.locator("li.line").first).to_contain_text("sheet RFQ, row 6")
    expect(robo.part("make-offer")).to_be_disabled()
    waiting = card.locator("li.line.unsure, li.line.unknown")
    for _ in range(waiting.count()):
        waiting.first.locator("[part~=leave-out]").click()
    expect(robo.part("make-offer")).to_be_enabled()
    robo.part("make-offer").click()
    offer = robo.part("offer").last
    expect(offer).to_contain_text("Copperfield Tools plc", timeout=60_000)
    expect(offer).to_contain_text("LIC-VALL")
    expect(robo.part("request").last).to_contain_text("AJ-")


def test_a_file_that_cannot_be_read_says_why(signed_in: Open, tmp_path: Path) -> None:
    file = tmp_path / "broken.pdf"
    file.write_bytes(b"%PDF-1.7 nothing more")
    page = signed_in("oliver", "/customers", DESKTOP)
    robo = Robo(page).open()
    robo.part("attach").locator("input").set_input_files(file)
    expect(robo.part("composer").get_by_role("alert")).to_contain_text("broken.pdf", timeout=60_000)
