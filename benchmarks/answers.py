"""Are the answers right, does the knowledge base know what it does not know, does 0.80 mean 80 of 100?

    KBASSIST_BENCH_DATA=… python benchmarks/answers.py            # measure, about ten minutes
    KBASSIST_BENCH_DATA=… python benchmarks/answers.py --write    # and replace the bundled calibrators

How the questions are chosen and judged says `answered.py`. Probabilities are cross-validated: of a calibrator
that has seen neither the question nor another of its document.

The probability that the answer is right is fitted to, and measured on, the usual mix of questions: one near
miss for nine that can be answered, four about other things for ten; the near misses of these data sets were
written to deceive, and there are far more. "Mixed" has as many questions out of scope as others, "deceiving"
all near misses. "Answerable" is a second number, the probability that the knowledge base holds an answer at
all, whichever sentence was quoted, fitted to all questions; the AUROCs against questions without an answer
are its.
"""

from __future__ import annotations

import argparse
import random
import tempfile
from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import date
from importlib.resources import files
from pathlib import Path

import numpy as np
from answered import Sample, Sizes, collect, kept
from retrieval import SAMPLE
from rich.console import Console
from rich.table import Table

from kbassist.confidence.calibrator import ANY_MODEL, WORD_FEATURES, fit_by_language
from kbassist.confidence.calibrators import Calibrators
from kbassist.confidence.features import FEATURES
from kbassist.evaluation import auroc, brier, expected_calibration_error
from kbassist.models.e5 import E5Embedder
from kbassist.text.analysis import ANALYSIS

CONFIGURATION = f"multilingual-e5-small-int8/{ANALYSIS}"
LEXICAL = f"lexical/{ANALYSIS}"
WORDS = f"{ANY_MODEL}/{ANALYSIS}"
FOLDS = 5
HIGH = 0.8
GATED = ("quotes hold the answer", "AUROC right", "AUROC out of scope", "right at 80%")
NEAR_USUALLY, FAR_USUALLY = 0.11, 0.4
"""Questions without an answer in the usual mix, for each that has one."""


# --- fitting -----------------------------------------------------------------------------------


def fitted(
    sample: Sample,
    chosen: Sequence[int],
    outcomes: Sequence[bool],
    name: str,
    configuration: str = CONFIGURATION,
    features: Sequence[str] = FEATURES,
) -> Calibrators:
    """One for all languages, and one for each that starts from it."""
    return Calibrators(
        fit_by_language(
            [sample.signals[row] for row in chosen],
            [outcomes[row] for row in chosen],
            [sample.lang[row] for row in chosen],
            name=name,
            configuration=configuration,
            features=features,
            provenance={
                "script": "benchmarks/answers.py",
                "data": "PoQuAD and SQuAD 2.0 (answerable and not), Polish trivia, CLINC150",
                "questions": len(chosen),
                "positive": sum(outcomes[row] for row in chosen),
                "date": date.today().isoformat(),
            },
        )
    )


def cross_validated(
    sample: Sample, outcomes: Sequence[bool], configuration: str, used: np.ndarray
) -> np.ndarray:
    """The probability of each question, of a calibrator that has seen nothing of its document, fitted to the
    `used` rows.
    """
    groups = sorted(set(sample.group))
    random.Random(7).shuffle(groups)
    fold = {group: number % FOLDS for number, group in enumerate(groups)}
    own = np.array([fold[group] for group in sample.group])
    probabilities = np.zeros(len(sample))
    for number in range(FOLDS):
        found = fitted(
            sample, np.flatnonzero(used & (own != number)).tolist(), outcomes, "fold", configuration
        )
        for row in np.flatnonzero(own == number):
            calibrator = found.find(configuration, sample.lang[row])
            assert calibrator is not None
            probabilities[row] = calibrator.probability(sample.signals[row])
    return probabilities


def usual(sample: Sample) -> np.ndarray:
    """The rows of the usual mix."""
    shares = {"answerable": np.inf, "near miss": NEAR_USUALLY, "out of scope": FAR_USUALLY}
    many = Counter(zip(sample.lang, sample.kind, strict=True))
    taken: Counter[tuple[str, str]] = Counter()
    chosen = np.zeros(len(sample), bool)
    for row, (lang, kind) in enumerate(zip(sample.lang, sample.kind, strict=True)):
        if taken[lang, kind] < shares[kind] * many[lang, "answerable"]:
            taken[lang, kind] += 1
            chosen[row] = True
    return chosen


def answerable(sample: Sample) -> list[bool]:
    return [kind == "answerable" for kind in sample.kind]


# --- measuring ---------------------------------------------------------------------------------


