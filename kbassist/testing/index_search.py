"""Checks of a `PassageIndex`: what one generation answers."""

from __future__ import annotations

import math
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from datetime import date

import numpy as np

from kbassist.errors import InvalidArgumentError
from kbassist.testing.fakes import make_entry, words
from kbassist.testing.index_support import (
    EMBEDDER,
    QUERY,
    IndexCheck,
    MakeIndex,
    assert_same,
    brute_force,
    find,
    message_of,
    new_index,
    sample_entries,
    sealed,
)
from kbassist.types import IndexEntry, Passage, PassageFilter


def check_entries_come_back_whole(make: MakeIndex) -> None:
    """Every field, odd characters too, in the order asked for."""
    passage = Passage(
        "p/1#ż",
        "https://sklep.example/zwroty?a=1",
        'Zażółć "gęślą" \\ jaźń 🙂\n\x00 \ud800',
        7,
        33,
        title="Zwroty",
        uri="https://sklep.example/zwroty#ż",
        headings=("Pomoc", "Zwroty"),
        address="§ 7 ust. 2 pkt 3",
        page=3,
        lang="en",
        kind="regulation",
        provisions=((0, "§ 7 ust. 2 pkt 3"),),
    )
    whole = IndexEntry(
        passage,
        "Pomoc > Zwroty",
        frozenset({"staff", "public"}),
        "draft",
        date(2026, 1, 1),
        date(2026, 2, 28),
    )
    neighbours = sample_entries()
    with (
        closing(new_index(make)) as index,
        closing(index.open(sealed(index, None, [*neighbours, whole]))) as reader,
    ):
        assert reader.entries(["c1", "?", "p/1#ż", "a1"]) == [neighbours[4], whole, neighbours[0]]
        assert reader.entries([]) == []
        vectors = reader.vectors(["c1", "?", "p/1#ż"])
        assert vectors.keys() == {"c1", "p/1#ż"}
        assert vectors["p/1#ż"].dtype == np.float32
        assert np.allclose(vectors["p/1#ż"], EMBEDDER.embed_query(whole.search_text), atol=1e-3)


def check_scores_are_exact(make: MakeIndex) -> None:
    """The union of both legs, each passage with the scores that brute force gives."""
    with (
        closing(new_index(make)) as index,
        closing(index.open(sealed(index, None, sample_entries()))) as reader,
    ):
        for k in (1, 2, 3, 100):
            for query in (QUERY, "dostawa dostawa zwrot", "free returns", "nieznane słowo"):
                terms, vector = words(query), EMBEDDER.embed_query(query)
                expected = brute_force(reader, sample_entries(), terms, vector, k)
                assert_same(reader.search(terms, vector, PassageFilter(), k), expected)
        assert reader.search(["zwrot"], None, PassageFilter(), 0) == []


def check_legs_with_nothing_to_go_on_are_left_out(make: MakeIndex) -> None:
    """Without terms there is no BM25, without a vector no cosine."""
    with (
        closing(new_index(make)) as index,
        closing(index.open(sealed(index, None, sample_entries()))) as reader,
    ):
        vector = EMBEDDER.embed_query(QUERY)
        assert reader.search([], None, PassageFilter(), 5) == []
        lexical = reader.search(["zwrot"], None, PassageFilter(), 5)
        assert [(c.entry.passage.id, c.dense) for c in lexical] == [("a1", None), ("c2", None)]
        dense = reader.search([], vector, PassageFilter(), 2)
        assert_same(dense, brute_force(reader, sample_entries(), [], vector, 2))
        assert [c.bm25 for c in dense] == [0.0, 0.0]


def check_ties_are_broken_by_passage_id(make: MakeIndex) -> None:
    """Which of many equal passages are found does not depend on chance."""
    same = [make_entry(f"t{number:02d}", "Zwrot w 14 dni.") for number in range(30)]
    with closing(new_index(make)) as index:
        generation = sealed(index, None, [*reversed(same), *sample_entries()])
        with closing(index.open(generation)) as reader:
            for found in (
                reader.search(["zwrot"], None, PassageFilter(document_ids=frozenset("t")), 7),
                reader.search([], EMBEDDER.embed_query("Zwrot w 14 dni."), PassageFilter(), 7),
            ):
                assert [c.entry.passage.id for c in found] == [f"t{number:02d}" for number in range(7)]


