"""Are the answers right, does the knowledge base know what it does not know, does 0.80 mean 80 of 100?

    KBASSIST_BENCH_DATA=… python benchmarks/answers.py            # measure, about ten minutes
    KBASSIST_BENCH_DATA=… python benchmarks/answers.py --write    # and replace the bundled calibrators

Every question is answered whatever the confidence. An answer is right when one of its quotes holds the gold
answer. Beside the answerable questions there are near misses, which no passage answers (PoQuAD, SQuAD 2.0),
and questions about other things: Polish trivia, CLINC150, to which every answer is wrong. An encyclopaedia
does answer some trivia, though: one whose gold answer stands in a passage that was found ("held") is judged
like an answerable question, and not counted as out of scope; nor are questions for yes or no, where nobody
can tell.

Probabilities are cross-validated: of a calibrator that has seen neither the question nor another of its
document. "Mixed" has as many questions out of scope as others. "Answerable" is a second number, the
probability that the knowledge base holds an answer at all, whichever sentence was quoted; the AUROCs against
questions without an answer are its.
"""

from __future__ import annotations

import argparse
import pickle
import random
import tempfile
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from importlib.resources import files
from pathlib import Path

import numpy as np
from datasets import DataSet, folder, load, rows
from material import built
from rich.console import Console
from rich.progress import track
from rich.table import Table

from kbassist import Answer, KnowledgeBase
from kbassist.confidence.calibrator import fit_by_language
from kbassist.confidence.calibrators import Calibrators
from kbassist.evaluation import auroc, brier, expected_calibration_error, normalise_answer
from kbassist.models.e5 import E5Embedder
from kbassist.protocols import Embedder
from kbassist.text.analysis import ANALYSIS, TextAnalyzer

NAMES = ("pl-poquad", "en-squad2")
CONFIGURATION = f"multilingual-e5-small-int8/{ANALYSIS}"
FOLDS = 5
HIGH = 0.8
_ANSWERABLE, _NEAR, _FAR = 1000, 700, 700


@dataclass(frozen=True)
class Sizes:
    """The most questions of each kind and language."""

    answerable: int = _ANSWERABLE
    near: int = _NEAR
    far: int = _FAR


@dataclass
class Sample:
    """A row a question: the signals of its answer, whether that was right, and of what kind it was."""

    signals: list[dict[str, float]] = field(default_factory=list)
    right: list[bool] = field(default_factory=list)
    kind: list[str] = field(default_factory=list)
    lang: list[str] = field(default_factory=list)
    group: list[str] = field(default_factory=list)
    quotes: list[int] = field(default_factory=list)
    verbatim: list[bool] = field(default_factory=list)

    def __len__(self) -> int:
        return len(self.signals)


@dataclass(frozen=True)
class Asked:
    """A question with the texts that answer it; `group` keeps those of one document in one fold."""

    text: str
    gold: list[str]
    kind: str
    group: str


# --- asking ------------------------------------------------------------------------------------


def collect(place: Path, sizes: Sizes = Sizes(), embedder: Embedder | None = None) -> Sample:
    found = Sample()
    analyzer = TextAnalyzer()
    for name in NAMES:
        data = load(name)
        texts = {document.id: document.text for document in data.documents}
        with KnowledgeBase(built(data, place, embedder), embedder=embedder, log_interactions=False) as kb:
            asked = list(questions(data, sizes))
            for one in track(asked, name, console=Console(stderr=True)):
                answer = kb.answer(one.text, threshold=0)
                if answer.reason != "conflict":
                    _note(found, one, answer, texts, data.name[:2], analyzer)
    return found


def questions(data: DataSet, sizes: Sizes) -> Iterable[Asked]:
    for key in _some(data.qrels, sizes.answerable):
        document = max(data.qrels[key], key=lambda each: data.qrels[key][each])
        yield Asked(data.questions[key], data.answers[key], "answerable", document)
    about = {
        row["text"]: row.get("about_passage") for row in rows(folder() / data.name / "unanswerable.jsonl")
    }
    for text in _some(about, sizes.near):
        yield Asked(text, [], "near miss", about[text] or text)
    if data.name.startswith("pl"):
        far = {row["text"]: row["answers"] for row in rows(folder() / "pl-trivia-qa" / "questions.jsonl")}
    else:
        far = {row["text"]: [] for row in rows(folder() / "en-oos" / "clinc150.jsonl")}
    for text in _some(far, sizes.far):
        yield Asked(text, far[text], "out of scope", text)


def _some(named: Iterable[str], most: int) -> list[str]:
    found = sorted(set(named))
    return random.Random(7).sample(found, min(most, len(found)))


def _note(
    into: Sample, asked: Asked, answer: Answer, texts: Mapping[str, str], lang: str, analyzer: TextAnalyzer
) -> None:
    quotes = [citation.quote for citation in answer.citations]
    kind = asked.kind
    if kind == "out of scope" and asked.gold:
        if {gold.lower().strip(" .") for gold in asked.gold} <= {"tak", "nie"}:
            return
        around = [f"{hit.passage.title} {hit.passage.text}" for hit in answer.hits]
        if any(_mentions(text, asked.gold, analyzer) for text in around):
            kind = "held"
    into.signals.append(dict(answer.confidence.signals))
    into.right.append(
        any(_mentions(quote, asked.gold, analyzer) for quote in quotes)
        if kind == "held"
        else kind == "answerable" and holds(quotes, asked.gold)
    )
    into.kind.append(kind)
    into.lang.append(lang)
    into.group.append(asked.group)
    into.quotes.append(len(quotes))
    into.verbatim.append(
        all(texts[each.document_id][each.start : each.end] == each.quote for each in answer.citations)
    )


