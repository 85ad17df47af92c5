"""Fits the weights of rescoring, and shows what they gain where they were not fitted.

    KBASSIST_BENCH_DATA=… python benchmarks/rescoring.py --kb kbs            # print the tables
    KBASSIST_BENCH_DATA=… python benchmarks/rescoring.py --kb kbs --write    # and write the weights

Each data set's candidates are what both legs find, 50 each, with their features, for up to `QUESTIONS` of its
questions. Coordinate ascent changes one weight at a time for as long as the mean over the data sets of
nDCG@10 (after `spread`) rises. The first table gives nDCG@10 of

- `fusion`: the convex sum of both legs alone, as the candidates come;
- `fitted`: weights fitted to all data sets, the ones that `--write` writes;
- `cross-validated`: five folds; each fifth of every data set's questions with weights fitted to the others;
- `this set alone`: five folds again, within this data set only;
- `other sets`: weights fitted to the other data sets.

`libreoffice-help-pl-en`, Polish questions over English pages, is never fitted to.
"""

from __future__ import annotations

import argparse
import json
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from importlib.metadata import version
from pathlib import Path

import numpy as np
from datasets import NAMES, load, sample
from material import Remembering, built, opened
from numpy.typing import NDArray
from rich.console import Console
from rich.progress import track
from rich.table import Table

import kbassist.index as index_room
from kbassist.index.diversity import REPEAT
from kbassist.index.rescoring import FEATURES
from kbassist.index.retriever import HybridRetriever
from kbassist.index.understanding import Query
from kbassist.models.e5 import E5Embedder
from kbassist.text.analysis import ANALYSIS, TextAnalyzer
from kbassist.text.language import detect
from kbassist.text.lexicon import Lexicons
from kbassist.types import Hit, PassageFilter

QUESTIONS = 500
FOLDS = 5
UNFITTED = ("libreoffice-help-pl-en",)
DOCUMENTS = 10**6
STEPS = (0.0, 0.5, 0.8, 1.25, 1.6, 2.2)
ROUNDS = 4
LEAST_GAIN = 5e-5
WRITTEN = Path(index_room.__path__[0]) / "rescoring.json"
_DISCOUNT = 1 / np.log2(np.arange(2, 12))
_LOOKED_AT = 25

Matrix = NDArray[np.float64]


@dataclass(frozen=True)
class Questions:
    """Candidates of questions, padded to the same number: features, the document each belongs to (−1 where
    there is no candidate), its gain; and the best DCG that a question allows.
    """

    features: Matrix
    documents: NDArray[np.int64]
    gains: Matrix
    ideal: Matrix

    def __len__(self) -> int:
        return len(self.ideal)

    def part(self, chosen: NDArray[np.bool_]) -> Questions:
        return Questions(
            self.features[chosen], self.documents[chosen], self.gains[chosen], self.ideal[chosen]
        )

    def ndcg(self, weights: Matrix) -> Matrix:
        """Of each question, at 10, of documents, after `spread`."""
        scores = np.where(self.documents < 0, -np.inf, self.features @ weights)
        best = np.argsort(-scores, axis=1, kind="stable")[:, :_LOOKED_AT]
        documents = np.take_along_axis(self.documents, best, 1)
        scores = np.take_along_axis(scores, best, 1) * REPEAT ** _times_before(documents)
        ranked = np.argsort(-scores, axis=1, kind="stable")[:, :10]
        documents = np.take_along_axis(documents, ranked, 1)
        gains = np.take_along_axis(np.take_along_axis(self.gains, best, 1), ranked, 1)
        first = (_times_before(documents) == 0) & (documents >= 0)
        places = np.cumsum(first, axis=1) - 1
        found = np.where(first, gains * _DISCOUNT[places], 0.0).sum(axis=1)
        return np.asarray(found / self.ideal)


def _times_before(documents: NDArray[np.int64]) -> NDArray[np.int64]:
    """How often each document stands further left."""
    same = documents[:, :, None] == documents[:, None, :]
    return np.tril(same, -1).sum(axis=2)


def questions(found: Sequence[tuple[Sequence[Hit], Mapping[str, int]]], features: Sequence[str]) -> Questions:
    found = [(hits, relevant) for hits, relevant in found if relevant]
    most = max(_LOOKED_AT, max(len(hits) for hits, _ in found))
    matrix = np.zeros((len(found), most, len(features)))
    documents = np.full((len(found), most), -1)
    gains, ideal = np.zeros((len(found), most)), np.zeros(len(found))
    for row, (hits, relevant) in enumerate(found):
        number: dict[str, int] = {}
        for place, hit in enumerate(hits):
            document = hit.passage.document_id
            matrix[row, place] = [hit.parts.get(name, 0.0) for name in features]
            documents[row, place] = number.setdefault(document, len(number))
            gains[row, place] = 2.0 ** relevant.get(document, 0) - 1
        best = sorted((2.0**grade - 1 for grade in relevant.values()), reverse=True)[:10]
        ideal[row] = np.dot(best, _DISCOUNT[: len(best)])
    return Questions(matrix, documents, gains, ideal)


def candidates(name: str, place: Path, *, lexical: bool) -> list[tuple[list[Hit], Mapping[str, int]]]:
    """For each question, what the search of the knowledge base chooses from."""
    data = sample(load(name), questions=QUESTIONS, documents=DOCUMENTS)
    embedder = None if lexical else Remembering(E5Embedder())
    lexicons = Lexicons()
    retriever = HybridRetriever(TextAnalyzer(lexicons), embedder, lambda text: detect(text, lexicons))
    everything = PassageFilter(as_of=None)
    with opened(built(data, place, embedder), embedder) as (reader, _):
        asked = track(data.questions.items(), description=f"{name}{' lexical' if lexical else ''}")
        return [
            (retriever.candidates(reader, Query(text), everything), data.qrels[query])
            for query, text in asked
        ]


