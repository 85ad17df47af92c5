"""What opens a line of a regulation: `§ 7`, `Art. 22¹.`, `1.`, `1)`, `a)`, `–`, `7.2.3`, `Rozdział IV`.

Only the look of a line is judged here, and nothing is claimed: whether a marker belongs to a
numbering is for `kbassist.sources.regulation` to find out.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from kbassist.text.ordinals import ordinal, roman

Key = tuple[int, int, str]
"""Number, superscript, letter: 22¹ is `(22, 1, "")`, 33a is `(33, 0, "a")`."""

_SUPERSCRIPTS = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹", "0123456789")
_RAISED = r"(?:[⁰¹²³⁴-⁹]+|\(\d{1,2}\)|\[\d{1,2}\]|\{\d{1,2}\}|\^\d{1,2})"
_NUMBER = rf"(?P<number>\d{{1,4}}(?:[a-z]{{0,2}}{_RAISED}?|{_RAISED}[a-z]{{1,2}}))"
_ROMAN = r"[IVXLC]+"
_ORDINAL_WORDS = (
    "pierwsz|drug|trzec|czwart|piąt|szóst|siódm|ósm"
    "|dziewiąt|dziesiąt|jedenast|dwunast|trzynast|czternast|piętnast"
)

# A number, a letter, a dash that may open an item, and what an item may look like after it.
_STYLES: tuple[tuple[str, re.Pattern[str]], ...] = (
    ("§", re.compile(rf"(?:§|Paragraf|PARAGRAF)\s*{_NUMBER}\s*[.:)]?(?=\s|$)")),
    (
        "art",
        re.compile(
            rf"(?:Art(?:\.|(?=\s))|ART(?:\.|(?=\s))|Artykuł|ARTYKUŁ|Article|ARTICLE)\s*{_NUMBER}\s*[.:]?(?=\s|$)"
        ),
    ),
    ("section", re.compile(r"(?:Section|SECTION|Clause|CLAUSE)\s+(?P<number>\d{1,3})\s*[.:]?(?=\s|$)")),
    (
        "chapter",
        re.compile(
            r"(?P<word>Księga|Część|Tytuł|Dział|Rozdział|Oddział|Sekcja|Załącznik|Aneks"
            r"|Book|Part|Title|Chapter|Annex|Appendix|Schedule)"
            rf"\s+(?:nr\s+|no\.?\s+)?(?P<number>{_ROMAN}\b[a-z]?|\d{{1,3}}[a-z]?\b|(?:{_ORDINAL_WORDS})[aeiy]+\b|[A-Z]\b"
            r"|(?=(?:do|to)\s)(?<=załącznik ))[.:]?",
            re.IGNORECASE,
        ),
    ),
    ("I.", re.compile(rf"(?P<number>{_ROMAN})[.)]\s+(?=\S)")),
    ("n.n", re.compile(r"(?P<number>\d{1,3}(?:\.\d{1,3}){1,4})\.?(?:\s+(?=\S)|(?=[A-ZĄĆĘŁŃÓŚŹŻ„]))")),
    ("n.", re.compile(r"(?P<number>\d{1,3}[a-z]?[⁰¹²³⁴-⁹]*)\.(?=\s|$|[A-ZĄĆĘŁŃÓŚŹŻ„])")),
    ("(n)", re.compile(r"\((?P<number>\d{1,3}[a-z]?)\)(?=\s|$)")),
    ("n)", re.compile(r"(?P<number>\d{1,3}[a-z]?[⁰¹²³⁴-⁹]*)\)(?![,.;:)])")),
    ("(a)", re.compile(r"\((?P<number>[a-z]{1,2}|[ivx]{1,5})\)(?=\s|$)")),
    ("a)", re.compile(r"(?P<number>[a-z]{1,2}|[ivx]{1,5})\)(?![,.;:)])")),
    ("a.", re.compile(r"(?P<number>[a-z]|[ivx]{1,5})\.(?=\s+\S)")),
    ("–", re.compile(r"(?P<number>)[–—-](?=\s+\S)")),
)
CONTAINERS = ("§", "art", "section")
_ITEMS = ("n.", "n)", "(n)", "a)", "(a)")
_BARE_WORDS = ("§", "Art.", "Art", "ART.", "Artykuł", "Article", "Section")
ANNEXES = ("załącznik", "aneks", "annex", "appendix", "schedule")

# "§ 5 ust. 2", "Art. 6 i 7", "§ 4 niniejszego": somebody else's number, not a heading.
_REFERENCE = re.compile(
    r"[,;]?\s*(?:(?:ust|pkt|lit|zd|art|poz)\b\.?|§|(?:i|oraz|lub|albo|do|and|or|to|of|through)\s|[–-]\s*\d|\(\d)"
)
_HANGING = re.compile(
    r"(?:\b(?:w|z|ze|i|oraz|lub|albo|do|na|od|o|art|ust|pkt|lit|nr|niż|przez|po|in|of|under|and|or|to|with|by|see)\.?|[(–-])$",
    re.IGNORECASE,
)
# Items in the middle of a line, and what a full stop before them may belong to.
_INLINE = re.compile(r"[:;,.]\s+(?:(?:i|lub|oraz|albo|or|and)\s+)?(\(?(?:[a-z]|\d{1,2})\)(?!\s*[,.;]))")
_ABBREVIATION = re.compile(r"\b(?:lit|pkt|ust|art|nr|poz|zob|np)\.\Z", re.IGNORECASE)
_MOST_INLINE = 300
_MOST_TOGETHER = 8


@dataclass(frozen=True, slots=True)
class Line:
    """One line with something on it, trimmed."""

    start: int
    end: int
    indent: int
    after_blank: bool


@dataclass(frozen=True, slots=True)
class Reading:
    """One way to read a marker: "i)" is a letter or a Roman numeral."""

    style: str
    key: Key


@dataclass(frozen=True, slots=True)
class Marker:
    """`start` is where the marker stands, `end` where what it marks begins (or the line ends)."""

    start: int
    end: int
    line: int
    indent: int
    number: str
    readings: tuple[Reading, ...]
    word: str = ""

    @property
    def style(self) -> str:
        return self.readings[0].style

    @property
    def key(self) -> Key:
        return self.readings[0].key

    @property
    def components(self) -> tuple[int, ...]:
        """`(7, 2, 3)` for "7.2.3"."""
        return tuple(int(part) for part in re.findall(r"\d+", self.number))


def lines_of(text: str) -> list[Line]:
    """The lines of `text` that are not blank."""
    found: list[Line] = []
    blank = True
    for match in re.finditer(r"[^\n]*\n?", text):
        stripped = match.group().strip()
        if stripped:
            indent = len(match.group()) - len(match.group().lstrip())
            start = match.start() + indent
            found.append(Line(start, start + len(stripped), indent, blank))
        blank = not stripped
    return found


def markers(text: str, lines: list[Line]) -> Iterator[Marker]:
    """Every marker at the beginning of a line, and those that follow it at once ("Art. 2. 1. …")."""
    for index, line in enumerate(lines):
        above = lines[index - 1] if index else None
        before = text[above.start : above.end] if above and not line.after_blank else ""
        at = line.start
        found = None
        if before in _BARE_WORDS and above is not None:  # the number went to a line of its own
            found = _marker(text, above.start, line, index)
            before = ""
        found = found or _marker(text, at, line, index)
        if found is not None and found.style in CONTAINERS and not _opens(text, found, line, before):
            continue
        if found is not None and found.word[:1].islower() and not _opens(text, found, line, before):
            found = None
        undotted = False  # "Art. 22 1. § 1.": the number after it may be a raised one
        for _ in range(_MOST_TOGETHER):
            if found is None:
                break
            yield found
            if found.style in ("chapter", "–", "I."):
                break
            allowed = ("§", *_ITEMS) if found.style == "art" or undotted else _ITEMS
            undotted = found.style == "art" and not text[found.start : found.end].rstrip().endswith(
                (".", ":")
            )
            at, found = found.end, _marker(text, found.end, line, index)
            if found is not None and found.style not in allowed:
                break
        yield from _inline(text, line, index, at)


def _inline(text: str, line: Line, index: int, at: int) -> Iterator[Marker]:
    """The items of lists that were run together: "…: a) osoba…; b) przetwarzanie…"."""
    found: list[tuple[Marker, bool]] = []
    for match in _INLINE.finditer(text, at, line.end):
        marker = _marker(text, match.start(1), line, index)
        before = text[max(line.start, match.start() - 5) : match.start() + 1]
        if marker is not None and not _ABBREVIATION.search(before):
            found.append((marker, match.group().startswith(":")))
        if len(found) == _MOST_INLINE:
            break
    listed: set[int] = set()
    for position, (first, introduced) in enumerate(found):
        if not introduced or first.key != (1, 0, ""):
            continue
        items = [position]
        for later in range(position + 1, len(found)):
            marker = found[later][0]
            last = found[items[-1]][0]
            if marker.style == first.style and marker.key == (last.key[0] + 1, 0, ""):
                items.append(later)
        if len(items) > 1:
            listed.update(items)
    yield from (found[position][0] for position in sorted(listed))


def _marker(text: str, at: int, line: Line, index: int) -> Marker | None:
    for style, pattern in _STYLES:
        match = pattern.match(text, at, line.end)
        if match is None:
            continue
        end = match.end()
        while end < line.end and text[end].isspace():
            end += 1
        number = match["number"]
        readings = _readings(style, number)
        if readings:
            word = match["word"] if style == "chapter" else ""
            indent = line.indent + max(0, at - line.start)
            return Marker(match.start(), end, index, indent, number, readings, word)
    return None


def _opens(text: str, marker: Marker, line: Line, before: str) -> bool:
    rest = text[marker.end : line.end]
    if _REFERENCE.match(text, marker.end, line.end) and not re.match(r"§\s*1\b", rest):
        return False
    if _HANGING.search(before) or (rest and before.endswith(",")):
        return False
    dotted = text[marker.start : marker.end].rstrip().endswith((".", ":"))
    return dotted or not rest[:1].islower()


def _readings(style: str, number: str) -> tuple[Reading, ...]:
    if style in ("(a)", "a)", "a."):
        letters = (Reading(style, (_letter(number), 0, "")),) if len(number) <= 2 else ()
        value = roman(number.upper())
        return (*letters, Reading(style.replace("a", "i"), (value, 0, ""))) if value else letters
    if style == "I.":
        value = roman(number)
        return (Reading(style, (value, 0, "")),) if value else ()
    if style == "chapter":
        value = roman(number.upper()) or ordinal(number) or int("".join(re.findall(r"\d+", number)) or 0)
        return (Reading(style, (value, 0, "")),)
    if style == "n.n":
        parts = [int(part) for part in number.split(".")]
        return (Reading(style, (parts[-1], 0, "")),) if parts[0] else ()
    return (Reading(style, _key(number)),)


def _key(number: str) -> Key:
    match = re.fullmatch(rf"(\d+)([a-z]*)({_RAISED}?)([a-z]*)", number)
    if match is None:
        return (0, 0, "")
    raised = re.sub(r"\D", "", match[3].translate(_SUPERSCRIPTS))
    return (int(match[1]), int(raised or 0), match[2] or match[4])


def _letter(number: str) -> int:
    """Number of a letter: a = 1 … z = 26, then aa or za = 27."""
    return ord(number[-1]) - 96 + 26 * (len(number) - 1)
