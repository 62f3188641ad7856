"""The doors: HTTP, the event stream and the command line. No business rules."""
