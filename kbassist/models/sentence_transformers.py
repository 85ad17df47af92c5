"""Any model of sentence-transformers, behind the extra of that name (it brings torch)."""

from __future__ import annotations

import hashlib
import math
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING, Any

import numpy as np

from kbassist.errors import MissingExtraError, ModelError
from kbassist.protocols import Matrix, Vector

if TYPE_CHECKING:
    from sentence_transformers import SentenceTransformer

_PASSAGE_PROMPTS = ("document", "passage", "corpus")
_FINGERPRINTED = 64


class SentenceTransformerEmbedder:
    """Wraps a `SentenceTransformer`, given as a name, a folder or an object.

    Prompts go before the texts. Without one, the model's own is used where it has one; `""` is none.
    """

    def __init__(
        self,
        model: str | Path | SentenceTransformer,
        *,
        query_prompt: str | None = None,
        passage_prompt: str | None = None,
    ) -> None:
        """Raises `MissingExtraError` without the extra, `ModelError` when the model cannot be loaded."""
        self._model = _load(model) if isinstance(model, (str, Path)) else model
        # A tokenizer of transformers is changed by each call that pads or cuts.
        self._lock = Lock()
        prompts: Mapping[str, str] = self._model.prompts
        own_passage_prompt = next(filter(None, map(prompts.get, _PASSAGE_PROMPTS)), "")
        self._query_prompt = prompts.get("query", "") if query_prompt is None else query_prompt
        self._passage_prompt = own_passage_prompt if passage_prompt is None else passage_prompt
        self._dimension = len(self.embed_query(""))
        self._name = f"{_label(self._model)}-{self._fingerprint()}"

    @property
    def name(self) -> str:
        """The model's own name and a fingerprint of its weights and the prompts."""
        return self._name

    @property
    def dimension(self) -> int:
        return self._dimension

    @property
    def max_tokens(self) -> int:
        limit = self._model.max_seq_length
        return int(limit) if limit is not None and math.isfinite(limit) else sys.maxsize

    def count_tokens(self, texts: Sequence[str]) -> list[int]:
        """Tokens of each whole text as a passage, prompt and special tokens included."""
        if not texts:
            return []
        prompted = [self._passage_prompt + text for text in texts]
        tokenizer = self._model.tokenizer
        with self._lock:
            if hasattr(tokenizer, "encode_batch"):
                return [len(encoding.ids) for encoding in tokenizer.encode_batch(prompted)]
            encoded = tokenizer(prompted, truncation=False, padding=False, verbose=False)
        return [len(ids) for ids in encoded["input_ids"]]

    def embed_passages(self, texts: Sequence[str]) -> Matrix:
        if not texts:
            return np.empty((0, self._dimension), np.float32)
        return self._encode(texts, self._passage_prompt)

    def embed_query(self, text: str) -> Vector:
        vector: Vector = self._encode([text], self._query_prompt)[0]
        return vector

    def _encode(self, texts: Sequence[str], prompt: str) -> Matrix:
        with self._lock:
            vectors = self._model.encode(
                list(texts), prompt=prompt, normalize_embeddings=True, show_progress_bar=False
            )
        return np.asarray(vectors, np.float32)

    def _fingerprint(self) -> str:
        """Of the first numbers of every tensor: training changes them all, reading all takes long."""
        digest = hashlib.sha256(f"{self._query_prompt}\0{self._passage_prompt}".encode())
        for name, tensor in sorted(self._model.state_dict().items()):
            first = tensor.flatten()[:_FINGERPRINTED].float().cpu().numpy()
            digest.update(name.encode() + first.tobytes())
        return digest.hexdigest()[:12]


def _load(name_or_path: str | Path) -> SentenceTransformer:
    try:
        from sentence_transformers import SentenceTransformer
    except ImportError as error:
        raise MissingExtraError("SentenceTransformerEmbedder", "sentence-transformers") from error
    try:
        return SentenceTransformer(str(name_or_path))
    # Its loaders raise what their libraries raise: OSError, ValueError, KeyError, HTTP errors and more.
    except Exception as error:
        raise ModelError(
            f"{name_or_path} cannot be loaded as a sentence-transformers model; give the name of one on "
            f"the hub, or a folder that SentenceTransformer.save wrote ({error})"
        ) from error


def _label(model: Any) -> str:
    config = getattr(getattr(model[0], "auto_model", None), "config", None)
    return Path(getattr(config, "_name_or_path", "") or "sentence-transformers").name
