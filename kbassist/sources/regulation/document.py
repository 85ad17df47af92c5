"""Regulations: addresses, chapters, titles and validity, found in plain text.

Shop terms (§ 7 ust. 2 pkt 3, 7.2.3), Polish statutes (art. 22¹ ust. 1 pkt 2 lit. a), EU acts
(Artykuł 6, Article 6(1)(f), motyw 47) and English terms (Section 4.2(b)). The text stays as it is.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from kbassist.sources.regulation.addresses import provision_anchors
from kbassist.sources.regulation.contents import contents
from kbassist.sources.regulation.markers import CONTAINERS, lines_of, markers
from kbassist.sources.regulation.numbering import Item, Script, numbered
from kbassist.sources.regulation.references import references
from kbassist.sources.regulation.validity import amendments, validity
from kbassist.text.outline import has_words, heading_end
from kbassist.types import Anchor, Document

_LEGAL_TITLE = re.compile(
    r"\W*(?:ogólne warunki|regulamin|statut|polityka|umowa|ustawa|rozporządzenie|konstytucja|dz\. ?u\."
    r"|warunki (?:ogólne|sprzedaży|korzystania)|(?:general )?terms|privacy policy|conditions of"
    r"|(?:user|licen[cs]e) agreement)",
    re.IGNORECASE,
)
_ADVICE = re.compile(
    r"\?|\b(?:jak|wzór|wzory|poradnik|dlaczego|kroki?|kroków|how to|why|guide|tips)\b", re.IGNORECASE
)
_SPEAKS_OF_ITSELF = re.compile(
    r"niniejsz\w+ (?:regulamin|polity|umow|statut|warunk)"
    r"|(?:these|this) (?:terms|agreement|policy|conditions)"
    r"|(?:regulamin|polityka|ogólne warunki) (?:określa|wchodz|obowiązuj|reguluj|stanowi)",
    re.IGNORECASE,
)
_OBLIGES = re.compile(
    r"zastrzega\w* sobie prawo|zobowiązan\w+|nie ponosi\w* odpowiedzialności|przysługuje|uprawnion\w+"
    r"|ma prawo|odstąpi\w* od umowy|administratorem danych"
    r"|reserves? the right|shall (?:not )?be|(?:not|be) liable|is (?:entitled|obliged)",
    re.IGNORECASE,
)
_POLISH = re.compile(r"[ąęłńśźż]|\b(?:ust|pkt|oraz|w|z|na|do|się)\b", re.IGNORECASE)
_ENGLISH = re.compile(r"\b(?:the|of|and|to|shall|is|in|you|your|or)\b", re.IGNORECASE)
_MOST_NOTED = 1_000
_FEWEST_HEADED = 4
_CHAPTER_RANKS = (
    ("księga", "book", "część", "part"),
    ("tytuł", "title"),
    ("dział",),
    ("rozdział", "chapter", "sekcja", "załącznik", "aneks", "annex", "appendix", "schedule"),
    ("oddział",),
)


def structure(document: Document) -> Document:
    """Find the provisions of a regulation; a document that is none comes back as it was.

    The result has `kind="regulation"`, an anchor of kind `provision` where each provision's number
    stands (its label is the full address in the language of the text, its level the depth), heading
    anchors for chapters and titles, and `valid_from` and `valid_until` where the text gives them and
    the document did not. A document that already is of kind `regulation` needs no further proof of
    being one.

    `meta["references"]` has a row `[start, end, address, target, act]` for each reference (see
    `kbassist.sources.regulation.references`), `meta["amendments"]` a row `[start, address, date]` for each
    provision that the text says has changed; neither is there when it would have more than 1,000 rows.
    """
    if document.kind not in ("page", "pdf", "regulation"):
        return document
    lines = lines_of(document.text)
    found = list(markers(document.text, lines))
    listed = contents(document.text, lines, found)
    script = Script.of(document.text, lines, [marker for marker in found if marker.line not in listed])
    items = numbered(script)
    if not items or not _is_regulation(document, items):
        return document
    provisions = provision_anchors(items, document.lang or _language(document.text[:20_000]))
    known = _joined(script, items, document.anchors)
    headings = _headings(script, items, known)
    fitted = _subordinate(document.text, items, [*known, *headings])
    anchors = sorted((*fitted, *provisions), key=lambda anchor: (anchor.start, anchor.kind))
    valid_from, valid_until = validity(document.text)
    structured = replace(
        document,
        kind="regulation",
        anchors=tuple(anchors),
        valid_from=document.valid_from or valid_from,
        valid_until=document.valid_until or valid_until,
    )
    return replace(structured, meta={**document.meta, **_noted(structured)})


def _noted(document: Document) -> dict[str, list[list[Any]]]:
    """What is known beyond the text, as plain rows. Of a huge act it would be half as long as the text."""
    found = references(document)
    rows: dict[str, list[list[Any]]] = {
        "references": [[item.start, item.end, item.address, item.target, item.act] for item in found],
        "amendments": [
            [item.start, item.address, item.since.isoformat()] for item in amendments(document.text)
        ],
    }
    return {name: items for name, items in rows.items() if 0 < len(items) <= _MOST_NOTED}


def _language(text: str) -> str:
    return "pl" if len(_POLISH.findall(text)) >= len(_ENGLISH.findall(text)) else "en"


def _is_regulation(document: Document, items: Sequence[Item]) -> bool:
    if document.kind == "regulation":
        return True
    containers = [item for item in items if item.style in CONTAINERS]
    opening = document.text[:300]
    titled = any(
        _LEGAL_TITLE.match(line) and not _ADVICE.search(line)
        for line in (document.title, *opening.split("\n"))
    )
    if containers:
        first = containers[0]
        if len(containers) >= 3:
            return True
        if len(containers) == 2:
            return titled or first.key[0] == 1
        return titled and not document.text[: first.marker.start].strip()
    outermost = [item for item in items if len(item.path) == 1]
    speaks = _SPEAKS_OF_ITSELF.search(document.text) or len(_OBLIGES.findall(document.text)) >= 2
    chapters = [item for item in outermost if item.style == "chapter"]
    headings = {anchor.start for anchor in document.anchors if anchor.kind == "heading"}
    headed = sum(item.marker.start in headings for item in outermost) >= _FEWEST_HEADED
    return titled and (len(outermost) >= 3 or len(chapters) >= 2) and bool(speaks or headed)


# --- headings ----------------------------------------------------------------------------------


def _joined(script: Script, items: Sequence[Item], known: Sequence[Anchor]) -> list[Anchor]:
    """One heading where a page has two: "§ 5" and, below it, "Zwroty", which would begin something else."""
    headings = {anchor.start: anchor for anchor in known if anchor.kind == "heading"}
    starts = sorted(headings)
    joined: dict[int, Anchor] = {}
    dropped: set[int] = set()
    for item in items:
        start, end = item.marker.start, script.title(item.marker)
        titles = starts[bisect_right(starts, start) : bisect_left(starts, end)]
        if item.style in (*CONTAINERS, "chapter") and titles:
            first = headings.get(start) or headings[titles[0]]
            label = " ".join(script.text[start:end].split())
            joined[start] = replace(first, start=start, label=label)
            dropped.update(titles)
    kept = [
        anchor
        for anchor in known
        if anchor.kind != "heading" or (anchor.start not in dropped and anchor.start not in joined)
    ]
    return [*kept, *joined.values()]


def _subordinate(text: str, items: Sequence[Item], anchors: Sequence[Anchor]) -> list[Anchor]:
    """A heading right below an article's own is inside it, whatever its level, and so are others like it."""
    starts = {item.marker.start: item.style for item in items if item.style in (*CONTAINERS, "chapter", "I.")}
    kept: list[Anchor] = []
    above: Anchor | None = None
    lowered: int | None = None
    for anchor in sorted(anchors, key=lambda anchor: (anchor.start, anchor.kind)):
        if anchor.kind != "heading":
            kept.append(anchor)
            continue
        if anchor.start in starts:
            above, lowered = (anchor if starts[anchor.start] in CONTAINERS else None), None
        elif above is not None:
            first = lowered is None and not has_words(text[heading_end(text, above) : anchor.start])
            lowered = anchor.level if first and anchor.level <= above.level else lowered
            if anchor.level == lowered:
                anchor = replace(anchor, level=above.level + 1)
        kept.append(anchor)
    return kept


