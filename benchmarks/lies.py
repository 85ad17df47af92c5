"""False sentences that pass the check of generated answers, and true ones that do.

    python benchmarks/lies.py                        # the sentences in benchmarks/lies, by how they lie
    python benchmarks/lies.py --show                 # and each one that came out wrong
    KBASSIST_BENCH_DATA=… python benchmarks/lies.py  # real sentences too, changed by a script

A sentence of `benchmarks/lies` is checked like one that a language model wrote about the page which it stands
under: in the language of the question, against that page first and then two others, whichever it cites. A lie
passes when any of them supports it; one with the wrong citation when the page that it cites does.
`tuned-*` were looked at while the rules were written. `held-*`, `fresh-*` and `last-*` were each counted once
before any of them was looked at (docs/benchmarks.md has those counts), and are regression tests since.
`fourth-*`, `fifth-*` and `sixth-*` are by other hands, in free wording, and no rule was written for them.

Real ones: the sentence with the answer to a question of PoQuAD or SQuAD, with one number, negation or name
changed, or two names swapped. It passes when its passage supports it. In pairs of CDSCorpus the longer
sentence is the passage and the shorter one is checked.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from rich.console import Console
from rich.table import Table

from kbassist.assist.injections import readable
from kbassist.text.analysis import TextAnalyzer
from kbassist.text.language import detect
from kbassist.text.lexicon import Lexicons
from kbassist.text.sentences import sentences
from kbassist.text.verify import Verdict, Verifier
from kbassist.types import Hit, Passage

FOLDER = Path(__file__).with_name("lies")
FREE = ("fourth", "fifth", "sixth")
"""Parts in free wording."""
SENTENCES, PAIRS = 200, 300
_SEED = 5
_LONGEST = 300
_NAME = re.compile(r"(?<=[a-ząćęłńóśźż,] )[A-ZĄĆĘŁŃÓŚŹŻ][\w-]{3,}")
_APART = re.compile(r"\s[a-ząćęłńóśźż]{3,}\s")
_NUMBER = re.compile(r"(?<![\w.,])\d{1,4}(?![\w.,]\d|\w)")
_NOT = {
    "pl": re.compile(r"\bnie (?=\w)"),
    "en": re.compile(r"(?<=\w) not\b"),
}
_VERB = {
    "pl": re.compile(r"\b(?:jest|są|był[aoy]?|został[aoy]?|może|ma|mają|można)\b"),
    "en": re.compile(r"\b(?:is|are|was|were|can|could|may|must|will|would)\b"),
}


@dataclass(frozen=True)
class Case:
    """A sentence, the page it is about and two others. `way` says how it lies, and is empty for a truth."""

    part: str
    lang: str
    way: str
    sentence: str
    question: str
    passages: tuple[Passage, ...]
    cited: int = 1


def read(path: Path) -> Iterator[Case]:
    """The cases of a file: "== title | question", the text, "+ truth", "- way | lie"."""
    part, _, lang = path.stem.rpartition("-")
    pages: list[tuple[Passage, str, list[str]]] = []
    for block in path.read_text(encoding="utf-8").split("== ")[1:]:
        head, text, *rows = _lines(block)
        title, question = head.split(" | ")
        passage = Passage(f"{path.stem}-{len(pages)}", title, text, 0, len(text), title=title, lang=lang)
        pages.append((passage, question, rows))
    passages = [hit.passage for hit in readable([Hit(passage, 1.0) for passage, _, _ in pages])]
    for number, (_, question, rows) in enumerate(pages):
        around = tuple((passages[number:] + passages[:number])[:3])
        for row in rows:
            way, _, sentence = row[2:].rpartition(" | ")
            name, _, cited = way.partition(" [")
            place = int(cited.rstrip("]") or 1)
            yield Case(part, lang, name if row.startswith("-") else "", sentence, question, around, place)


def _lines(block: str) -> list[str]:
    """The heading, the text, whose further paragraphs begin with ">", and the sentences."""
    head, *rest = block.strip().splitlines()
    text = [rest[0], *(row[2:] for row in rest if row.startswith("> "))]
    return [head, "\n\n".join(text), *(row for row in rest[1:] if not row.startswith("> "))]


def cases(part: str = "") -> list[Case]:
    """Of the files whose names begin so; without one, of the parts that rules were written for."""
    paths = [path for path in sorted(FOLDER.glob(f"{part}*.txt")) if part or not path.stem.startswith(FREE)]
    return [case for path in paths for case in read(path)]


def passes(case: Case, verifier: Verifier, lexicons: Lexicons) -> bool:
    """Whether the sentence would be given to a customer, with the citation that it has."""
    if detect(case.sentence, lexicons, default=case.lang) != case.lang:
        return False
    cited = case.passages[case.cited - 1]
    others = () if case.way == "citation" else case.passages
    return any(_verdict(case, passage, verifier).supported for passage in (cited, *others))


def _verdict(case: Case, passage: Passage, verifier: Verifier) -> Verdict:
    return verifier.verify(case.sentence, passage, case.lang, case.question)


# --- real sentences ----------------------------------------------------------------------------


def answering(folder: Path, lang: str) -> list[tuple[str, Passage]]:
    """Sentences that hold the answer to a question, with their passages."""
    corpus = [row for path in sorted(folder.glob("corpus*.jsonl")) for row in _rows(path)]
    documents = {row["id"]: row for row in corpus}
    questions = {row["id"]: row for row in _rows(folder / "queries.jsonl")}
    found: dict[str, Passage] = {}
    for line in (folder / "qrels.tsv").read_text(encoding="utf-8").splitlines():
        query, document, _ = line.split("\t")
        if query not in questions or document not in documents:
            continue
        row, asked = documents[document], questions[query]
        text, answers = row["text"], asked.get("spans") or asked.get("answers") or [""]
        at = text.find(answers[0])
        for start, end in sentences(text, lang):
            if start <= at < end and end - start < _LONGEST:
                title = row.get("title", "")
                found[text[start:end]] = Passage(
                    document, document, text, 0, len(text), title=title, lang=lang
                )
    chosen = sorted(found.items())
    random.Random(_SEED).shuffle(chosen)
    return chosen[:SENTENCES]


@dataclass(frozen=True)
class Means:
    """What a change may draw on."""

    lang: str
    chance: random.Random
    names: list[str]


def number_changed(text: str, means: Means) -> str | None:
    found = list(_NUMBER.finditer(text))
    if not found:
        return None
    match = means.chance.choice(found)
    return (
        f"{text[: match.start()]}{int(match[0]) + means.chance.choice([1, 2, 3, 7, 10])}{text[match.end() :]}"
    )


def negation_toggled(text: str, means: Means) -> str | None:
    if match := _NOT[means.lang].search(text):
        return text[: match.start()] + text[match.end() :]
    found = list(_VERB[means.lang].finditer(text))
    if not found:
        return None
    match = means.chance.choice(found)
    if means.lang == "pl":
        return f"{text[: match.start()]}nie {text[match.start() :]}"
    return f"{text[: match.end()]} not{text[match.end() :]}"


def name_replaced(text: str, means: Means) -> str | None:
    found = list(_NAME.finditer(text))
    if not found:
        return None
    match = means.chance.choice(found)
    other = means.chance.choice([name for name in means.names if name not in text])
    return f"{text[: match.start()]}{other}{text[match.end() :]}"


def names_swapped(text: str, _: Means) -> str | None:
    found = list(_NAME.finditer(text))
    if len(found) < 2 or found[0][0] == found[-1][0]:
        return None
    first, last = found[0], found[-1]
    if not _APART.search(text, first.end(), last.start()):
        return None  # the parts of one name, which mean the same in any order
    return f"{text[: first.start()]}{last[0]}{text[first.end() : last.start()]}{first[0]}{text[last.end() :]}"


CHANGES: dict[str, Callable[[str, Means], str | None]] = {
    "number changed": number_changed,
    "negation toggled": negation_toggled,
    "name replaced": name_replaced,
    "names swapped": names_swapped,
}


def changed(folder: Path, verifier: Verifier) -> dict[str, tuple[int, int]]:
    """For each change, how many sentences it was made to and how many of them passed."""
    lang = folder.name[:2]
    gold = answering(folder, lang)
    names = [name for _, passage in gold for name in _NAME.findall(passage.text)]
    found: dict[str, tuple[int, int]] = {}
    for name, change in CHANGES.items():
        means = Means(lang, random.Random(_SEED), names)
        made = [(change(text, means), passage) for text, passage in gold]
        lies = [(text, passage) for text, passage in made if text is not None]
        found[name] = len(lies), sum(verifier.verify(text, passage, lang).supported for text, passage in lies)
    return found


def pairs(path: Path, verifier: Verifier) -> dict[str, float]:
    """The share of pairs whose longer sentence is taken to support the shorter one, by label."""
    rows = _rows(path)
    random.Random(_SEED).shuffle(rows)
    found: dict[str, float] = {}
    for label in ("ENTAILMENT", "NEUTRAL", "CONTRADICTION"):
        chosen = [row for row in rows if row["label"] == label][:PAIRS]
        supported = 0
        for row in chosen:
            short, long = sorted((row["a"], row["b"]), key=len)
            supported += verifier.verify(short, Passage("p", "d", long, 0, len(long)), "pl").supported
        found[label] = supported / len(chosen)
    return found


def _rows(path: Path) -> list[dict[str, str]]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


# --- figures -----------------------------------------------------------------------------------


def measure(data: Path) -> dict[str, float]:
    """For the gate. `lies refused` and `truths accepted` are shares of the written sentences."""
    lexicons = Lexicons()
    verifier = Verifier(TextAnalyzer(lexicons), lexicons)
    figures = _figures(cases(), verifier, lexicons)
    free = _figures((case for part in FREE for case in cases(part)), verifier, lexicons)
    figures["lies in free wording refused"] = free["lies refused"]
    for name in ("pl-poquad", "en-squad2"):
        for change, (made, passed) in changed(data / name, verifier).items():
            figures[f"{name} {change}, refused"] = 1 - passed / made
    shares = pairs(data / "pl-pairs" / "cdscorpus.jsonl", verifier)
    figures["pl-pairs contradictions refused"] = 1 - shares["CONTRADICTION"]
    figures["pl-pairs entailments accepted"] = shares["ENTAILMENT"]
    return figures


def _figures(tried: Iterable[Case], verifier: Verifier, lexicons: Lexicons) -> dict[str, float]:
    counts: Counter[tuple[bool, bool]] = Counter()
    for case in tried:
        counts[bool(case.way), passes(case, verifier, lexicons)] += 1
    lies, truths = counts[True, True] + counts[True, False], counts[False, True] + counts[False, False]
    return {"lies refused": counts[True, False] / lies, "truths accepted": counts[False, True] / truths}


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("part", nargs="?", default="", help="tuned, held, tuned-pl, …")
    parser.add_argument("--show", action="store_true")
    args = parser.parse_args()
    console = Console()
    lexicons = Lexicons()
    verifier = Verifier(TextAnalyzer(lexicons), lexicons)
    made: Counter[tuple[str, str]] = Counter()
    passed: Counter[tuple[str, str]] = Counter()
    wrong: list[str] = []
    tried = [case for part in ([args.part] if args.part else ["", *FREE]) for case in cases(part)]
    parts = sorted({case.part for case in tried})
    for case in tried:
        through = passes(case, verifier, lexicons)
        for key in (
            (case.way or "true", case.part),
            (f"{'false' if case.way else 'true'}, {case.lang}", case.part),
        ):
            made[key] += 1
            passed[key] += through
        if through == bool(case.way):
            verdict = _verdict(case, case.passages[0], verifier)
            told = f"{verdict.fault} {' '.join(verdict.missing)}".strip()
            wrong.append(f"{case.part}-{case.lang} {case.way or 'TRUE'}: {case.sentence} ({told})")
    table = Table("passed of tried", *parts)
    totals = [f"{kind}, {lang}" for kind in ("false", "true") for lang in ("pl", "en")]
    for way in (*sorted({case.way for case in tried if case.way}), *totals):
        if way == totals[0]:
            table.add_section()
        table.add_row(way, *(f"{passed[way, part]} of {made[way, part]}" for part in parts))
    console.print(table)
    if args.show:
        for line in wrong:
            console.print(line, markup=False, highlight=False)
    if named := os.environ.get("KBASSIST_BENCH_DATA"):
        real = Table("changed by a script", "made", "passed")
        for name in ("pl-poquad", "en-squad2"):
            for change, (count, through) in changed(Path(named) / name, verifier).items():
                real.add_row(f"{name}, {change}", f"{count}", f"{through}")
        console.print(real)
        shares = pairs(Path(named) / "pl-pairs" / "cdscorpus.jsonl", verifier)
        console.print(", ".join(f"{label.lower()} accepted {share:.3f}" for label, share in shares.items()))


if __name__ == "__main__":
    main()
