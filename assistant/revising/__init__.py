"""Changes of an offer asked for in a chat: read from the person's own words, and made at once as a new version."""

from assistant.revising.claiming import claim, resumed

__all__ = ["claim", "resumed"]
