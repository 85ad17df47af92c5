"""BM25 in the index beside `bm25s`, on the same terms of the same passages; and what an update costs.

bm25s gets the term ids and frequencies that the index holds, and the same distinct terms of each question.
Both give the numbers and scores of the best 50. bm25s has no filters: it gets a mask that was made before.
"""

from __future__ import annotations

import shutil
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import partial
from importlib.util import find_spec
from itertools import chain, repeat
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from rich.table import Table
from speed_data import TODAY, Built, grow, open_base, open_index, questions

from kbassist.index.bm25 import K1, B, TermStatistics, frequencies_from_weights, term_id
from kbassist.index.edge_points import EdgePoints
from kbassist.index.points import Nearest, Terms
from kbassist.index.reader import PointsReader
from kbassist.index.records import GROUP, Condition, conditions
from kbassist.text.analysis import TextAnalyzer
from kbassist.types import PassageFilter

QUERIES = 200
WARMING = 20
DEPTH = 50
TOP = 10
INCREMENT = 100

_ALL = PassageFilter(audience=frozenset({"public", "staff"}), as_of=None)
_SOME = PassageFilter(as_of=TODAY)

Ranked = list[tuple[int, float]]
Search = Callable[[Sequence[str]], Any]


@dataclass(frozen=True)
class _Index:
    """One open generation: the engine, the reader over it, and the bag of term ids of each point."""

    points: EdgePoints
    reader: PointsReader
    statistics: TermStatistics
    ids: list[int]
    bags: list[list[int]]


def queries(built: Built) -> Table:
    """Milliseconds a query, and how many of our best ten bm25s has among its own."""
    index = _open(built.folder)
    analyzer = TextAnalyzer()
    asked = [list(analyzer.query_terms(question)) for question in questions(WARMING + QUERIES)]
    plain, filtered = (conditions(where, index.points.groups()) for where in (_ALL, _SOME))
    ours: dict[str, Search] = {
        "kbassist": partial(_leg, index, plain or ()),
        "kbassist, filtered": partial(_leg, index, filtered or ()),
        "kbassist, filtered, passages read": lambda terms: index.reader.search(terms, None, _SOME, DEPTH),
    }
    table = Table("engine", "p50 ms", "p95 ms", f"top {TOP} the same")
    for name, search in ours.items():
        _add(table, name, _times(search, asked), None)
    if find_spec("bm25s") is None:
        print("bm25s is not installed: pip install -r benchmarks/requirements.txt", file=sys.stderr)
        return table
    mask = _mask(index, filtered or ())
    tokens = [[str(term_id(term)) for term in terms] for terms in asked]
    for backend in ("numpy", *(["numba"] if find_spec("numba") else [])):
        peer = _Peer(index, backend)
        same = _agreement(peer.search, tokens, ours["kbassist"], asked)
        _add(table, f"bm25s ({backend})", _times(peer.search, tokens), same)
        masked = partial(peer.search, mask=mask)
        same = _agreement(masked, tokens, ours["kbassist, filtered"], asked)
        _add(table, f"bm25s ({backend}), masked", _times(masked, tokens), same)
        print(f"bm25s indexed the terms in {peer.seconds:.1f} s", file=sys.stderr)
    return table


def increment(built: Built) -> Table:
    """Seconds from the call until a search shows it, and what the same takes from nothing. No embedding."""
    table = Table("change", "seconds", "of a rebuild")
    table.add_row(f"rebuild, {built.passages:,} passages", f"{built.seconds:.1f}", "1")
    with tempfile.TemporaryDirectory(dir=built.folder.parent) as place:
        folder = Path(shutil.copytree(built.folder, Path(place) / "kb"))
        with open_base(folder) as kb:
            new = list(grow(INCREMENT, first=built.passages))
            changes: dict[str, Callable[[], object]] = {
                f"{INCREMENT} added": lambda: kb.add(new),
                f"{INCREMENT} updated": lambda: kb.add(replace(each, title="Nowy") for each in new),
                f"{INCREMENT} removed": lambda: kb.remove([each.id for each in new]),
            }
            for name, change in changes.items():
                began = time.perf_counter()
                change()
                kb.search(name, as_of=TODAY)
                seconds = time.perf_counter() - began
                table.add_row(name, f"{seconds:.2f}", f"1/{built.seconds / seconds:.0f}")
    return table


class _Peer:
    """bm25s over the same bags of terms."""

    def __init__(self, index: _Index, backend: str) -> None:
        import bm25s

        vocabulary = {
            term: number for number, term in enumerate({term for bag in index.bags for term in bag})
        }
        bags = [[vocabulary[term] for term in bag] for bag in index.bags]
        began = time.perf_counter()
        self._bm25 = bm25s.BM25(method="lucene", k1=K1, b=B, backend=backend)
        self._bm25.index(
            (bags, {str(term): number for term, number in vocabulary.items()}), show_progress=False
        )
        self.seconds = time.perf_counter() - began
        self._ids = index.ids

    def search(self, tokens: Sequence[str], mask: NDArray[np.float32] | None = None) -> Ranked:
        found, scores = self._bm25.retrieve([list(tokens)], k=DEPTH, show_progress=False, weight_mask=mask)
        return [
            (self._ids[row], score) for row, score in zip(found[0].tolist(), scores[0].tolist(), strict=True)
        ]


def _open(folder: Path) -> _Index:
    index, generation = open_index(folder)
    reader = index.open(generation)
    average = reader.manifest.average_length
    points = EdgePoints.open(folder / "index" / generation / "shard")
    ids, bags = [], []
    for batch in points.scroll():
        for stored in batch:
            frequencies = frequencies_from_weights(stored.terms.weights, stored.length, average)
            ids.append(stored.id)
            bags.append(list(chain.from_iterable(map(repeat, stored.terms.ids, frequencies))))
    statistics = TermStatistics.from_bytes((folder / "index" / generation / "terms.npz").read_bytes())
    return _Index(points, reader, statistics, ids, bags)


def _leg(index: _Index, where: Sequence[Condition], terms: Sequence[str]) -> Ranked:
    """What the reader does for its lexical leg, up to numbers and scores."""
    ids = sorted(map(term_id, terms))
    rarity = dict(zip(ids, index.statistics.idf(ids), strict=True))
    return index.points.nearest([Nearest(Terms(list(rarity), list(rarity.values())), DEPTH, where)])[0]


def _mask(index: _Index, where: Sequence[Condition]) -> NDArray[np.float32]:
    admitted = {value for name, values in where if name == GROUP for value in values}
    groups = {id_: payload[GROUP] for id_, payload in index.points.payloads(index.ids)}
    return np.array([groups[id_] in admitted for id_ in index.ids], np.float32)


def _times(search: Search, asked: Sequence[Sequence[str]]) -> list[float]:
    times = []
    for terms in asked:
        began = time.perf_counter()
        search(terms)
        times.append((time.perf_counter() - began) * 1000)
    return times[WARMING:]


def _agreement(
    one: Search, its: Sequence[Sequence[str]], other: Search, others: Sequence[Sequence[str]]
) -> float:
    """The mean share of the best that two searches have in common."""
    shares = [
        len({id_ for id_, _ in one(mine)[:TOP]} & {id_ for id_, _ in other(yours)[:TOP]}) / TOP
        for mine, yours in zip(its, others, strict=True)
    ]
    return sum(shares) / len(shares)


def _add(table: Table, name: str, times: Sequence[float], same: float | None) -> None:
    p50, p95 = np.percentile(times, [50, 95])
    table.add_row(name, f"{p50:.2f}", f"{p95:.2f}", "" if same is None else f"{same:.3f}")
