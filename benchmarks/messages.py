"""Is the question found in a long message, and does a follow-up keep its topic?

    KBASSIST_BENCH_DATA=… python benchmarks/messages.py             # BM25 alone
    KBASSIST_BENCH_DATA=… python benchmarks/messages.py --hybrid    # with vectors, which takes longer

44 e-mails and chat turns, and 75 conversations, in Polish and English, written for the example company:
`tests/data/messages.jsonl` and `conversations.jsonl`. They are searched for among its pages and the passages
of PoQuAD. nDCG@10 and MRR@10 count the pages named in `source` as relevant, one as much as another. Each row
of the table is one way to search: with all words; with what `kb.answer` makes of them; the same by BM25 with
each word weighed by the part that it plays; and with the last question put before every turn, which helps
those that lean and harms those that do not.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Any

from datasets import load, rows
from rich.console import Console
from rich.table import Table

from kbassist import KnowledgeBase
from kbassist.assist.turns import understand
from kbassist.evaluation import mrr, ndcg
from kbassist.index.diversity import spread
from kbassist.index.fusion import fuse
from kbassist.index.retriever import DEPTH
from kbassist.index.understanding import Query, query_weights
from kbassist.protocols import Retrieval
from kbassist.types import PassageFilter

ROOT = Path(__file__).resolve().parent.parent
WRITTEN = ROOT / "tests" / "data"
sys.path.insert(0, str(ROOT / "examples"))

Search = Callable[[Mapping[str, Any]], Iterable[str]]


def fill(kb: KnowledgeBase) -> str:
    """The example company's pages beside all of PoQuAD; returns where the pages stand."""
    from serve_company import serve

    with serve() as url:
        kb.add_site(url, allow_private=True, delay=0)
    kb.add(load("pl-poquad").documents)
    return url


def figures(asked: list[dict[str, Any]], search: Search) -> tuple[float, float]:
    qrels = {row["id"]: dict.fromkeys(row["source"], 1) for row in asked}
    run = {row["id"]: list(dict.fromkeys(search(row))) for row in asked}
    return ndcg(qrels, run, k=10), mrr(qrels, run, k=10)


def ways(kb: KnowledgeBase, site: str) -> dict[str, Search]:
    """Each way to search, as paths of pages from the best."""
    # What the library does of itself cannot be left out through its public calls.
    engine = kb._engine

    def paths(found: Retrieval) -> Iterable[str]:
        return (hit.passage.document_id.removeprefix(site) for hit in found.hits)

    def all_words(row: Mapping[str, Any]) -> Iterable[str]:
        return paths(engine.retrieve(Query(row["text"]), PassageFilter(), 10))

    def understood(row: Mapping[str, Any]) -> Iterable[str]:
        answer = kb.answer(row["text"], history=row.get("history", ()), threshold=0)
        return (hit.passage.document_id.removeprefix(site) for hit in answer.hits)

    def weighed(row: Mapping[str, Any]) -> Iterable[str]:
        understood = understand(row["text"], row.get("history", ()), row["lang"])
        weights = query_weights(understood.query, engine.analyzer)
        index = engine.published()
        assert index is not None
        idf = dict(zip(weights, index.idf(list(weights)), strict=True))
        found = index.search(weights, None, PassageFilter(), DEPTH)
        total = sum(idf[term] * weight for term, weight in weights.items())
        hits = spread(fuse(found, weight=total, hybrid=False))
        return (hit.passage.document_id.removeprefix(site) for hit in hits)

    def last_question(row: Mapping[str, Any]) -> Iterable[str]:
        said = [turn["content"] for turn in row["history"] if turn["role"] == "user"]
        return paths(engine.retrieve(Query(f"{said[-1]} {row['text']}"), PassageFilter(), 10))

    return {
        "all words": all_words,
        "understood": understood,
        "understood, BM25 weighed": weighed,
        "last question and turn": last_question,
    }


def measure(_: Path, *, embedder: str | None = None) -> dict[str, float]:
    """nDCG@10 by kind of turn and way to search."""
    return {f"{kind}, {way} nDCG@10": found[0] for (kind, way), found in table_of(embedder).items()}


def table_of(embedder: str | None) -> dict[tuple[str, str], tuple[float, float]]:
    messages = list(rows(WRITTEN / "messages.jsonl"))
    turns = list(rows(WRITTEN / "conversations.jsonl"))
    asked = {
        "messages": messages,
        "follow-ups": [turn for turn in turns if turn["leans"]],
        "other turns": [turn for turn in turns if not turn["leans"]],
    }
    found = {}
    with (
        tempfile.TemporaryDirectory() as place,
        KnowledgeBase(place, embedder=embedder, log_interactions=False) as kb,
    ):
        for way, search in ways(kb, fill(kb)).items():
            for kind, group in asked.items():
                if way != "last question and turn" or kind != "messages":
                    found[kind, way] = figures(group, search)
    return found


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--hybrid", action="store_true", help="with the bundled model")
    options = parser.parse_args()
    shown = Table("what", "searched with", "nDCG@10", "MRR@10")
    for (kind, way), (gain, rank) in sorted(table_of("bundled" if options.hybrid else None).items()):
        shown.add_row(kind, way, f"{gain:.3f}", f"{rank:.3f}")
    Console().print(shown)


if __name__ == "__main__":
    main()
