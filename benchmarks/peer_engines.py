"""One library in a process of its own, as its README or documentation sets it up. `peers.py` starts it:

    python benchmarks/peer_engines.py <name> <folder>

The folder holds the task; the findings are written into it. The exit code is `MISSING` when the library is
not installed.
"""

from __future__ import annotations

import json
import re
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, cached_property
from importlib.metadata import version
from pathlib import Path
from tempfile import mkdtemp
from typing import Any

import numpy as np
from numpy.typing import NDArray

MISSING = 3

_STEMMERS = {"pl": "polish", "en": "english"}
Matrix = NDArray[np.float32]

Search = Callable[[str, int], Sequence[int] | Sequence[str]]
"""A question and `k` to the best passages, best first: their places, or the ids of their documents."""

Build = Callable[[], Search]


@dataclass(frozen=True)
class Task:
    """Passages with the document each is of, their vectors, and the questions by id.

    `documents` are the whole ones, for a library that cuts passages by itself; `lang` is theirs, `model`
    the name of the one that made the vectors.
    """

    folder: Path
    lang: str
    model: str
    documents: list[dict[str, Any]]
    texts: list[str]
    owners: list[str]
    vectors: Matrix
    questions: dict[str, str]
    question_vectors: Matrix

    @classmethod
    def read(cls, folder: Path) -> Task:
        with np.load(folder / "vectors.npz") as held:
            vectors, question_vectors = held["passages"], held["questions"]
        values = json.loads((folder / "task.json").read_text(encoding="utf-8"))
        return cls(folder=folder, vectors=vectors, question_vectors=question_vectors, **values)

    def write(self) -> None:
        np.savez(self.folder / "vectors.npz", passages=self.vectors, questions=self.question_vectors)
        names = ("lang", "model", "documents", "texts", "owners", "questions")
        values = {name: getattr(self, name) for name in names}
        (self.folder / "task.json").write_text(json.dumps(values), encoding="utf-8")

    def vector(self, text: str) -> NDArray[np.float32]:
        """Of a passage or a question, made before: what embedding takes is not measured."""
        return self._known[text]

    def knows(self, text: str) -> bool:
        return text in self._known

    @cached_property
    def _known(self) -> dict[str, NDArray[np.float32]]:
        asked = dict(zip(self.questions.values(), self.question_vectors, strict=True))
        return dict(zip(self.texts, self.vectors, strict=True)) | asked


def rank_bm25(task: Task) -> Build:
    from rank_bm25 import BM25Okapi

    def build() -> Search:
        bm25 = BM25Okapi([text.split(" ") for text in task.texts])
        places = range(len(task.texts))
        return lambda question, k: bm25.get_top_n(question.split(" "), places, n=k)

    return build


def bm25s(task: Task) -> Build:
    return _bm25s(task, stemmer=None)


def bm25s_stemmed(task: Task) -> Build:
    """Its README has `Stemmer("english")`; here it is the stemmer of the documents' language."""
    from Stemmer import Stemmer

    return _bm25s(task, Stemmer(_STEMMERS[task.lang]))


def _bm25s(task: Task, stemmer: Any) -> Build:
    import bm25s

    def build() -> Search:
        tokens = bm25s.tokenize(task.texts, stopwords="en", stemmer=stemmer, show_progress=False)
        retriever = bm25s.BM25()
        retriever.index(tokens, show_progress=False)

        def search(question: str, k: int) -> list[int]:
            asked = bm25s.tokenize(question, stemmer=stemmer, show_progress=False)
            results, _ = retriever.retrieve(asked, k=min(k, len(task.texts)), show_progress=False)
            return [int(place) for place in results[0]]

        return search

    return build


def llama_index_bm25(task: Task) -> Build:
    from llama_index.core.schema import TextNode
    from llama_index.retrievers.bm25 import BM25Retriever

    def build() -> Search:
        nodes = [TextNode(id_=str(place), text=text) for place, text in enumerate(task.texts)]
        retriever = BM25Retriever.from_defaults(nodes=nodes)

        def search(question: str, k: int) -> list[int]:
            retriever.similarity_top_k = min(k, len(nodes))
            return [int(found.node.node_id) for found in retriever.retrieve(question)]

        return search

    return build


