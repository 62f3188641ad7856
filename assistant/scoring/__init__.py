"""Measuring answers and attacks on files of cases, through the same turn a user's message takes."""
