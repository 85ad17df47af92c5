"""The new wording that amending acts quote, with numbers of its own."""

from __future__ import annotations

import re

from kbassist.sources.regulation.markers import Line

_LONGEST = 1_500  # lines
_OPENS = re.compile(
    r"[„\"“”]\s?(?:Art|§|\d{1,4}[a-z]*[.)]|[a-z]{1,2}\)|[-–]\s|(?:Rozdział|Dział|Tytuł|Oddział|Księga)\s)",
    re.IGNORECASE,
)
# A mark that opens has a word after it, one that closes something before it; between spaces it is neither.
_MARK = re.compile(r"[„”]|(?<![^\s(])[\"“](?=(\S))|(?<=\S)[\"“]")
_CLOSES = re.compile(r"[”\"“]\s?[;,.]?\Z")


def quotations(text: str, lines: list[Line]) -> list[tuple[int, int]]:
    """Spans of quoted wording, whole lines each: „Art. 5. 1. … ”;

    A quotation ends with the line that closes the mark it opened with, since words inside are quoted too;
    where the marks do not come out even, with the first line that ends in one.
    """
    depths = [
        sum(_mark(match[0], match[1] or "") for match in _MARK.finditer(text, line.start, line.end))
        for line in lines
    ]
    closes = [bool(_CLOSES.search(text, line.start, line.end)) for line in lines]
    found: list[tuple[int, int]] = []
    until = -1
    for index, line in enumerate(lines):
        if index <= until or not _OPENS.match(text, line.start, line.end):
            continue
        first, depth = -1, 0
        for last in range(index, min(index + _LONGEST, len(lines))):
            depth += depths[last]
            if closes[last] and (first < 0 or depth <= 0):
                first = last
                if depth <= 0:
                    break
        if first >= 0:
            until = first
            found.append((line.start - 1, lines[until].end))
    return found


def _mark(mark: str, following: str) -> int:
    """1 for a mark that opens, -1 for one that closes."""
    if mark in "„”":
        return 1 if mark == "„" else -1
    return 1 if following else -1
