"""The quality gate: figures must not fall below the floors in `floors.json`.

    KBASSIST_BENCH_DATA=… python benchmarks/gate.py             # exit code 1 when a figure is below its floor
    KBASSIST_BENCH_DATA=… python benchmarks/gate.py pdf html    # only those parts
    KBASSIST_BENCH_DATA=… python benchmarks/gate.py --update    # raise floors to what was measured

Retrieval and answers are measured on fixed samples, the rest on everything that its own benchmark reads:
`crawl.py`, `html_text.py`, `regulations.py`, `pdf.py`, `conflicts.py`, `companies.py`, `lies.py` and
`policy.py` say how each of their figures is counted.

Two runs on the same machine give the same figures; between processors the int8 kernels may round
differently and swap neighbours in a ranking. `MARGIN` is what one question in 250 moving by two places
costs, five times over: 5 · (1/log2(2) − 1/log2(4)) / 250 = 0.010.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import answers
import companies
import conflicts
import crawl
import html_text
import lies
import pdf
import policy
import regulations
from datasets import load, sample
from retrieval import SAMPLE, losses, measure
from rich.console import Console
from rich.table import Table

FLOORS = Path(__file__).with_name("floors.json")
MARGIN = 0.010
DATA = ("pl-poquad", "pl-legal", "en-squad2", "libreoffice-help-pl")


def retrieval_figures(_: Path) -> dict[str, float]:
    """Variants of the questions give the nDCG@10 that is left, so that all floors are lower bounds."""
    found: dict[str, float] = {}
    with tempfile.TemporaryDirectory() as temporary:
        place = Path(temporary)
        for name in DATA:
            data = sample(load(name), **SAMPLE)
            result = measure(data, place)
            found[f"{name} nDCG@10"] = result.ndcg
            found[f"{name} recall@10"] = result.recall
            for variant, lost in losses(data, place).items():
                found[f"{name}, {variant}, nDCG@10"] = result.ndcg - lost
    return found


PARTS: dict[str, Callable[[Path], dict[str, float]]] = {
    "retrieval": retrieval_figures,
    "crawl": crawl.measure,
    "html": html_text.measure,
    "regulations": regulations.measure,
    "pdf": pdf.measure,
    "answers": answers.measure,
    "conflicts": conflicts.measure,
    "companies": companies.measure,
    "lies": lies.measure,
    "persons": lambda _: policy.person_figures(),
}


def main() -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("parts", nargs="*", metavar="PART", help=f"some of {', '.join(PARTS)}; all if none")
    parser.add_argument("--update", action="store_true", help="raise floors to what was measured")
    options = parser.parse_args()
    if unknown := set(options.parts) - PARTS.keys():
        parser.error(f"there is no part {unknown.pop()!r}")
    data = Path(os.environ["KBASSIST_BENCH_DATA"])
    floors: dict[str, float] = json.loads(FLOORS.read_text()) if FLOORS.exists() else {}
    measured: dict[str, float] = {}
    for name in options.parts or PARTS:
        began = time.monotonic()
        measured |= {figure: round(value, 4) for figure, value in PARTS[name](data).items()}
        Console().print(f"{name}: {time.monotonic() - began:.0f} s")
    shown = Table("figure", "floor", "measured", "")
    below = [name for name, value in measured.items() if value < floors.get(name, value)]
    for name, value in measured.items():
        floor = f"{floors[name]:.4f}" if name in floors else "none"
        shown.add_row(name, floor, f"{value:.4f}", "below" if name in below else "")
    Console().print(shown)
    if options.update:
        raised = floors | {
            name: max(floors.get(name, value - MARGIN), round(value - MARGIN, 4))
            for name, value in measured.items()
        }
        part = FLOORS.with_suffix(".part")
        part.write_text(json.dumps(raised, indent=1) + "\n")
        part.replace(FLOORS)
    return 1 if below else 0


if __name__ == "__main__":
    sys.exit(main())
