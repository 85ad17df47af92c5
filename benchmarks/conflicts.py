"""Are contradictions between sources found, and only they?

    KBASSIST_BENCH_DATA=… python benchmarks/conflicts.py                # all of it
    KBASSIST_BENCH_DATA=… python benchmarks/conflicts.py --missed       # and every pair judged wrongly
    python benchmarks/conflicts.py --no-text                            # without the real texts

`conflicts.jsonl` holds pairs of short pages with a question, in Polish and English: pairs that contradict
each other, and pairs that only look so (the same value in other words, another subject, scope, condition,
period or product, a range and its member, limits that go together, the law and a shop's own promise, the
past, examples). They are written by hand, in seven parts. The first was there before the rules were
written. The second and the third were each judged once before anything was changed for them, and looked at
afterwards; what the judges gave that first time is in `FIRST_SIGHT`. The others are by other hands, in the
free wording of real pages: no rule was written for them.

Three judges, on the same pairs:

- pair: two statements of the two pages are about the same and contradict each other, whatever was asked.
- answer: the two pages alone in a knowledge base in memory; `kb.answer(question)` names a conflict. One
  that `narrower_scope_before_wider` resolves does not count: there the sources do not disagree, one speaks
  of a part.
- audit: the check for contradictions has a finding.

Precision is the share of what was called a conflict that is one, recall the share of conflicts that was
called one. False alarms on real text: questions of three data sets over all their passages, drawn with a
fixed seed, whose answer is called a conflict of whatever resolution. Nobody has looked through these
texts for real contradictions, so some of them may be right.
"""

from __future__ import annotations

import argparse
import random
import statistics
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from datasets import DataSet, load, rows
from material import built
from rich.console import Console
from rich.table import Table

from kbassist import Answer, Document, KnowledgeBase
from kbassist.audit.contradictions import contradictions
from kbassist.audit.material import AuditInput
from kbassist.models.e5 import E5Embedder
from kbassist.reading.precedence import NARROWER_SCOPE
from kbassist.text.analysis import TextAnalyzer
from kbassist.text.disagreement import compare, contradict
from kbassist.text.scope import Page, by_titles
from kbassist.text.statements import Statement, statements
from kbassist.text.subjects import Subjects
from kbassist.types import PassageFilter

PAIRS = Path(__file__).with_name("conflicts.jsonl")
TODAY = date(2026, 11, 22)
TEXTS = ("pl-poquad", "en-squad2", "pl-legal")
QUESTIONS = 150
_EVERYTHING = PassageFilter()

FIRST_SIGHT = {
    "second": {"pair": (0.92, 0.575), "answer": (0.90, 0.450)},
    "third": {"pair": (0.92, 0.600), "answer": (0.92, 0.575)},
    "fourth": {"pair": (1.00, 0.013), "answer": (1.00, 0.000)},
    "fifth": {"pair": (0.50, 0.017), "answer": (1.00, 0.000)},
    "sixth": {"pair": (0.75, 0.037), "answer": (1.00, 0.025)},
    "seventh": {"pair": (1.00, 0.025), "answer": (1.00, 0.000)},
}
"""Precision and recall of the rules before the parts were looked at."""
RULED = ("first", "second", "third")
"""Parts that the rules were written for."""

Judge = Callable[[dict[str, Any]], bool]


@dataclass(frozen=True)
class Score:
    """Counts of one judge over some pairs."""

    found: int
    missed: int
    wrong: int
    passed: int

    @property
    def precision(self) -> float:
        return self.found / (self.found + self.wrong) if self.found + self.wrong else 1.0

    @property
    def recall(self) -> float:
        return self.found / (self.found + self.missed) if self.found + self.missed else 1.0


def sides(pair: dict[str, Any]) -> list[Document]:
    return [Document(id=name, lang=pair["lang"], **pair[name]) for name in ("one", "other")]


def judges() -> dict[str, Judge]:
    analyzer = TextAnalyzer()
    subjects = Subjects(analyzer)

    def said(side: Document) -> list[Statement]:
        return list(statements(side.text, side.lang or "pl", subjects, frozenset(subjects.keys(side.title))))

    def page(side: Document) -> Page:
        return Page(side.title, lambda: frozenset(subjects.keys(f"{side.title} {side.text}")))

    def pair(row: dict[str, Any]) -> bool:
        one, other = sides(row)
        pages = page(one), page(other)
        return any(
            contradict(first, second)
            and by_titles(compare(first, second, subjects), first, second, pages, subjects).relation == "same"
            for first in said(one)
            for second in said(other)
        )

    def answer(row: dict[str, Any]) -> bool:
        with KnowledgeBase(":memory:", embedder=None, log_interactions=False) as kb:
            kb.add(sides(row))
            conflict = kb.answer(row["question"], threshold=0, as_of=TODAY).conflict
        return conflict is not None and conflict.resolution != NARROWER_SCOPE

    def audit(row: dict[str, Any]) -> bool:
        return bool(contradictions(AuditInput(documents=sides(row), today=TODAY, analyze=analyzer)))

    return {"pair": pair, "answer": answer, "audit": audit}


def score(pairs: list[dict[str, Any]], verdicts: list[bool]) -> Score:
    counted = Counter((row["conflict"], verdict) for row, verdict in zip(pairs, verdicts, strict=True))
    return Score(counted[True, True], counted[True, False], counted[False, True], counted[False, False])


