"""Which sentence answers? Fits the weights of reading and measures them, cross-validated.

    KBASSIST_BENCH_DATA=… python benchmarks/reading.py            # measure
    KBASSIST_BENCH_DATA=… python benchmarks/reading.py --write    # and replace kbassist/reading/weights.json

A sentence is right when it holds a gold answer, word for word after SQuAD's normalisation. "Passage given"
reads the passages of the document that answers, and nothing else; "end to end" what search finds among all. A
question is judged by weights that were fitted without its document; a question whose answer stands in no
sentence as a whole counts as wrong. "Words" is the share of the question's idf alone, as a start to beat.
"""

from __future__ import annotations

import argparse
import json
import random
import sys
import tempfile
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from importlib.resources import files
from pathlib import Path
from typing import Literal

import numpy as np
from datasets import DataSet, load, rows
from material import Remembering, built
from rich.console import Console
from rich.progress import track
from rich.table import Table
from scipy.optimize import minimize

from kbassist import KnowledgeBase
from kbassist.assist.turns import understand
from kbassist.evaluation import normalise_answer
from kbassist.index.understanding import Query
from kbassist.models.e5 import E5Embedder
from kbassist.protocols import Embedder, Matrix, Retrieval, TokenEmbedder, Tokens, Vector
from kbassist.reading.choice import ReadingWeights, Scored, choose, promising, scored
from kbassist.reading.features import BY_WORDS, Asked, Candidate, candidates
from kbassist.reading.meaning import compared, matched
from kbassist.text.analysis import TextAnalyzer
from kbassist.types import PassageFilter

NAMES = ("pl-poquad", "en-squad2")
EXAMPLE = "example company"
ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT / "examples"))
_TIMES = 5
"""How often a question about the example company counts: they are few, and alone ask what customers ask."""
FOLDS = 5
PASSAGES = COMPARED = 5
QUOTES = 3
_NEVER_FOR = ("missing", "length")
"""Features that can only speak against a sentence; the others can only speak for it."""


@dataclass(frozen=True)
class Question:
    """A question with its gold answers and what was found: among all, and in the document that answers."""

    data: str
    document: str
    gold: list[str]
    among_all: Retrieval
    given: Retrieval


class RememberingAll(Remembering):
    """Embeds each text once, however often it is compared."""

    def __init__(self, embedder: E5Embedder) -> None:
        super().__init__(embedder)
        self._model = embedder
        self._tokens: dict[tuple[str, str], Tokens] = {}
        self._vectors: dict[str, Vector] = {}

    def embed_passages(self, texts: Sequence[str]) -> Matrix:
        for text in texts:
            if text not in self._vectors:
                self._vectors[text] = self._model.embed_passages([text])[0]
        return np.stack([self._vectors[text] for text in texts])

    def embed_tokens(self, texts: Sequence[str], role: Literal["query", "passage"]) -> list[Tokens]:
        for text in texts:
            if (role, text) not in self._tokens:
                (self._tokens[role, text],) = self._model.embed_tokens([text], role)
        return [self._tokens[role, text] for text in texts]


# --- what is read ------------------------------------------------------------------------------


def questions(data: DataSet, place: Path, embedder: Embedder, most: int | None) -> list[Question]:
    chosen = sorted(data.qrels)
    if most is not None:
        chosen = random.Random(7).sample(chosen, min(most, len(chosen)))
    found = []
    with KnowledgeBase(built(data, place, embedder), embedder=embedder, log_interactions=False) as kb:
        engine = kb._engine
        for key in track(chosen, data.name, console=Console(stderr=True)):
            understood = understand(data.questions[key], (), engine.language(data.questions[key]))
            document = max(data.qrels[key], key=lambda each: data.qrels[key][each])

            def retrieved(where: PassageFilter, query: Query = understood.query) -> Retrieval:
                return engine.retrieve(query, where)

            found.append(
                Question(
                    data.name,
                    document,
                    data.answers[key],
                    replace(retrieved(PassageFilter(as_of=date.today())), query=understood.asked),
                    replace(
                        retrieved(PassageFilter(document_ids=frozenset({document}))), query=understood.asked
                    ),
                )
            )
    return found


