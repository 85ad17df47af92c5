"""Regulations to measure on, and where their provisions begin by rules that are not the library's."""

from __future__ import annotations

import re
from pathlib import Path

from datasets import rows
from lxml import html

from kbassist import Document
from kbassist.sources.files import FileSource
from kbassist.text.addresses import address_of

Gold = dict[str, int | None]
"""Canonical address to its offset; None where only the address is known."""

# --- gold --------------------------------------------------------------------------------------

_ARTICLE = re.compile(r"\s*Art(?:\.|ykuł)\s*(\d+[a-z]*)(?:\s*\.|\s*$)\s*")
_LEVELS = (
    (re.compile(r"\s*(\d+[a-z]*)\.(?=\s|$)\s*"), "ust."),
    (re.compile(r"\s*(\d+[a-z]*)\)\s*"), "pkt"),
    (re.compile(r"\s*([a-z]{1,2})\)\s*"), "lit."),
)
_QUOTE = re.compile(r"\s*[\"„“”]\s*(?:Art|§|\d+[a-z]*[.)]|[a-z]{1,2}\)|Rozdz|Tytuł|[-–]\s)")
_UNQUOTE = re.compile(r"[\"”“]\s?[;,.]?\s*$")
_ANNEX = re.compile(r"\s*(?:Załącznik|ZAŁĄCZNIK)")
_NO_POLISH_LETTERS = "qvx"


def next_number(before: str, now: str) -> bool:
    """3 after 2, 3a after 3, 1 at the beginning; letters as Polish lists have them."""
    if now[0].isdigit():
        number, letter = int(re.match(r"\d+", now)[0]), now.lstrip("0123456789")  # type: ignore[index]
        if not before:
            return number == 1
        last, tail = int(re.match(r"\d+", before)[0]), before.lstrip("0123456789")  # type: ignore[index]
        return number == last + 1 or (number == last and letter > tail)
    alphabet = [char for char in "abcdefghijklmnopqrstuvwxyz" if char not in _NO_POLISH_LETTERS]
    full = list("abcdefghijklmnopqrstuvwxyz")
    letters = [*alphabet, *(f"{first}{second}" for first in "az" for second in alphabet)]
    if not before:
        return now == "a"
    return any(
        before in order and order.index(before) + 1 < len(order) and order[order.index(before) + 1] == now
        for order in (letters, full)
    )


def counted(text: str, *, opening: re.Pattern[str] = _ARTICLE, name: str = "art.") -> Gold:
    """Provisions by the numbers at the beginning of lines, each in its own sequence."""
    gold: Gold = {}
    article, seen, quoted = "", ["", "", ""], False
    at = 0
    lines = text.splitlines(keepends=True)
    for index, line in enumerate(lines):
        start, at = at, at + len(line)
        stripped = line.rstrip()
        if article and _ANNEX.match(stripped):
            break
        if quoted or _QUOTE.match(stripped):
            following = next((later for later in lines[index + 1 :] if later.strip()), "")
            quoted = not (_UNQUOTE.search(stripped) and goes_on(following, opening, article, seen))
            continue
        position = 0
        match = opening.match(line)
        if match and (not article or next_number(article, match[1]) or _gap(article, match[1])):
            article, seen = match[1], ["", "", ""]
            gold[str(address_of(f"{name} {article}"))] = start + len(line) - len(line.lstrip())
            position = match.end()
        elif match:
            continue
        if not article:
            continue
        for level, (pattern, _) in enumerate(_LEVELS):
            found = pattern.match(line, position)
            if found and next_number(seen[level], found[1]) and not (level and not found[1]):
                seen[level:] = [found[1], *[""] * (2 - level)]
                label = " ".join(
                    f"{unit} {number}" for (_, unit), number in zip(_LEVELS, seen, strict=True) if number
                )
                where = start + position + len(found[0]) - len(found[0].lstrip())
                gold[str(address_of(f"{name} {article} {label}"))] = where
                position = found.end()
    return gold


def goes_on(line: str, opening: re.Pattern[str], article: str, seen: list[str]) -> bool:
    """Whether the line takes the numbering up again that stood before a quotation."""
    match = opening.match(line)
    if match:
        return next_number(article, match[1]) or _gap(article, match[1])
    numbers = [pattern.match(line) for pattern, _ in _LEVELS]
    return not any(numbers) or any(
        found is not None and bool(before) and next_number(before, found[1])
        for before, found in zip(seen, numbers, strict=True)
    )


def _gap(before: str, now: str) -> bool:
    """A few articles may be missing."""
    return 0 < int(re.sub(r"\D", "", now)) - int(re.sub(r"\D", "", before) or 0) <= 5


def gdpr_elements(path: Path) -> Gold:
    """The provisions of the GDPR page, by its elements."""
    gold: Gold = {}
    for section in html.fromstring(path.read_bytes()).iter("section"):
        kind, _, number = (section.get("id") or "").rpartition("-")
        outer = f"{'motyw' if kind == 'motyw' else 'art.'} {number}"
        gold[str(address_of(outer))] = None
        if kind == "motyw":
            continue
        paragraph = ""
        path_of: dict[int, str] = {}
        for element in section.iter("p", "span"):
            words = " ".join((element.text or "").split())
            if element.tag == "p" and (match := re.match(r"(\d+)\.", words)):
                paragraph = f" ust. {match[1]}"
                path_of = {}
                gold[str(address_of(outer + paragraph))] = None
            elif element.get("class") == "pos" and (match := re.match(r"(\w+)\)", words)):
                depth = sum(1 for above in element.iterancestors("span"))
                unit = "pkt" if match[1].isdigit() else "lit."
                path_of = {level: part for level, part in path_of.items() if level < depth}
                path_of[depth] = f" {unit} {match[1]}"
                gold[str(address_of(outer + paragraph + "".join(path_of.values())))] = None
    return gold


# --- documents ---------------------------------------------------------------------------------


def gdpr_text(data: Path) -> str:
    parts = []
    for row in rows(data / "regulations" / "rodo.jsonl"):
        number = row["title"].split()[-1]
        opening = f"({number})" if "motyw" in row["title"] else f"Artykuł {number}\n{row.get('heading', '')}"
        parts.append(f"{opening}\n{row['text']}")
    return "\n".join(parts)


def constitution_text(data: Path) -> str:
    parts, chapter = ["KONSTYTUCJA RZECZYPOSPOLITEJ POLSKIEJ\nz dnia 2 kwietnia 1997 r."], ""
    for row in rows(data / "regulations" / "konstytucja.jsonl"):
        match = re.match(r"Konstytucja RP, rozdz\. (\w+) (.*), Art\. (\w+)$", row["title"])
        if match and match[1] != chapter:
            chapter = match[1]
            parts.append(f"Rozdział {chapter}\n{match[2].upper()}")
        number = row["id"].removeprefix("KRP-art")
        parts.append(f"Art. {number}.\n{row['text']}")
    return "\n".join(parts)


def acts(data: Path) -> list[Document]:
    found = []
    for path in sorted((data / "pl-legal" / "acts").glob("*.txt")):
        text = path.read_text(encoding="utf-8")
        title = re.search(
            r"USTAWA\s+z dnia[\s\S]{5,400}?(?=\n\s*(?:Rozdział|DZIAŁ|Dział|Art\.|\n\s*\n\s*\n))", text
        )
        found.append(Document(path.stem, text, " ".join(title[0].split()) if title else "", lang="pl"))
    return found


def read(path: Path) -> Document | None:
    item = next(iter(FileSource([path]).read()), None)
    return item if isinstance(item, Document) else None
