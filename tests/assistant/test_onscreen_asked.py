"""Which messages are questions about the screen, and what they ask; everything else is left to the other ways."""

from dataclasses import replace

import pytest

from assistant.onscreen.asked import Asked, read
from assistant.screen import Control, RecordRef, ScreenContext
from crm.actor import Actor
from crm.defaults import default_grants
from offers.understand import Mentions

NOTHING = Mentions(False, False, 0, False, False, False, False, False, False)
OFFER = RecordRef(type="offer", code="A-2026-00001")
DEAL = RecordRef(type="opportunity", code="O0001")
FIRM = RecordRef(type="customer", code="C0001")


def actor(role: str = "normal") -> Actor:
    return Actor(7, "x", role, None, "en", {(str(r), str(a)): s for (r, a), s in default_grants()[role].items()})


def on(record: RecordRef | None, *controls: Control, **more: object) -> ScreenContext:
    kind = record.type if record else "offers"
    return ScreenContext.model_validate({"id": kind, "record": record, "controls": controls, **more})


def asked(message: str, screen: ScreenContext | None, role: str = "normal", seen: Mentions = NOTHING) -> Asked | None:
    return read(message, screen, actor(role), seen)


@pytest.mark.parametrize(
    ("kind", "messages"),
    [
        (
            "what_is_this",
            ["Mi ez?", "mi ez a kepernyo", "Co to jest?", "co to za ekran", "What is this?", "what's this page"],
        ),
        (
            "next",
            [
                "Mi a következő lépés?",
                "most mit tegyek",
                "Co dalej?",
                "jaki jest następny krok",
                "What now?",
                "What's next?",
            ],
        ),
        ("can_do", ["Mit tehetek itt?", "mit lehet itt csinalni", "Co mogę tu zrobić?", "What can I do here?"]),
        (
            "error",
            ["Mit jelent ez a hiba?", "mit jelent ez az uzenet", "Co oznacza ten błąd?", "What does this error mean?"],
        ),
    ],
)
def test_the_screen_itself_is_asked_about(kind: str, messages: list[str]) -> None:
    for message in messages:
        found = asked(message, on(OFFER))
        assert found is not None and found.kind == kind, message
        assert asked(message, None) is None


@pytest.mark.parametrize(
    ("message", "record", "action"),
    [
        ("Why can't I issue this offer?", OFFER, "issue"),
        ("Miért nem adhatom ki?", OFFER, "issue"),
        ("miert nem tudom kikuldeni ezt az ajanlatot", OFFER, "issue"),
        ("Dlaczego nie mogę wydać tej oferty?", OFFER, "issue"),
        ("nie moge wyslac oferty", OFFER, "issue"),
        ("Why am I not allowed to approve it?", OFFER, "approve"),
        ("Miért nem hagyhatom jóvá?", OFFER, "approve"),
        ("Dlaczego nie można jej zatwierdzić?", OFFER, "approve"),
        ("Why can't I move it to Won?", DEAL, "transition"),
        ("Miért nem léptethetem tovább?", DEAL, "transition"),
        ("czemu nie moge przesunac tej szansy", DEAL, "transition"),
        ("Why can't I reopen this deal?", DEAL, "undo"),
        ("Miért nem tudom visszavonni?", DEAL, "undo"),
        ("Why can't I delete this customer?", FIRM, "delete"),
        ("Miért nem törölhetem ezt az ügyfelet?", FIRM, "delete"),
        ("Dlaczego nie mogę edytować tego klienta?", FIRM, "update"),
        ("It won't let me edit this customer", FIRM, "update"),
    ],
)
def test_what_cannot_be_done_is_asked_of_the_record_on_screen(message: str, record: RecordRef, action: str) -> None:
    found = asked(message, on(record))
    assert found is not None
    assert (found.kind, found.action, found.resource, found.code) == ("why", action, record.type, record.code)


@pytest.mark.parametrize(
    "message",
    [
        "How do I issue an offer?",
        "Hogyan adom ki az ajánlatot?",
        "Jak wydać ofertę?",
        "I do not know how to issue it",
        "Nem tudom, hogyan kell kiadni",
        "Why can't I give more than 20% discount?",
        "Why can't I change the currency of the offer?",
        "Why is VAT 27 percent?",
        "Co to jest aktywność?",
        "Mi az aktivitás?",
        "What can I do about a large discount?",
        "Túl nagy a kedvezmény: mit tehetek?",
        "Why can I not find a product?",
        "Make an offer for Smith Ltd",
        "10 monitor a Kovács Kft.-nek",
        "What is the next step after the decision stage in our pipeline?",
    ],
)
def test_other_questions_are_left_alone(message: str) -> None:
    assert asked(message, on(OFFER)) is None


@pytest.mark.parametrize(
    "message",
    [
        "Why can't I see the Dunai customer?",
        "miert nem latom a dunai ceget",
        "Dlaczego nie widzę klienta Dunai?",
        "Why can't I find C0042?",
        "Why don't I see this offer A-2026-00007?",
    ],
)
def test_what_is_not_seen_is_asked_without_any_screen(message: str) -> None:
    found = asked(message, None)
    assert found is not None and found.kind == "see"


def test_a_grey_button_is_found_by_its_label_whatever_the_host_calls_it() -> None:
    send = Control(name="b17", label="Küldés", enabled=False, reason="?")
    other = Control(name="b18", label="Archive", enabled=False)
    screen = on(OFFER, Control(name="print", label="Print"), send, other)
    found = asked("Miért szürke a Küldés gomb?", screen)
    assert found is not None and found.control == send and found.action == "issue"
    unknown = asked("Why is Archive greyed out?", screen)
    assert unknown is not None and unknown.control == other and unknown.action is None


def test_the_only_disabled_control_is_meant_where_none_is_named() -> None:
    issue = Control(name="issue", label="Wydaj", enabled=False)
    found = asked("Dlaczego ten przycisk jest nieaktywny?", on(OFFER, Control(name="edit", label="Edytuj"), issue))
    assert found is not None and (found.control, found.action) == (issue, "issue")


def test_a_stage_button_is_a_step_of_the_pipeline() -> None:
    won = Control(name="move-won", label="Move to “Won”", enabled=False, reason="…")
    found = asked("Why is Move to Won disabled?", on(DEAL, won))
    assert found is not None and (found.action, found.control) == ("transition", won)


def test_a_hidden_field_is_asked_about_only_where_it_is_hidden() -> None:
    message = "Why can't I see the amount?"
    assert asked(message, on(DEAL)) is None
    kept_from = replace(actor(), hidden={"opportunity": frozenset({"amount"})})
    found = read(message, on(DEAL), kept_from, NOTHING)
    assert found is not None and (found.action, found.field, found.code) == ("read", "amount", "O0001")


def test_a_missing_right_is_told_without_a_record() -> None:
    found = asked("Why can't I change the prices?", ScreenContext(id="products"))
    assert found is not None and (found.action, found.resource, found.code) == ("create", "price", None)
    assert asked("Why can't I change the prices?", ScreenContext(id="products"), "manager") is None