def _headings(script: Script, items: Sequence[Item], known: Sequence[Anchor]) -> list[Anchor]:
    """Chapters, titles of provisions, and captions between them, where the document marks none."""
    marked = [anchor for anchor in known if anchor.kind == "heading"]
    above = [anchor for anchor in marked if anchor.start < items[0].marker.start]
    base = max(above, key=lambda anchor: anchor.start).level if above else 0
    chapters = [item for item in items if item.style in ("chapter", "I.")]
    ranks = sorted({_rank(item) for item in chapters})
    captions = _captions(script, items)
    spans = [
        (item.marker.start, script.title(item.marker), 1 + ranks.index(_rank(item))) for item in chapters
    ]
    spans += [(start, end, 1 + len(ranks)) for start, end in captions]
    spans += [(start, end, 1 + len(ranks) + bool(captions)) for start, end in _titles(script, items)]
    return [
        Anchor(start, " ".join(script.text[start:end].split()), base + level)
        for start, end, level in spans
        if not any(start <= anchor.start < end for anchor in marked)
    ]


def _titles(script: Script, items: Sequence[Item]) -> list[tuple[int, int]]:
    """Number and title of the outermost provisions, where at least half of them have a title."""
    outermost = _outermost(items)
    spans = [(item.marker.start, script.title(item.marker)) for item in outermost]
    titled = [span for span, item in zip(spans, outermost, strict=True) if span[1] > item.marker.end]
    return titled if len(titled) * 2 >= len(outermost) else []


def _captions(script: Script, items: Sequence[Item]) -> list[tuple[int, int]]:
    """Lines like "Reklamacje" above the next number, where provisions are only counted through."""
    if any(item.style in (*CONTAINERS, "chapter", "I.") for item in items):
        return []
    lines = [
        script.lines[item.marker.line - 1] for item in _outermost(items) if script.is_caption(item.marker)
    ]
    return [(line.start, line.end) for line in lines] if len(lines) > 1 else []


def _outermost(items: Sequence[Item]) -> list[Item]:
    styles = CONTAINERS if any(item.style in CONTAINERS for item in items) else ("n.", "n.n")
    return [
        item
        for item in items
        if item.style in styles and not any(above.style in styles for above in item.path[:-1])
    ]


def _rank(item: Item) -> int:
    word = item.marker.word.lower()
    return next((rank for rank, words in enumerate(_CHAPTER_RANKS) if word in words), 3)
