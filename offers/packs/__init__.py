"""PDF files that go with offers: looked through before they are kept, and merged with the offer into one file.

Reading and merging happen in a child process under limits of time and memory: files people bring can be anything.
"""
