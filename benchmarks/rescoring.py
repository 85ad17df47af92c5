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
from collections.abc import Iterable, Mapping, Sequence
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

QUESTIONS = 600
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
class Question:
    """Candidates of one question: features, the number of the document each belongs to, gain by document."""

    features: Matrix
    documents: list[int]
    gains: list[float]
    ideal: float

    def ndcg(self, weights: Matrix) -> float:
        """At 10, of documents, after `spread`."""
        scores = self.features @ weights
        best = np.argsort(-scores, kind="stable")[:_LOOKED_AT]
        seen: dict[int, int] = {}
        spread_out = []
        for place in best:
            document = self.documents[place]
            before = seen[document] = seen.get(document, -1) + 1
            spread_out.append((-scores[place] * REPEAT**before, document))
        ranked = list(dict.fromkeys(document for _, document in sorted(spread_out)[:10]))
        found = sum(self.gains[document] * _DISCOUNT[place] for place, document in enumerate(ranked))
        return float(found / self.ideal) if self.ideal else 0.0


def question(hits: Sequence[Hit], relevant: Mapping[str, int], features: Sequence[str]) -> Question:
    number: dict[str, int] = {}
    documents = [number.setdefault(hit.passage.document_id, len(number)) for hit in hits]
    ideal = sorted((2.0**grade - 1 for grade in relevant.values()), reverse=True)[:10]
    return Question(
        features=np.array([[hit.parts.get(name, 0.0) for name in features] for hit in hits]).reshape(
            len(hits), len(features)
        ),
        documents=documents,
        gains=[2.0 ** relevant.get(document, 0) - 1 for document in number],
        ideal=float(np.dot(ideal, _DISCOUNT[: len(ideal)])),
    )


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


def mean_ndcg(questions: Iterable[Question], weights: Matrix) -> float:
    return float(np.mean([each.ndcg(weights) for each in questions]))


def ascend(sets: Sequence[Sequence[Question]], start: Matrix) -> Matrix:
    """The weights, not negative, of sum 1, with the best mean over the sets that steps from `start` reach."""

    def value(weights: Matrix) -> float:
        return float(np.mean([mean_ndcg(each, weights) for each in sets]))

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


def folds(questions: Sequence[Question], fold: int) -> tuple[list[Question], list[Question]]:
    """To fit to, and held out."""
    held_out = [each for number, each in enumerate(questions) if number % FOLDS == fold]
    return [each for number, each in enumerate(questions) if number % FOLDS != fold], held_out


def figures(
    sets: Mapping[str, Sequence[Question]], start: Matrix, fusion: Matrix
) -> tuple[Matrix, dict[str, dict[str, float]]]:
    """The weights fitted to all but `UNFITTED`, and nDCG@10 by data set and column of the table."""
    fitted_to = {name: each for name, each in sets.items() if name not in UNFITTED}
    weights = ascend(list(fitted_to.values()), start)
    shown: dict[str, dict[str, float]] = {
        name: {"fusion": mean_ndcg(each, fusion), "fitted": mean_ndcg(each, weights)}
        for name, each in sets.items()
    }
    together: dict[str, list[float]] = {name: [] for name in fitted_to}
    alone: dict[str, list[float]] = {name: [] for name in fitted_to}
    for fold in track(range(FOLDS), description="folds"):
        parts = {name: folds(each, fold) for name, each in fitted_to.items()}
        reached = ascend([train for train, _ in parts.values()], weights)
        for name, (train, held_out) in parts.items():
            together[name] += [each.ndcg(reached) for each in held_out]
            own = ascend([train], weights)
            alone[name] += [each.ndcg(own) for each in held_out]
    for name in track(fitted_to, description="other sets"):
        others = ascend([each for other, each in fitted_to.items() if other != name], start)
        shown[name] |= {
            "cross-validated": float(np.mean(together[name])),
            "this set alone": float(np.mean(alone[name])),
            "other sets": mean_ndcg(sets[name], others),
        }
    return weights, shown


def table(title: str, shown: Mapping[str, Mapping[str, float]]) -> Table:
    columns = ("fusion", "fitted", "cross-validated", "this set alone", "other sets")
    made = Table("data", *columns, title=title)
    for name, row in shown.items():
        made.add_row(name, *(f"{row[column]:.4f}" if column in row else "" for column in columns))
    return made


def usual_semantic(sets: Mapping[str, Sequence[Question]]) -> tuple[float, float]:
    """The line from `lexical` to `semantic` through what BM25 finds, each data set counting the same."""
    lines = []
    for name, questions in sets.items():
        if name not in UNFITTED:
            rows = np.concatenate([each.features[:, :2] for each in questions])
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
                name: [question(*each, names) for each in candidates(name, place, lexical=kind == "lexical")]
                for name in NAMES
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
