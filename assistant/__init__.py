"""Understanding what a user asks, and answering it: from pages, from records, or with an offer."""
