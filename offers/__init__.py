"""From a sentence to an offer: understanding, resolving, pricing, documents, issuing."""
