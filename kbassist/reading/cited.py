"""What a language model writes, cut into sentences with the numbers that they cite."""

from __future__ import annotations

import html
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from kbassist.text.sentences import sentences

_CITED = re.compile(r"\s*\[(\d{1,2}(?:\s*[,;]\s*\d{1,2}){0,9})\]")
_LEADING = re.compile(r"\A(?:\s*\[\d{1,2}(?:\s*[,;]\s*\d{1,2}){0,9}\][.,;]?)+")
_OPEN = re.compile(r"\s*\[[\d,; ]{0,30}\Z")
_MARKS = re.compile(r"[*_`#]+|\A\s*(?:[-•]|\d{1,2}[.)])\s+")
_THINKING = re.compile(r"<think(?:ing)?>.*?(?:</think(?:ing)?>|\Z)", re.DOTALL | re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Cited:
    """A sentence without its marks, and the numbers of the passages it cites, from 1."""

    text: str
    numbers: tuple[int, ...]


def cited_sentences(pieces: Iterable[str], lang: str, *, longest: int = 6_000) -> Iterator[Cited]:
    """Each sentence as soon as it is known to be over; what comes after `longest` characters is not read.

    "[1]" may stand before the full stop or behind it.
    """
    text = ""
    given = 0
    for piece in pieces:
        text = (text + piece)[:longest]
        done = _split(_THINKING.sub(" ", text), lang)
        # The last one may go on, and the number behind the one before may still come.
        while given < len(done) - 1:
            if found := _cited(done[given]):
                yield found
            given += 1
        if len(text) == longest:
            break
    for sentence in _split(_THINKING.sub(" ", text), lang)[given:]:
        if found := _cited(sentence):
            yield found


def _split(text: str, lang: str) -> list[str]:
    """Sentences; numbers that stand behind a full stop belong to what they follow."""
    text = _OPEN.sub("", text)
    found: list[str] = []
    for start, end in sentences(text, lang):
        sentence = text[start:end]
        leading = _LEADING.match(sentence)
        if leading and found:
            found[-1] += leading[0]
            sentence = sentence[leading.end() :].strip()
        if sentence:
            found.append(sentence)
    return found


def _cited(sentence: str) -> Cited | None:
    numbers = [int(number) for match in _CITED.finditer(sentence) for number in re.findall(r"\d+", match[1])]
    text = html.unescape(_MARKS.sub("", _CITED.sub("", sentence))).strip()
    if not text or not any(char.isalpha() for char in text):
        return None
    return Cited(text, tuple(dict.fromkeys(numbers)))
