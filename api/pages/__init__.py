"""The plain page at the server's address: sign in, ask, make an offer."""
