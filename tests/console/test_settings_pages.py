"""The settings as screens: who gets which section, what is changed there, and what comes back when it is refused."""

import re
from collections.abc import Callable
from typing import Any

import pyotp
import pytest
from httpx import Response
from sqlalchemy import select

from api.console.settings import SECTIONS
from assistant.context import Parts
from core.clock import now
from crm import attempts, second_factor, settings_grants
from crm.actor import SYSTEM, Actor
from crm.company import company
from crm.hidden import HIDEABLE
from crm.people import set_password, sign_in
from crm.session import unit
from crm.tables import ActivityType, EmbeddingHost, Stage, Team, Transition, User

Console = Callable[[str], Any]
People = Callable[[str], Actor]
PATHS = [section.path for section in SECTIONS]


# Those that show what others have no business with, and those that are nothing but a form.
CLOSED = ("/settings/audit", "/settings/embedding", "/settings/usage", "/settings/letters", "/settings/templates")


def version_in(page: str, action: str) -> str:
    """The version that the form posting to `action` carries."""
    form = page.split(f'action="{action}"', 1)[1].split("</form>", 1)[0]
    found = re.search(r'name="version" value="(\d+)"', form)
    assert found is not None
    return found.group(1)


def saved(answer: Response) -> bool:
    return answer.status_code == 303


def names(hu: str, pl: str, en: str) -> dict[str, str]:
    return {"name_hu": hu, "name_pl": pl, "name_en": en}


def test_the_settings_begin_with_the_users(console: Console) -> None:
    assert console("ada").get("/settings").headers["location"] == "/settings/users"


@pytest.mark.parametrize("path", PATHS)
def test_an_administrator_gets_every_section(console: Console, path: str) -> None:
    page = console("ada").get(path)
    assert page.status_code == 200
    assert page.text.count('aria-current="page"') == 2


@pytest.mark.parametrize("login", ["mate", "nora", "rita"])
def test_others_read_the_settings_but_get_no_form_and_no_audit(console: Console, login: str) -> None:
    browser = console(login)
    for path in PATHS:
        page = browser.get(path)
        if path in CLOSED:
            assert page.status_code == 404
            continue
        assert page.status_code == 200
        forms = re.findall(r'<form method="post" action="([^"]+)"', page.text)
        assert [form for form in forms if form != "/sign-out"] == []
    assert 'href="/settings/audit"' not in browser.get("/settings/users").text
    assert browser.post("/settings/audit/check").status_code == 404
    assert browser.post("/settings/teams", {"name": "Pest"}).status_code == 403
    assert browser.post("/settings/company", {"version": "0"}).status_code == 403


def test_a_user_is_added_changed_and_switched_off(console: Console, parts: Parts) -> None:
    ada = console("ada")
    typed = {
        **{"login": "zsofi", "family_name": "Nagy", "given_name": "Zsófia", "email": "zs@robo.example"},
        **{"role": "normal", "language": "hu", "password": "elegendő hosszú"},
    }
    short = ada.post("/settings/users/new", {**typed, "password": "titok"})
    assert short.status_code == 422 and 'value="zsofi"' in short.text and "titok" not in short.text
    assert saved(ada.post("/settings/users/new", typed))
    assert sign_in(parts.engine, parts.settings, "zsofi", "elegendő hosszú").role == "normal"
    path = "/settings/users/zsofi"
    sheet = ada.get(path).text
    seen = version_in(sheet, path)
    assert saved(ada.post(path, {**typed, "version": seen, "given_name": "Zsófi"}))
    stale = ada.post(path, {**typed, "version": seen, "given_name": "Zsuzsi"})
    assert stale.status_code == 409 and 'value="Zsuzsi"' in stale.text
    assert saved(ada.post(f"{path}/password", {"password": "egészen más jelszó"}))
    switching = {"version": version_in(ada.get(path).text, f"{path}/switch"), "active": "no"}
    assert saved(ada.post(f"{path}/switch", switching))
    with unit(parts.engine, SYSTEM, writes=False) as session:
        user = session.scalars(select(User).where(User.login == "zsofi")).one()
        assert (user.given_name, user.active) == ("Zsófi", False)


def test_one_cannot_switch_oneself_off_and_is_told_why(console: Console) -> None:
    page = console("ada").get("/settings/users/ada").text
    assert "Saját magadat nem kapcsolhatod ki" in page
    assert '"name": "switch"' in page and '"enabled": false' in page


def test_users_are_found_by_the_address_of_the_list(console: Console) -> None:
    page = console("ada").get("/settings/users?role=restricted&q=rita").text
    assert "/settings/users/rita" in page and "/settings/users/reka" not in page


