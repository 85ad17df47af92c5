"""Decompression that stops at a size, so that a small bomb stays small."""

from __future__ import annotations

import zlib
from collections.abc import Iterable, Iterator

from kbassist.errors import KBAssistError

_GZIP = b"\x1f\x8b"
_ANY_HEADER = zlib.MAX_WBITS | 32


class BodyError(KBAssistError):
    """Bytes that are too many or cannot be unpacked. The fetcher turns it into a reason."""


def limited(chunks: Iterable[bytes], limit: int) -> Iterator[bytes]:
    """The chunks, until they are more than `limit` bytes together: then `BodyError`."""
    size = 0
    for chunk in chunks:
        size += len(chunk)
        if size > limit:
            raise BodyError(f"larger than {limit / 1e6:g} MB")
        yield chunk


def unpacked(chunks: Iterable[bytes], limit: int) -> Iterator[bytes]:
    """gzip, zlib or bare deflate, whichever the first bytes turn out to be, in bounded pieces.

    Raises `BodyError` for more than `limit` bytes and for damage. What follows the end of the
    compressed data is ignored, as browsers do.
    """
    return limited(_pieces(chunks, limit), limit)


def _pieces(chunks: Iterable[bytes], limit: int) -> Iterator[bytes]:
    inflate = zlib.decompressobj(_ANY_HEADER)
    first = True
    for chunk in chunks:
        data = chunk
        while data:
            try:
                piece = inflate.decompress(data, limit + 1)
            except zlib.error as error:
                if not first:
                    raise BodyError("its compressed body is damaged") from error
                inflate, first = zlib.decompressobj(-zlib.MAX_WBITS), False
                continue
            first = False
            yield piece
            data = inflate.unconsumed_tail
            if inflate.eof:
                data = inflate.unused_data
                if not data.startswith(_GZIP):
                    return
                inflate = zlib.decompressobj(_ANY_HEADER)
