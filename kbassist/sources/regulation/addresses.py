"""The canonical address of a provision, in the language of the text.

Polish: `art. 12 ust. 1 pkt 2 lit. a tiret drugie`, `§ 7 ust. 2 pkt 3`, `pkt 7.2.3`, `motyw 47`.
English: `Article 6(1)(f)`, `Section 4.2(b)`, `Recital 47`.
"""

from __future__ import annotations

from collections.abc import Sequence

from kbassist.sources.regulation.markers import ANNEXES, CONTAINERS
from kbassist.sources.regulation.numbering import Item
from kbassist.types import Anchor

_SUPERSCRIPTS = str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹")
_TIRETS = (
    "pierwsze",
    "drugie",
    "trzecie",
    "czwarte",
    "piąte",
    "szóste",
    "siódme",
    "ósme",
    "dziewiąte",
    "dziesiąte",
)


def provision_anchors(items: Sequence[Item], lang: str) -> list[Anchor]:
    """An anchor for every item that people cite.

    A chapter is part of the address only where there are no §, articles or sections, or where they
    are counted anew in every chapter.
    """
    annexes = {
        item.path[0] for item in items if item.restarted and item.path[0].marker.word.lower() in ANNEXES
    }
    counted_anew = any(
        item.restarted and _is_chapter(item.path[0]) and item.path[0] not in annexes for item in items
    )
    has_containers = any(item.style in CONTAINERS for item in items)
    paths: list[tuple[Item, ...]] = []
    for item in items:
        in_container = any(above.style in CONTAINERS for above in item.path)
        named = not in_container or counted_anew or item.path[0] in annexes
        paths.append(item.path if named or not _is_chapter(item.path[0]) else item.path[1:])
    cited = {path[0] for path in paths if len(path) > 1}
    return [
        Anchor(path[-1].marker.start, address(path, lang), len(path), "provision")
        for path in paths
        if path[-1] in cited or not (has_containers and _is_chapter(path[-1]))
    ]


def address(path: Sequence[Item], lang: str) -> str:
    """The address of the last item of `path`, which names the others before it."""
    label = above = ""
    for item in path:
        name = _polish_name(item, above) if lang == "pl" else _english_name(item, outermost=not label)
        number = _number(item, lang)
        if item.style == "n.n" and name == above:  # "7.2" is inside "7" by its own number
            label = f"{name} {number}"
        elif name:
            label = f"{label} {name} {number}".strip()
        else:
            label = f"{label}({number})"
        above = name
    return label


def _is_chapter(item: Item) -> bool:
    return item.style in ("chapter", "I.")


def _number(item: Item, lang: str) -> str:
    number, superscript, letter = item.key
    if item.style == "–":
        if lang != "pl":
            return str(number)
        return _TIRETS[number - 1] if number <= len(_TIRETS) else str(number)
    if item.style in CONTAINERS and superscript:
        return f"{number}{str(superscript).translate(_SUPERSCRIPTS)}{letter}"
    return item.marker.number


def _polish_name(item: Item, above: str) -> str:
    style = item.style
    if style in ("art", "§"):
        return "art." if style == "art" else "§"
    if _is_chapter(item):
        word = item.marker.word.lower()
        if word in ANNEXES:
            return f"{word} nr" if item.marker.number else word
        return {"rozdział": "rozdz.", "": "rozdz."}.get(word, word)
    if style in ("n.", "n)", "(n)"):
        if not above:
            return "motyw" if style == "(n)" else "pkt"
        if above == "ust.":
            return "pkt"
        return "ppkt" if above in ("pkt", "ppkt", "lit.") else ("ust." if style == "n." else "pkt")
    names = {"section": "sekcja", "n.n": "pkt", "a)": "lit.", "(a)": "lit.", "a.": "lit.", "–": "tiret"}
    return names.get(style, "ppkt")


def _english_name(item: Item, outermost: bool) -> str:
    style = item.style
    if _is_chapter(item):
        return item.marker.word.capitalize() or "Chapter"
    if style == "n.n":
        return "Section"
    if style in ("n.", "n)", "(n)") and outermost:
        return "Recital" if style == "(n)" else "Section"
    return {"art": "Article", "§": "§", "section": "Section", "–": "indent"}.get(style, "")
