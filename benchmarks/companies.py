"""Are contradictions found among all pages of a company, and only they?

    python benchmarks/companies.py                # what `kb.answer` says of each company
    python benchmarks/companies.py --show         # and every alarm and what was missed
    python benchmarks/companies.py --fit          # the learned part alone, cross-validated
    python benchmarks/companies.py --write        # and fitted anew, replace the bundled weights

The last two also take what must not be called contradictory from questions about real texts, for which
`KBASSIST_BENCH_DATA` has to be set, and from the pairs of `conflicts.py` that only look so.

`companies/` holds 60 invented companies by twenty hands, Polish and English: 14 pages of different sorts
each, that repeat one another in other words and never contradict each other, with questions that customers
ask; and pages that contradict them in one thing each, with a question for it. Every answer of all pages
together that names a conflict is a false alarm; each of the other pages is added by itself, and its
contradiction is found when the answer to its question names a conflict with it. A conflict that
`narrower_scope_before_wider` resolves does not count in either case.

Of the companies `i` to `t` half the contradictions are plain: what such pages mostly are, the company's
own page as it was before the rule changed. The others, and all of `a` to `h`, say it in other words,
units and forms.
"""

from __future__ import annotations

import argparse
import json
import random
import tempfile
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Any

import conflicts
import datasets
import numpy as np
from material import built
from rich.console import Console
from rich.progress import track
from rich.table import Table

from kbassist import Answer, Document, KnowledgeBase
from kbassist.confidence.logistic import fit_logistic
from kbassist.models.e5 import E5Embedder
from kbassist.reading import contradictions
from kbassist.reading.choice import ReadingWeights
from kbassist.reading.contenders import Contender, contenders
from kbassist.reading.contradictions import Contradictions, ContradictionWeights
from kbassist.reading.differences import differing
from kbassist.reading.features import Asked
from kbassist.reading.precedence import NARROWER_SCOPE
from kbassist.text.analysis import TextAnalyzer
from kbassist.types import PassageFilter

HERE = Path(__file__).with_name("companies")
BUNDLED = Path(contradictions.__file__).with_suffix(".json")
TODAY = date(2026, 11, 22)
UNSEEN = frozenset("qrst")
"""Hands whose companies nothing is fitted to. One rule was made with their false alarms in view."""
ALARMS = 0.001
"""Of the questions: the threshold is where so many are called contradictory that are not."""
_PENALTIES = {"answers": 10.0, "contradict": 50.0}
_LEAST = 0.1
_OF_REAL_TEXTS = 300
_ANALYZER = TextAnalyzer()
_STRANGE = "planted"
SORTS = ("clean", "plain", "other words")
HANDS = frozenset("abcdefghijklmnopqrst")

_Weights = dict[str, float]


@dataclass(frozen=True)
class Company:
    """`name` begins with the letter of its hand."""

    name: str
    lang: str
    pages: list[Document]
    questions: list[str]
    planted: list[dict[str, Any]]

    def strange(self, row: Mapping[str, Any]) -> Document:
        return Document(id=_STRANGE, lang=self.lang, title=row["title"], text=row["text"])


def companies(hands: frozenset[str] | None = None) -> Iterator[Company]:
    for path in sorted(HERE.glob("*.json")):
        if hands is None or path.name[0] in hands:
            stored = json.loads(path.read_text(encoding="utf-8"))
            pages = [
                Document(id=f"page-{place}", lang=stored["lang"], title=page["title"], text=page["text"])
                for place, page in enumerate(stored["pages"])
            ]
            asked = [*stored["questions"], *(row["question"] for row in stored["planted"])]
            yield Company(path.stem, stored["lang"], pages, asked, stored["planted"])


def opened(company: Company, embedder: E5Embedder | None) -> KnowledgeBase:
    kb = KnowledgeBase(":memory:", embedder=embedder, log_interactions=False)
    kb.add(company.pages)
    return kb


# --- what answers say --------------------------------------------------------------------------