def test_a_team_is_added_renamed_and_deleted(console: Console, parts: Parts) -> None:
    ada = console("ada")
    assert saved(ada.post("/settings/teams", {"name": "Győr"}))
    assert ada.post("/settings/teams", {"name": "győr"}).status_code == 422
    with unit(parts.engine, SYSTEM, writes=False) as session:
        ids = {team.name: team.id for team in session.scalars(select(Team))}
    path = f"/settings/teams/{ids['Győr']}"
    seen = version_in(ada.get("/settings/teams").text, path)
    assert saved(ada.post(path, {"version": seen, "name": "Sopron"}))
    assert saved(ada.post(f"{path}/delete", {"version": str(int(seen) + 1)}))
    full = ada.post(f"/settings/teams/{ids['Buda']}/delete", {"version": "1"})
    assert full.status_code == 409 and "másik csapatba" in full.text


def matrix(code: str, parts: Parts) -> dict[str, Any]:
    """The form of a level's rights as it stands."""
    with unit(parts.engine, SYSTEM, writes=False) as session:
        found = settings_grants.level(session, code)
        form: dict[str, Any] = {f"{r}.{a}": scope for (r, a), scope in found.grants.items()}
        form |= {f"hide.{r}": sorted(fields) for r, fields in found.hidden.items()}
        return {**form, "version": str(found.role.version)}


def test_every_right_and_hideable_field_stands_in_the_matrix(console: Console) -> None:
    page = console("ada").get("/settings/levels/normal").text
    for resource, actions in settings_grants.GRANTABLE.items():
        for action in actions:
            assert f'name="{resource}.{action}"' in page
    for resource, fields in HIDEABLE.items():
        for field in fields:
            assert f'name="hide.{resource}" value="{field}"' in page
    assert "credential" not in page


def test_rights_and_hidden_fields_are_changed_in_the_matrix(console: Console, parts: Parts, people: People) -> None:
    ada, path = console("ada"), "/settings/levels/normal/rights"
    before = people("nora").grants
    assert saved(ada.post(path, matrix("normal", parts)))
    assert people("nora").grants == before
    changed = {**matrix("normal", parts), "customer.delete": "", "hide.contact": ["phone"]}
    assert saved(ada.post(path, changed))
    assert people("nora").scope("customer", "delete") is None
    assert people("nora").hidden == {"contact": frozenset({"phone"})}
    stale = ada.post(path, changed)
    assert stale.status_code == 409
    locked = ada.post("/settings/levels/administrator/rights", {**matrix("administrator", parts), "user.update": ""})
    assert locked.status_code == 409 and "Így senki nem maradna" in locked.text
    assert people("ada").scope("user", "update") == "all"


def test_a_level_is_added_as_a_copy_and_deleted(console: Console, parts: Parts) -> None:
    ada = console("ada")
    assert saved(ada.post("/settings/levels", {**names("Gyakornok", "Stażysta", "Trainee"), "source": "restricted"}))
    assert "Gyakornok" in ada.get("/settings/levels").text
    path = "/settings/levels/trainee"
    assert saved(ada.post(f"{path}/names", {**names("Inas", "Uczeń", "Apprentice"), "version": "1"}))
    wrong = ada.post(f"{path}/names", {**names("", "Uczeń", "Apprentice"), "version": "2"})
    assert wrong.status_code == 422 and 'aria-invalid="true"' in wrong.text
    assert saved(ada.post(f"{path}/delete", {"version": "2"}))
    assert ada.get(path).status_code == 404


def test_the_pipeline_is_drawn_and_changed(console: Console, parts: Parts) -> None:
    ada = console("ada")
    page = ada.get("/settings/pipeline").text
    drawing = page.split('<svg class="pipeline"', 1)[1].split("</svg>", 1)[0]
    assert drawing.count("<rect") == 6 and drawing.count('<path class="step') == 15
    new = {**names("Bemutató", "Pokaz", "Demo"), "kind": "open", "comes_from": "request", "leads_to": "offer"}
    assert saved(ada.post("/settings/pipeline/stages", new))
    assert saved(ada.post("/settings/pipeline/stages/demo", {"version": "1", "what": "earlier"}))
    step = {"start": "contact", "end": "lost", "trigger": "person", "action": "transition"}
    assert saved(ada.post("/settings/pipeline/steps", step))
    assert ada.post("/settings/pipeline/steps", step).status_code == 422
    assert saved(ada.post("/settings/pipeline/entries/external", {"version": "1", "stage": "contact"}))
    with unit(parts.engine, SYSTEM, writes=False) as session:
        order = session.scalars(select(Stage.code).order_by(Stage.position)).all()
        assert order[:3] == ["contact", "demo", "request"]
        ways = session.scalars(select(Transition).where(Transition.from_stage == "decision")).all()
        # By hand and by an activity, such as the customer's answer.
        *others, last = (t.id for t in ways if t.to_stage in ("won", "lost"))
    assert len(others) == 3
    for step_id in others:
        assert saved(ada.post(f"/settings/pipeline/steps/{step_id}/remove", {"version": "1"}))
    refused = ada.post(f"/settings/pipeline/steps/{last}/remove", {"version": "1"})
    assert refused.status_code == 409 and "Így a folyamat nem működne" in refused.text


