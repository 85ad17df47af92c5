"""Public fakes, and the checks that every implementation of a seam has to pass.

    @pytest.mark.parametrize("check", testing.INDEX_CHECKS, ids=lambda check: check.__name__)
    def test_my_index(check, tmp_path):
        check(functools.partial(MyIndex, tmp_path))

    @pytest.mark.parametrize("check", testing.EMBEDDER_CHECKS, ids=lambda check: check.__name__)
    def test_my_embedder(check):
        check(MyEmbedder())

A check raises `AssertionError` when the contract is broken. A check of an index is given a maker of indexes:
every call of it returns an index on the same store, which is empty at first.
"""

from kbassist.testing.embedder_contract import EMBEDDER_CHECKS, EmbedderCheck
from kbassist.testing.fakes import HashEmbedder, make_entry, words
from kbassist.testing.index_generations import (
    DURABLE_INDEX_CHECKS,
    GENERATION_CHECKS,
    History,
    check_growing_equals_rebuilding,
)
from kbassist.testing.index_search import SEARCH_CHECKS
from kbassist.testing.index_support import IndexCheck, MakeIndex, assert_same, brute_force

INDEX_CHECKS = GENERATION_CHECKS + SEARCH_CHECKS
"""What every `PassageIndex` has to pass."""

__all__ = [
    "DURABLE_INDEX_CHECKS",
    "EMBEDDER_CHECKS",
    "INDEX_CHECKS",
    "EmbedderCheck",
    "HashEmbedder",
    "History",
    "IndexCheck",
    "MakeIndex",
    "assert_same",
    "brute_force",
    "check_growing_equals_rebuilding",
    "make_entry",
    "words",
]