def check_filters(make: MakeIndex) -> None:
    """By audience, status, validity (both ends inclusive), language, kind and document, and by several."""
    day = date(2026, 5, 1)
    text = "Zwrot w 14 dni."
    entries = [
        make_entry("a1", text),
        make_entry("a2", text, audience=frozenset({"staff"})),
        make_entry("a3", text, audience=frozenset({"staff", "vip"})),
        make_entry("b1", text, status="draft"),
        make_entry("b2", text, status="retired"),
        make_entry("c1", text, valid_from=day),
        make_entry("c2", text, valid_until=day),
        make_entry("c3", text, valid_from=date(2026, 5, 2)),
        make_entry("c4", text, valid_until=date(2026, 4, 30)),
        make_entry("c5", text, valid_from=day, valid_until=day),
        make_entry("d1", text, lang="en"),
        make_entry("d2", text, kind="reply"),
        make_entry("d3", text, lang="en", kind="faq", audience=frozenset({"vip"})),
    ]
    always = {"a1", "c1", "c2", "c3", "c4", "c5", "d1", "d2"}
    everyone = frozenset({"public", "staff", "vip"})
    cases: list[tuple[PassageFilter, set[str]]] = [
        (PassageFilter(), always),
        (PassageFilter(as_of=day), always - {"c3", "c4"}),
        (PassageFilter(as_of=date(2026, 5, 2)), always - {"c2", "c4", "c5"}),
        (PassageFilter(as_of=date(1, 1, 1)), always - {"c1", "c3", "c5"}),
        (PassageFilter(as_of=date(9999, 12, 31)), always - {"c2", "c4", "c5"}),
        (PassageFilter(audience=frozenset({"staff"})), {"a2", "a3"}),
        (PassageFilter(audience=frozenset({"vip"})), {"a3", "d3"}),
        (PassageFilter(audience=everyone), always | {"a2", "a3", "d3"}),
        (PassageFilter(audience=frozenset({"nobody"})), set()),
        (PassageFilter(audience=frozenset()), set()),
        (PassageFilter(statuses=frozenset({"draft", "retired"})), {"b1", "b2"}),
        (PassageFilter(statuses=frozenset()), set()),
        (PassageFilter(langs=frozenset({"en"})), {"d1"}),
        (PassageFilter(langs=frozenset()), set()),
        (PassageFilter(kinds=frozenset({"reply", "faq"})), {"d2"}),
        (PassageFilter(audience=everyone, langs=frozenset({"en"}), kinds=frozenset({"faq"})), {"d3"}),
        (PassageFilter(document_ids=frozenset({"a", "d", "?"})), {"a1", "d1", "d2"}),
        (PassageFilter(document_ids=frozenset({"c"}), as_of=day), {"c1", "c2", "c5"}),
        (PassageFilter(document_ids=frozenset()), set()),
    ]
    with closing(new_index(make)) as index, closing(index.open(sealed(index, None, entries))) as reader:
        for where, expected in cases:
            for vector in (None, EMBEDDER.embed_query(text)):
                found = reader.search(["zwrot"], vector, where, 50)
                assert {c.entry.passage.id for c in found} == expected, where
            assert reader.count(where) == len(expected), where


def check_idf(make: MakeIndex) -> None:
    """Of terms in many passages, in few, in none."""
    with (
        closing(new_index(make)) as index,
        closing(index.open(sealed(index, None, sample_entries()))) as reader,
    ):
        expected = [math.log(1 + (6 - holding + 0.5) / (holding + 0.5)) for holding in (4, 2, 0)]
        assert np.allclose(reader.idf(["14", "zwrot", "nieznane"]), expected)
        assert reader.idf([]) == []