def contradicted(answer: Answer, sort: str) -> bool:
    """Whether it names a conflict: any where all pages agree, one with the planted page if there is one."""
    if answer.conflict is None or answer.conflict.resolution == NARROWER_SCOPE:
        return False
    cited = {claim.citation.document_id for claim in answer.conflict.claims}
    return sort == "clean" or _STRANGE in cited


def verdicts(company: Company, embedder: E5Embedder) -> Iterator[tuple[str, Answer]]:
    """Sorts of questions (`clean`, `plain`, `other words`) and their answers, whatever the confidence."""
    with opened(company, embedder) as kb:
        for question in company.questions:
            yield "clean", kb.answer(question, threshold=0, as_of=TODAY)
        for row in company.planted:
            kb.add([company.strange(row)])
            yield _sort(row), kb.answer(row["question"], threshold=0, as_of=TODAY)
            kb.remove([_STRANGE])


def _sort(row: Mapping[str, Any]) -> str:
    return "plain" if row.get("plain") else "other words"


def shares(some: Sequence[Company], embedder: E5Embedder, console: Console | None = None) -> dict[str, float]:
    """The share of each sort of question whose answer names a conflict."""
    asked: Counter[str] = Counter()
    called: Counter[str] = Counter()
    for company in track(some, "asking", disable=console is None):
        for sort, answer in verdicts(company, embedder):
            asked[sort] += 1
            called[sort] += contradicted(answer, sort)
            if console and contradicted(answer, sort) == (sort == "clean"):
                _show(console, company, sort, answer)
    return {sort: called[sort] / count for sort, count in asked.items()}


def _show(console: Console, company: Company, sort: str, answer: Answer) -> None:
    console.print(f"{company.name} {sort}: {answer.question}", markup=False)
    claims = answer.conflict.claims if answer.conflict else ()
    for quote in [claim.citation for claim in claims] or answer.citations[:1]:
        console.print(f"    {quote.document_id}: {' '.join(quote.quote.split())[:200]}", markup=False)


def measure(_: Path) -> dict[str, float]:
    """For the gate: the companies of the hands that nothing was fitted to."""
    found = shares(list(companies(UNSEEN)), E5Embedder())
    return {
        "companies, answers without a false conflict": 1 - found["clean"],
        "companies, plain contradictions found": found["plain"],
    }


# --- fitting -----------------------------------------------------------------------------------


@dataclass(frozen=True)
class Row:
    """A question with what may answer it. `answers` tells for each contender whether it states what was
    asked; None where nobody said so. `sort` as in `verdicts`; `hand` a letter, or the name of other texts.
    """

    hand: str
    sort: str
    question: str
    asked: Asked
    contenders: list[Contender]
    answers: list[bool] | None


def rows(company: Company, embedder: E5Embedder | None) -> Iterator[Row]:
    with opened(company, embedder) as kb:
        # What is weighed for an answer cannot be had through the public calls.
        engine = kb._engine
        for place, question in enumerate(company.questions):
            known = place - (len(company.questions) - len(company.planted))
            gold = company.planted[known] if known >= 0 else None
            yield _row(company.name[0], engine, question, "clean", gold)
        for row in company.planted:
            kb.add([company.strange(row)])
            yield _row(company.name[0], engine, row["question"], _sort(row), row)
            kb.remove([_STRANGE])


def rows_of_real_texts(embedder: E5Embedder, kbs: Path) -> Iterator[Row]:
    """Questions that `conflicts.alarms` does not ask."""
    for name in conflicts.TEXTS:
        data = datasets.load(name)
        asked = sorted(set(data.qrels) - set(conflicts.chosen(data)))
        with KnowledgeBase(built(data, kbs, embedder), embedder=embedder, log_interactions=False) as kb:
            for query in random.Random(11).sample(asked, min(_OF_REAL_TEXTS, len(asked))):
                yield _row(name, kb._engine, data.questions[query], "clean", None)


