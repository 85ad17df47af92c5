"""A knowledge base as a llama-index retriever, and llama-index documents in both directions."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, date, datetime
from hashlib import sha256
from pathlib import PurePath
from typing import Any, TypeVar, get_args
from uuid import UUID

from llama_index.core.base.base_retriever import BaseRetriever
from llama_index.core.schema import Document as LlamaDocument
from llama_index.core.schema import NodeWithScore, QueryBundle, TextNode

from kbassist.knowledge_base import KnowledgeBase
from kbassist.sources.regulation import structure
from kbassist.sources.regulation.validity import parse_date
from kbassist.types import PUBLIC, Anchor, Document, Hit, Kind, Status

_T = TypeVar("_T")

_SHOWN = ("title", "url")  # what a language model or an embedder may read; the rest is for programs


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


def documents_from_llama_index(documents: Iterable[LlamaDocument]) -> list[Document]:
    """Documents for `kb.add`, from what a llama-index reader has read.

    Pages of one file (`page_label` with `file_path` or `file_name`) become one document with its pages
    marked. Metadata that are understood: `title`, `file_name`, `file_path`, `url` or `source`, `lang` or
    `language`, `audience` (a label or a list), `kind`, `status`, `topic`, `owner`, `valid_from`,
    `valid_until`, `last_modified_date`; all of them are kept in `meta["llama_index"]`.

    An id that llama-index made up by chance, anew in each run, is replaced by the address or the path, or
    by a hash of the text: run again, the same document is the same. Regulations are recognised.
    """
    files: dict[str, list[LlamaDocument]] = {}
    for position, source in enumerate(documents):
        is_page = bool(source.metadata.get("page_label")) and bool(_place(source.metadata))
        key = _place(source.metadata) if is_page else f"{position}"
        files.setdefault(f"{is_page} {key}", []).append(source)
    return [_document(pages) for pages in files.values()]


def documents_to_llama_index(documents: Iterable[Document]) -> list[LlamaDocument]:
    """llama-index documents with the same ids; what `documents_from_llama_index` reads is in the metadata.

    Language models and embedders are shown the title and the address only. Headings are left out.
    """
    made: list[LlamaDocument] = []
    for document in documents:
        metadata = {
            "title": document.title,
            "url": document.uri,
            "lang": document.lang,
            "kind": document.kind,
            "audience": sorted(document.audience),
            "status": document.status,
            "topic": document.topic,
            "owner": document.owner,
            "valid_from": _written(document.valid_from),
            "valid_until": _written(document.valid_until),
            "last_modified_date": _written(document.modified_at),
        }
        metadata = {name: value for name, value in metadata.items() if value}
        hidden = [name for name in metadata if name not in _SHOWN]
        made.append(
            LlamaDocument(
                id_=document.id,
                text=document.text,
                metadata=metadata,
                excluded_llm_metadata_keys=hidden,
                excluded_embed_metadata_keys=hidden,
            )
        )
    return made


def _document(pages: Sequence[LlamaDocument]) -> Document:
    first, metadata = pages[0], pages[0].metadata
    text, anchors = _joined(pages) if metadata.get("page_label") else (first.text, ())
    name = str(metadata.get("file_name") or PurePath(str(metadata.get("file_path") or "")).name)
    is_pdf = name.lower().endswith(".pdf") or metadata.get("file_type") == "application/pdf"
    kind = _one_of(metadata.get("kind"), get_args(Kind))
    document = Document(
        id=_id(first, text),
        text=text,
        title=str(metadata.get("title") or name),
        uri=_uri(metadata),
        kind=kind or ("pdf" if is_pdf else "page"),
        lang=str(metadata.get("lang") or metadata.get("language") or "").lower()[:2] or None,
        anchors=anchors,
        modified_at=_moment(metadata.get("last_modified_date")),
        valid_from=_day(metadata.get("valid_from")),
        valid_until=_day(metadata.get("valid_until")),
        audience=_labels(metadata.get("audience")),
        status=_one_of(metadata.get("status"), get_args(Status)) or "approved",
        topic=str(metadata.get("topic") or "") or None,
        owner=str(metadata.get("owner") or "") or None,
        meta={"llama_index": {str(key): _plain(value) for key, value in metadata.items()}},
    )
    return document if kind and kind != "regulation" else structure(document)


def _joined(pages: Sequence[LlamaDocument]) -> tuple[str, tuple[Anchor, ...]]:
    parts: list[str] = []
    anchors: list[Anchor] = []
    start = 0
    for number, page in enumerate(pages, start=1):
        label = str(page.metadata["page_label"])
        label = label if label.isdecimal() else f"{number}"
        anchors.append(Anchor(start, label, kind="page"))
        parts.append(page.text)
        start += len(page.text) + 2
    return "\n\n".join(parts), tuple(anchors)


def _place(metadata: Mapping[str, Any]) -> str:
    return str(metadata.get("url") or metadata.get("file_path") or metadata.get("file_name") or "")


def _id(source: LlamaDocument, text: str) -> str:
    try:
        by_chance = UUID(source.id_).version == 4
    except ValueError:
        by_chance = False
    if not by_chance and not source.metadata.get("page_label"):
        return source.id_
    made = sha256(text.encode("utf-8", errors="replace")).hexdigest()[:16]
    return _place(source.metadata) or f"llama-index:{made}"


def _uri(metadata: Mapping[str, Any]) -> str:
    if address := metadata.get("url") or metadata.get("source"):
        return str(address)
    path = PurePath(str(metadata.get("file_path") or ""))
    return path.as_uri() if path.is_absolute() else path.as_posix().removeprefix(".")


def _labels(value: object) -> frozenset[str]:
    given = value if isinstance(value, list | tuple | set | frozenset) else str(value or "").split(",")
    return frozenset(filter(None, (str(label).strip() for label in given))) or PUBLIC


def _one_of(value: object, allowed: tuple[_T, ...]) -> _T | None:
    return next((option for option in allowed if option == value), None)


def _day(value: object) -> date | None:
    if isinstance(value, datetime):
        return value.date()
    return value if isinstance(value, date) else parse_date(str(value or ""))


def _moment(value: object) -> datetime | None:
    try:
        moment = datetime.fromisoformat(str(value or ""))
    except ValueError:
        return None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def _written(value: date | None) -> str | None:
    return value.isoformat() if value else None


def _plain(value: Any) -> Any:
    """Ready for JSON."""
    if isinstance(value, Mapping):
        return {str(key): _plain(item) for key, item in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        return [_plain(item) for item in value]
    return value if isinstance(value, str | int | float | bool | None) else str(value)


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
