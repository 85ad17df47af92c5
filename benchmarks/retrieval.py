"""How good is search? Ours beside BM25 alone, vectors alone and the usual fusion of both, in one run.

    KBASSIST_BENCH_DATA=… python benchmarks/retrieval.py                      # every data set
    KBASSIST_BENCH_DATA=… python benchmarks/retrieval.py pl-poquad --kb kbs   # keep what was built
    KBASSIST_BENCH_DATA=… python benchmarks/retrieval.py --sample pl-poquad   # the gate's part of it

Documents are added with `kb.add` to a knowledge base on disk, which cuts them into passages and embeds
them. Five searches are asked the same questions:

- `plain BM25`: rank-bm25 over the lower-cased words of these passages;
- `E5`: the cosine of these passages' vectors;
- `RRF`: reciprocal rank fusion (60) of the best 100 passages of both;
- `our BM25`: `kb.search` of a knowledge base without vectors. It has no model to count tokens with, so a
  few of its passages are cut at other places;
- `ours`: `kb.search`.

A search gives its best `k` passages, and they are read as the documents they belong to, each at its best
place; where they are fewer documents than `k`, the places left are empty. nDCG@10, recall@10 and MRR@10 are
of `k=10`, recall@100 is of `k=100`.

A second table asks the questions again without diacritics and with one typo each (`questions.py`) and
gives the nDCG@10 that is lost. The share of questions that this changes at all stands beside it.
"""

from __future__ import annotations

import argparse
import tempfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from baselines import PlainBm25, nearest, reciprocal_rank_fusion
from datasets import NAMES, DataSet, load, sample
from material import Remembering, built, passages
from questions import VARIANTS
from rich.console import Console
from rich.table import Table

from kbassist import KnowledgeBase
from kbassist.evaluation import mrr, ndcg, recall
from kbassist.models.e5 import E5Embedder
from kbassist.protocols import Embedder

SAMPLE = {"questions": 250, "documents": 700}

Search = Callable[[str, int], list[str]]
"""A question and `k` to the documents of the best `k` passages, best first."""

_DEPTH = 100


@dataclass(frozen=True)
class Result:
    """`recall` is at 10."""

    data: str
    search: str
    documents: int
    questions: int
    ndcg: float
    recall: float
    recall_100: float
    mrr: float


@dataclass(frozen=True)
class Loss:
    """nDCG@10 of each search that a variant of the questions costs; `changed` is the share it changes."""

    data: str
    variant: str
    changed: float
    lost: Mapping[str, float]


def measure(data: DataSet, place: Path, embedder: Embedder | None = None) -> Result:
    """Our search alone."""
    with our_search(data, place, embedder) as search:
        return result(data, "ours", search, run(data.questions, search))


def losses(data: DataSet, place: Path, embedder: Embedder | None = None) -> dict[str, float]:
    """What each variant of the questions costs our search, by the variant's name."""
    with our_search(data, place, embedder) as search:
        asked = run(data.questions, search)
        return {
            found.variant: found.lost["ours"] for found in spoilt(data, {"ours": search}, {"ours": asked})
        }


@contextmanager
def our_search(data: DataSet, place: Path, embedder: Embedder | None) -> Iterator[Search]:
    remembering = Remembering(embedder or E5Embedder())
    path = built(data, place, remembering)
    with KnowledgeBase(path, embedder=remembering, log_interactions=False) as kb:
        yield ours(kb)


@contextmanager
def searches(data: DataSet, place: Path, embedder: Embedder) -> Iterator[dict[str, Search]]:
    """Each by its name, over the same passages."""
    path, lexical_path = built(data, place, embedder), built(data, place, None)
    held = passages(path, embedder)
    plain = PlainBm25(held.texts)

    @cache
    def lexical(question: str) -> list[int]:
        return plain.search(question, _DEPTH)

    @cache
    def dense(question: str) -> list[int]:
        return nearest(held.vectors, embedder.embed_query(question), _DEPTH)

    def fused(question: str) -> list[int]:
        return reciprocal_rank_fusion([lexical(question), dense(question)])

    def documents(ranking: Callable[[str], list[int]]) -> Search:
        def found(question: str, k: int) -> list[str]:
            return list(dict.fromkeys(held.documents[place] for place in ranking(question)[:k]))

        return found

    with (
        KnowledgeBase(lexical_path, embedder=None, log_interactions=False) as without_vectors,
        KnowledgeBase(path, embedder=embedder, log_interactions=False) as kb,
    ):
        yield {
            "plain BM25": documents(lexical),
            "E5": documents(dense),
            "RRF": documents(fused),
            "our BM25": ours(without_vectors),
            "ours": ours(kb),
        }


