"""How good is `kb.search`? nDCG@10, recall@10 and MRR@10 through the public API.

    KBASSIST_BENCH_DATA=… python benchmarks/retrieval.py pl-poquad pl-legal
    KBASSIST_BENCH_DATA=… python benchmarks/retrieval.py --sample pl-poquad

Documents are added with `kb.add` to a knowledge base on disk, each question is searched with `k=10`, and
the hits are read as the documents they belong to. A row is printed for the hybrid search and, with
`--lexical`, for BM25 alone. `--kb` names a folder to keep the knowledge bases in, so that a second run
embeds nothing.
"""

from __future__ import annotations

import argparse
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

from datasets import NAMES, DataSet, load, sample
from rich.console import Console
from rich.table import Table

from kbassist import KnowledgeBase
from kbassist.evaluation import mrr, ndcg, recall

SAMPLE = {"questions": 250, "documents": 700}


@dataclass(frozen=True)
class Result:
    data: str
    search: str
    documents: int
    questions: int
    ndcg: float
    recall: float
    mrr: float
    build_seconds: float
    query_ms: float


def measure(data: DataSet, place: Path, *, lexical: bool = False) -> Result:
    path = place / f"{data.name}-{len(data.documents)}{'-lexical' if lexical else ''}"
    with KnowledgeBase(path, embedder=None if lexical else "bundled", log_interactions=False) as kb:
        began = time.perf_counter()
        kb.add(data.documents)
        built = time.perf_counter()
        run = {
            query: list(dict.fromkeys(hit.passage.document_id for hit in kb.search(text, k=10)))
            for query, text in data.questions.items()
        }
        ended = time.perf_counter()
    return Result(
        data=data.name,
        search="BM25" if lexical else "hybrid",
        documents=len(data.documents),
        questions=len(run),
        ndcg=ndcg(data.qrels, run, k=10),
        recall=recall(data.qrels, run, k=10),
        mrr=mrr(data.qrels, run, k=10),
        build_seconds=built - began,
        query_ms=1000 * (ended - built) / len(run),
    )


def table(results: list[Result]) -> Table:
    shown = Table(
        "data", "search", "documents", "questions", "nDCG@10", "recall@10", "MRR@10", "build s", "ms/query"
    )
    for result in results:
        shown.add_row(
            result.data,
            result.search,
            f"{result.documents:,}",
            f"{result.questions:,}",
            f"{result.ndcg:.3f}",
            f"{result.recall:.3f}",
            f"{result.mrr:.3f}",
            f"{result.build_seconds:.0f}",
            f"{result.query_ms:.1f}",
        )
    return shown


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("data", nargs="*", default=["pl-poquad", "pl-legal"], help=f"of {', '.join(NAMES)}")
    parser.add_argument("--sample", action="store_true", help="the fixed sample that the gate uses")
    parser.add_argument("--lexical", action="store_true", help="BM25 alone as well")
    parser.add_argument("--kb", type=Path, help="keep the knowledge bases in this folder")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as temporary:
        place = options.kb or Path(temporary)
        results = []
        for name in options.data:
            data = sample(load(name), **SAMPLE) if options.sample else load(name)
            results += [
                measure(data, place, lexical=lexical)
                for lexical in ([True, False] if options.lexical else [False])
            ]
    Console(width=130).print(table(results))


if __name__ == "__main__":
    main()
