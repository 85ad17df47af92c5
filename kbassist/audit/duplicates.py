"""The same text twice, exactly or nearly.

Nearly means that `THRESHOLD` or more of the word 3-grams of the shorter text are in the longer one, which
is at most twice as long: a print version with rewordings counts, an extract does not. Pairs are found
by prefix filtering (Bayardo, Ma and Srikant 2007): of a text's 3-grams, the rarest first, one of
the first fifth has to be in every text that is similar enough. Only texts that share one are
compared, which misses nothing and is close to linear.
"""

from __future__ import annotations

import math
import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from hashlib import blake2b

import numpy as np
from numpy.typing import NDArray

from kbassist.audit.material import AuditInput, finding, name_of
from kbassist.types import Document, Finding

CHECK = "duplicates"
THRESHOLD = 0.8

_SHINGLE = 3
_FEWEST_WORDS = 5
_SHORTEST = 0.5  # of the longer one
_WORD = re.compile(r"\w+")
_MULTIPLIER = np.uint64(0x9E3779B97F4A7C15)
# A page in a thousand versions would make every pair of them a candidate. Each finds its family through
# any of the first few.
_LONGEST_POSTING = 32

Hashes = NDArray[np.uint64]
Link = tuple[int, int, float]


def duplicates(material: AuditInput) -> list[Finding]:
    """One finding for each family of documents with the same text, for at least some of the same people."""
    documents = material.in_force()
    sequences = _word_hashes(documents)
    kept = [index for index, sequence in enumerate(sequences) if len(sequence) >= _FEWEST_WORDS]
    exact, distinct = _exact(kept, sequences, documents)
    near = _near(distinct, [_shingles(sequence) for sequence in sequences], documents)
    return [
        _finding(material, [documents[index] for index in family], similarity)
        for family, similarity in _families([*exact, *near])
    ]


def _word_hashes(documents: Iterable[Document]) -> list[Hashes]:
    known: dict[str, int] = {}
    sequences = []
    for document in documents:
        words = _WORD.findall(unicodedata.normalize("NFKC", document.text).casefold())
        for word in words:
            if word not in known:
                known[word] = int.from_bytes(blake2b(word.encode(), digest_size=8).digest())
        sequences.append(np.array([known[word] for word in words], dtype=np.uint64))
    return sequences


def _shingles(sequence: Hashes) -> Hashes:
    count = len(sequence) - _SHINGLE + 1
    if count < 1:
        return np.empty(0, dtype=np.uint64)
    combined = np.zeros(count, dtype=np.uint64)
    for offset in range(_SHINGLE):
        combined = combined * _MULTIPLIER + sequence[offset : offset + count]
    return np.unique(combined)


def _exact(
    indices: Sequence[int], sequences: Sequence[Hashes], documents: Sequence[Document]
) -> tuple[list[Link], list[int]]:
    """Links between equal texts, and one of each."""
    links: list[Link] = []
    distinct: list[int] = []
    seen: dict[bytes, list[int]] = defaultdict(list)
    for index in indices:
        same = seen[sequences[index].tobytes()]
        twin = next((other for other in same if _together(documents[index], documents[other])), None)
        if twin is None:
            same.append(index)
            distinct.append(index)
        else:
            links.append((twin, index, 1.0))
    return links, distinct


def _near(
    indices: Sequence[int], shingles: Sequence[Hashes], documents: Sequence[Document]
) -> Iterator[Link]:
    if not indices:
        return
    values, counts = np.unique(np.concatenate([shingles[i] for i in indices]), return_counts=True)
    postings: dict[int, list[int]] = defaultdict(list)
    # Shorter ones first: whoever stands in a posting is not longer than the one that looks.
    for index in sorted(indices, key=lambda i: (len(shingles[i]), i)):
        own = shingles[index]
        for other in sorted({other for shingle in own.tolist() for other in postings.get(shingle, ())}):
            shorter = shingles[other]
            if len(shorter) < _SHORTEST * len(own) or not _together(documents[index], documents[other]):
                continue
            shared = len(np.intersect1d(own, shorter, assume_unique=True)) / len(shorter)
            if shared >= THRESHOLD:
                yield other, index, shared
        rarest_first = own[np.argsort(counts[np.searchsorted(values, own)], kind="stable")]
        for shingle in rarest_first[: len(own) - math.ceil(THRESHOLD * len(own)) + 1].tolist():
            if len(postings[shingle]) < _LONGEST_POSTING:
                postings[shingle].append(index)


def _together(one: Document, other: Document) -> bool:
    return not one.audience.isdisjoint(other.audience)


def _families(links: Iterable[Link]) -> list[tuple[list[int], float]]:
    """Connected documents, with the lowest similarity of a link between them."""
    parent: dict[int, int] = {}

    def root(index: int) -> int:
        while parent.setdefault(index, index) != index:
            parent[index] = parent[parent[index]]
            index = parent[index]
        return index

    kept = list(links)
    for one, other, _ in kept:
        parent[root(one)] = root(other)
    lowest: dict[int, float] = {}
    for one, _, similarity in kept:
        lowest[root(one)] = min(similarity, lowest.get(root(one), 1.0))
    members: dict[int, list[int]] = defaultdict(list)
    for index in sorted(parent):
        members[root(index)].append(index)
    return sorted((family, lowest[top]) for top, family in members.items())


def _finding(material: AuditInput, family: list[Document], similarity: float) -> Finding:
    names = ", ".join(f"„{name_of(document)}”" for document in family)
    percent = math.floor(similarity * 100)
    if similarity == 1:
        message = material.say(f"Ta sama treść w {len(family)} dokumentach: {names}.",
                               f"The same text in {len(family)} documents: {names}.")  # fmt: skip
    else:
        message = material.say(
            f"Prawie ta sama treść (co najmniej {percent}%) w {len(family)} dokumentach: {names}.",
            f"Nearly the same text (at least {percent}%) in {len(family)} documents: {names}.",
        )
    return finding(
        CHECK,
        "warning",
        (document.id for document in family),
        message,
        material.say(
            "Zostaw jeden dokument, a pozostałe wycofaj, żeby poprawiać treść tylko w jednym miejscu.",
            "Keep one document and retire the others, so that the text is corrected in one place only.",
        ),
    )