def check_empty_generation(make: MakeIndex) -> None:
    """No passages, or none with words in it."""
    with closing(new_index(make)) as index:
        empty = sealed(index, None, [])
        wordless = sealed(index, empty, [make_entry("w1", "…"), make_entry("w2", "")])
        for generation, passages in ((empty, 0), (wordless, 2)):
            with closing(index.open(generation)) as reader:
                assert reader.manifest.passages == reader.count(PassageFilter()) == passages
                assert reader.search(["zwrot"], None, PassageFilter(), 5) == []
                vector = EMBEDDER.embed_query("…")
                assert len(reader.search(["zwrot"], vector, PassageFilter(), 5)) == passages
                assert len(reader.idf(["zwrot"])) == 1
                assert reader.entries(["a1"]) == []
                assert reader.vectors(["a1"]) == {}
        emptied = index.begin(wordless)
        emptied.delete(["w1", "w2"])
        assert emptied.seal().passages == 0


def check_lexical_only(make: MakeIndex) -> None:
    """An index without a model takes no vectors and finds by words."""
    with closing(make(analyzer=words, analysis="words-1", model=None, dimension=None)) as index:
        writer = index.begin(None)
        writer.upsert(sample_entries(), None)
        message_of(
            InvalidArgumentError, lambda: writer.upsert(sample_entries(), EMBEDDER.embed_passages(["a"] * 6))
        )
        manifest = writer.seal()
        assert (manifest.model, manifest.dimension) == (None, None)
        with closing(index.open(manifest.generation)) as reader:
            found = reader.search(words(QUERY), EMBEDDER.embed_query(QUERY), PassageFilter(), 3)
            assert_same(found, brute_force(reader, sample_entries(), words(QUERY), None, 3))
            assert reader.vectors(["a1"]) == {}


def check_passages_may_wait_for_their_vectors(make: MakeIndex) -> None:
    """They are found by their words, have no cosine, and take no place from those that have one."""
    entries = sample_entries()
    vectors = EMBEDDER.embed_passages([entry.search_text for entry in entries])
    with closing(new_index(make)) as index:
        writer = index.begin(None)
        writer.upsert(entries[:2], None)
        writer.upsert(entries[2:], [None, vectors[3], vectors[4], None])
        some = writer.seal()
        terms, vector = words(QUERY), EMBEDDER.embed_query(QUERY)
        with closing(index.open(some.generation)) as reader:
            ids = [entry.passage.id for entry in entries]
            assert reader.vectors(ids).keys() == {"b2", "c1"}
            for k in (1, 2, 6):
                found = reader.search(terms, vector, PassageFilter(), k)
                assert_same(found, brute_force(reader, entries, terms, vector, k))
                assert {c.entry.passage.id for c in found if c.dense is not None} <= {"b2", "c1"}
            alone = reader.search([], vector, PassageFilter(), 6)
            assert [c.entry.passage.id for c in alone] == ["b2", "c1"]
        # Filled afterwards, it answers as one that was built at once; one vector is taken away again.
        writer = index.begin(some.generation)
        writer.upsert(entries, list(vectors))
        full = writer.seal()
        assert full.passages == len(entries)
        built = sealed(index, None, entries)
        with closing(index.open(full.generation)) as one, closing(index.open(built)) as other:
            assert_same(find(one), find(other))
            assert one.idf(terms) == other.idf(terms)
        writer = index.begin(full.generation)
        writer.upsert(entries[:1], None)
        with closing(index.open(writer.seal().generation)) as reader:
            assert reader.vectors(["a1"]) == {}
            assert len(reader.search(terms, vector, PassageFilter(), 6)) == len(entries)


def check_readers_serve_several_threads(make: MakeIndex) -> None:
    """With the same results."""
    with (
        closing(new_index(make)) as index,
        closing(index.open(sealed(index, None, sample_entries()))) as reader,
    ):
        expected = find(reader)
        with ThreadPoolExecutor(4) as pool:
            assert all(found == expected for found in pool.map(lambda _: find(reader), range(40)))


SEARCH_CHECKS: tuple[IndexCheck, ...] = (
    check_entries_come_back_whole,
    check_scores_are_exact,
    check_legs_with_nothing_to_go_on_are_left_out,
    check_ties_are_broken_by_passage_id,
    check_filters,
    check_idf,
    check_empty_generation,
    check_lexical_only,
    check_passages_may_wait_for_their_vectors,
    check_readers_serve_several_threads,
)
"""What every reader has to pass."""
