"""An embedder that keeps what it embedded last: a question tried in other words meets the same sentences."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Generic, Literal, TypeVar

import numpy as np

from kbassist.protocols import Embedder, Matrix, TokenEmbedder, Tokens, Vector

KEPT = 512
"""Texts of either kind whose vectors are kept: under a megabyte for 384 dimensions."""
KEPT_TOKENS = 256
"""Texts whose token states are kept: of sentences, some fifteen megabytes."""
_LONGEST = 2_000
"""Characters of a text that is kept."""
Role = Literal["query", "passage"]
Item = TypeVar("Item")


def remembering(embedder: Embedder) -> Embedder:
    """One that gives what `embedder` gives, token states included where it has them."""
    if isinstance(embedder, TokenEmbedder):
        return _RememberingTokenEmbedder(embedder)
    return _RememberingEmbedder(embedder)


class _Kept(Generic[Item]):
    """The last `most` items by text. Safe to use from several threads."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._items: OrderedDict[str, Item] = OrderedDict()
        self._lock = threading.Lock()

    def get(self, texts: Sequence[str], make: Callable[[list[str]], Iterable[Item]]) -> list[Item]:
        """One a text, in the order given; `make` gives those of the texts that are not kept."""
        known: dict[str, Item] = {}
        with self._lock:
            for text in texts:
                if text in self._items:
                    self._items.move_to_end(text)
                    known[text] = self._items[text]
        new = [text for text in dict.fromkeys(texts) if text not in known]
        if new:
            known.update(zip(new, make(new), strict=True))
            self._keep({text: known[text] for text in new if len(text) <= _LONGEST})
        return [known[text] for text in texts]

    def _keep(self, items: Mapping[str, Item]) -> None:
        with self._lock:
            self._items.update(items)
            while len(self._items) > self._most:
                self._items.popitem(last=False)


class _RememberingEmbedder:
    """Gives what `embedder` gives. Safe to use from several threads."""

    def __init__(self, embedder: Embedder) -> None:
        self._embedder = embedder
        self._queries: _Kept[Vector] = _Kept(KEPT)
        self._passages: _Kept[Vector] = _Kept(KEPT)

    @property
    def name(self) -> str:
        return self._embedder.name

    @property
    def dimension(self) -> int:
        return self._embedder.dimension

    @property
    def max_tokens(self) -> int:
        return self._embedder.max_tokens

    def count_tokens(self, texts: Sequence[str]) -> list[int]:
        return self._embedder.count_tokens(texts)

    def embed_query(self, text: str) -> Vector:
        (vector,) = self._queries.get([text], lambda new: map(self._embedder.embed_query, new))
        return vector

    def embed_passages(self, texts: Sequence[str]) -> Matrix:
        found = self._passages.get(texts, self._embedder.embed_passages)
        return np.stack(found) if found else np.zeros((0, self.dimension), dtype=np.float32)


class _RememberingTokenEmbedder(_RememberingEmbedder):
    """The same with the states of the last texts' tokens."""

    def __init__(self, embedder: TokenEmbedder) -> None:
        super().__init__(embedder)
        self._of_tokens = embedder
        self._kept: Mapping[Role, _Kept[Tokens]] = {"query": _Kept(KEPT), "passage": _Kept(KEPT_TOKENS)}

    def embed_query(self, text: str) -> Vector:
        """One run of the model for the query's vector and the states that reading needs."""
        vector = self.embed_tokens([text], "query")[0].vector
        return super().embed_query(text) if vector is None else vector

    def embed_tokens(self, texts: Sequence[str], role: Role) -> list[Tokens]:
        return self._kept[role].get(texts, lambda new: self._of_tokens.embed_tokens(new, role))