def ascend(sets: Sequence[Questions], start: Matrix) -> Matrix:
    """The weights, not negative, of sum 1, with the best mean over the sets that steps from `start` reach."""

    def value(weights: Matrix) -> float:
        return float(np.mean([each.ndcg(weights).mean() for each in sets]))

    weights, best = start / start.sum(), value(start)
    order = np.random.default_rng(0)
    for _ in range(ROUNDS):
        before = best
        for place in order.permutation(len(weights)):
            for step in STEPS:
                changed = weights.copy()
                changed[place] = weights[place] * step if weights[place] else step * 0.05
                changed = changed / changed.sum()
                reached = value(changed)
                if reached > best + LEAST_GAIN:
                    weights, best = changed, reached
        if best == before:
            break
    return weights


def figures(
    sets: Mapping[str, Questions], start: Matrix, fusion: Matrix
) -> tuple[Matrix, dict[str, dict[str, float]]]:
    """The weights fitted to all but `UNFITTED`, and nDCG@10 by data set and column of the table."""
    fitted_to = {name: each for name, each in sets.items() if name not in UNFITTED}
    weights = ascend(list(fitted_to.values()), start)
    together = {name: np.zeros(len(each)) for name, each in fitted_to.items()}
    alone = {name: np.zeros(len(each)) for name, each in fitted_to.items()}
    for fold in track(range(FOLDS), description="folds"):
        held_out = {name: np.arange(len(each)) % FOLDS == fold for name, each in fitted_to.items()}
        train = {name: each.part(~held_out[name]) for name, each in fitted_to.items()}
        reached = ascend(list(train.values()), start)
        for name, held in held_out.items():
            test = fitted_to[name].part(held)
            together[name][held] = test.ndcg(reached)
            alone[name][held] = test.ndcg(ascend([train[name]], start))
    shown: dict[str, dict[str, float]] = {}
    for name, each in track(sets.items(), description="other sets"):
        shown[name] = {"fusion": each.ndcg(fusion).mean(), "fitted": each.ndcg(weights).mean()}
        if name in fitted_to:
            others = ascend([other for which, other in fitted_to.items() if which != name], start)
            shown[name] |= {
                "cross-validated": together[name].mean(),
                "this set alone": alone[name].mean(),
                "other sets": each.ndcg(others).mean(),
            }
    return weights, shown


def table(title: str, shown: Mapping[str, Mapping[str, float]]) -> Table:
    columns = ("fusion", "fitted", "cross-validated", "this set alone", "other sets")
    made = Table("data", *columns, title=title)
    for name, row in shown.items():
        made.add_row(name, *(f"{row[column]:.4f}" if column in row else "" for column in columns))
    return made


def usual_semantic(sets: Mapping[str, Questions]) -> tuple[float, float]:
    """The line from `lexical` to `semantic` through what BM25 finds, each data set counting the same."""
    lines = []
    for name, each in sets.items():
        if name not in UNFITTED:
            rows = each.features[each.documents >= 0][:, :2]
            slope, constant = np.polyfit(*rows[rows[:, 0] > 0].T, 1)
            lines.append((constant, slope))
    constant, slope = np.mean(lines, axis=0)
    return float(constant), float(slope)


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--kb", type=Path, help="keep the knowledge bases in this folder")
    parser.add_argument("--write", action="store_true", help=f"write {WRITTEN.name}")
    options = parser.parse_args()
    console = Console(width=120)
    found: dict[str, dict[str, float]] = {}
    quality: dict[str, dict[str, float]] = {}
    with tempfile.TemporaryDirectory() as temporary:
        place = options.kb or Path(temporary)
        for kind in ("hybrid", "lexical"):
            names = FEATURES if kind == "hybrid" else tuple(name for name in FEATURES if name != "semantic")
            sets = {
                name: questions(candidates(name, place, lexical=kind == "lexical"), names) for name in NAMES
            }
            equal = np.full(len(names), 0.25 / len(names))
            equal[: 2 if kind == "hybrid" else 1] += 0.3
            fusion = np.array([{"lexical": 0.6, "semantic": 0.4}.get(name, 0.0) for name in names])
            weights, shown = figures(sets, equal, fusion)
            found[kind] = {name: round(float(weight), 3) for name, weight in zip(names, weights, strict=True)}
            found[kind][names[0]] = round(found[kind][names[0]] + 1 - sum(found[kind].values()), 3)
            quality[kind] = {
                name: round(row.get("cross-validated", row["fitted"]), 4) for name, row in shown.items()
            }
            console.print(table(kind, shown))
            console.print(found[kind])
            if kind == "hybrid":
                constant, slope = usual_semantic(sets)
                console.print(f"usual semantic: {constant:.2f} + {slope:.2f} · lexical")
    if options.write:
        provenance = {
            "made by": "benchmarks/rescoring.py",
            "on": date.today().isoformat(),
            "with": f"analysis {ANALYSIS}, numpy {version('numpy')}",
            "questions of each data set, at most": QUESTIONS,
            "nDCG@10, cross-validated": quality,
        }
        WRITTEN.write_text(json.dumps({**found, "provenance": provenance}, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
