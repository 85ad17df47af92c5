"""Test data in the common form, from the folder that `KBASSIST_BENCH_DATA` names.

A data set is a folder with `corpus.jsonl`, `queries.jsonl`, `qrels.tsv` and perhaps `unanswerable.jsonl`;
`docs/benchmarks.md` says where the ones used here come from.

LibreOffice's questions are the terms of its help's index ("charts printing"), and what answers one is the
page that the index leads to. Another page that says the same, or even has the term as its title, counts as
wrong, for every search alike.
"""

from __future__ import annotations

import json
import os
import random
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from kbassist import Document
from kbassist.evaluation import load_qrels

NAMES = (
    "pl-poquad",
    "pl-legal",
    "en-squad2",
    "libreoffice-help-pl",
    "libreoffice-help-en",
    "libreoffice-help-pl-en",
)

# Questions of the first folder over the documents of the second: a page has the same id in both languages.
_ACROSS = {"libreoffice-help-pl-en": ("libreoffice-help-pl", "libreoffice-help-en")}


@dataclass(frozen=True)
class DataSet:
    """Documents, questions by id (with answer spans where there are any), and what answers what.

    `corpus` names the folder that the documents are from.
    """

    name: str
    corpus: str
    documents: list[Document]
    questions: dict[str, str]
    answers: dict[str, list[str]]
    qrels: dict[str, dict[str, int]]
    unanswerable: list[str]


def folder() -> Path:
    named = os.environ.get("KBASSIST_BENCH_DATA")
    if not named or not Path(named).is_dir():
        sys.exit("Set KBASSIST_BENCH_DATA to the folder with the test data: see docs/benchmarks.md")
    return Path(named)


def load(name: str) -> DataSet:
    asked, corpus = _ACROSS.get(name, (name, name))
    place = folder() / asked
    lang = name.partition("-")[0] if name[:3] in ("pl-", "en-") else name.rpartition("-")[2]
    documents = [
        Document(id=row["id"], text=row["text"], title=row.get("title", ""), lang=row.get("lang") or lang)
        for path in sorted((folder() / corpus).glob("corpus*.jsonl"))
        for row in rows(path)
    ]
    questions = {row["id"]: row for row in rows(place / "queries.jsonl")}
    qrels = {query: dict(found) for query, found in load_qrels(place).items() if query in questions}
    unanswerable = place / "unanswerable.jsonl"
    return DataSet(
        name=name,
        corpus=corpus,
        documents=documents,
        questions={key: questions[key]["text"] for key in qrels},
        # PoQuAD's "answers" are rephrased; its "spans" stand in the passage.
        answers={key: questions[key].get("spans") or questions[key].get("answers", []) for key in qrels},
        qrels=qrels,
        unanswerable=[row["text"] for row in rows(unanswerable)] if unanswerable.exists() else [],
    )


def sample(data: DataSet, *, questions: int, documents: int, seed: int = 7) -> DataSet:
    """A fixed part: some questions, every document that answers them, and others up to `documents`."""
    chosen = random.Random(seed).sample(sorted(data.qrels), min(questions, len(data.qrels)))
    gold = {document for query in chosen for document in data.qrels[query]}
    others = [document for document in data.documents if document.id not in gold]
    random.Random(seed).shuffle(others)
    fill = {document.id for document in others[: max(0, documents - len(gold))]}
    return DataSet(
        name=data.name,
        corpus=data.corpus,
        documents=[document for document in data.documents if document.id in gold | fill],
        questions={query: data.questions[query] for query in chosen},
        answers={query: data.answers[query] for query in chosen},
        qrels={query: data.qrels[query] for query in chosen},
        unanswerable=data.unanswerable,
    )


def rows(path: Path) -> Iterator[dict[str, Any]]:
    with path.open(encoding="utf-8") as lines:
        for line in lines:
            yield json.loads(line)
