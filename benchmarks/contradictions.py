"""Trains the judge of contradictions, and measures it on pairs that it was not trained on.

    python benchmarks/contradictions.py            # measure
    python benchmarks/contradictions.py --write    # train first (needs torch), replace the bundled weights

It is trained on `benchmarks/contradictions` and the parts of `benchmarks/conflicts.jsonl` that the rules were
written for: pairs of short pages of one company with a question, written by hand, that contradict each other
or only look so. Its test are the parts in `UNSEEN`, by other hands: the fourth was looked at when the
training was set up, the fifth when it was over, the others came later.

Trained are low-rank matrices in the upper layers of multilingual-e5-small (LoRA), marks that tell the texts
apart and a last layer, on a question and two texts read together. What is kept is a moving average of the
steps (Polyak and Juditsky 1992), since the pairs are few.
"""

from __future__ import annotations

import argparse
import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from datasets import rows
from rich.console import Console
from rich.progress import track
from rich.table import Table

from kbassist.evaluation import auroc, expected_calibration_error
from kbassist.models.contradiction import QUESTION, TEXT
from kbassist.models.e5 import E5Embedder
from kbassist.models.tokenizer import Tokenizer
from kbassist.models.weights import bundled_weights
from kbassist.protocols import Judge

if TYPE_CHECKING:
    import torch

HERE = Path(__file__).parent
UNSEEN = ("fourth", "fifth", "sixth", "seventh")
LOWEST, RANK = 8, 16
"""The lowest layer that is adapted, and the rank of what is added to each of its matrices."""
EPOCHS, RATE, DROPPED, DECAY, TOGETHER = 2, 1.5e-3, 0.15, 0.02, 16
_KEPT = 0.98  # of the moving average, a step
_SMOOTHED = 0.05  # a label is as much less than certain
_PRECISION = 0.9


@dataclass(frozen=True)
class Pair:
    question: str
    one: str
    other: str
    conflict: bool
    lang: str
    part: str


def pairs(path: Path) -> Iterator[Pair]:
    for row in rows(path):
        one, other = (f"{row[side]['title']}: {row[side]['text']}" for side in ("one", "other"))
        yield Pair(row["question"], one, other, row["conflict"], row["lang"], row.get("split", ""))


def seen() -> list[Pair]:
    """What it is trained on."""
    paths = (*sorted(HERE.glob("contradictions/*.jsonl")), HERE / "conflicts.jsonl")
    return [pair for path in paths for pair in pairs(path) if pair.part not in UNSEEN]


# --- training ----------------------------------------------------------------------------------


def trained(seen: Sequence[Pair]) -> dict[str, np.ndarray]:
    """The adapter, by the names that `kbassist.models.contradiction_graph.Adapter` reads."""
    import torch
    from adapted import Adapted, Average

    torch.manual_seed(1)
    turned = [replace(pair, one=pair.other, other=pair.one) for pair in seen]
    both = [*seen, *turned]
    weights = bundled_weights()
    model = Adapted(weights, LOWEST, RANK, DROPPED)
    tokenizer = Tokenizer(weights)
    read = [tokenizer.join((pair.question, pair.one, pair.other), (QUESTION, TEXT, TEXT)) for pair in both]
    below = dict(track(model.below([ids for ids, _ in read]), "reading", total=len(read)))
    states = [below[place] for place in range(len(read))]
    places = [torch.tensor(own) for _, own in read]
    labels = torch.tensor([pair.conflict for pair in both], dtype=torch.float32)
    labels = _SMOOTHED + (1 - 2 * _SMOOTHED) * labels
    optimiser = torch.optim.AdamW(model.groups(RATE), weight_decay=DECAY)
    average = Average(model, _KEPT)
    chance = random.Random(1)
    batches = [batch for _ in range(EPOCHS) for batch in _batches(states, len(seen), chance)]
    model.train()
    for step, chosen in enumerate(track(batches, "training")):
        share = min(1.0, (step + 1) / (0.08 * len(batches))) * (0.05 + 0.95 * (1 - step / len(batches)))
        for group in optimiser.param_groups:
            group["lr"] = group["full"] * share
        scores = model([states[row] for row in chosen], [places[row] for row in chosen])
        loss = torch.nn.functional.binary_cross_entropy_with_logits(scores, labels[chosen])
        optimiser.zero_grad()
        loss.backward()
        torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        optimiser.step()
        average.add(step)
    average.put()
    return model.stored()


def _batches(states: Sequence[torch.Tensor], many: int, chance: random.Random) -> list[list[int]]:
    """Each pair once, in either order; pairs of like length together."""
    chosen = [row + many * chance.getrandbits(1) for row in range(many)]
    chance.shuffle(chosen)
    found = []
    for at in range(0, many, 8 * TOGETHER):
        alike = sorted(chosen[at : at + 8 * TOGETHER], key=lambda row: len(states[row]))
        found += [alike[start : start + TOGETHER] for start in range(0, len(alike), TOGETHER)]
    chance.shuffle(found)
    return found


# --- measuring ---------------------------------------------------------------------------------


def judged(judge: Judge, some: Sequence[Pair]) -> list[float]:
    """The mean probability of both orders."""
    return [
        sum(judge.contradiction(pair.question, [(pair.one, pair.other), (pair.other, pair.one)])) / 2
        for pair in some
    ]


def figures(judge: Judge, parts: Sequence[str] = UNSEEN) -> dict[str, dict[str, float]]:
    """By part and language. `recall` is the most that any threshold gives at a precision of .9."""
    unseen = [pair for pair in pairs(HERE / "conflicts.jsonl") if pair.part in UNSEEN]
    found: dict[str, dict[str, float]] = {}
    for part in parts:
        mine = [pair for pair in unseen if pair.part == part]
        known = judged(judge, mine)
        for lang in ("pl", "en", ""):
            chosen = [place for place, pair in enumerate(mine) if pair.lang.startswith(lang)]
            probabilities = [known[place] for place in chosen]
            real = [mine[place].conflict for place in chosen]
            found[f"{part}, {lang or 'both'}"] = {
                "AUROC": auroc(probabilities, real),
                "recall": _recall(probabilities, real),
                "ECE": expected_calibration_error(probabilities, real),
            }
    return found


def _recall(probabilities: Sequence[float], real: Sequence[bool]) -> float:
    ranked = [known for _, known in sorted(zip(probabilities, real, strict=True), reverse=True)]
    right = np.cumsum(ranked)
    precise = right / np.arange(1, len(ranked) + 1) >= _PRECISION
    return float(right[precise].max() / right[-1]) if precise.any() else 0.0


def measure(_: Path) -> dict[str, float]:
    """For the gate: of the part that nobody has looked at."""
    return {"contradictions, AUROC": figures(_judge(), ("fifth",))["fifth, both"]["AUROC"]}


def _judge() -> Judge:
    judge = E5Embedder(judges=True).new_judge()
    assert judge is not None
    return judge


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--write", action="store_true", help="train it, and replace the bundled weights")
    if parser.parse_args().write:
        adapter = {name: value.astype(np.float16) for name, value in trained(seen()).items()}
        np.savez_compressed(str(files("kbassist.models").joinpath("contradiction.npz")), **adapter)
    shown = Table("pairs", "AUROC", "recall at precision .9", "ECE")
    for name, row in figures(_judge()).items():
        shown.add_row(name, *(f"{value:.3f}" for value in row.values()))
    Console(width=100).print(shown)


if __name__ == "__main__":
    main()
