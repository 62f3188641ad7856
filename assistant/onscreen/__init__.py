"""Questions about the screen in front of the user: what it is, why something cannot be done, what comes next."""
