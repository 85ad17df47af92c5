"""Questions answered whatever the confidence, and which answers are right: what `answers.py` and
`calibration.py` measure on.

An answer is right when one of its quotes holds the gold answer. Beside the answerable questions there are
near misses, which no passage answers (PoQuAD, SQuAD 2.0), and questions about other things: Polish trivia,
CLINC150, to which every answer is wrong. An encyclopaedia does answer some trivia, though: one whose gold
answer stands in a passage that was found is left out, and so are questions for yes or no, where nobody can
tell.
"""

from __future__ import annotations

import pickle
import random
import tempfile
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from datasets import DataSet, folder, load, rows, sample
from material import built
from rich.console import Console
from rich.progress import track

from kbassist import Answer, KnowledgeBase
from kbassist.evaluation import normalise_answer
from kbassist.models.e5 import E5Embedder
from kbassist.protocols import Embedder
from kbassist.text.analysis import TextAnalyzer

NAMES = ("pl-poquad", "en-squad2")
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
    probability: list[float] = field(default_factory=list)
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


def collect(
    place: Path,
    sizes: Sizes = Sizes(),
    embedder: Embedder | None = None,
    *,
    part: Mapping[str, int] | None = None,
) -> Sample:
    """`part` takes so many questions and documents of each data set only."""
    found = Sample()
    analyzer = TextAnalyzer()
    for name in NAMES:
        data = sample(load(name), **part) if part else load(name)
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
    if asked.kind == "out of scope" and not _is_out_of_scope(asked, answer, analyzer):
        return
    quotes = [citation.quote for citation in answer.citations]
    into.signals.append(dict(answer.confidence.signals))
    into.probability.append(answer.confidence.probability)
    into.right.append(asked.kind == "answerable" and holds(quotes, asked.gold))
    into.kind.append(asked.kind)
    into.lang.append(lang)
    into.group.append(asked.group)
    into.quotes.append(len(quotes))
    into.verbatim.append(
        all(texts[each.document_id][each.start : each.end] == each.quote for each in answer.citations)
    )


def _is_out_of_scope(asked: Asked, answer: Answer, analyzer: TextAnalyzer) -> bool:
    if {gold.lower().strip(" .") for gold in asked.gold} & {"tak", "nie"}:
        return False
    found = [f"{hit.passage.title} {hit.passage.text}" for hit in answer.hits]
    return not any(_mentions(text, asked.gold, analyzer) for text in found)


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


def kept(file: Path | None, place: Path | None) -> tuple[Sample, Sample]:
    """With the bundled model, and without one."""
    if file and file.exists():
        found: tuple[Sample, Sample] = pickle.loads(file.read_bytes())
        return found
    with tempfile.TemporaryDirectory() as temporary:
        made = [collect(place or Path(temporary), embedder=each) for each in (E5Embedder(), None)]
    if file:
        file.write_bytes(pickle.dumps(tuple(made)))
    return made[0], made[1]
