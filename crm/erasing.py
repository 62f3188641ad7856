"""Erasing a conversation: what was said is gone, and proof of it stays."""

import hashlib

from sqlalchemy import select, update

from core.clock import now
from core.errors import NotFound
from crm.request_files import empty
from crm.session import CrmSession, acting
from crm.tables import Conversation, Handover, Message, OfferRequestFile, OpenQuestion, Prompt, Proposal, table_of

ERASED = "erased"


def erase(session: CrmSession, code: str) -> None:
    """Erase the actor's conversation `code` for good; a second time does nothing. Raises `NotFound`.

    Gone are its title, the texts, replies and ratings of its messages, the prompts written in it, the texts of the
    open questions asked in it, the requests uploaded in it, what was handed over of it, and the changes its proposals
    listed; a proposal that was open is decided by that. Each message, prompt and list of changes keeps its SHA-256,
    which is all that the audit holds of it, so that the chain stays whole; what a proposal did is in the entries of
    the records. A turn that is still running can keep nothing in it any more: both lock the conversation's row first
    (`crm.chat.open_conversation`, `crm.audit.keep_prompt`).
    """
    query = select(Conversation).where(Conversation.code == code).with_for_update()
    conversation = session.scalar(query.execution_options(populate_existing=True))
    if conversation is None:
        raise NotFound("conversation", code)
    if conversation.erased_at is not None:
        return
    with acting(session, "delete"):
        conversation.title, conversation.erased_at = "", now()
        messages = session.scalars(select(Message).where(Message.conversation_id == conversation.id)).all()
        for message in messages:
            message.sha256 = hashlib.sha256(message.text.encode()).hexdigest()
            message.text, message.reply, message.rating, message.reason = "", None, None, None
        for prompt in session.scalars(select(Prompt).where(Prompt.conversation_id == conversation.id)):
            prompt.text = None
        handed = select(Handover).where(Handover.conversation_id == conversation.id).with_for_update()
        for handover in session.scalars(handed):
            handover.note, handover.transcript, handover.answer, handover.state = "", [], None, ERASED
        proposals = select(Proposal).where(Proposal.conversation_id == conversation.id).with_for_update()
        for proposal in session.scalars(proposals.execution_options(populate_existing=True)):
            _empty_proposal(proposal)
    sent = select(OfferRequestFile).where(OfferRequestFile.conversation_id == conversation.id).with_for_update()
    for file in session.scalars(sent.execution_options(populate_existing=True)):
        empty(session, file)
    _empty_questions(session, [message.id for message in messages])


def _empty_proposal(proposal: Proposal) -> None:
    if proposal.state == "open":
        # One that was being carried out may have done some of it.
        acted = any(isinstance(item, dict) and item.get("state") in ("done", "failed") for item in proposal.items)
        proposal.state, proposal.decided_at = "confirmed" if acted else "rejected", now()
    proposal.items = []


def _empty_questions(session: CrmSession, messages: list[int]) -> None:
    """Below the rights to questions: who may leave none any more can still take back what was left."""
    table = table_of(OpenQuestion)
    emptied = {"text": "", "reason": None, "screen": None, "version": table.c.version + 1}
    session.connection().execute(update(table).where(table.c.message_id.in_(messages)).values(emptied))