def holds(quotes: Iterable[str], gold: Iterable[str]) -> bool:
    return any(_padded(answer) in _padded(quote) for quote in quotes for answer in gold)


def _padded(text: str) -> str:
    return f" {' '.join(normalise_answer(text))} "


def _mentions(text: str, gold: Iterable[str], analyzer: TextAnalyzer) -> bool:
    """Whether every word of a gold answer is there, in whichever form."""
    terms = frozenset(analyzer(text))
    return any(
        bool(analyzer(answer))
        and all(not terms.isdisjoint(analyzer(word)) for word in answer.split() if analyzer(word))
        for answer in gold
    )


# --- fitting -----------------------------------------------------------------------------------


def fitted(sample: Sample, chosen: Sequence[int], outcomes: Sequence[bool], name: str) -> Calibrators:
    """One for all languages, and one for each that starts from it."""
    return Calibrators(
        fit_by_language(
            [sample.signals[row] for row in chosen],
            [outcomes[row] for row in chosen],
            [sample.lang[row] for row in chosen],
            name=name,
            configuration=CONFIGURATION,
            provenance={
                "script": "benchmarks/answers.py",
                "data": "PoQuAD and SQuAD 2.0 (answerable and not), Polish trivia, CLINC150",
                "questions": len(chosen),
                "positive": sum(outcomes[row] for row in chosen),
                "date": date.today().isoformat(),
            },
        )
    )


def cross_validated(sample: Sample, outcomes: Sequence[bool]) -> np.ndarray:
    """The probability of each question, of a calibrator that has seen nothing of its document."""
    groups = sorted(set(sample.group))
    random.Random(7).shuffle(groups)
    fold = {group: number % FOLDS for number, group in enumerate(groups)}
    own = np.array([fold[group] for group in sample.group])
    probabilities = np.zeros(len(sample))
    for number in range(FOLDS):
        found = fitted(sample, np.flatnonzero(own != number).tolist(), outcomes, "fold")
        for row in np.flatnonzero(own == number):
            calibrator = found.find(CONFIGURATION, sample.lang[row])
            assert calibrator is not None
            probabilities[row] = calibrator.probability(sample.signals[row])
    return probabilities


def answerable(sample: Sample) -> list[bool]:
    return [kind in ("answerable", "held") for kind in sample.kind]


# --- measuring ---------------------------------------------------------------------------------


def figures(sample: Sample, right: np.ndarray, known: np.ndarray) -> dict[str, float]:
    """By language: `right` and `known` are the probabilities that the answer is right, that there is one."""
    langs, kinds, outcomes = np.array(sample.lang), np.array(sample.kind), np.array(sample.right)
    found: dict[str, float] = {"quotes verbatim": float(np.mean(sample.verbatim))}
    for lang in ("pl", "en"):
        mine = langs == lang
        of = {kind: mine & (kinds == kind) for kind in ("answerable", "near miss", "out of scope")}
        sure = mine & (right >= HIGH)
        found |= {
            f"{lang} quotes hold the answer": float(outcomes[of["answerable"]].mean()),
            f"{lang} quotes an answer": float(np.array(sample.quotes)[mine].mean()),
            f"{lang} AUROC right": auroc(right[mine].tolist(), outcomes[mine].tolist()),
            f"{lang} AUROC out of scope": _apart(known, of["answerable"], of["out of scope"]),
            f"{lang} AUROC near miss": _apart(known, of["answerable"], of["near miss"]),
            f"{lang} ECE": _error(right, outcomes, mine),
            f"{lang} ECE mixed": _error(right, outcomes, _mixed(mine, of["out of scope"])),
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


def table(found: Mapping[str, float]) -> Table:
    shown = Table("figure", "pl", "en")
    names = dict.fromkeys(name[3:] for name in found if name[:3] in ("pl ", "en "))
    for name in names:
        shown.add_row(name, f"{found[f'pl {name}']:.3f}", f"{found[f'en {name}']:.3f}")
    both = f"{found['quotes verbatim']:.3f}"
    shown.add_row("quotes verbatim", both, both)
    return shown


def measure(_: Path) -> dict[str, float]:
    """For the gate: fewer questions, the calibrators that are shipped."""
    with tempfile.TemporaryDirectory() as temporary:
        sample = collect(Path(temporary), Sizes(200, 100, 100), E5Embedder())
    right = np.array([row.get("right", 0.0) for row in sample.signals])
    return figures(sample, right, np.array([row["answerable"] for row in sample.signals]))


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--kb", type=Path, help="keep the knowledge bases in this folder")
    parser.add_argument("--sample", type=Path, help="keep the answers in this file, or use those in it")
    parser.add_argument("--write", action="store_true", help="replace the bundled calibrators")
    options = parser.parse_args()
    if options.sample and options.sample.exists():
        sample = pickle.loads(options.sample.read_bytes())
    else:
        with tempfile.TemporaryDirectory() as temporary:
            sample = collect(options.kb or Path(temporary), embedder=E5Embedder())
        if options.sample:
            options.sample.write_bytes(pickle.dumps(sample))
    known = answerable(sample)
    found = figures(sample, cross_validated(sample, sample.right), cross_validated(sample, known))
    Console(width=130).print(table(found))
    if options.write:
        everything = range(len(sample))
        place = Path(str(files("kbassist.confidence")))
        fitted(sample, everything, sample.right, "bundled-2").save(place / "bundled.json")
        fitted(sample, everything, known, "answerable-1").save(place / "answerable.json")


if __name__ == "__main__":
    main()