def ours(kb: KnowledgeBase) -> Search:
    def found(question: str, k: int) -> list[str]:
        return list(dict.fromkeys(hit.passage.document_id for hit in kb.search(question, k=k)))

    return found


def run(questions: Mapping[str, str], search: Search, k: int = 10) -> dict[str, list[str]]:
    return {query: search(text, k) for query, text in questions.items()}


def result(data: DataSet, name: str, search: Search, asked: Mapping[str, list[str]]) -> Result:
    """`asked` is the run with `k=10`."""
    return Result(
        data=data.name,
        search=name,
        documents=len(data.documents),
        questions=len(data.questions),
        ndcg=ndcg(data.qrels, asked, k=10),
        recall=recall(data.qrels, asked, k=10),
        recall_100=recall(data.qrels, run(data.questions, search, _DEPTH), k=_DEPTH),
        mrr=mrr(data.qrels, asked, k=10),
    )


def spoilt(
    data: DataSet, asked: Mapping[str, Search], before: Mapping[str, Mapping[str, list[str]]]
) -> Iterator[Loss]:
    """What each variant costs each search. Only the questions that it changes are asked again."""
    for variant, change in VARIANTS.items():
        spelt = {query: change(text) for query, text in data.questions.items()}
        changed = {query: text for query, text in spelt.items() if text != data.questions[query]}
        yield Loss(
            data=data.name,
            variant=variant,
            changed=len(changed) / len(spelt),
            lost={
                name: ndcg(data.qrels, before[name])
                - ndcg(data.qrels, {**before[name], **run(changed, search)})
                for name, search in asked.items()
            },
        )


def compare(data: DataSet, place: Path, embedder: Embedder) -> tuple[list[Result], list[Loss]]:
    """Every search on one data set."""
    with searches(data, place, Remembering(embedder)) as asked:
        before = {name: run(data.questions, search) for name, search in asked.items()}
        results = [result(data, name, search, before[name]) for name, search in asked.items()]
        return results, list(spoilt(data, asked, before))


def results_table(results: list[Result]) -> Table:
    shown = Table("data", "documents", "questions", "search", "nDCG@10", "recall@10", "recall@100", "MRR@10")
    for row in results:
        shown.add_row(
            row.data,
            f"{row.documents:,}",
            f"{row.questions:,}",
            row.search,
            *(f"{figure:.3f}" for figure in (row.ndcg, row.recall, row.recall_100, row.mrr)),
            end_section=row.search == "ours",
        )
    return shown


def losses_table(found: list[Loss]) -> Table:
    names = list(found[0].lost)
    shown = Table("data", "questions with", "changed", *names, title="loss of nDCG@10")
    for row in found:
        shown.add_row(
            row.data, row.variant, f"{row.changed:.0%}", *(f"{row.lost[name]:.3f}" for name in names)
        )
    return shown


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("data", nargs="*", default=NAMES, help=f"of {', '.join(NAMES)}; all if none")
    parser.add_argument("--sample", action="store_true", help="the fixed sample that the gate uses")
    parser.add_argument("--questions", type=int, help="at most so many questions of each, drawn at random")
    parser.add_argument("--kb", type=Path, help="keep the knowledge bases in this folder")
    options = parser.parse_args()
    results: list[Result] = []
    found: list[Loss] = []
    with tempfile.TemporaryDirectory() as temporary:
        embedder = E5Embedder()
        for name in options.data:
            data = load(name)
            if options.sample:
                data = sample(data, **SAMPLE)
            if options.questions:
                data = sample(data, questions=options.questions, documents=len(data.documents))
            of_data, lost = compare(data, options.kb or Path(temporary), embedder)
            results += of_data
            found += lost
            Console(width=130, stderr=True).print(f"{name} is done")
    console = Console(width=130)
    console.print(results_table(results))
    console.print(losses_table(found))


if __name__ == "__main__":
    main()