def rows_of_pairs() -> Iterator[Row]:
    for pair in datasets.rows(conflicts.PAIRS):
        if not pair["conflict"]:
            with KnowledgeBase(":memory:", log_interactions=False) as kb:
                kb.add(conflicts.sides(pair))
                yield _row("look-alikes", kb._engine, pair["question"], "clean", None)


def _row(
    hand: str,
    engine: Any,
    question: str,
    sort: str,
    gold: Mapping[str, Any] | None,
) -> Row:
    retrieval = engine.search(question, PassageFilter(), 10)
    reading = engine.reader.read(retrieval)
    asked = Asked.of(retrieval, engine.analyzer)
    found = contenders(asked, retrieval, reading, engine.analyzer, ReadingWeights.bundled().words)
    answers = None if gold is None else [_states(each, gold) for each in found]
    return Row(hand, sort, question, asked, found, answers)


def _states(contender: Contender, gold: Mapping[str, Any]) -> bool:
    """Whether it is one of the sentences that state what contradicts."""
    text, document = contender.candidate.unit.text, contender.passage.document_id
    if document == _STRANGE:
        return _same(gold["says"], text)
    return any(document == f"page-{at['page']}" and _same(at["quote"], text) for at in gold["against"])


def _same(one: str, other: str) -> bool:
    """Sentences are cut a little differently by hand."""
    first, second = (" ".join(text.split()).strip("|*-# ") for text in (one, other))
    if first in second or second in first:
        return True
    words = set(first.split()), set(second.split())
    shared = len(words[0] & words[1])
    return shared >= 3 and shared >= 0.6 * min(map(len, words))


def fitted(
    features: Sequence[Mapping[str, float]], outcomes: Sequence[bool], penalty: float
) -> dict[str, float]:
    """Weights of the features as they are, and under `""` the intercept."""
    names = list(features[0])
    table = np.array([[float(row[name]) for name in names] for row in features])
    mean, apart = table.mean(axis=0), np.maximum(table.std(axis=0), 1e-9)
    weights, intercept = fit_logistic((table - mean) / apart, np.array(outcomes, float), penalty=penalty)
    plain = weights / apart
    found = {"": float(intercept - plain @ mean)} | dict(zip(names, map(float, plain), strict=True))
    return {name: round(weight, 4) for name, weight in found.items()}


def fit_answers(some: Sequence[Row]) -> _Weights:
    known = [
        (contender.features, answers)
        for row in some
        if row.answers is not None
        for contender, answers in zip(row.contenders, row.answers, strict=True)
    ]
    return fitted([features for features, _ in known], [right for _, right in known], _PENALTIES["answers"])


def fit_contradictions(some: Sequence[Row], answers: Mapping[str, _Weights]) -> _Weights:
    """`answers` are by hand: of each row they have to be weights that its companies were not fitted to."""
    known = [pair for row in some for pair in pairs(row, answers[row.hand])]
    return fitted([features for features, _ in known], [both for _, both in known], _PENALTIES["contradict"])


def pairs(row: Row, answers: Mapping[str, float]) -> Iterator[tuple[dict[str, float], bool]]:
    """What is seen of each pair that is compared in answering, and whether both state what contradicts. Of
    pairs with a planted page only those are kept that do: it may contradict another page in passing.
    """
    states = dict(zip(map(id, row.contenders), row.answers or [False] * len(row.contenders), strict=True))
    for one, other, _, features in differing(row.asked, row.contenders, answers, _ANALYZER):
        planted = _STRANGE in (one.passage.document_id, other.passage.document_id)
        both = planted and states[id(one)] and states[id(other)]
        if both or not planted:
            yield features, both


def without_each(some: Sequence[Row], fit: Callable[[Sequence[Row]], _Weights]) -> dict[str, _Weights]:
    """By hand, what is fitted to the rows of all others."""
    return {
        hand: fit([row for row in some if row.hand != hand]) for hand in sorted({row.hand for row in some})
    }


