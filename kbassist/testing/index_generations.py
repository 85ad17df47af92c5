"""Checks of a `PassageIndex`: how generations come, follow one another and go."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from contextlib import closing
from functools import partial

import numpy as np

from kbassist.errors import IndexMismatchError, InvalidArgumentError, KnowledgeBaseError
from kbassist.protocols import Vectors
from kbassist.testing.fakes import make_entry, words
from kbassist.testing.index_support import (
    EMBEDDER,
    TEXTS,
    IndexCheck,
    MakeIndex,
    assert_agrees,
    assert_same,
    brute_force,
    find,
    message_of,
    new_index,
    put,
    sample_entries,
    sealed,
)
from kbassist.types import IndexEntry, PassageFilter


def check_sealed_generation_can_be_opened(make: MakeIndex) -> None:
    """The manifest tells what it was made with and how much it holds."""
    with closing(new_index(make)) as index:
        writer = index.begin(None)
        put(writer, sample_entries())
        manifest = writer.seal()
        assert (manifest.generation, manifest.passages) == (writer.generation, len(TEXTS))
        assert (manifest.model, manifest.dimension, manifest.analysis) == (EMBEDDER.name, 16, "words-1")
        mean = sum(len(words(text)) for text in TEXTS.values()) / len(TEXTS)
        assert math.isclose(manifest.average_length, mean, rel_tol=0.03)
        with closing(index.open(manifest.generation)) as reader:
            assert reader.manifest == manifest
            assert reader.count(PassageFilter()) == len(TEXTS)


def check_unsealed_generation_cannot_be_opened(make: MakeIndex) -> None:
    """Nobody sees half of an ingest."""
    with closing(new_index(make)) as index:
        writer = index.begin(None)
        put(writer, sample_entries())
        message_of(KnowledgeBaseError, lambda: index.open(writer.generation))
        writer.abort()


def check_missing_generation_is_an_error(make: MakeIndex) -> None:
    """For reading and as a base."""
    with closing(new_index(make)) as index:
        message_of(KnowledgeBaseError, lambda: index.open("gen-000009"))
        message_of(KnowledgeBaseError, lambda: index.begin("gen-000009"))


def check_aborted_generation_is_gone(make: MakeIndex) -> None:
    """An abort after the seal changes nothing."""
    with closing(new_index(make)) as index:
        writer = index.begin(None)
        put(writer, sample_entries())
        writer.abort()
        writer.abort()
        message_of(KnowledgeBaseError, lambda: index.open(writer.generation))
        message_of(KnowledgeBaseError, writer.seal)
        generation = sealed(index, None, sample_entries())
        finished = index.begin(generation)
        finished.seal()
        finished.abort()
        index.open(finished.generation).close()


def check_sealed_writer_is_closed(make: MakeIndex) -> None:
    """What is published cannot be written to."""
    with closing(new_index(make)) as index:
        writer = index.begin(None)
        writer.seal()
        message_of(KnowledgeBaseError, lambda: put(writer, sample_entries()))
        message_of(KnowledgeBaseError, lambda: writer.delete(["a1"]))
        message_of(KnowledgeBaseError, writer.seal)


def check_base_is_copied_and_stays_as_it_was(make: MakeIndex) -> None:
    """Readers of the base see none of what happens to its copy."""
    with closing(new_index(make)) as index:
        first = sealed(index, None, sample_entries())
        with closing(index.open(first)) as old:
            before = find(old)
            writer = index.begin(first)
            assert writer.generation != first
            writer.delete(["a1", "never seen"])
            put(writer, [make_entry("b1", "Zupełnie co innego."), make_entry("d1", "Zwrot w sklepie.")])
            assert find(old) == before
            writer.seal()
            assert find(old) == before
            with closing(index.open(writer.generation)) as new:
                kept = [e for e in sample_entries() if e.passage.id not in ("a1", "b1")]
                added = [make_entry("b1", "Zupełnie co innego."), make_entry("d1", "Zwrot w sklepie.")]
                assert new.manifest.passages == new.count(PassageFilter()) == len(kept) + len(added)
                assert_agrees(new, kept + added)
        with closing(index.open(first)) as again:
            assert_agrees(again, sample_entries())


def check_last_upsert_counts(make: MakeIndex) -> None:
    """In one call, over several calls, and against a deletion."""
    with closing(new_index(make)) as index:
        writer = index.begin(None)
        put(writer, sample_entries())
        last = make_entry("a1", "Zwrot w 14 dni.")
        put(writer, [make_entry("a1", "Pierwsza wersja."), make_entry("a1", "Druga wersja."), last])
        put(writer, [make_entry("x1", "Zwrot.")])
        writer.delete(["x1", "x1"])
        writer.seal()
        with closing(index.open(writer.generation)) as reader:
            assert_agrees(reader, [last, *(entry for entry in sample_entries() if entry.passage.id != "a1")])


def check_prune_keeps_only_what_is_named(make: MakeIndex) -> None:
    """What was pruned cannot be opened; work goes on from what was kept."""
    with closing(new_index(make)) as index:
        first = sealed(index, None, sample_entries())
        second = sealed(index, first, [])
        unfinished = index.begin(second)
        unfinished_name = unfinished.generation
        unfinished.abort()
        index.prune([second])
        index.open(second).close()
        for name in (first, unfinished_name):
            message_of(KnowledgeBaseError, partial(index.open, name))
        third = sealed(index, second, [])
        assert third not in (first, second)


def check_pruned_generation_serves_its_open_readers(make: MakeIndex) -> None:
    """Pruning the others does not touch what is kept."""
    with closing(new_index(make)) as index:
        first = sealed(index, None, sample_entries())
        second = sealed(index, first, [])
        index.prune([second])
        with closing(index.open(second)) as reader:
            assert_agrees(reader, sample_entries())


def check_vectors_of_another_shape_are_refused(make: MakeIndex) -> None:
    """The writer can still be used afterwards."""
    with closing(new_index(make)) as index:
        writer = index.begin(None)
        row = np.ones(16, np.float32)
        wrong: list[Vectors] = [
            np.ones((6, 3), np.float32),
            np.ones((1, 16), np.float32),
            [],
            [row, None],
            [row] * 5 + [row[:3]],
        ]
        for vectors in wrong:
            message_of(InvalidArgumentError, partial(writer.upsert, sample_entries(), vectors))
        put(writer, sample_entries())
        assert writer.seal().passages == len(TEXTS)


def check_another_object_reads_it(make: MakeIndex) -> None:
    """Generations outlive the object that made them."""
    with closing(new_index(make)) as index:
        first = sealed(index, None, sample_entries())
    with closing(new_index(make)) as other, closing(other.open(first)) as reader:
        assert_agrees(reader, sample_entries())
        second = sealed(other, first, [make_entry("d1", "Zwrot w sklepie.")])
        assert second != first
    with closing(new_index(make)) as third, closing(third.open(second)) as reader:
        assert_agrees(reader, [*sample_entries(), make_entry("d1", "Zwrot w sklepie.")])


def check_mismatch_names_both_sides(make: MakeIndex) -> None:
    """Opening with another model or analysis says what was used and what is asked for."""
    with closing(new_index(make)) as index:
        generation = sealed(index, None, sample_entries())
    model = EMBEDDER.name
    for others, what in (
        (make(analyzer=words, analysis="words-2", model=model, dimension=16), ("words-1", "words-2")),
        (make(analyzer=words, analysis="words-1", model="other-16", dimension=16), (model, "other-16")),
        (make(analyzer=words, analysis="words-1", model=model, dimension=17), (16, 17)),
        (make(analyzer=words, analysis="words-1", model=None, dimension=None), (model, None)),
    ):
        with closing(others) as other:
            for act in (other.open, other.begin):
                message = message_of(IndexMismatchError, partial(act, generation))
                assert all(repr(side) in message for side in what), message


def check_unfinished_generation_is_pruned(make: MakeIndex) -> None:
    """The leavings of a writer that never came to its end are cleared away."""
    with closing(new_index(make)) as index:
        first = sealed(index, None, sample_entries())
        unfinished = index.begin(first)
        put(unfinished, [make_entry("d1", "Zwrot w sklepie.")])
        with closing(new_index(make)) as other:
            other.prune([first])
            other.open(first).close()
            message_of(KnowledgeBaseError, lambda: other.open(unfinished.generation))
        unfinished.abort()


History = Sequence[Mapping[str, str | None]]
"""Generations one after the other: passage ids, and their new text or None for a deletion."""


def check_growing_equals_rebuilding(make: MakeIndex, history: History, queries: Sequence[str]) -> None:
    """An index that has grown gives the scores of one that was built at once."""
    alive: dict[str, IndexEntry] = {}
    with closing(new_index(make)) as index:
        grown: str | None = None
        for changes in history:
            writer = index.begin(grown)
            writer.delete([id_ for id_, text in changes.items() if text is None])
            changed = {id_: make_entry(id_, text) for id_, text in changes.items() if text is not None}
            put(writer, list(changed.values()))
            alive = {
                id_: entry for id_, entry in (alive | changed).items() if changes.get(id_, "") is not None
            }
            grown = writer.seal().generation
        assert grown is not None
        built = sealed(index, None, list(alive.values()))
        with closing(index.open(grown)) as one, closing(index.open(built)) as other:
            assert one.manifest.passages == other.manifest.passages == len(alive)
            assert one.manifest.average_length == other.manifest.average_length
            for query in queries:
                terms, vector = words(query), EMBEDDER.embed_query(query)
                assert one.idf(terms) == other.idf(terms)
                for k in (2, 50):
                    expected = other.search(terms, vector, PassageFilter(), k)
                    assert_same(one.search(terms, vector, PassageFilter(), k), expected)
                    assert_same(expected, brute_force(other, list(alive.values()), terms, vector, k))


GENERATION_CHECKS: tuple[IndexCheck, ...] = (
    check_sealed_generation_can_be_opened,
    check_unsealed_generation_cannot_be_opened,
    check_missing_generation_is_an_error,
    check_aborted_generation_is_gone,
    check_sealed_writer_is_closed,
    check_base_is_copied_and_stays_as_it_was,
    check_last_upsert_counts,
    check_prune_keeps_only_what_is_named,
    check_pruned_generation_serves_its_open_readers,
    check_vectors_of_another_shape_are_refused,
)
"""What every index has to pass."""

DURABLE_INDEX_CHECKS: tuple[IndexCheck, ...] = (
    check_another_object_reads_it,
    check_mismatch_names_both_sides,
    check_unfinished_generation_is_pruned,
)
"""What a `PassageIndex` that outlives its object has to pass as well."""
