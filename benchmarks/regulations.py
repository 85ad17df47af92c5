"""Are provisions found where they begin, and does `kb.search` find them by their address?

    KBASSIST_BENCH_DATA=… python benchmarks/regulations.py              # boundaries, search, files by hand
    KBASSIST_BENCH_DATA=… python benchmarks/regulations.py --hybrid     # search with the bundled model too

**Boundaries.** The gold does not come from the library's parser. For the GDPR as HTML it is read off the
page's elements (`section` ids, paragraphs that begin with a number, `span.pos`). For texts (the GDPR and
the Constitution as JSONL, 60 statutes) it is a plain counter over the lines: `Art. 5.`, `1.`, `1)`, `a)` at
the beginning of a line, each counted only when it goes on with its own sequence, and not inside the wording
that an amending act quotes. A provision is right when address and offset are both right (on the HTML page,
whose offsets are the library's own, the address). The figure is F1 = 2·right / (gold + found), for articles and
recitals on one hand, for ust., pkt and lit. on the other. Tirets are not counted. The statutes' articles are
also compared with those that PolEval's corpus lists.

**Passages.** `round trip` is the share of passages whose text stands at their offsets and of anchors whose
number or heading stands at theirs; `lossless` the share of the text's letters and digits that stand in a passage,
a heading or a provision's number; `no orphan heading` the share of passages that are more than a heading.

**Search.** Every provision that the parser found is asked for by its address, as written in `SPELLINGS`, with
`kb.search`; right is rank 1 being the passage in which the provision begins. Where several acts are in one
knowledge base the address is followed by the act's name.
"""

from __future__ import annotations

import argparse
import json
import re
import sys
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from datasets import folder
from lxml import html
from rich.console import Console
from rich.table import Table

from kbassist import Document, KnowledgeBase
from kbassist.passages import passages
from kbassist.sources.files import FileSource
from kbassist.sources.regulation import structure
from kbassist.text.addresses import address_of, parse_addresses
from kbassist.text.outline import heading_end
from kbassist.types import Anchor, IndexEntry

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
_UNQUOTE = re.compile(r"[\"”“][;,.]?\s*$")
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
    article, seen, quoted = "", ["", "", ""], ""
    at = 0
    for line in text.splitlines(keepends=True):
        start, at = at, at + len(line)
        stripped = line.rstrip()
        if article and _ANNEX.match(stripped):
            break
        if quoted or _QUOTE.match(stripped):
            quoted += stripped
            marks = quoted.count('"') % 2, quoted.count("„") - len(re.findall("[”“]", quoted))
            if _UNQUOTE.search(stripped) and (marks == (0, 0) or len(quoted) > 3_000):
                quoted = ""
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


def _gap(before: str, now: str) -> bool:
    """A few articles may be missing."""
    return 0 < int(re.sub(r"\D", "", now)) - int(re.sub(r"\D", "", before)) <= 5


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


def rows(path: Path) -> Iterator[dict[str, str]]:
    with path.open(encoding="utf-8") as lines:
        yield from map(json.loads, lines)


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


# --- boundaries --------------------------------------------------------------------------------


@dataclass
class Tally:
    right: int = 0
    gold: int = 0
    found: int = 0

    def add(self, gold: Gold, found: Gold) -> None:
        self.right += sum(
            key in found and (where is None or where == found[key]) for key, where in gold.items()
        )
        self.gold += len(gold)
        self.found += len(found)

    @property
    def f1(self) -> float:
        return 2 * self.right / (self.gold + self.found) if self.gold + self.found else 1.0


def found_in(document: Document) -> Gold:
    """The provisions that the parser found, tirets left out."""
    addresses = ((address_of(anchor.label), anchor.start) for anchor in provisions(document))
    return {
        str(address): start
        for address, start in addresses
        if address and address.root != "zał" and not any(part.startswith("–") for part in address.path)
    }


