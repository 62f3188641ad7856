"""Sending by the API: proposed, previewed, confirmed with the digest, and seen afterwards."""

from collections.abc import Callable

from fastapi.testclient import TestClient

from assistant.context import Parts
from crm.actor import Actor
from tests.offers.mail_world import offer_number, outbox

Headers = Callable[[str], dict[str, str]]
People = Callable[[str], Actor]


def test_a_mail_is_proposed_previewed_confirmed_and_listed(
    client: TestClient, as_user: Headers, parts: Parts, people: People
) -> None:
    number = offer_number(parts, people("nora"))
    nora = as_user("nora")
    draft = client.get(f"/api/v1/offers/{number}/mail/preview", headers=nora).json()
    assert [c["address"] for c in draft["contacts"]] == ["C0001@x.example"] and draft["language"] == "hu"
    typed = {"to": ["C0001@x.example"], "subject": draft["subject"], "body": draft["body"]}
    seen = client.post(f"/api/v1/offers/{number}/mail/preview", headers=nora, json=typed).json()
    assert seen["issues"] is True and len(seen["digest"]) == 64

    forged = {"mail": {**typed, "subject": "x"}, "digest": seen["digest"]}
    refused = client.post(f"/api/v1/offers/{number}/mail", headers=nora, json=forged)
    assert (refused.status_code, refused.json()["error"]["code"]) == (409, "mail_changed")
    stranger = {**typed, "to": ["thief@x.example"]}
    refused = client.post(f"/api/v1/offers/{number}/mail/preview", headers=nora, json=stranger)
    assert (refused.status_code, refused.json()["error"]["code"]) == (422, "mail_address_unknown")

    sent = client.post(f"/api/v1/offers/{number}/mail", headers=nora, json={"mail": typed, "digest": seen["digest"]})
    assert (sent.status_code, sent.json()["state"], sent.json()["decisions"]) == (202, "queued", ["cancel"])
    code = sent.json()["code"]
    with outbox(parts.settings) as box:
        box.sweep()
    listed = client.get("/api/v1/mails", headers=nora, params={"state": "sent"}).json()
    assert (listed["total"], listed["mails"][0]["code"]) == (1, code)
    assert client.get("/api/v1/mails", headers=as_user("reka")).json()["total"] == 0
    assert client.get(f"/api/v1/mails/{code}", headers=as_user("reka")).status_code == 404
    late = client.post(f"/api/v1/mails/{code}/again", headers=nora)
    assert (late.status_code, late.json()["error"]["code"]) == (409, "mail_not_undecided")


def test_a_queued_mail_can_be_cancelled_and_is_not_sent(
    client: TestClient, as_user: Headers, parts: Parts, people: People
) -> None:
    number = offer_number(parts, people("nora"))
    nora = as_user("nora")
    draft = client.get(f"/api/v1/offers/{number}/mail/preview", headers=nora).json()
    typed = {"to": ["C0001@x.example"], "subject": draft["subject"], "body": draft["body"], "as_pack": False}
    digest = client.post(f"/api/v1/offers/{number}/mail/preview", headers=nora, json=typed).json()["digest"]
    code = client.post(f"/api/v1/offers/{number}/mail", headers=nora, json={"mail": typed, "digest": digest}).json()[
        "code"
    ]
    assert client.post(f"/api/v1/mails/{code}/cancel", headers=nora).json()["state"] == "cancelled"
    with outbox(parts.settings) as box:
        assert box.sweep() == 0
