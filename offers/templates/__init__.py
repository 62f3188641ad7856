"""The shipped offer templates: one Word file a language, their typst twin, and the words they print."""
