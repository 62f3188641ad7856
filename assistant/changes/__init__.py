"""Changes asked for in a chat: read from the person's own words, and shown as a proposal for them to confirm."""

from assistant.changes.claiming import claim, resumed

__all__ = ["claim", "resumed"]
