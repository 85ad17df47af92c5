"""BM25 weights against rank-bm25, and the statistics they are made from."""

from __future__ import annotations

import math
from contextlib import suppress

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from rank_bm25 import BM25Okapi

from kbassist.index.bm25 import (
    K1,
    LENGTH_GRID,
    B,
    TermChanges,
    TermStatistics,
    average_on_grid,
    frequencies_from_weights,
    idf,
    term_frequencies,
    term_id,
    weights,
)

words = st.sampled_from("zwrot zwrotu dostawa dostawy 14 dni płatność kartą sklep i w z".split())
passages = st.lists(st.lists(words, max_size=30), min_size=1, max_size=12)


def statistics_of(corpus) -> TermStatistics:
    changes = TermChanges()
    for terms in corpus:
        changes.add(term_frequencies(terms))
    return changes.applied_to(TermStatistics.empty())


def as_dict(statistics: TermStatistics):
    terms = dict(zip(statistics.ids.tolist(), statistics.counts.tolist(), strict=True))
    return statistics.passages, statistics.length, terms


@given(passages.filter(any), st.lists(words, min_size=1, max_size=6, unique=True))
def test_scores_are_those_of_rank_bm25(corpus, query):
    statistics = statistics_of(corpus)
    oracle = BM25Okapi(corpus, k1=K1, b=B)
    oracle.avgdl = statistics.average_length
    holding = {term: sum(term in terms for terms in corpus) for term in query}
    oracle.idf = {term: idf(len(corpus), count) for term, count in holding.items()}
    ids = [term_id(term) for term in query]
    rarity = dict(zip(ids, statistics.idf(ids), strict=True))
    for terms, expected in zip(corpus, oracle.get_scores(query), strict=True):
        frequencies = term_frequencies(terms)
        own = weights(frequencies.values(), len(terms), statistics.average_length)
        score = sum(
            rarity.get(id_, 0) * weight for id_, weight in zip(frequencies, own, strict=True) if id_ in rarity
        )
        assert math.isclose(score, expected, rel_tol=1e-9, abs_tol=1e-12)


def test_idf_is_never_negative_and_falls():
    values = [idf(10, holding) for holding in range(11)]
    assert values == sorted(values, reverse=True)
    assert values[-1] > 0
    assert values[3] == pytest.approx(math.log(1 + 7.5 / 3.5))


@given(st.integers(1, 10**6), st.integers(1, 10**9))
def test_average_on_grid_is_near(passages, length):
    average = average_on_grid(passages, length)
    assert math.sqrt(1 / LENGTH_GRID) * 0.999 < average / (length / passages) < math.sqrt(LENGTH_GRID) * 1.001


def test_average_on_grid_moves_seldom():
    averages = [average_on_grid(1_000, 80_000 + added) for added in range(0, 40_000, 100)]
    assert averages == sorted(averages)
    assert len(set(averages)) == 1 + round(math.log(119_900 / 80_000, LENGTH_GRID))


@pytest.mark.parametrize(("passages", "length"), [(0, 0), (5, 0)])
def test_average_of_nothing_is_one(passages, length):
    assert average_on_grid(passages, length) == 1.0


@given(st.lists(st.integers(1, 1000), min_size=1, max_size=20), st.integers(0, 5000), st.floats(1, 1000))
def test_frequencies_come_back_from_single_precision_weights(frequencies, more, average):
    length = sum(frequencies) + more
    stored = np.array(weights(frequencies, length, average), np.float32).tolist()
    assert frequencies_from_weights(stored, length, average) == frequencies


@given(st.lists(st.tuples(st.integers(0, 5), st.lists(words, max_size=8)), max_size=15))
def test_statistics_after_changes_are_those_of_what_is_left(writes):
    alive: dict[int, list[str]] = {}
    statistics = TermStatistics.empty()
    for place, terms in writes:
        changes = TermChanges()
        if place in alive:
            before = alive.pop(place)
            changes.remove(term_frequencies(before), len(before))
        if terms:
            changes.add(term_frequencies(terms))
            alive[place] = terms
        statistics = changes.applied_to(statistics)
    assert as_dict(statistics) == as_dict(statistics_of(alive.values()))
    assert statistics.ids.tolist() == sorted(statistics.ids.tolist())


@given(passages)
def test_statistics_survive_storing(corpus):
    statistics = statistics_of(corpus)
    assert as_dict(TermStatistics.from_bytes(statistics.to_bytes())) == as_dict(statistics)


def test_unknown_terms_are_in_no_passage():
    statistics = statistics_of([["zwrot", "zwrot"], ["dostawa"]])
    ids = [term_id(term) for term in ("zwrot", "dostawa", "nieznane")]
    assert statistics.holding(ids) == [1, 1, 0]
    assert TermStatistics.empty().holding(ids) == [0, 0, 0]


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04", b"\0" * 100, b'{"a": 1}'])
def test_damaged_statistics_are_a_value_error(content):
    with pytest.raises(ValueError, match="not term statistics"):
        TermStatistics.from_bytes(content)


@given(passages, st.data())
def test_changed_byte_raises_nothing_else(corpus, data):
    content = bytearray(statistics_of(corpus).to_bytes())
    place = data.draw(st.integers(0, len(content) - 1))
    content[place] ^= data.draw(st.integers(1, 255))
    with suppress(ValueError):
        TermStatistics.from_bytes(bytes(content))


def test_terms_with_one_id_count_together():
    # crc32 of "plumless" and "buckeroo" is the same.
    assert term_frequencies(["plumless", "buckeroo", "plumless"]) == {term_id("plumless"): 3}


def test_lone_surrogates_are_terms_too():
    assert term_frequencies(["\ud800"]) == {term_id("\ud800"): 1}
