"""A request in a conversation: what is said of it, kept like any other turn."""

from decimal import Decimal

from assistant.reply import Reply
from core.errors import say
from core.language import Language
from core.money import print_money
from crm import chat
from crm.session import CrmSession
from crm.tables import Conversation
from offers.requests.view import RequestView
from offers.view import OfferView


def told(view: RequestView, language: Language) -> str:
    """What was found, in one sentence."""
    sure = sum(line.state == "sure" for line in view.lines)
    if not view.lines:
        return view.notes[0] if view.notes else say("request_no_lines", language)
    code = "request_read_all" if view.to_answer == 0 else "request_read_some"
    return say(code, language, file=view.filename, count=len(view.lines), sure=sure, open=view.to_answer)


def keep_reading(session: CrmSession, conversation: Conversation, view: RequestView, language: Language) -> None:
    """Keep that a file was sent, and what was recognised in it."""
    chat.add_message(session, conversation, "user", say("request_chat_title", language, file=view.filename))
    _keep(session, conversation, Reply(
        conversation_id=conversation.code, message_id="", kind="answer", language=language, text=told(view, language),
        request=view,
    ))  # fmt: skip


def keep_offer(session: CrmSession, conversation: Conversation, offer: OfferView, language: Language) -> None:
    """Keep the offer that was made of a request, as if it had been asked for by words."""
    text = say(
        "offer_ready" if offer.state == "draft" else "offer_waits",
        language,
        number=offer.number,
        customer=offer.customer.name,
        net=print_money(Decimal(offer.totals.net), offer.currency, language),
        gross=print_money(Decimal(offer.totals.gross), offer.currency, language),
        until=offer.valid_until,
    )
    _keep(session, conversation, Reply(
        conversation_id=conversation.code, message_id="", kind="offer", language=language, text=text,
        warnings=list(offer.warnings), offer=offer,
    ))  # fmt: skip


def _keep(session: CrmSession, conversation: Conversation, reply: Reply) -> None:
    message = chat.add_message(session, conversation, "assistant", reply.text)
    kept = reply.model_copy(update={"message_id": message.code}).model_dump(mode="json")
    message.reply = {**kept, "pending": None, "screen": None, "screen_record": None, "from_screen": False}
