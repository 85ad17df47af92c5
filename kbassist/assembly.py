"""Puts the parts of a knowledge base together: which catalog, which index, which model, which lock."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from kbassist.catalog import Catalog
from kbassist.errors import InvalidArgumentError, KnowledgeBaseError, NotAKnowledgeBaseError, WriterBusyError
from kbassist.protocols import Analyzer, Embedder, LanguageModel, PassageIndex
from kbassist.vector_cache import VectorCache, user_vector_cache

if TYPE_CHECKING:
    from llama_index.core.llms import LLM

MEMORY = ":memory:"
_CATALOG = "catalog.sqlite"
_INDEX = "index"
_LOCK = "write.lock"


@dataclass(frozen=True, slots=True)
class Parts:
    """What a knowledge base is made of. `folder` is None in memory."""

    folder: Path | None
    catalog: Catalog
    index: PassageIndex
    embedder: Embedder | None
    vector_cache: VectorCache | None = None


def assemble(
    path: str | Path,
    *,
    analyzer: Analyzer,
    analysis: str,
    embedder: Embedder | Literal["bundled"] | None,
    index_url: str | None,
    catalog_url: str | None,
    cache_vectors: bool,
) -> Parts:
    """Open or create what `path` names. What is kept in memory leaves nothing in the user's cache either.

    Raises `NotAKnowledgeBaseError` for a folder that holds something else, and `KnowledgeBaseError` when the
    folder or the catalog cannot be opened.
    """
    model = _bundled() if embedder == "bundled" else embedder
    name, dimension = (model.name, model.dimension) if model else (None, None)
    recipe: dict[str, Any] = {
        "analyzer": analyzer,
        "analysis": analysis,
        "model": name,
        "dimension": dimension,
    }
    if str(path) == MEMORY:
        if index_url is not None:
            raise InvalidArgumentError(
                f"{MEMORY} and index_url={index_url!r} do not go together: give a folder for the catalog"
            )
        from kbassist.index.memory import MemoryIndex

        return Parts(None, Catalog(catalog_url or "sqlite://"), MemoryIndex(**recipe), model)
    folder = _folder(Path(path), catalog_url)
    catalog = Catalog(catalog_url or f"sqlite:///{folder / _CATALOG}")
    cache = user_vector_cache(model) if model and cache_vectors else None
    return Parts(folder, catalog, _index(folder, index_url, recipe), model, cache)


@contextmanager
def holding(parts: Parts, thread_lock: threading.Lock) -> Iterator[None]:
    """Be the only writer, among threads and among processes. Raises `WriterBusyError` at once if not."""
    where = str(parts.folder or MEMORY)
    busy = (
        f"Somebody is writing to the knowledge base {where}: wait until that ingest ends, then run this again"
    )
    if not thread_lock.acquire(blocking=False):
        raise WriterBusyError(busy)
    try:
        if parts.folder is None:
            yield
            return
        from filelock import FileLock, Timeout

        try:
            lock = FileLock(parts.folder / _LOCK).acquire(timeout=0)
        except Timeout:
            raise WriterBusyError(busy) from None
        except OSError as error:
            raise KnowledgeBaseError(
                f"{where} cannot be written to ({error.strerror}): check the permissions and the disk"
            ) from error
        with lock:
            yield
    finally:
        thread_lock.release()


def language_model(llm: LLM, embedder: Embedder | None) -> LanguageModel:
    """The llama-index `llm` as the library asks it. Raises `InvalidArgumentError` for anything else."""
    from kbassist.models.llm import LlamaIndexModel

    return LlamaIndexModel(llm, count_tokens=embedder.count_tokens if embedder else None)


def _bundled() -> Embedder:
    from kbassist.models.e5 import E5Embedder

    return E5Embedder()


def _folder(path: Path, catalog_url: str | None) -> Path:
    if path.exists() and not path.is_dir():
        raise NotAKnowledgeBaseError(f"{path} is a file: give a folder, which is created when it is missing")
    try:
        path.mkdir(parents=True, exist_ok=True)
        has_own_catalog = (path / _CATALOG).exists()
        foreign = [] if has_own_catalog or catalog_url else sorted(item.name for item in path.iterdir())
    except OSError as error:
        raise KnowledgeBaseError(
            f"The folder {path} cannot be opened ({error.strerror}): check the path and the permissions"
        ) from error
    if foreign:
        raise NotAKnowledgeBaseError(
            f"{path} is not a knowledge base: it holds {foreign[0]!r} but no {_CATALOG}. "
            "Give an empty folder or one that does not exist yet"
        )
    return path


def _index(folder: Path, index_url: str | None, recipe: dict[str, Any]) -> PassageIndex:
    if index_url is None:
        from kbassist.index.edge import EdgeIndex

        return EdgeIndex(folder / _INDEX, **recipe)
    from kbassist.index.server import ServerIndex

    return ServerIndex(index_url, **recipe)