def figures(sample: Sample, right: np.ndarray, known: np.ndarray) -> dict[str, float]:
    """By language: `right` and `known` are the probabilities that the answer is right, that there is one."""
    langs, kinds, outcomes = np.array(sample.lang), np.array(sample.kind), np.array(sample.right)
    usually = usual(sample)
    found: dict[str, float] = {"quotes verbatim": float(np.mean(sample.verbatim))}
    for lang in ("pl", "en"):
        of = {kind: (langs == lang) & (kinds == kind) for kind in ("answerable", "near miss", "out of scope")}
        mine = (langs == lang) & usually
        sure = mine & (right >= HIGH)
        found |= {
            f"{lang} quotes hold the answer": float(outcomes[of["answerable"]].mean()),
            f"{lang} quotes an answer": float(np.array(sample.quotes)[mine].mean()),
            f"{lang} AUROC right": auroc(right[mine].tolist(), outcomes[mine].tolist()),
            f"{lang} AUROC out of scope": _apart(known, of["answerable"], of["out of scope"]),
            f"{lang} AUROC near miss": _apart(known, of["answerable"], of["near miss"]),
            f"{lang} ECE": _error(right, outcomes, mine),
            f"{lang} ECE mixed": _error(right, outcomes, _mixed(mine, of["out of scope"])),
            f"{lang} ECE deceiving": _error(right, outcomes, (langs == lang)),
            f"{lang} Brier": brier(right[mine].tolist(), outcomes[mine].tolist()),
            f"{lang} right at {HIGH:.0%}": float(outcomes[sure].mean()) if sure.any() else 1.0,
            f"{lang} answered at {HIGH:.0%}": float((sure & of["answerable"]).sum() / of["answerable"].sum()),
        }
    return found


def _apart(scores: np.ndarray, good: np.ndarray, bad: np.ndarray) -> float:
    return auroc(scores[good | bad].tolist(), good[good | bad].tolist())


def _error(probabilities: np.ndarray, outcomes: np.ndarray, rows: np.ndarray) -> float:
    return expected_calibration_error(probabilities[rows].tolist(), outcomes[rows].tolist())


def _mixed(mine: np.ndarray, far: np.ndarray) -> np.ndarray:
    """Rows, half of them out of scope: the others drawn to be as many, or those drawn again."""
    others, outside = np.flatnonzero(mine & ~far), np.flatnonzero(far)
    return np.concatenate([others, np.resize(outside, len(others))])


def table(found: Mapping[str, float], title: str) -> Table:
    shown = Table(title, "pl", "en")
    names = dict.fromkeys(name[3:] for name in found if name[:3] in ("pl ", "en "))
    for name in names:
        shown.add_row(name, f"{found[f'pl {name}']:.3f}", f"{found[f'en {name}']:.3f}")
    both = f"{found['quotes verbatim']:.3f}"
    shown.add_row("quotes verbatim", both, both)
    return shown


def measure(_: Path) -> dict[str, float]:
    """For the gate: fewer questions and documents, the calibrators that are shipped."""
    with tempfile.TemporaryDirectory() as temporary:
        sample = collect(Path(temporary), Sizes(150, 30, 60), E5Embedder(), part=SAMPLE)
    known = np.array([row.get("answerable", 0.0) for row in sample.signals])
    found = figures(sample, np.array(sample.probability), known)
    return {
        "quotes verbatim": found["quotes verbatim"],
        **{f"{lang} {name}": found[f"{lang} {name}"] for lang in ("pl", "en") for name in GATED},
        **{f"{lang} calibration, 1 - ECE": 1 - found[f"{lang} ECE"] for lang in ("pl", "en")},
    }


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--kb", type=Path, help="keep the knowledge bases in this folder")
    parser.add_argument("--sample", type=Path, help="keep the answers in this file, or use those in it")
    parser.add_argument("--write", action="store_true", help="replace the bundled calibrators")
    options = parser.parse_args()
    hybrid, lexical = kept(options.sample, options.kb)
    for title, sample, configuration in (("hybrid", hybrid, CONFIGURATION), ("by words", lexical, LEXICAL)):
        right = cross_validated(sample, sample.right, configuration, usual(sample))
        known = cross_validated(sample, answerable(sample), configuration, np.ones(len(sample), bool))
        Console(width=130).print(table(figures(sample, right, known), title))
    if options.write:
        place = Path(str(files("kbassist.confidence")))
        mixes = [np.flatnonzero(usual(sample)).tolist() for sample in (hybrid, lexical)]
        right = shipped((hybrid, lexical), mixes, (hybrid.right, lexical.right), "bundled-2")
        right.save(place / "bundled.json")
        everything = [list(range(len(sample))) for sample in (hybrid, lexical)]
        known = answerable(hybrid), answerable(lexical)
        shipped((hybrid, lexical), everything, known, "answerable-1").save(place / "answerable.json")


def shipped(
    samples: tuple[Sample, Sample],
    rows: Sequence[Sequence[int]],
    outcomes: tuple[Sequence[bool], Sequence[bool]],
    name: str,
) -> Calibrators:
    """For the bundled model, for none, and for any other by words alone; `samples` are of the first two."""
    hybrid, lexical = samples
    return Calibrators(
        (
            *fitted(hybrid, rows[0], outcomes[0], name).members,
            *fitted(lexical, rows[1], outcomes[1], f"{name}-lexical", LEXICAL).members,
            *fitted(hybrid, rows[0], outcomes[0], f"{name}-words", WORDS, WORD_FEATURES).members,
        )
    )


if __name__ == "__main__":
    main()
