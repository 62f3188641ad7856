"""Pages in, passages out: chunks, embeddings, a lexical index, their fusion, and its evaluation.

The truth of the index is in SQL (`retrieval.tables`); Chroma and what is held in memory follow it.
"""