def of_the_example(embedder: Embedder) -> list[Question]:
    """Questions about its pages, those that only the staff may see left out."""
    from serve_company import serve

    asked = [row for row in rows(ROOT / "examples" / "company" / "questions.jsonl") if row.get("answer")]
    found = []
    with (
        tempfile.TemporaryDirectory() as place,
        KnowledgeBase(place, embedder=embedder, log_interactions=False) as kb,
    ):
        with serve() as url:
            kb.add_site(url, allow_private=True, delay=0)
        engine = kb._engine
        for row in asked:
            if "audience" in row:
                continue
            understood = understand(row["text"], (), row["lang"])
            sources = frozenset(f"{url}{path}" for path in row["source"])
            among_all, given = (
                replace(engine.retrieve(understood.query, where), query=understood.asked)
                for where in (PassageFilter(as_of=date.today()), PassageFilter(document_ids=sources))
            )
            gold = [row["answer"]] if isinstance(row["answer"], str) else row["answer"]
            found.append(Question(EXAMPLE, row["id"], gold, among_all, given))
    return found


def holds(text: str, gold: Sequence[str]) -> bool:
    return any(_padded(answer) in _padded(text) for answer in gold)


def _padded(text: str) -> str:
    return f" {' '.join(normalise_answer(text))} "


@dataclass(frozen=True)
class Read:
    """The candidates of one retrieval with their features by words."""

    question: Question
    retrieval: Retrieval
    asked: Asked
    candidates: list[Candidate]
    right: dict[tuple[str, int, int], bool]

    def judge(self, some: Iterable[Candidate]) -> list[bool]:
        """Which of its candidates hold a gold answer."""
        return [self.right[_place(candidate)] for candidate in some]


def read(question: Question, retrieval: Retrieval, analyzer: TextAnalyzer) -> Read:
    hits = [hit for hit in retrieval.hits if hit.passage.text.strip()][:PASSAGES]
    asked = Asked.of(retrieval, analyzer)
    found = candidates(asked, hits, analyzer)
    judged = {_place(each): holds(each.unit.text, question.gold) for each in found}
    return Read(question, retrieval, asked, found, judged)


def _place(candidate: Candidate) -> tuple[str, int, int]:
    return candidate.unit.passage.id, candidate.unit.start, candidate.unit.end


# --- fitting -----------------------------------------------------------------------------------


def fit(
    lists: Iterable[tuple[Sequence[Candidate], Sequence[bool]]], names: Sequence[str]
) -> dict[str, float]:
    """Weights that give the right candidates of each list the most of a softmax, with an L2 penalty."""
    usable = [(some, good) for some, good in lists if any(good) and not all(good)]
    rows = np.array([[each.features.get(name, 0.0) for name in names] for some, _ in usable for each in some])
    good = np.concatenate([np.array(each, dtype=float) for _, each in usable])
    sizes = np.array([len(some) for some, _ in usable])
    begins = np.concatenate([[0], np.cumsum(sizes)[:-1]])
    owner = np.repeat(np.arange(len(sizes)), sizes)
    scale = rows.std(axis=0) + 1e-6
    table = rows / scale

    def loss(weights: np.ndarray) -> tuple[float, np.ndarray]:
        scores = table @ weights
        odds = np.exp(scores - np.maximum.reduceat(scores, begins)[owner])
        total, mine = np.add.reduceat(odds, begins), np.add.reduceat(odds * good, begins)
        gradient = table.T @ (odds / total[owner] - odds * good / mine[owner]) + weights
        return float(-np.log(mine / total).sum() + weights @ weights / 2), gradient

    bounds = [(None, 0) if name in _NEVER_FOR else (0, None) for name in names]
    found = minimize(loss, np.zeros(len(names)), jac=True, method="L-BFGS-B", bounds=bounds).x / scale
    return {
        name: round(float(weight), 3) for name, weight in zip(names, found, strict=True) if abs(weight) > 5e-4
    }


def fitted(some_rows: Sequence[Read], embedder: TokenEmbedder) -> ReadingWeights:
    rows = [row for row in some_rows for _ in range(_TIMES if row.question.data == EXAMPLE else 1)]
    words = fit(((row.candidates, row.judge(row.candidates)) for row in rows), BY_WORDS)
    best = [(row, _best(row, words)) for row in rows]
    tokens = [(with_tokens(row, some, embedder), row.judge(some)) for row, some in best]
    vectors = [(compared(row.retrieval, some, embedder), row.judge(some)) for row, some in best if some]
    return ReadingWeights(words, fit(vectors, (*BY_WORDS, "cosine")), fit(tokens, (*BY_WORDS, "match")))