def provisions(document: Document) -> list[Anchor]:
    return [anchor for anchor in document.anchors if anchor.kind == "provision"]


def split(gold: Gold, *, outermost: bool) -> Gold:
    return {key: where for key, where in gold.items() if ("/" not in key) == outermost}


def boundaries(name: str, pairs: Sequence[tuple[Gold, Document]], table: Table) -> tuple[float, float]:
    articles, parts = Tally(), Tally()
    for gold, document in pairs:
        found = found_in(document)
        articles.add(split(gold, outermost=True), split(found, outermost=True))
        parts.add(split(gold, outermost=False), split(found, outermost=False))
    for what, tally in (("articles, recitals", articles), ("ust., pkt, lit.", parts)):
        table.add_row(name, what, str(tally.gold), str(tally.found), str(tally.right), f"{tally.f1:.4f}")
    return articles.f1, parts.f1


def differences(gold: Gold, document: Document) -> list[str]:
    found = found_in(document)
    return [
        f"{document.id}: {key} gold {gold.get(key)} found {found.get(key)}"
        for key in dict.fromkeys([*gold, *found])
        if key not in gold or key not in found or (gold[key] is not None and gold[key] != found[key])
    ]


def poleval(data: Path, documents: Sequence[Document]) -> tuple[int, int]:
    """Articles that the corpus lists for these acts, and how many of them were found."""
    known = {document.id: {key for key in found_in(document) if "/" not in key} for document in documents}
    listed = [
        (row["act"], row["article"])
        for row in rows(data / "pl-legal" / "corpus.jsonl")
        if row.get("act") in known and row.get("article")
    ]
    right = sum(str(address_of(f"art. {article}")) in known[act] for act, article in listed)
    return right, len(listed)


def count_tokens(texts: Sequence[str]) -> list[int]:
    return [round(1.6 * len(text.split())) for text in texts]


def soundness(documents: Sequence[Document]) -> tuple[float, float, float]:
    """Round trip, lossless, no orphan heading."""
    checks = kept = letters = whole = cut = 0
    right = 0
    for document in documents:
        entries = passages(document, count_tokens=count_tokens)
        for entry in entries:
            checks += 1
            right += document.text[entry.passage.start : entry.passage.end] == entry.passage.text
            for start, label in entry.passage.provisions:
                checks += 1
                right += begins(entry.passage.text[start:], label)
        for anchor in document.anchors:
            checks += 1
            right += anchor.kind != "heading" or heading_end(document.text, anchor) > anchor.start
        held = covered(document, entries)
        letters += sum(map(str.isalnum, document.text))
        kept += sum(char.isalnum() and held[at] for at, char in enumerate(document.text))
        headings = {anchor.label for anchor in document.anchors if anchor.kind == "heading"}
        cut += len(entries)
        whole += sum(" ".join(entry.passage.text.split()) not in headings for entry in entries)
    return right / checks, kept / letters, whole / cut


def begins(text: str, label: str) -> bool:
    """Whether the last number of the label stands at the beginning of the text."""
    number = re.findall(r"\w+", label)[-1]
    return number.lower() in text[:20].lower() or "tiret" in label or "indent" in label


def covered(document: Document, entries: Sequence[IndexEntry]) -> bytearray:
    held = bytearray(len(document.text))
    for entry in entries:
        held[entry.passage.start : entry.passage.end] = b"\1" * len(entry.passage.text)
    for anchor in document.anchors:
        end = heading_end(document.text, anchor) if anchor.kind == "heading" else anchor.start + 14
        held[anchor.start : end] = b"\1" * (min(end, len(held)) - anchor.start)
    return held


# --- search ------------------------------------------------------------------------------------

_WORDS = {
    "art": "artykuł", "§": "paragraf", "ust": "ustęp", "pkt": "punkt", "ppkt": "podpunkt", "lit": "litera",
    "motyw": "motyw", "rozdz": "rozdział", "tiret": "tiret", "zał": "załącznik nr",
}  # fmt: skip