def test_activity_types_are_changed_with_their_automatic_moves(console: Console, parts: Parts) -> None:
    ada, path = console("ada"), "/settings/activity-types"
    assert saved(ada.post(path, {**names("Látogatás", "Wizyta", "Visit"), "moves_to": "offer"}))
    assert "„Ajánlattétel” szakaszba léptet" in ada.get(path).text
    changed = {**names("Látogatás", "Wizyta", "Visit"), "moves_to": "", "version": "1"}
    assert saved(ada.post(f"{path}/visit", changed))
    with unit(parts.engine, SYSTEM, writes=False) as session:
        assert session.get_one(ActivityType, "visit").moves_to is None
    assert ada.post(f"{path}/note", {"version": "1", "what": "remove"}).status_code == 409
    assert saved(ada.post(f"{path}/visit", {"version": "2", "what": "remove"}))


def test_company_settings_come_back_as_typed_when_they_are_refused(console: Console, parts: Parts) -> None:
    ada, path = console("ada"), "/settings/company"
    page = ada.get(path).text
    typed = dict(re.findall(r'name="([a-z_]+)" type="text" value="([^"]*)"', page))
    assert typed["offer_series"] == "AJ" and typed["limit_normal"] == "20"
    wrong = ada.post(path, {**typed, "version": "0", "name": "Kékes Kft.", "limit_normal": "120"})
    assert wrong.status_code == 422 and 'value="Kékes Kft."' in wrong.text and 'value="120"' in wrong.text
    assert saved(ada.post(path, {**typed, "version": "0", "name": "Kékes Kft.", "limit_normal": "12,5"}))
    with unit(parts.engine, SYSTEM, writes=False) as session:
        assert company(session).name == "Kékes Kft."


def test_the_model_page_tells_no_key_and_no_address(console: Console, parts: Parts) -> None:
    page = console("ada").get("/settings/model").text
    assert "OPENAI_API_KEY" in page and parts.knowledge.embedder_name in page
    assert console("ada").post("/settings/model/try").status_code == 404
    assert console("nora").post("/settings/model/try").status_code == 403


def test_the_key_of_an_embedding_host_is_shown_once(console: Console, parts: Parts) -> None:
    ada, path = console("ada"), "/settings/embedding"
    bad = ada.post(path, {"name": "Saját CRM", "origins": "http://crm.example"})
    assert bad.status_code == 422 and 'value="Saját CRM"' in bad.text
    made = ada.post(path, {"name": "Saját CRM", "origins": "https://crm.example\nhttps://b.example"}).text
    key = re.findall(r"robo_host_[\w-]+", made)[0]
    assert key not in ada.get(path).text
    again = ada.post(f"{path}/key", {"name": "Saját CRM", "version": "1"}).text
    assert re.findall(r"robo_host_[\w-]+", again)[0] != key
    assert saved(ada.post(f"{path}/origins", {"name": "Saját CRM", "origins": "https://c.example", "version": "2"}))
    assert saved(ada.post(f"{path}/switch", {"name": "Saját CRM", "active": "no", "version": "3"}))
    with unit(parts.engine, SYSTEM, writes=False) as session:
        host = session.scalars(select(EmbeddingHost)).one()
        assert (host.origins, host.active) == (["https://c.example"], False)


def test_the_audit_is_narrowed_and_its_chain_checked(console: Console, parts: Parts) -> None:
    ada = console("ada")
    ada.post("/settings/teams", {"name": "Győr"})
    page = ada.get("/settings/audit?actor=ada&resource=team").text
    assert "Győr" in page and "Bartók" not in page
    assert "Győr" not in ada.get("/settings/audit?actor=ada&until=2020-01-01").text
    assert "A lánc ép" in ada.post("/settings/audit/check").text


def test_what_people_typed_is_never_markup(console: Console) -> None:
    ada = console("ada")
    ada.post("/settings/teams", {"name": "<script>alert(1)</script>"})
    ada.post("/settings/levels", {**names("<b>x</b>", "<i>y</i>", "<u>z</u>"), "source": "normal"})
    for path in ("/settings/teams", "/settings/levels", "/settings/users", "/settings/audit", "/settings/company"):
        page = ada.get(path).text
        assert "<script>alert" not in page and "<b>x</b>" not in page


def test_who_is_locked_out_or_has_a_second_factor_is_told_only_to_those_who_may_change_users(
    console: Console, parts: Parts, people: People
) -> None:
    set_password(parts.engine, "nora", "elegendő hosszú")
    secret = pyotp.random_base32(32)
    second_factor.switch_on(parts.engine, people("nora"), secret, pyotp.TOTP(secret).at(now()))
    for _ in range(parts.settings.sign_in_attempts):
        attempts.count(parts.engine, parts.settings, "nora")
    for path, two_step in (("/settings/users", "Kétlépcsős belépés<"), ("/settings/users/nora", "nora/second-factor")):
        for mark in ("Kizárva", two_step):
            assert mark in console("ada").get(path).text
            assert mark not in console("mate").get(path).text
