"""Files people bring, read to text: PDF, Word, Excel, Markdown, HTML and plain text.

`retrieval.parsing.door.parse` is the way in. Every file is read by a fresh child process under limits on time, memory,
pages and what it unpacks to, so that no file can hurt the process that asked. Nothing here knows what the text is for.
"""
