"""What the checks of an index share: a small corpus, brute force, comparison."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from typing import Protocol

from kbassist.errors import KBAssistError
from kbassist.index.bm25 import K1, B
from kbassist.protocols import Analyzer, Candidate, IndexReader, IndexWriter, PassageIndex, Vector
from kbassist.testing.fakes import HashEmbedder, make_entry, words
from kbassist.types import IndexEntry, PassageFilter


class MakeIndex(Protocol):
    """A constructor with all but these arguments filled in."""

    def __call__(
        self, *, analyzer: Analyzer, analysis: str, model: str | None, dimension: int | None
    ) -> PassageIndex: ...


IndexCheck = Callable[[MakeIndex], None]

EMBEDDER = HashEmbedder(16)
TEXTS = {
    "a1": "Zwrot towaru w ciągu 14 dni od zakupu. Zwrot jest bezpłatny.",
    "a2": "Dostawa kurierem kosztuje 15 zł, dostawa do paczkomatu 12 zł.",
    "b1": "Reklamację rozpatrujemy w 14 dni.",
    "b2": "Returns are free within 14 days.",
    "c1": "Płatność kartą, przelewem albo przy odbiorze.",
    "c2": "Zwrot pieniędzy następuje w 14 dni, tą samą drogą co płatność.",
}
QUERY = "zwrot w 14 dni"


def brute_force(
    reader: IndexReader, entries: Sequence[IndexEntry], terms: Sequence[str], vector: Vector | None, k: int
) -> list[Candidate]:
    """What `search` has to give when all `entries` of the generation qualify: everything scored, then cut."""
    tokens = {entry.passage.id: words(entry.search_text) for entry in entries}
    vectors = {} if vector is None else reader.vectors(list(tokens))
    candidates = []
    for entry in sorted(entries, key=lambda entry: entry.passage.id):
        own, score = tokens[entry.passage.id], 0.0
        for term in set(terms):
            count, holding = own.count(term), sum(term in each for each in tokens.values())
            rarity = math.log(1 + (len(tokens) - holding + 0.5) / (holding + 0.5))
            norm = K1 * (1 - B + B * len(own) / reader.manifest.average_length)
            score += rarity * count * (K1 + 1) / (count + norm)
        own_vector = vectors.get(entry.passage.id)
        dense = None if vector is None or own_vector is None else float(own_vector @ vector)
        candidates.append(Candidate(entry, score, dense))
    lexical = sorted((c for c in candidates if c.bm25), key=lambda c: (-round(c.bm25, 4), c.entry.passage.id))
    near = [(-round(c.dense, 4), c.entry.passage.id) for c in candidates if c.dense is not None]
    chosen = {c.entry.passage.id for c in lexical[:k]} | {passage_id for _, passage_id in sorted(near)[:k]}
    return [candidate for candidate in candidates if candidate.entry.passage.id in chosen]


def assert_same(found: Sequence[Candidate], expected: Sequence[Candidate]) -> None:
    """The same entries in the same order, BM25 the same to four digits, the cosine to three."""
    assert [c.entry for c in found] == [c.entry for c in expected]
    for one, other in zip(found, expected, strict=True):
        assert math.isclose(one.bm25, other.bm25, rel_tol=1e-4, abs_tol=1e-4), (one, other)
        assert (one.dense is None) == (other.dense is None), (one, other)
        assert math.isclose(one.dense or 0, other.dense or 0, abs_tol=1e-3), (one, other)


def new_index(make: MakeIndex) -> PassageIndex:
    """Of the words' own analysis and a fake model."""
    return make(analyzer=words, analysis="words-1", model=EMBEDDER.name, dimension=EMBEDDER.dimension)


def sample_entries() -> list[IndexEntry]:
    """Six passages in three documents."""
    return [make_entry(passage_id, text) for passage_id, text in TEXTS.items()]


def put(writer: IndexWriter, entries: Sequence[IndexEntry]) -> None:
    """With their vectors."""
    writer.upsert(entries, EMBEDDER.embed_passages([entry.search_text for entry in entries]))


def sealed(index: PassageIndex, base: str | None, entries: Sequence[IndexEntry]) -> str:
    """The name of a generation that holds the base and the entries."""
    writer = index.begin(base)
    put(writer, entries)
    return writer.seal().generation


def find(reader: IndexReader) -> list[Candidate]:
    """Both legs, the best four of each."""
    return reader.search(words(QUERY), EMBEDDER.embed_query(QUERY), PassageFilter(), 4)


def assert_agrees(reader: IndexReader, entries: Sequence[IndexEntry]) -> None:
    """The reader holds just these entries, and finds as brute force does."""
    expected = brute_force(reader, entries, words(QUERY), EMBEDDER.embed_query(QUERY), 4)
    assert_same(find(reader), expected)
    assert reader.entries([entry.passage.id for entry in entries]) == list(entries)


def message_of(error: type[KBAssistError], act: Callable[[], object]) -> str:
    """The message with which `act` fails. It has to."""
    try:
        act()
    except error as raised:
        return str(raised)
    raise AssertionError(f"{error.__name__} was not raised")