def llama_index_fusion(task: Task) -> Build:
    """Without the questions that an LLM would add (`num_queries=1`)."""
    from llama_index.core import VectorStoreIndex
    from llama_index.core.embeddings import BaseEmbedding
    from llama_index.core.llms import MockLLM
    from llama_index.core.retrievers import QueryFusionRetriever
    from llama_index.core.schema import TextNode
    from llama_index.retrievers.bm25 import BM25Retriever

    class Given(BaseEmbedding):
        def _get_text_embedding(self, text: str) -> list[float]:
            return task.vector(text).tolist()

        def _get_query_embedding(self, query: str) -> list[float]:
            return task.vector(query).tolist()

        async def _aget_query_embedding(self, query: str) -> list[float]:
            return self._get_query_embedding(query)

    def build() -> Search:
        nodes = [TextNode(id_=str(place), text=text) for place, text in enumerate(task.texts)]
        dense = VectorStoreIndex(nodes, embed_model=Given()).as_retriever()
        lexical = BM25Retriever.from_defaults(nodes=nodes)
        fusion = QueryFusionRetriever(
            [dense, lexical], llm=MockLLM(), num_queries=1, mode="reciprocal_rerank", use_async=True
        )

        def search(question: str, k: int) -> list[int]:
            for retriever in (dense, lexical, fusion):
                retriever.similarity_top_k = min(k, len(nodes))
            return [int(found.node.node_id) for found in fusion.retrieve(question)]

        return search

    return build


def haystack(task: Task) -> Build:
    from haystack import Document, Pipeline
    from haystack.components.joiners import DocumentJoiner
    from haystack.components.retrievers.in_memory import InMemoryBM25Retriever, InMemoryEmbeddingRetriever
    from haystack.document_stores.in_memory import InMemoryDocumentStore

    def build() -> Search:
        store = InMemoryDocumentStore()
        store.write_documents(
            [
                Document(id=str(place), content=text, embedding=vector.tolist())
                for place, (text, vector) in enumerate(zip(task.texts, task.vectors, strict=True))
            ]
        )
        pipeline = Pipeline()
        pipeline.add_component("lexical", InMemoryBM25Retriever(store))
        pipeline.add_component("dense", InMemoryEmbeddingRetriever(store))
        pipeline.add_component("joiner", DocumentJoiner(join_mode="reciprocal_rank_fusion"))
        pipeline.connect("lexical", "joiner")
        pipeline.connect("dense", "joiner")

        def search(question: str, k: int) -> list[int]:
            found = pipeline.run(
                {
                    "lexical": {"query": question, "top_k": k},
                    "dense": {"query_embedding": task.vector(question).tolist(), "top_k": k},
                    "joiner": {"top_k": k},
                }
            )
            return [int(document.id) for document in found["joiner"]["documents"]]

        return search

    return build


def txtai(task: Task) -> Build:
    """Above 5,000 passages its vectors are searched approximately, unless told otherwise."""
    return _txtai(task)


def txtai_exact(task: Task) -> Build:
    return _txtai(task, backend="numpy")


def _txtai(task: Task, **settings: str) -> Build:
    from txtai import Embeddings

    def transform(texts: Sequence[str]) -> Matrix:
        return np.stack([task.vector(text) for text in texts])

    def build() -> Search:
        embeddings = Embeddings(hybrid=True, method="external", transform=transform, **settings)
        embeddings.index((place, text, None) for place, text in enumerate(task.texts))
        return lambda question, k: [place for place, _ in embeddings.search(question, k)]

    return build


def kbassist(task: Task) -> Build:
    from kbassist.models.e5 import E5Embedder
    from kbassist.models.tokenizer import Tokenizer
    from kbassist.models.weights import bundled_weights

    weights = bundled_weights()
    tokenizer = Tokenizer(weights)
    model = cache(E5Embedder)

    class Given:
        """The bundled embedder, but for its engine."""

        name = task.model
        dimension = weights.shape.hidden
        max_tokens = weights.shape.positions

        def count_tokens(self, texts: Sequence[str]) -> list[int]:
            return [len(tokenizer.encode(text, "passage")) for text in texts]

        def embed_passages(self, texts: Sequence[str]) -> Matrix:
            return np.stack([task.vector(text) for text in texts])

        def embed_query(self, text: str) -> NDArray[np.float32]:
            """What is made beforehand; a query that is read otherwise than it is typed is embedded now."""
            return task.vector(text) if task.knows(text) else model().embed_query(text)

    return _kbassist(task, Given())


