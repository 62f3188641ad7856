"""WCAG 2.2 AA by axe on every screen and state of the widget, and the main chain by keyboard alone."""

import re
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from assistant.reply import LinkView
from core.clock import today
from crm.proposals import NewActivity
from tests.browser.backstage import Backstage
from tests.browser.conftest import Open
from tests.browser.robo import Robo
from tests.browser.served import DESKTOP, PHONE

pytestmark = pytest.mark.browser
AXE = Path(__file__).parents[2] / "web" / "node_modules" / "axe-core" / "axe.min.js"
SCREENS = [
    "/",
    "/customers",
    "/customers/new",
    "/customers/C0001",
    "/opportunities",
    "/opportunities?view=list",
    "/opportunities/new?customer=C0001",
    "/opportunities/O0001",
    "/activities",
    "/activities/new",
    "/calendar",
    "/calendar?view=week",
    "/calendar?view=agenda",
    "/offers",
    "/offers/new?customer=C0001",
    "/products",
    "/products/LIC-PREM",
    "/help",
    "/help?q=ajánlat",
    "/help/hu/issuing-an-offer",
    "/profile",
    "/settings",
    "/settings/users",
    "/settings/teams",
    "/settings/levels",
    "/settings/pipeline",
    "/settings/activity-types",
    "/settings/company",
    "/settings/model",
    "/settings/embedding",
    "/settings/audit",
]
CHECK = """async () => {
  const tags = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];
  const found = await axe.run(document, {runOnly: tags, resultTypes: ['violations']});
  return found.violations.filter((v) => ['serious', 'critical'].includes(v.impact))
    .flatMap((v) => v.nodes.map((n) => `${v.id}: ${n.target.join(' ')} — ${n.failureSummary}`));
}"""


def faults(page: Page) -> list[str]:
    """Serious and critical findings on what the page shows now."""
    page.evaluate(AXE.read_text(encoding="utf-8"))
    found: list[str] = page.evaluate(CHECK)
    return found


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("size", [DESKTOP, PHONE], ids=["desktop", "phone"])
def test_every_screen_is_accessible(signed_in: Open, size: tuple[int, int], scheme: str) -> None:
    page = signed_in("admin", "/", size, color_scheme=scheme, reduced_motion="reduce")
    origin = page.url.rstrip("/")
    found = {}
    for path in SCREENS:
        answer = page.goto(origin + path)
        assert answer is not None and answer.status == 200, path
        page.wait_for_selector("virtuo-robo", state="attached")
        if problems := faults(page):
            found[path] = problems
        wide = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        if wide > 1:
            found.setdefault(path, []).append(f"the page is {wide} px wider than the screen")
    assert found == {}


def test_signing_in_is_accessible(fresh: object, served: object) -> None:
    page = fresh().new_page()  # type: ignore[operator]
    page.goto(f"{served.url}/sign-in")  # type: ignore[attr-defined]
    assert faults(page) == []
    page.fill("[name=login]", "nobody-at-all")
    page.fill("[name=password]", "x")
    page.click("button.primary")
    assert page.get_by_role("alert").is_visible() and faults(page) == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("size", [DESKTOP, PHONE], ids=["desktop", "phone"])