@dataclass(frozen=True)
class Alarms:
    """What the answers to questions over real text were called, and how long the finder took for one."""

    asked: int
    conflicts: list[Answer]
    milliseconds: float

    @property
    def without(self) -> float:
        return 1 - len(self.conflicts) / self.asked


def alarms(name: str, kbs: Path) -> Alarms:
    data, embedder = load(name), E5Embedder()
    place = built(data, kbs, embedder)
    asked = [data.questions[query] for query in chosen(data)]
    with KnowledgeBase(place, embedder=embedder, log_interactions=False) as kb:
        answers = [kb.answer(question, threshold=0) for question in asked]
        took = list(_timed(kb, asked))
    return Alarms(len(asked), [answer for answer in answers if answer.conflict], statistics.median(took))


def chosen(data: DataSet) -> list[str]:
    """The ids of the questions that are asked."""
    return random.Random(7).sample(sorted(data.qrels), min(QUESTIONS, len(data.qrels)))


def _timed(kb: KnowledgeBase, questions: list[str]) -> Iterator[float]:
    """Milliseconds of the processor for the finder alone, a second time."""
    # What an answer is made of cannot be timed through the public calls.
    engine = kb._engine
    for question in questions:
        retrieval = engine.search(question, _EVERYTHING, 10)
        reading = engine.reader.read(retrieval)
        start = time.process_time()
        engine.conflicts.find(retrieval, reading, TODAY)
        yield 1000 * (time.process_time() - start)


def measure(_: Path) -> dict[str, float]:
    """Precision and recall by three judges over the parts that the rules were written for."""
    chosen = [row for row in rows(PAIRS) if row["split"] in RULED]
    found: dict[str, float] = {}
    for name, judge in judges().items():
        result = score(chosen, [judge(row) for row in chosen])
        found[f"conflicts, {name}, precision"] = result.precision
        found[f"conflicts, {name}, recall"] = result.recall
    return found


def table_of_pairs(pairs: list[dict[str, Any]], verdicts: dict[str, list[bool]]) -> Table:
    shown = Table("pairs", "conflicts", "alike", *(f"{name} P / R" for name in verdicts))
    groups: list[tuple[str, Callable[[dict[str, Any]], bool]]] = [("all", lambda _: True)]
    for field in ("split", "lang"):
        groups.extend(
            (value, lambda row, field=field, value=value: row[field] == value)
            for value in sorted({row[field] for row in pairs})
        )
    for group, belongs in groups:
        places = [place for place, row in enumerate(pairs) if belongs(row)]
        chosen = [pairs[place] for place in places]
        real = sum(row["conflict"] for row in chosen)
        results = [score(chosen, [verdicts[name][place] for place in places]) for name in verdicts]
        shown.add_row(
            group,
            str(real),
            str(len(chosen) - real),
            *(f"{result.precision:.3f} / {result.recall:.3f}" for result in results),
        )
    return shown


def table_of_kinds(pairs: list[dict[str, Any]], verdicts: dict[str, list[bool]]) -> Table:
    shown = Table("kind", "pairs", *(f"right by {name}" for name in verdicts))
    for conflict in (True, False):
        for kind in sorted({row["kind"] for row in pairs if row["conflict"] == conflict}):
            places = [n for n, row in enumerate(pairs) if (row["kind"], row["conflict"]) == (kind, conflict)]
            right = [
                sum(verdicts[name][place] == conflict for place in places) / len(places) for name in verdicts
            ]
            told = kind if conflict else f"only looks so: {kind}"
            shown.add_row(told, str(len(places)), *(f"{share:.2f}" for share in right))
    return shown


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--missed", action="store_true", help="show every pair that was judged wrongly")
    parser.add_argument("--no-text", action="store_true", help="leave out the false alarms on real text")
    parser.add_argument("--kbs", type=Path, help="keep the knowledge bases of the real texts in this folder")
    options = parser.parse_args()
    console = Console(width=130)
    pairs = list(rows(PAIRS))
    verdicts = {name: [judge(row) for row in pairs] for name, judge in judges().items()}
    console.print(table_of_pairs(pairs, verdicts))
    for split, results in FIRST_SIGHT.items():
        told = ", ".join(
            f"{name} {precision:.2f} / {recall:.3f}" for name, (precision, recall) in results.items()
        )
        console.print(f"{split}, at first sight: {told}")
    console.print(table_of_kinds(pairs, verdicts))
    if options.missed:
        for place, row in enumerate(pairs):
            wrong = [name for name in verdicts if verdicts[name][place] != row["conflict"]]
            if wrong:
                told = "missed" if row["conflict"] else "false alarm"
                console.print(f"[bold]{told} by {', '.join(wrong)}[/] ({row['kind']}): {row['question']}")
                for name in ("one", "other"):
                    console.print(f"    {row[name]['title']}: {row[name]['text']}", markup=False)
    if options.no_text:
        return
    shown = Table("real text", "questions", "called a conflict", "median ms")
    with tempfile.TemporaryDirectory() as temporary:
        results = {name: alarms(name, options.kbs or Path(temporary)) for name in TEXTS}
    for name, result in results.items():
        shown.add_row(name, str(result.asked), str(len(result.conflicts)), f"{result.milliseconds:.2f}")
    console.print(shown)
    for result in results.values():
        for answer in result.conflicts[:5]:
            assert answer.conflict is not None
            console.print(f"{answer.question} [{answer.conflict.resolution}]", markup=False)
            for claim in answer.conflict.claims:
                console.print(f"    {claim.value}: {claim.citation.quote[:200]}", markup=False)


if __name__ == "__main__":
    main()
