"""A company's own templates, from uploading to the offer that is made from one."""

import io
from collections.abc import Callable
from functools import lru_cache
from pathlib import Path

import docx
import pytest
from fastapi.testclient import TestClient
from httpx import Response
from sqlalchemy import Engine

from assistant.context import Parts
from core.clock import today
from core.language import Language
from crm.actor import SYSTEM, Actor
from crm.offer_templates import standard_version
from crm.session import unit
from offers.documents.extract import document_text
from offers.documents.word import shipped_template
from offers.understand import understand
from offers.view import OfferView

AsUser = Callable[[str], dict[str, str]]
PATH = "/api/v1/templates"
PROMPT = "Ajánlat a Bartók Kft.-nek: 10 töltőtoll 5% kedvezménnyel"


@lru_cache
def own(language: Language = "hu", mark: str = "OUR OWN LOOK", cut: str = "") -> bytes:
    """The shipped template with a line of one's own in it, and without what is to be `cut`."""
    document = docx.Document(str(shipped_template(language)))
    document.paragraphs[0].add_run(mark)
    for text in document.element.body.iter("{http://schemas.openxmlformats.org/wordprocessingml/2006/main}t"):
        text.text = (text.text or "").replace(cut, "") if cut else text.text
    kept = io.BytesIO()
    document.save(kept)
    return kept.getvalue()


def send(client: TestClient, headers: dict[str, str], file: bytes, **data: str) -> Response:
    form = {"name": "House style", "language": "hu", **data}
    return client.post(PATH, files={"file": ("own.docx", file)}, data=form, headers=headers)


def code_of(answer: Response) -> tuple[int, str]:
    return answer.status_code, answer.json()["error"]["code"]


def draft(parts: Parts, actor: Actor) -> OfferView:
    made = parts.offers.draft(
        actor, PROMPT, lambda names: understand(prompt(), names, language="hu", today=today()), "hu"
    )
    assert isinstance(made, OfferView)
    return made


def prompt() -> str:
    return PROMPT


def test_a_sound_template_is_kept_renamed_replaced_and_switched_off(client: TestClient, as_user: AsUser) -> None:
    ada = as_user("ada")
    made = send(client, ada, own(), standard="true")
    assert made.status_code == 201, made.text
    assert (made.json()["code"], made.json()["standard"], made.json()["version"]) == ("T0001", True, 1)
    second = send(client, ada, own(mark="ANOTHER"), name="Newer", standard="true").json()
    assert [(t["name"], t["standard"]) for t in client.get(PATH, headers=ada).json()] == [
        ("House style", False),
        ("Newer", True),
    ]
    newer = {"file": ("b.docx", own(mark="NEWEST"))}
    at = f"{PATH}/{second['code']}"
    assert code_of(client.put(f"{at}/file", files=newer, data={"version": "9"}, headers=ada)) == (409, "conflict")
    replaced = client.put(f"{at}/file", files=newer, data={"version": str(second["version"])}, headers=ada)
    assert [v["ordinal"] for v in replaced.json()["versions"]] == [1, 2]
    assert client.get(f"{at}/file?ordinal=1", headers=ada).content == own(mark="ANOTHER")
    off = client.patch(at, json={"version": replaced.json()["version"], "active": False}, headers=ada).json()
    assert (off["active"], off["standard"]) == (False, False)
    assert code_of(client.patch(at, json={"version": off["version"], "standard": True}, headers=ada)) == (
        409,
        "template_off_not_standard",
    )


def test_a_faulty_template_leaves_nothing_behind(client: TestClient, parts: Parts, as_user: AsUser) -> None:
    ada = as_user("ada")
    faulty = own(mark="{{ nummber }}")
    answer = send(client, ada, faulty)
    assert code_of(answer) == (422, "template_placeholder_unknown")
    assert "nummber" in answer.json()["error"]["message"]
    assert code_of(send(client, ada, own(cut="{{ line.net }}"))) == (422, "template_leaves_out")
    assert code_of(send(client, ada, b"no zip")) == (415, "template_not_word")
    assert code_of(send(client, ada, own(), language="xx")) == (422, "template_language")
    assert client.get(PATH, headers=ada).json() == []
    assert not list((parts.settings.home / "templates").glob("**/*.docx"))


@pytest.mark.parametrize("login", ["nora", "mate"])
def test_only_who_has_the_right_uploads_or_changes(client: TestClient, as_user: AsUser, login: str) -> None:
    send(client, as_user("ada"), own())
    assert code_of(send(client, as_user(login), own())) == (403, "forbidden")
    patched = client.patch(f"{PATH}/T0001", json={"version": 1, "name": "Mine"}, headers=as_user(login))
    assert code_of(patched) == (403, "forbidden")


@pytest.mark.office
def test_offers_are_made_from_the_standard_template_of_their_language(
    client: TestClient, parts: Parts, as_user: AsUser, people: Callable[[str], Actor], engine: Engine
) -> None:
    made = send(client, as_user("ada"), own(), standard="true").json()
    offer = draft(parts, people("nora"))
    files = {d.kind: parts.settings.home / str(d.path) for d in offer.documents}
    assert all("OUR OWN LOOK" in document_text(path) for path in files.values())
    with unit(engine, SYSTEM, writes=False) as session:
        assert standard_version(session, "hu") is not None and standard_version(session, "pl") is None
    client.patch(f"{PATH}/T0001", json={"version": made["version"], "active": False}, headers=as_user("ada"))
    assert "OUR OWN LOOK" not in document_text(
        parts.settings.home / str(draft(parts, people("nora")).documents[0].path)
    )


def test_without_libreoffice_an_own_template_says_why_there_is_no_pdf(
    client: TestClient, parts: Parts, as_user: AsUser, people: Callable[[str], Actor]
) -> None:
    made = send(client, as_user("ada"), own(), standard="true").json()
    assert made["pdf_possible"] is False
    offer = draft(parts, people("nora"))
    assert offer.documents == [] and "LibreOffice" in offer.warnings[-1]
    word = client.get(f"{PATH}/T0001/preview/docx?offer={offer.number}", headers=as_user("ada"))
    assert word.status_code == 200 and word.headers["content-disposition"].startswith("attachment")
    (parts.settings.home / "seen.docx").write_bytes(word.content)
    text = document_text(parts.settings.home / "seen.docx")
    assert "OUR OWN LOOK" in text and offer.number in text and "Bartók" in text
    pdf = client.get(f"{PATH}/T0001/preview/pdf?offer={offer.number}", headers=as_user("ada"))
    assert code_of(pdf) == (409, "pdf_needs_libreoffice")
    missing = client.get(f"{PATH}/T0001/preview/docx?offer=AJ-2026-99999", headers=as_user("ada"))
    assert code_of(missing) == (404, "not_found")


def test_a_template_file_that_was_changed_on_the_disk_is_not_used(
    client: TestClient, parts: Parts, as_user: AsUser, people: Callable[[str], Actor]
) -> None:
    send(client, as_user("ada"), own(), standard="true")
    for file in (parts.settings.home / "templates").glob("**/*.docx"):
        Path(file).write_bytes(own(mark="FORGED"))
    offer = draft(parts, people("nora"))
    assert offer.documents == [] and "T0001" in offer.warnings[-1]
    assert code_of(client.get(f"{PATH}/T0001/file", headers=as_user("ada"))) == (409, "template_file_missing")
