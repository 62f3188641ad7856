"""Understanding an offer prompt by code, matching a request from elsewhere, and signs for the router."""

from offers.understand.reading import match, understand
from offers.understand.strength import Mentions, strength

__all__ = ["Mentions", "match", "strength", "understand"]