def spellings(label: str) -> list[str]:
    """The address as the library writes it, and as people do."""
    (mention,) = parse_addresses(label)
    steps = [(unit, number.replace("^", "") if unit == "art" else number) for unit, number in mention.steps]
    raised = "^" in "".join(mention.address.path)
    ways = [label, label.replace(".", "") if not re.search(r"\d\.\d", label) else label, f"co mówi {label}?"]
    if not raised:
        ways.append(" ".join(f"{_WORDS.get(unit, unit)} {number}" for unit, number in steps))
        ways.append(" ".join(f"{_DOTTED.get(unit, unit)}{number}" for unit, number in steps))
    bracketed = "".join(f"({number})" for _, number in steps[1:])
    if (
        steps[0][0] == "art"
        and not raised
        and all(unit not in ("art", "§", "tiret") for unit, _ in steps[1:])
    ):
        ways.append(f"Article {steps[0][1]}{bracketed}")
    if steps[0][0] == "§" and len(steps) == 2 and steps[1][1].isdigit():
        ways.append(f"§{steps[0][1]}.{steps[1][1]}")
    if steps[0][0] == "motyw":
        ways.append(f"recital {steps[0][1]}")
    return ways


_DOTTED = {"art": "art.", "§": "§", "ust": "ust.", "pkt": "pkt.", "lit": "lit."}


def asked(documents: Sequence[Document], names: dict[str, str], every: int) -> Iterator[tuple[str, str, str]]:
    """Query, document, canonical address: each provision once, spellings in turn."""
    for document in documents:
        labels = [anchor.label for anchor in provisions(document) if address_of(anchor.label)]
        for turn, label in enumerate(dict.fromkeys(labels)):
            if turn % every == 0:
                ways = spellings(label)
                query = (
                    f"{ways[(turn // every) % len(ways)].rstrip('?')} {names.get(document.id, '')}".strip()
                )
                yield query, document.id, str(address_of(label))


def address_search(
    documents: Sequence[Document],
    names: dict[str, str],
    *,
    every: int = 1,
    embedder: Literal["bundled"] | None = None,
    missed: list[str] | None = None,
) -> tuple[float, int, float]:
    """Share of provisions found at rank 1, their number, and milliseconds a query."""
    right, queries = 0, list(asked(documents, names, every))
    with KnowledgeBase(":memory:", embedder=embedder, log_interactions=False) as kb:
        kb.add(documents)
        began = time.perf_counter()
        for query, document, address in queries:
            hits = kb.search(query, k=3)
            found = (
                hits
                and hits[0].passage.document_id == document
                and any(str(address_of(label)) == address for _, label in hits[0].passage.provisions)
            )
            right += bool(found)
            if not found and missed is not None:
                best = f"{hits[0].passage.document_id} {hits[0].passage.address}" if hits else "nothing"
                missed.append(f"{query!r} in {document}: {best}")
        spent = time.perf_counter() - began
    return right / max(1, len(queries)), len(queries), 1000 * spent / max(1, len(queries))


def heading_search(gdpr: Document, data: Path, embedder: Literal["bundled"] | None) -> float:
    """Share of the articles' headings, asked as queries, whose first hit lies in that article."""
    gold = dict(
        line.split("\t")[:2] for line in (data / "regulations" / "rodo_qrels.tsv").read_text().splitlines()
    )
    right, queries = 0, list(rows(data / "regulations" / "rodo_queries.jsonl"))
    with KnowledgeBase(":memory:", embedder=embedder, log_interactions=False) as kb:
        kb.add([gdpr])
        for query in queries:
            hits = kb.search(query["text"], k=1)
            article = f"art. {gold[query['id']].removeprefix('RODO-art')}"
            right += (
                bool(hits) and re.match(rf"{re.escape(article)}(?!\w)", hits[0].passage.address) is not None
            )
    return right / len(queries)