def kbassist_lexical(task: Task) -> Build:
    return _kbassist(task, None)


def _kbassist(task: Task, embedder: Any) -> Build:
    from kbassist import Document, KnowledgeBase

    def build() -> Search:
        kb = KnowledgeBase(mkdtemp(dir=task.folder), embedder=embedder, log_interactions=False)
        kb.add(Document.from_dict(values) for values in task.documents)
        return lambda question, k: [hit.passage.document_id for hit in kb.search(question, k=k)]

    return build


@dataclass(frozen=True)
class Engine:
    """`package` is what is installed, `legs` what it searches by."""

    package: str
    legs: str
    prepare: Callable[[Task], Build]


ENGINES: Mapping[str, Engine] = {
    "rank-bm25": Engine("rank-bm25", "BM25", rank_bm25),
    "bm25s": Engine("bm25s", "BM25", bm25s),
    "bm25s, stemmer": Engine("bm25s", "BM25", bm25s_stemmed),
    "llama-index BM25Retriever": Engine("llama-index-retrievers-bm25", "BM25", llama_index_bm25),
    "kbassist, embedder=None": Engine("kbassist", "BM25", kbassist_lexical),
    "llama-index fusion": Engine("llama-index-retrievers-bm25", "BM25 + E5", llama_index_fusion),
    "haystack joiner": Engine("haystack-ai", "BM25 + E5", haystack),
    "txtai hybrid": Engine("txtai", "BM25 + E5", txtai),
    "txtai hybrid, exact": Engine("txtai", "BM25 + E5", txtai_exact),
    "kbassist": Engine("kbassist", "BM25 + E5", kbassist),
}


def found_by(engine: Engine, task: Task) -> dict[str, Any]:
    """Rankings of documents with `k` 10 and 100, the milliseconds of each question with 10, and the rest."""
    _ = task.vector(task.texts[0])
    before = _resident("VmRSS")
    _reset_peak()
    build = engine.prepare(task)
    began = time.perf_counter()
    search = build()
    seconds = time.perf_counter() - began
    milliseconds = []
    rankings: dict[str, dict[str, list[str]]] = {"10": {}, "100": {}}
    for query, question in task.questions.items():
        began = time.perf_counter()
        places = search(question, 10)
        milliseconds.append(1000 * (time.perf_counter() - began))
        rankings["10"][query] = _documents(task, places)
    peak = _resident("VmHWM")
    for query, question in task.questions.items():
        rankings["100"][query] = _documents(task, search(question, 100))
    return {
        "version": version(engine.package),
        "rankings": rankings,
        "milliseconds": milliseconds,
        "build_seconds": seconds,
        "bytes": peak - before if peak and before else None,
    }


def _documents(task: Task, found: Sequence[int] | Sequence[str]) -> list[str]:
    return list(dict.fromkeys(task.owners[item] if isinstance(item, int) else item for item in found))


def _resident(field: str) -> int | None:
    """Bytes, of Linux alone: `VmRSS` is what is resident now, `VmHWM` the most since the last reset."""
    status = Path("/proc/self/status")
    found = re.search(rf"^{field}:\s+(\d+) kB", status.read_text(), re.MULTILINE) if status.exists() else None
    return 1024 * int(found[1]) if found else None


def _reset_peak() -> None:
    peak = Path("/proc/self/clear_refs")
    if peak.exists():
        peak.write_text("5")


def main() -> int:
    name, folder = sys.argv[1], Path(sys.argv[2])
    try:
        found = found_by(ENGINES[name], Task.read(folder))
    except ModuleNotFoundError as error:
        print(error, file=sys.stderr)
        return MISSING
    (folder / "found.json").write_text(json.dumps(found))
    return 0


if __name__ == "__main__":
    sys.exit(main())
