"""Which catalog, which index, which model: opened, or created where there is nothing yet."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from kbassist.catalog import Catalog
from kbassist.errors import InvalidArgumentError, KnowledgeBaseError, NotAKnowledgeBaseError
from kbassist.protocols import Analyzer, Embedder, LanguageModel, PassageIndex
from kbassist.vector_cache import VectorCache, user_vector_cache

if TYPE_CHECKING:
    from llama_index.core.llms import LLM

MEMORY = ":memory:"
_CATALOG = "catalog.sqlite"
_INDEX = "index"


@dataclass(frozen=True, slots=True)
class Parts:
    """What a knowledge base is made of. `folder` is None in memory."""

    folder: Path | None
    catalog: Catalog
    index: PassageIndex
    embedder: Embedder | None
    vector_cache: VectorCache | None = None

    @property
    def where(self) -> str:
        """For a person."""
        return str(self.folder or MEMORY)

    def close(self) -> None:
        """Release the files and the connections."""
        self.index.close()
        if self.vector_cache is not None:
            self.vector_cache.close()
        self.catalog.close()


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