def likeliest(row: Row, weights: ContradictionWeights) -> float:
    """The highest probability from `_LEAST` up of a pair that rules do not tell apart."""
    finder = Contradictions(_ANALYZER, replace(weights, threshold=_LEAST))
    weighed = sorted(finder.pairs(row.asked, row.contenders), key=lambda pair: -pair.probability)
    found = finder.likeliest(weighed)
    return found.probability if found else 0.0


def validated(some: Sequence[Row]) -> list[float]:
    """Of each row the highest probability, by weights that its hand's companies were not fitted to."""
    answers = without_each(some, fit_answers)
    contradict = without_each(some, lambda others: fit_contradictions(others, answers))
    return [
        likeliest(row, ContradictionWeights(answers[row.hand], contradict[row.hand], threshold=1))
        for row in track(some, "judging")
    ]


def threshold_for(some: Sequence[Row], found: Sequence[float], alarms: float) -> float:
    clean = sorted(
        chance for row, chance in zip(some, found, strict=True) if row.sort == "clean" and row.hand in HANDS
    )
    return clean[-1 - int(alarms * len(clean))]


def table_of(some: Sequence[Row], found: Sequence[float]) -> Table:
    """Shares of the companies' questions; of the other texts how many were called contradictory."""
    sorts = ("plain", "other words")
    others = sorted({row.hand for row in some} - HANDS)
    shown = Table("false alarms", "threshold", *(f"found, {sort}" for sort in sorts), *others)
    for alarms in (0.001, 0.0025, 0.005, 0.01, 0.02):
        least = threshold_for(some, found, alarms)
        over = Counter(
            (row.hand, row.sort) for row, chance in zip(some, found, strict=True) if chance > least
        )
        shares = [
            sum(over[hand, sort] for hand in HANDS) / sum(row.sort == sort for row in some) for sort in sorts
        ]
        counts = (f"{over[hand, 'clean']}" for hand in others)
        shown.add_row(f"{alarms:.2%}", f"{least:.3f}", *(f"{share:.3f}" for share in shares), *counts)
    return shown


def write(some: Sequence[Row], threshold: float) -> None:
    answers = without_each(some, fit_answers)
    stored = {
        "answers": fit_answers(some),
        "contradict": fit_contradictions(some, answers),
        "threshold": round(threshold, 3),
    }
    BUNDLED.write_text(json.dumps(stored, indent=1) + "\n", encoding="utf-8")


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--show", action="store_true", help="show every alarm and what was missed")
    parser.add_argument("--fit", action="store_true", help="cross-validate the learned part")
    parser.add_argument("--write", action="store_true", help="and replace the bundled weights")
    parser.add_argument("--kbs", type=Path, help="keep the knowledge bases of the real texts in this folder")
    options = parser.parse_args()
    console, embedder = Console(width=150), E5Embedder()
    if options.fit or options.write:
        seen = [
            row
            for company in track(list(companies(HANDS - UNSEEN)), "reading")
            for model in (embedder, None)
            for row in rows(company, model)
        ]
        with tempfile.TemporaryDirectory() as made:
            seen += [*rows_of_real_texts(embedder, options.kbs or Path(made)), *rows_of_pairs()]
        found = validated(seen)
        console.print(table_of(seen, found))
        if options.write:
            write(seen, threshold_for(seen, found, ALARMS))
            unseen = [row for company in companies(UNSEEN) for row in rows(company, embedder)]
            weights = ContradictionWeights.bundled()
            console.print(table_of(unseen, [likeliest(row, weights) for row in unseen]))
        return
    shown = Table("companies", *(f"answers with a conflict: {sort}" for sort in SORTS))
    for told, hands in (("fitted to", HANDS - UNSEEN), ("unseen", UNSEEN)):
        called = shares(list(companies(hands)), embedder, console if options.show else None)
        shown.add_row(told, *(f"{called[sort]:.4f}" for sort in SORTS))
    console.print(shown)


if __name__ == "__main__":
    main()
