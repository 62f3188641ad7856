"""The pages customers see without signing in: an offer behind a link, and its answer."""
