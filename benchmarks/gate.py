"""The quality gate: figures on a fixed sample must not fall below the floors in `floors.json`.

    KBASSIST_BENCH_DATA=… python benchmarks/gate.py            # exit code 1 when a figure is below its floor
    KBASSIST_BENCH_DATA=… python benchmarks/gate.py --update   # raise floors to what was measured

Two runs on the same machine give the same figures; between processors the int8 kernels may round
differently and swap neighbours in a ranking. `MARGIN` is what one question in 250 moving by two places
costs, five times over: 5 · (1/log2(2) − 1/log2(4)) / 250 = 0.010.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
from pathlib import Path

from datasets import load, sample
from retrieval import SAMPLE, measure
from rich.console import Console
from rich.table import Table

FLOORS = Path(__file__).with_name("floors.json")
MARGIN = 0.010
DATA = ("pl-poquad", "pl-legal", "en-squad2")


def figures() -> dict[str, float]:
    found: dict[str, float] = {}
    with tempfile.TemporaryDirectory() as place:
        for name in DATA:
            result = measure(sample(load(name), **SAMPLE), Path(place))
            found[f"{name} nDCG@10"] = round(result.ndcg, 4)
            found[f"{name} recall@10"] = round(result.recall, 4)
    return found


def main() -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--update", action="store_true", help="raise floors to what was measured")
    options = parser.parse_args()
    floors: dict[str, float] = json.loads(FLOORS.read_text()) if FLOORS.exists() else {}
    measured = figures()
    shown = Table("figure", "floor", "measured", "")
    below = [name for name, value in measured.items() if value < floors.get(name, 0.0)]
    for name, value in measured.items():
        shown.add_row(name, f"{floors.get(name, 0.0):.4f}", f"{value:.4f}", "below" if name in below else "")
    Console().print(shown)
    if options.update:
        raised = {
            name: max(floors.get(name, 0.0), round(value - MARGIN, 4)) for name, value in measured.items()
        }
        part = FLOORS.with_suffix(".part")
        part.write_text(json.dumps(raised, indent=1) + "\n")
        part.replace(FLOORS)
    return 1 if below else 0


if __name__ == "__main__":
    sys.exit(main())