def test_every_state_of_the_widget_is_accessible(signed_in: Open, size: tuple[int, int], scheme: str) -> None:
    page = signed_in("anna", "/customers/C0001", size, color_scheme=scheme, reduced_motion="reduce")
    robo = Robo(page).open()
    found = {"opened": faults(page)}
    answer = robo.say("Hogyan adok ki egy ajánlatot?")
    answer.locator("summary").first.click()
    found["answer"] = faults(page)
    robo.say("Kovácséknak kell egy ajánlat 2 prémium licencre")
    found["choices"] = faults(page)
    made = robo.pick("Kovács Kft.")
    found["offer"] = faults(page)
    made.locator("[part~=issue]").click()
    found["asking"] = faults(page)
    robo.root.locator(".tools .icon-button").first.click()
    found["history"] = faults(page)
    page.route("**/api/v1/agui", lambda route: route.abort())
    # On the list of conversations the first tool begins a new one.
    robo.root.locator(".tools .icon-button").first.click()
    robo.part("input").fill("Hogyan adok ki egy ajánlatot?")
    robo.part("input").press("Enter")
    expect(robo.root.locator("[role=alert], .trouble").first).to_be_visible(timeout=30_000)
    found["trouble"] = faults(page)
    assert {state: problems for state, problems in found.items() if problems} == {}


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("size", [DESKTOP, PHONE], ids=["desktop", "phone"])
def test_every_state_of_answers_is_accessible(
    signed_in: Open, backstage: Backstage, size: tuple[int, int], scheme: str
) -> None:
    links = [LinkView(label="Nyitott ajánlatok", url="/offers?state=draft")]
    backstage.answered("anna", "Hézag a súgóban", "Nincs.", "hu", abstained=True, links=links, asked_as="És ma?")
    tasks = [NewActivity(customer="C0001", type_code="task", subject=f"Hívás {n}", due=today()) for n in range(3)]
    backstage.proposed("anna", "Két új feladat", "hu", *tasks[:2])
    backstage.proposed("anna", "Egy új feladat", "hu", tasks[2])
    page = signed_in("anna", "/customers/C0001", size, color_scheme=scheme, reduced_motion="reduce")
    robo = Robo(page).open()
    found: dict[str, list[str]] = {}

    def look(state: str) -> None:
        if problems := faults(page):
            found[state] = problems

    card = robo.resume("Két új feladat").locator("[part~=proposal]")
    card.get_by_role("checkbox").last.uncheck()
    look("batch")
    card.locator("[part~=edit]").first.click()
    card.get_by_label("Tárgy").fill("")
    card.get_by_role("button", name="Kész").click()
    look("editing, with a fault")
    card.get_by_role("button", name="Mégse").click()
    card.locator("[part~=reject]").click()
    look("rejecting")
    card.get_by_role("button", name="Mégse").click()
    card.locator("[part~=confirm]").click()
    expect(card.locator("p.done")).to_be_visible()
    look("confirmed")
    card.locator("[part~=undo]").click()
    expect(card.locator("[part~=undo]")).to_have_count(0)
    look("undone")
    card = robo.resume("Egy új feladat").locator("[part~=proposal]")
    look("one change")

    reply = robo.resume("Hézag a súgóban")
    look("links, and how it was understood")
    reply.locator(".opinion [aria-pressed]").nth(1).click()
    look("why not")
    reply.locator("form.reason button").first.click()
    reply.locator("[part~=ask-person]").click()
    robo.root.locator("form.handing").wait_for()
    look("whom to ask")
    robo.root.locator("form.handing button").last.click()
    robo.part("handed").wait_for()
    look("handed over")
    robo.root.locator(".tools .icon-button").first.click()
    history = robo.part("history")
    history.locator("li .icon-button").nth(0).click()
    look("renaming")
    history.locator("li .icon-button").nth(1).click()
    look("deleting")
    assert found == {}


FOCUSED = """() => {
  let element = document.activeElement;
  while (element?.shadowRoot?.activeElement) element = element.shadowRoot.activeElement;
  return element ? (element.innerText || element.getAttribute('aria-label') || element.id || element.tagName) : '';
}"""


def tab_to(page: Page, wanted: str, most: int = 60) -> None:
    """Press Tab until what has the focus is called `wanted`, if it is not already."""
    for _ in range(most):
        if re.fullmatch(rf"\s*{wanted}\s*", page.evaluate(FOCUSED)):
            return
        page.keyboard.press("Tab")
    pytest.fail(f"the keyboard does not reach {wanted}")


def test_the_main_chain_by_keyboard_alone(fresh: object, served: object) -> None:
    page = fresh().new_page()  # type: ignore[operator]
    keys = page.keyboard
    page.goto(f"{served.url}/sign-in?next=/")  # type: ignore[attr-defined]
    keys.type("lilla")
    keys.press("Tab")
    keys.type("lilla-demo-2026")
    keys.press("Enter")
    page.wait_for_selector("virtuo-robo", state="attached")

    keys.press("Control+k")
    keys.type("Kovács és Fiai")
    expect(page.locator("#findings [role=option]").filter(has_text="Kovács és Fiai Bt.").first).to_be_visible()
    expect(page.locator("#findings [aria-selected=true]")).to_have_count(1)
    keys.press("Enter")
    page.wait_for_url("**/customers/C0002")

    keys.press("Alt+r")
    robo = Robo(page)
    robo.part("panel").wait_for()
    keys.type("Hogyan adok ki egy ajánlatot?")
    keys.press("Enter")
    expect(robo.part("citation").first).to_be_visible(timeout=30_000)
    keys.type("Kovácséknak kell egy ajánlat 2 prémium licencre")
    keys.press("Enter")
    expect(robo.part("choice").first).to_be_visible(timeout=30_000)
    keys.press("Shift+Tab")
    for _ in range(12):
        if re.search("Kovács és Fiai", page.evaluate(FOCUSED)):
            break
        keys.press("Shift+Tab")
    keys.press("Enter")
    expect(robo.part("offer")).to_be_visible(timeout=60_000)
    robo.part("input").focus()
    for _ in range(12):
        keys.press("Shift+Tab")
        if re.search(r"^\s*Ajánlat kiadása\s*$", page.evaluate(FOCUSED)):
            break
    keys.press("Enter")
    tab_to(page, "Igen, kiadom")
    keys.press("Enter")
    expect(robo.root.locator("p.done")).to_be_visible(timeout=30_000)
    keys.press("Escape")
    expect(robo.part("panel")).to_have_count(0)
    assert re.search("asszisztens|Robo", page.evaluate(FOCUSED))
