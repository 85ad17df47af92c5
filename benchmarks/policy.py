"""What happens below the threshold: answered, asked back, handed over; and do further tries help or harm?

    KBASSIST_BENCH_DATA=… python benchmarks/policy.py            # 150 questions of each sort, threshold .5
    KBASSIST_BENCH_DATA=… python benchmarks/policy.py --kb KBS   # keep the knowledge bases in the folder KBS

Measured on questions of PoQuAD and SQuAD 2.0 that are answerable, as they are and with one typing error,
and on questions about other things altogether (Polish trivia, CLINC150). Each is answered twice: with
threshold 0, which shows the confidence of the first try and its quotes, and with the threshold. What the
first try gives is "before"; what is given in the end, with tries in other words, is "after". An answer is
right when one of its quotes holds the gold answer.

`gained` counts the questions that only a further try answered, and which of these it answered rightly:
further tries are worth their while when that share is no lower than the threshold. Out of scope, whatever is
answered is wrong, and whoever is asked back about it is asked in vain.

Requests for a person are counted on `tests/data/person_requests.jsonl`, the part that was held out when the
rules were written.
"""

from __future__ import annotations

import argparse
import random
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from datasets import folder, load, rows
from questions import with_typo
from rich.console import Console
from rich.progress import track
from rich.table import Table

from kbassist import Answer, KnowledgeBase
from kbassist.assist.persons import wants_person
from kbassist.evaluation import normalise_answer

THRESHOLD = 0.5
_QUESTIONS = 150
_TYPED = 100
_PERSONS = Path(__file__).parents[1] / "tests" / "data" / "person_requests.jsonl"
_FAR = {"pl": ("pl-trivia-qa", "questions.jsonl"), "en": ("en-oos", "clinc150.jsonl")}


@dataclass(frozen=True)
class Outcome:
    """One question before and after the further tries; times in milliseconds."""

    question: str
    before: float
    right_before: bool
    status: str
    right: bool
    tries: int
    first_ms: float
    all_ms: float

    @property
    def gained(self) -> bool:
        return self.before < THRESHOLD and self.status == "answered"


def ask(kb: KnowledgeBase, questions: dict[str, list[str]], name: str) -> list[Outcome]:
    """`questions` maps each to its gold answers, none for those out of scope."""
    found = []
    for question, gold in track(questions.items(), name, console=Console(stderr=True)):
        started = time.perf_counter()
        first = kb.answer(question, threshold=0)
        between = time.perf_counter()
        given = kb.answer(question, threshold=THRESHOLD)
        ended = time.perf_counter()
        found.append(
            Outcome(
                question=question,
                before=first.confidence.probability,
                right_before=holds(first, gold),
                status=given.status,
                right=given.status == "answered" and holds(given, gold),
                tries=len(given.handoff.tried) if given.handoff else 1,
                first_ms=1000 * (between - started),
                all_ms=1000 * (ended - between),
            )
        )
    return found


def holds(answer: Answer, gold: Sequence[str]) -> bool:
    quotes = [_padded(citation.quote) for citation in answer.citations]
    return any(_padded(text) in quote for quote in quotes for text in gold)


def _padded(text: str) -> str:
    return f" {' '.join(normalise_answer(text))} "


def outcomes(place: Path) -> dict[str, list[Outcome]]:
    """By language and sort: `"pl"`, `"pl out of scope"`, …"""
    found: dict[str, list[Outcome]] = {}
    for lang, name in (("pl", "pl-poquad"), ("en", "en-squad2")):
        data = load(name)
        chosen = random.Random(7).sample(sorted(data.qrels), _QUESTIONS)
        far = sorted({row["text"] for row in rows(folder().joinpath(*_FAR[lang]))})
        with KnowledgeBase(place / f"{name}-{len(data.documents)}", log_interactions=False) as kb:
            if not kb.info().documents:
                kb.add(data.documents)
            found[lang] = ask(kb, {data.questions[query]: data.answers[query] for query in chosen}, lang)
            spoilt = {with_typo(data.questions[query]): data.answers[query] for query in chosen[:_TYPED]}
            found[f"{lang} one typo"] = ask(kb, spoilt, f"{lang} typo")
            others = random.Random(7).sample(far, _QUESTIONS)
            found[f"{lang} out of scope"] = ask(kb, {question: [] for question in others}, f"{lang} far")
    return found


def person_figures() -> dict[str, float]:
    """Recall and precision of requests for a person, on what was held out."""
    held = [row for row in rows(_PERSONS) if row["part"] == "held out"]
    noticed = [row["person"] for row in held if wants_person(row["text"])]
    return {
        "persons recall": sum(noticed) / sum(row["person"] for row in held),
        "persons precision": sum(noticed) / len(noticed),
    }


def figures(found: dict[str, list[Outcome]]) -> dict[str, float]:
    given: dict[str, float] = {}
    for lang in ("pl", "en"):
        mine, far = found[lang], found[f"{lang} out of scope"]
        answered = [each for each in mine if each.status == "answered"]
        given[f"{lang} answered"] = len(answered) / len(mine)
        given[f"{lang} right among answered"] = _share([each.right for each in answered])
        typed = [each.right for each in found[f"{lang} one typo"] if each.gained]
        given[f"{lang} right among gained, one typo"] = _share(typed)
        given[f"{lang} out of scope handed over"] = _share([each.status == "handoff" for each in far])
    return given


def measure(_: Path) -> dict[str, float]:
    """By language the share answered, and right among these; the share right among those that only a further
    try answered, with one typing error; the share of questions out of scope that are handed over; recall and
    precision of requests for a person, held out.
    """
    with tempfile.TemporaryDirectory() as temporary:
        return {**figures(outcomes(Path(temporary))), **person_figures()}


def table(found: dict[str, list[Outcome]]) -> Table:
    shown = Table(
        "questions", "n", "answered before", "right", "answered after", "right", "gained", "of these right",
        "asked back", "handed over", "first try ms", "all ms (median, p95)",
    )  # fmt: skip
    for name, mine in found.items():
        before = [each.right_before for each in mine if each.before >= THRESHOLD]
        after = [each.right for each in mine if each.status == "answered"]
        gained = [each.right for each in mine if each.gained]
        times = [each.all_ms for each in mine if each.before < THRESHOLD] or [0.0]
        shown.add_row(
            name,
            str(len(mine)),
            f"{len(before) / len(mine):.3f}",
            f"{_share(before):.3f}",
            f"{len(after) / len(mine):.3f}",
            f"{_share(after):.3f}",
            str(len(gained)),
            str(sum(gained)),
            f"{_share([each.status == 'clarify' for each in mine]):.3f}",
            f"{_share([each.status == 'handoff' for each in mine]):.3f}",
            f"{np.median([each.first_ms for each in mine]):.0f}",
            f"{np.median(times):.0f}, {np.percentile(times, 95):.0f}",
        )
    return shown


def _share(outcomes: Sequence[bool]) -> float:
    return sum(outcomes) / len(outcomes) if outcomes else 0.0


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--kb", type=Path, help="keep the knowledge bases in this folder")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as temporary:
        found = outcomes(options.kb or Path(temporary))
    console = Console(width=150)
    console.print(table(found))
    for name, value in {**figures(found), **person_figures()}.items():
        console.print(f"{name}: {value:.3f}")


if __name__ == "__main__":
    main()
