"""The help pages, one folder a language, and the code that finds and reads them."""
