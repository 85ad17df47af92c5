"""Does 0.80 mean 80 of 100? Fits the bundled calibrator and measures it, cross-validated.

    KBASSIST_BENCH_DATA=… python benchmarks/confidence.py            # measure
    KBASSIST_BENCH_DATA=… python benchmarks/confidence.py --write    # and replace the bundled calibrator

An answer is right when one of its quotes holds the gold answer. Beside the answerable questions there are
near-miss unanswerable ones (PoQuAD, SQuAD 2.0) and questions about other things altogether (Polish trivia,
CLINC150), to which every answer is wrong.
"""

from __future__ import annotations

import argparse
import random
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from importlib.resources import files
from pathlib import Path

import numpy as np
from datasets import DataSet, folder, load, rows
from rich.console import Console
from rich.progress import track
from rich.table import Table

from kbassist import KnowledgeBase
from kbassist.confidence.calibrator import Calibrator, fit
from kbassist.evaluation import auroc, brier, expected_calibration_error, normalise_answer
from kbassist.text.analysis import ANALYSIS

_ANSWERABLE, _NEAR, _FAR = 700, 300, 500
_FOLDS = 5


@dataclass
class Sample:
    """Questions with the signals of their answers, and whether each answer was right."""

    signals: list[dict[str, float]] = field(default_factory=list)
    right: list[bool] = field(default_factory=list)
    kind: list[str] = field(default_factory=list)
    lang: list[str] = field(default_factory=list)

    def __len__(self) -> int:
        return len(self.signals)


def ask(kb: KnowledgeBase, questions: dict[str, list[str]], kind: str, lang: str, into: Sample) -> None:
    """Answer every question whatever the confidence. `questions` maps each to its gold answers."""
    for question, gold in track(questions.items(), f"{lang} {kind}", console=Console(stderr=True)):
        answer = kb.answer(question, threshold=0)
        if answer.reason == "conflict":
            continue
        quotes = [_padded(citation.quote) for citation in answer.citations]
        into.signals.append(dict(answer.confidence.signals))
        into.right.append(any(_padded(text) in quote for quote in quotes for text in gold))
        into.kind.append(kind)
        into.lang.append(lang)


def collect(place: Path) -> Sample:
    found = Sample()
    far = {
        "pl": [row["text"] for row in rows(folder() / "pl-trivia-qa" / "questions.jsonl")],
        "en": [row["text"] for row in rows(folder() / "en-oos" / "clinc150.jsonl")],
    }
    for lang, name in (("pl", "pl-poquad"), ("en", "en-squad2")):
        data: DataSet = load(name)
        with KnowledgeBase(place / f"{name}-{len(data.documents)}", log_interactions=False) as kb:
            kb.add(data.documents)
            chosen = random.Random(7).sample(sorted(data.qrels), min(_ANSWERABLE, len(data.qrels)))
            gold = {data.questions[query]: data.answers[query] for query in chosen}
            ask(kb, gold, "answerable", lang, found)
            ask(kb, _some(data.unanswerable, _NEAR), "near miss", lang, found)
            ask(kb, _some(far[lang], _FAR), "out of scope", lang, found)
    return found


def _padded(text: str) -> str:
    return f" {' '.join(normalise_answer(text))} "


def _some(questions: Sequence[str], most: int) -> dict[str, list[str]]:
    chosen = random.Random(7).sample(sorted(set(questions)), min(most, len(set(questions))))
    return {question: [] for question in chosen}


def fitted(sample: Sample, chosen: Sequence[int], configuration: str) -> Calibrator:
    return fit(
        [sample.signals[row] for row in chosen],
        [sample.right[row] for row in chosen],
        name="bundled-1",
        configuration=configuration,
        provenance={
            "script": "benchmarks/confidence.py",
            "data": "PoQuAD and SQuAD 2.0 (answerable and not), Polish trivia, CLINC150",
            "questions": len(chosen),
            "right": sum(sample.right[row] for row in chosen),
            "date": date.today().isoformat(),
        },
    )


def cross_validated(sample: Sample, configuration: str) -> np.ndarray:
    """The probability of each question from a calibrator that has not seen it."""
    order = random.Random(7).sample(range(len(sample)), len(sample))
    probabilities = np.zeros(len(sample))
    for fold in range(_FOLDS):
        held = order[fold::_FOLDS]
        rest = [row for row in order if row not in set(held)]
        calibrator = fitted(sample, rest, configuration)
        for row in held:
            probabilities[row] = calibrator.probability(sample.signals[row])
    return probabilities


def table(sample: Sample, probabilities: np.ndarray) -> Table:
    shown = Table(
        "questions",
        "n",
        "right",
        "ECE",
        "Brier",
        "AUROC right",
        "AUROC in scope",
        "answered ≥ .8",
        "right ≥ .8",
    )
    langs, kinds, right = np.array(sample.lang), np.array(sample.kind), np.array(sample.right)
    for lang in ("pl", "en", "all"):
        mine = (langs == lang) | (lang == "all")
        known = mine & (kinds != "near miss")
        sure = mine & (probabilities >= 0.8)
        shown.add_row(
            lang,
            f"{mine.sum():,}",
            f"{right[mine].mean():.2f}",
            f"{expected_calibration_error(probabilities[mine].tolist(), right[mine].tolist()):.3f}",
            f"{brier(probabilities[mine].tolist(), right[mine].tolist()):.3f}",
            f"{auroc(probabilities[mine].tolist(), right[mine].tolist()):.3f}",
            f"{auroc(probabilities[known].tolist(), (kinds[known] == 'answerable').tolist()):.3f}",
            f"{sure.sum() / mine.sum():.2f}",
            f"{right[sure].mean():.2f}" if sure.any() else "–",
        )
    return shown


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--kb", type=Path, help="keep the knowledge bases in this folder")
    parser.add_argument("--write", action="store_true", help="replace the bundled calibrator")
    options = parser.parse_args()
    configuration = f"multilingual-e5-small-int8/{ANALYSIS}"
    with tempfile.TemporaryDirectory() as temporary:
        sample = collect(options.kb or Path(temporary))
    Console(width=130).print(table(sample, cross_validated(sample, configuration)))
    for lang in ("pl", "en"):
        answerable = [
            row for row in range(len(sample)) if (sample.lang[row], sample.kind[row]) == (lang, "answerable")
        ]
        share = np.mean([sample.right[row] for row in answerable])
        Console().print(
            f"{lang}: quotes of {share:.3f} of {len(answerable):,} answerable questions hold the gold answer"
        )
    final = fitted(sample, range(len(sample)), configuration)
    if options.write:
        final.save(Path(str(files("kbassist.confidence"))) / "bundled.json")


if __name__ == "__main__":
    main()
