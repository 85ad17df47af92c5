"""How well the score of a PDF page tells spoilt text from good: where the threshold comes from.

    KBASSIST_BENCH_DATA=… python benchmarks/pdf_quality.py

Good pages are those of the files as they are, at most 60 a file; every one that is left out is printed, to be
looked at. Spoilt pages are made of those of at least sixty words that are nine in ten known: letters shifted
as by a font without a table (`shifted`), exchanged for one another (`jumbled`), every third, fifth or tenth
character replaced by another one at random, all spaces lost. The figures of the quality gate are the share of
shifted and jumbled pages that are found, and of good pages that are kept.
"""

from __future__ import annotations

import string
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import closing
from pathlib import Path
from random import Random
from statistics import median

import pypdfium2
from datasets import folder
from rich.console import Console
from rich.table import Table

from kbassist.sources.pdf.page import read_lines
from kbassist.sources.pdf.quality import WORST_SCORE, Vocabulary, judge
from kbassist.text.lexicon import Lexicons

FOLDERS = ("pdf-polish", "pdf-hard", "regulations/pdf")
MOST_PAGES = 60
SAMPLE = 60
LETTERS = "aąbcćdeęfghijklłmnńoóprsśtuwyzźż"


def shifted(text: str, chance: Random) -> str:
    return "".join(
        chr(ord(letter) - 29)
        if "A" <= letter <= "z"
        else chr(chance.randrange(33, 127))
        if letter in LETTERS
        else letter
        for letter in text
    )


def jumbled(text: str, chance: Random) -> str:
    letters = list(LETTERS)
    chance.shuffle(letters)
    other = "".join(letters)
    return text.translate(str.maketrans(LETTERS + LETTERS.upper(), other + other.upper()))


def replaced(share: float) -> Callable[[str, Random], str]:
    def spoil(text: str, chance: Random) -> str:
        return "".join(
            chance.choice(string.ascii_letters + ".,;|1!'")
            if letter.isalpha() and chance.random() < share
            else letter
            for letter in text
        )

    return spoil


def without_spaces(text: str, _: Random) -> str:
    return text.replace(" ", "")


SPOILERS: dict[str, Callable[[str, Random], str]] = {
    "shifted": shifted,
    "jumbled": jumbled,
    "every third character": replaced(1 / 3),
    "every fifth character": replaced(1 / 5),
    "every tenth character": replaced(1 / 10),
    "no spaces": without_spaces,
}


def pages(paths: Iterable[Path]) -> Iterator[tuple[str, str, int]]:
    """Where it is, its text and how many characters have no meaning, of every page that has any."""
    for path in paths:
        try:
            pdf = pypdfium2.PdfDocument(path.read_bytes())
        except pypdfium2.PdfiumError:
            continue
        with closing(pdf):
            for index in range(min(len(pdf), MOST_PAGES)):
                try:
                    textpage = pdf[index].get_textpage()
                except pypdfium2.PdfiumError:
                    continue
                reading = read_lines(textpage.raw, 200_000)
                text = "\n".join(line.text for line in reading.lines)
                if text:
                    yield f"{path.name} page {index + 1}", text, reading.unmapped


def spoilt(
    texts: Sequence[str], spoil: Callable[[str, Random], str], vocabulary: Vocabulary
) -> list[float | None]:
    """The scores of a sample of pages once they are spoilt."""
    chance = Random(5)
    sample = chance.sample(list(texts), min(SAMPLE, len(texts)))
    return [judge(spoil(text, chance), 0, vocabulary).score for text in sample]


def found_and_kept(paths: Iterable[Path]) -> dict[str, float]:
    """The figures of the quality gate."""
    vocabulary = Vocabulary(Lexicons())
    real = list(pages(paths))
    kept = sum(not judge(text, unmapped, vocabulary).reason for _, text, unmapped in real)
    good = _good(real, vocabulary)
    scores = [score for name in ("shifted", "jumbled") for score in spoilt(good, SPOILERS[name], vocabulary)]
    found = sum(score is not None and score < WORST_SCORE for score in scores)
    return {"pdf spoilt pages found": found / len(scores), "pdf good pages kept": kept / len(real)}


def _good(real: Iterable[tuple[str, str, int]], vocabulary: Vocabulary) -> list[str]:
    judged = ((text, judge(text, unmapped, vocabulary).score) for _, text, unmapped in real)
    return [text for text, score in judged if score is not None and score > 0.9 and len(text.split()) >= 60]


def main() -> None:
    data = folder()
    console = Console()
    vocabulary = Vocabulary(Lexicons())
    real = list(pages(sorted(path for folder in FOLDERS for path in (data / folder).rglob("*.pdf"))))
    judged = [(where, judge(text, unmapped, vocabulary)) for where, text, unmapped in real]
    scores = sorted((quality.score, where) for where, quality in judged if quality.score is not None)
    console.print(f"{len(judged)} pages, {len(scores)} of them with a score; the lowest:")
    for score, where in scores[:12]:
        console.print(f"  {score:.2f} {where}", highlight=False)
    for where, quality in judged:
        if quality.reason:
            console.print(f"left out: {where}: {quality.reason}", highlight=False)
    good = _good(real, vocabulary)
    shown = Table(
        "spoilt", "pages", "no score", "median", f"below {WORST_SCORE}", title=f"of {len(good)} good pages"
    )
    for name, spoil in SPOILERS.items():
        found = spoilt(good, spoil, vocabulary)
        known = [score for score in found if score is not None]
        below = sum(score < WORST_SCORE for score in known)
        middle = f"{median(known):.2f}" if known else "–"
        shown.add_row(
            name, str(len(found)), str(len(found) - len(known)), middle, f"{below / len(found):.0%}"
        )
    console.print(shown)


if __name__ == "__main__":
    main()
