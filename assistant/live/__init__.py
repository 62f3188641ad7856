"""Questions about records, answered from the CRM under the asker's rights, by words alone (docs/live-questions.md)."""

from assistant.live.question import LiveQuestion, Span, Whose
from assistant.live.reading import Message, lists_offers, merge, read
from assistant.live.way import claim

__all__ = ["LiveQuestion", "Message", "Span", "Whose", "claim", "lists_offers", "merge", "read"]
