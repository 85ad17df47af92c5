"""What users would pick instead: the same passages, questions and vectors, in one run.

    python -m venv peers
    peers/bin/pip install -r benchmarks/peers-requirements.txt
    peers/bin/pip install .
    KBASSIST_BENCH_DATA=… peers/bin/python benchmarks/peers.py pl-poquad pl-legal en-squad2 --kb kbs

Each library runs in a process of its own, one after the other, with its own defaults, set up as its README
or documentation shows (`peer_engines.py`), and with one thread for matrices: with more, a busy machine
makes them wait for one another. A library that is not installed is named with the cure, and the
others run on.

The passages are those that kbassist cuts, with title and headings before the text, and the vectors are
theirs and the questions' from multilingual-e5-small, made beforehand and given to every library that takes
vectors. So embedding is in no figure. kbassist is given the documents and cuts them itself, which is in its
build time; without vectors it has no model to count tokens with, and cuts some at other places.

- `nDCG@10`, `ms/query` (the median of single questions, one after the other): with ten passages asked for,
  of each leg as well where the library has one to set.
- `recall@100`: with a hundred asked for. Passages are read as the documents they belong to, each at its best
  place; what is missing to ten or a hundred documents stays missing.
- `build s`: from texts and vectors in memory to an index that answers; imports are not in it.
- `memory`: the most that was resident while building and answering with ten, above what the process held
  with the texts and vectors loaded; what the library imports is in it. Linux alone.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from statistics import median

import numpy as np
from datasets import NAMES, DataSet, load, sample
from material import built, passages
from peer_engines import ENGINES, MISSING, Task
from rich.console import Console
from rich.table import Table

from kbassist.evaluation import ndcg, recall
from kbassist.models.e5 import E5Embedder

_ENGINES = Path(__file__).with_name("peer_engines.py")
_SETTINGS = {
    "HAYSTACK_TELEMETRY_ENABLED": "False",
    "HF_HUB_OFFLINE": "1",
    # Vectors that other runs left would make adding look faster than it is.
    "KBASSIST_VECTOR_CACHE_MB": "0",
    "OMP_NUM_THREADS": "1",
}
_CURE = "pip install -r benchmarks/peers-requirements.txt, and kbassist after it"


@dataclass(frozen=True)
class Row:
    """`megabytes` is None where the system does not tell."""

    library: str
    version: str
    legs: str
    ndcg: float
    recall_100: float
    query_ms: float
    build_seconds: float
    megabytes: float | None


class PeerFailedError(Exception):
    """A library could not be measured; the message says why."""


def task_of(data: DataSet, place: Path, folder: Path, embedder: E5Embedder) -> tuple[Task, float]:
    """The task in `folder`, and the milliseconds that a question took to embed."""
    held = passages(built(data, place, embedder), embedder)
    began = time.perf_counter()
    questions = np.stack([embedder.embed_query(text) for text in data.questions.values()])
    seconds = time.perf_counter() - began
    task = Task(
        folder=folder,
        lang=data.documents[0].lang or "en",
        model=embedder.name,
        documents=[document.to_dict() for document in data.documents],
        texts=held.texts,
        owners=held.documents,
        vectors=held.vectors,
        questions=data.questions,
        question_vectors=questions,
    )
    task.write()
    return task, 1000 * seconds / len(questions)


def measure(name: str, data: DataSet, folder: Path) -> Row:
    """Run one library on the task in `folder`."""
    findings = folder / "found.json"
    findings.unlink(missing_ok=True)
    ended = subprocess.run(
        [sys.executable, str(_ENGINES), name, str(folder)],
        env=os.environ | _SETTINGS,
        capture_output=True,
        text=True,
        check=False,
    )
    said = (ended.stderr.strip().splitlines() or ["it said nothing"])[-1]
    if ended.returncode == MISSING:
        raise PeerFailedError(f"{name} is not installed ({said}): {_CURE}")
    if ended.returncode:
        raise PeerFailedError(f"{name} failed with exit code {ended.returncode}: {said}")
    found = json.loads(findings.read_text())
    return Row(
        library=name,
        version=found["version"],
        legs=ENGINES[name].legs,
        ndcg=ndcg(data.qrels, found["rankings"]["10"], k=10),
        recall_100=recall(data.qrels, found["rankings"]["100"], k=100),
        query_ms=median(found["milliseconds"]),
        build_seconds=found["build_seconds"],
        megabytes=None if found["bytes"] is None else found["bytes"] / 2**20,
    )


def table(title: str, rows: list[Row]) -> Table:
    shown = Table(
        *("library", "version", "searches by", "nDCG@10", "recall@100", "ms/query", "build s", "memory MB"),
        title=title,
    )
    for row in rows:
        shown.add_row(
            row.library,
            row.version,
            row.legs,
            f"{row.ndcg:.3f}",
            f"{row.recall_100:.3f}",
            f"{row.query_ms:.1f}",
            f"{row.build_seconds:.1f}",
            "–" if row.megabytes is None else f"{row.megabytes:,.0f}",
        )
    return shown


def main() -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("data", nargs="*", default=["pl-poquad"], help=f"of {', '.join(NAMES)}")
    parser.add_argument("--sample", type=int, default=300, help="questions of each, drawn at random (300)")
    parser.add_argument("--only", action="append", choices=ENGINES, help="this library; may be repeated")
    parser.add_argument("--kb", type=Path, help="keep the knowledge bases in this folder")
    options = parser.parse_args()
    console, told, failed = Console(width=130), Console(stderr=True, width=130), False
    embedder = E5Embedder()
    for name in options.data:
        whole = load(name)
        data = sample(whole, questions=options.sample, documents=len(whole.documents))
        with tempfile.TemporaryDirectory() as temporary:
            folder = Path(temporary) / "task"
            folder.mkdir()
            task, question_ms = task_of(data, options.kb or Path(temporary), folder, embedder)
            rows = []
            for engine in options.only or ENGINES:
                try:
                    rows.append(measure(engine, data, folder))
                    told.print(f"{engine} is measured")
                except PeerFailedError as error:
                    failed = True
                    told.print(str(error))
        title = f"{name}: {len(data.documents):,} documents in {len(task.texts):,} passages, "
        console.print(table(f"{title}{len(data.questions):,} questions", rows))
        console.print(f"Embedding a question, which is in no figure, took {question_ms:.1f} ms.")
    return int(failed)


if __name__ == "__main__":
    sys.exit(main())
