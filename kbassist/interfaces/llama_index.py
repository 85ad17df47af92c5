"""A knowledge base as a llama-index retriever, and llama-index documents into a knowledge base."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date

from llama_index.core.base.base_retriever import BaseRetriever
from llama_index.core.schema import Document as LlamaDocument
from llama_index.core.schema import NodeWithScore, QueryBundle, TextNode

from kbassist.knowledge_base import KnowledgeBase
from kbassist.types import Document, Hit


class KnowledgeBaseRetriever(BaseRetriever):
    """`kb.search` as llama-index calls it; a query engine built on it sees what `audience` may see.

    A node's id is the passage's, its metadata hold the document's id, the title, the deep link, the address
    and the page.
    """

    def __init__(
        self,
        kb: KnowledgeBase,
        *,
        k: int = 10,
        audience: Iterable[str] | None = None,
        as_of: date | None = None,
    ) -> None:
        super().__init__()
        self._kb = kb
        self._k = k
        self._audience = None if audience is None else frozenset(audience)
        self._as_of = as_of

    def _retrieve(self, query_bundle: QueryBundle) -> list[NodeWithScore]:
        hits = self._kb.search(query_bundle.query_str, k=self._k, audience=self._audience, as_of=self._as_of)
        return [_node(hit) for hit in hits]


def documents(llama_documents: Iterable[LlamaDocument]) -> Iterator[Document]:
    """Documents for `kb.add`; `title`, `url` and `lang` are taken from the metadata where they are there."""
    for source in llama_documents:
        metadata = source.metadata
        yield Document(
            id=source.id_,
            text=source.text,
            title=str(metadata.get("title") or metadata.get("file_name") or ""),
            uri=str(metadata.get("url") or metadata.get("file_path") or ""),
            lang=metadata.get("lang"),
            meta={"llama_index": metadata},
        )


def _node(hit: Hit) -> NodeWithScore:
    passage = hit.passage
    metadata = {
        "document_id": passage.document_id,
        "title": passage.title,
        "uri": passage.uri,
        "address": passage.address,
        "page": passage.page,
    }
    return NodeWithScore(node=TextNode(id_=passage.id, text=passage.text, metadata=metadata), score=hit.score)
