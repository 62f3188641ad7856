"""The sides of `benchmarks.peers`: this product, and three frameworks as their documentation shows first."""

import tempfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import create_engine

from core.clock import today
from core.language import LANGUAGES, detect_language
from core.settings import Settings
from knowledge.pages import EVERYONE, Page
from retrieval.embed import Embedder
from retrieval.index import Knowledge


@dataclass(frozen=True)
class Article:
    """A page: its title and the texts of its sections, in order."""

    id: str
    title: str
    sections: tuple[str, ...]

    @property
    def text(self) -> str:
        """All of it, as a loader would read it."""
        return "\n\n".join((self.title, *self.sections))


@dataclass(frozen=True)
class Search:
    """What a side made of the articles: `ask` gives the texts of so many pieces for a question, best first; `k` is
    how many are handed to a model by default, `pieces` how many there are."""

    ask: Callable[[str, int], list[str]]
    k: int
    pieces: int


Build = Callable[[Sequence[Article], Embedder], Search]


def ours() -> Build:
    """This product: sections cut to 1,200 characters, three rankings, four passages."""

    def build(articles: Sequence[Article], embedder: Embedder) -> Search:
        # Kept until the process ends: the searches need it.
        home = Path(tempfile.mkdtemp(prefix="robo-bench-"))
        language = detect_language(" ".join(a.text[:200] for a in articles[:20]), LANGUAGES[0])
        pages = [
            Page(f"{a.id}-{n}", a.title, language, (), (EVERYONE,), today(), text, Path(a.id))
            for a in articles
            for n, text in enumerate(a.sections)
        ]
        knowledge = Knowledge(
            Settings(home=home), create_engine(f"sqlite:///{home / 'x.db'}"), embedder, vectors="exact"
        )
        pieces = knowledge.sync(pages).chunks

        def ask(question: str, count: int) -> list[str]:
            found = knowledge.search(question, language=None, audiences=frozenset(), k=count)
            return [f"{hit.title}\n{hit.text}" for hit in found.hits]

        return Search(ask, 4, pieces)

    return build


def langchain() -> Build:
    """RecursiveCharacterTextSplitter 1000/200, InMemoryVectorStore, similarity, k 4."""
    from langchain_core.embeddings import Embeddings
    from langchain_core.vectorstores import InMemoryVectorStore
    from langchain_text_splitters import RecursiveCharacterTextSplitter

    class Same(Embeddings):
        """The embedder of this run."""

        def __init__(self, embedder: Embedder) -> None:
            self._embedder = embedder

        def embed_documents(self, texts: list[str]) -> list[list[float]]:
            """A row a text."""
            return [
                row.tolist()
                for start in range(0, len(texts), 16)
                for row in self._embedder.passages(texts[start : start + 16])
            ]

        def embed_query(self, text: str) -> list[float]:
            """One row."""
            return list(map(float, self._embedder.queries([text])[0]))

    def build(articles: Sequence[Article], embedder: Embedder) -> Search:
        splitter = RecursiveCharacterTextSplitter(chunk_size=1000, chunk_overlap=200)
        pieces = splitter.create_documents([a.text for a in articles])
        store = InMemoryVectorStore(Same(embedder))
        store.add_documents(pieces)
        return Search(lambda q, n: [d.page_content for d in store.similarity_search(q, k=n)], 4, len(pieces))

    return build


def llama_index() -> Build:
    """SentenceSplitter 1024/200 tokens, VectorStoreIndex, retriever, k 2."""
    from llama_index.core import Document, VectorStoreIndex
    from llama_index.core.embeddings import BaseEmbedding
    from llama_index.core.node_parser import SentenceSplitter

    def build(articles: Sequence[Article], embedder: Embedder) -> Search:
        class Same(BaseEmbedding):  # type: ignore[misc, unused-ignore]
            """The embedder of this run."""

            def _get_query_embedding(self, query: str) -> list[float]:
                return list(map(float, embedder.queries([query])[0]))

            async def _aget_query_embedding(self, query: str) -> list[float]:
                return self._get_query_embedding(query)

            def _get_text_embedding(self, text: str) -> list[float]:
                return list(map(float, embedder.passages([text])[0]))

        nodes = SentenceSplitter(chunk_size=1024, chunk_overlap=200).get_nodes_from_documents(
            [Document(text=a.text) for a in articles]
        )
        index = VectorStoreIndex(nodes, embed_model=Same(model_name="same"))

        def ask(question: str, count: int) -> list[str]:
            found = index.as_retriever(similarity_top_k=count).retrieve(question)
            return [node.node.get_content() for node in found]

        return Search(ask, 2, len(nodes))

    return build


def haystack() -> Build:
    """DocumentSplitter by 200 words, InMemoryBM25Retriever, k 10; no embedder."""
    from haystack import Document
    from haystack.components.preprocessors import DocumentSplitter
    from haystack.components.retrievers.in_memory import InMemoryBM25Retriever
    from haystack.document_stores.in_memory import InMemoryDocumentStore

    def build(articles: Sequence[Article], embedder: Embedder) -> Search:
        splitter = DocumentSplitter(split_by="word", split_length=200, split_overlap=0)
        splitter.warm_up()
        pieces = splitter.run(documents=[Document(content=a.text) for a in articles])["documents"]
        store = InMemoryDocumentStore()
        store.write_documents(pieces)
        retriever = InMemoryBM25Retriever(document_store=store)

        def ask(question: str, count: int) -> list[str]:
            return [d.content or "" for d in retriever.run(query=question, top_k=count)["documents"]]

        return Search(ask, 10, len(pieces))

    return build


SIDES: dict[str, Callable[[], Build]] = {
    "Virtuo Robo": ours,
    "LangChain": langchain,
    "LlamaIndex": llama_index,
    "Haystack": haystack,
}
