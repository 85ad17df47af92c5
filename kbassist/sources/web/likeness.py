"""Whether two texts are the same page, told from a small sketch of each."""

from __future__ import annotations

import heapq
import re
from zlib import crc32

_WORD = re.compile(r"\w+")
_SIZE = 48
_RUN = 3  # words

Sketch = tuple[int, ...]


def sketch(text: str) -> Sketch:
    """The smallest hashes of the runs of three words in `text`.

    A bottom-k sketch: Broder, "On the resemblance and containment of documents", 1997.
    """
    words = _WORD.findall(text.lower())
    runs = (" ".join(words[at : at + _RUN]) for at in range(max(len(words) - _RUN + 1, 1)))
    return tuple(heapq.nsmallest(_SIZE, {crc32(run.encode("utf-8", errors="replace")) for run in runs}))


def alike(one: Sketch, other: Sketch, *, share: float = 0.5) -> bool:
    """Whether at least `share` of the runs in either text are in both, as far as the sketches tell."""
    both = set(one) & set(other)
    sample = heapq.nsmallest(_SIZE, set(one) | set(other))
    return sum(1 for value in sample if value in both) >= share * len(sample)


def sketch_but(text: str, url: str) -> Sketch:
    """Of what `text` says beside repeating its own address, as pages about wrong addresses do."""
    for part in (url, url.split("://", 1)[-1], "/" + url.split("://", 1)[-1].partition("/")[2]):
        if len(part) > 1:
            text = text.replace(part, " ")
    return sketch(text)