def with_tokens(row: Read, some: Sequence[Candidate], embedder: TokenEmbedder) -> list[Candidate]:
    return matched(row.retrieval.query, some, embedder) if some else []


def _best(row: Read, words: Mapping[str, float]) -> list[Candidate]:
    return promising(scored(row.candidates, words), COMPARED)


# --- measuring ---------------------------------------------------------------------------------


@dataclass(frozen=True)
class Figures:
    """Shares of questions: the sentence chosen is right (passage given, end to end), a quote is right."""

    given_words: float
    given: float
    first: float
    quoted: float
    quotes: float
    sentences: float
    """Of what is read end to end, that hold the answer: what choosing cannot exceed."""


def judged(
    asked: Sequence[Question], analyzer: TextAnalyzer, embedder: TokenEmbedder
) -> tuple[dict[str, Figures], ReadingWeights]:
    """By data set, cross-validated over documents; and the weights that were fitted to all."""
    wide = [read(question, question.among_all, analyzer) for question in asked]
    narrow = [read(question, question.given, analyzer) for question in asked]
    folds = _folds(asked)
    rows: dict[str, list[tuple[float, ...]]] = {}
    for fold in range(FOLDS):
        weights = fitted([row for row, own in zip(wide, folds, strict=True) if own != fold], embedder)
        for own, found, given in zip(folds, wide, narrow, strict=True):
            if own == fold:
                rows.setdefault(found.question.data, []).append(_judged(found, given, weights, embedder))
    return {name: Figures(*np.mean(found, axis=0)) for name, found in rows.items()}, fitted(wide, embedder)


def _folds(asked: Sequence[Question]) -> list[int]:
    documents = sorted({question.document for question in asked})
    random.Random(7).shuffle(documents)
    place = {document: number % FOLDS for number, document in enumerate(documents)}
    return [place[question.document] for question in asked]


def _judged(found: Read, given: Read, weights: ReadingWeights, embedder: TokenEmbedder) -> tuple[float, ...]:
    by_idf = sorted(given.candidates, key=lambda each: -each.features["own"])[:1]
    inside = [each.candidate for each in _ranked(given, weights, embedder)[:1]]
    ranked = _ranked(found, weights, embedder)
    quotes = choose(found.asked, ranked, quotes=QUOTES) if ranked else []
    return (
        any(given.judge(by_idf)),
        any(given.judge(inside)),
        any(found.judge(each.candidate for each in ranked[:1])),
        any(holds(unit.text, found.question.gold) for unit in quotes),
        len(quotes),
        any(found.right.values()),
    )


def _ranked(row: Read, weights: ReadingWeights, embedder: TokenEmbedder) -> list[Scored]:
    return scored(with_tokens(row, _best(row, weights.words), embedder), weights.tokens)


def table(figures: Mapping[str, Figures]) -> Table:
    shown = Table("questions", "given: words", "given", "first quote", "quotes hold", "quotes", "ceiling")
    for name, row in figures.items():
        shown.add_row(
            name,
            f"{row.given_words:.3f}",
            f"{row.given:.3f}",
            f"{row.first:.3f}",
            f"{row.quoted:.3f}",
            f"{row.quotes:.2f}",
            f"{row.sentences:.3f}",
        )
    return shown


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--kb", type=Path, help="keep the knowledge bases in this folder")
    parser.add_argument("--questions", type=int, help="a sample of so many a data set (all when omitted)")
    parser.add_argument("--write", action="store_true", help="replace the bundled weights")
    options = parser.parse_args()
    embedder = RememberingAll(E5Embedder())
    with tempfile.TemporaryDirectory() as temporary:
        asked = [
            question
            for name in NAMES
            for question in questions(load(name), options.kb or Path(temporary), embedder, options.questions)
        ]
        asked += of_the_example(embedder)
    figures, weights = judged(asked, TextAnalyzer(), embedder)
    Console(width=130).print(table(figures))
    if options.write:
        write(weights, asked)


def write(weights: ReadingWeights, asked: Sequence[Question]) -> None:
    values = {
        "words": weights.words,
        "vectors": weights.vectors,
        "tokens": weights.tokens,
        "provenance": {
            "script": "benchmarks/reading.py",
            "data": "PoQuAD and SQuAD 2.0, answerable questions, and those about the example company",
            "questions": len(asked),
            "model": "multilingual-e5-small-int8",
            "date": date.today().isoformat(),
        },
    }
    path = Path(str(files("kbassist.reading"))) / "weights.json"
    path.write_text(json.dumps(values, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
