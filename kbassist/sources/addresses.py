"""The canonical address of a provision, in the language of the text.

Polish: `art. 12 ust. 1 pkt 2 lit. a tiret drugie`, `§ 7 ust. 2 pkt 3`, `pkt 7.2.3`, `motyw 47`.
English: `Article 6(1)(f)`, `Section 4.2(b)`, `Recital 47`.
"""

from __future__ import annotations

from collections.abc import Sequence

from kbassist.sources.markers import ANNEXES, CONTAINERS
from kbassist.sources.numbering import Item
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
    """An anchor for every item that people cite; a chapter only where nothing inside it is §, article
    or section, or where these are counted anew in every chapter."""
    has_containers = any(item.style in CONTAINERS for item in items)
    annexes = {
        item.path[0] for item in items if item.restarted and item.path[0].marker.word.lower() in ANNEXES
    }
    counted_anew = any(
        item.restarted and _is_chapter(item.path[0]) and item.path[0] not in annexes for item in items
    )
    anchors: list[Anchor] = []
    for item in items:
        path = item.path
        if has_containers and _is_chapter(path[0]) and not counted_anew and path[0] not in annexes:
            path = path[1:]
        if path and not (has_containers and len(path) == 1 and _is_chapter(path[0])):
            anchors.append(Anchor(item.marker.start, address(path, lang), len(path), "provision"))
    return anchors


def address(path: Sequence[Item], lang: str) -> str:
    """The address of the last item of `path`, which names the others before it."""
    label = above = ""
    for item in path:
        name = _polish_name(item, above) if lang == "pl" else _english_name(item, above)
        number = _number(item)
        if item.style == "n.n" and above in ("", "pkt", "Section"):
            label = f"{name} {number}"
        elif name:
            label = f"{label} {name} {number}".strip()
        else:
            label = f"{label}({number})"
        above = name
    return label


def _is_chapter(item: Item) -> bool:
    return item.style in ("chapter", "I.")


def _number(item: Item) -> str:
    number, superscript, _ = item.key
    if item.style == "–":
        return _TIRETS[number - 1] if number <= len(_TIRETS) else str(number)
    if item.style in CONTAINERS and superscript:
        return f"{number}{str(superscript).translate(_SUPERSCRIPTS)}"
    return item.marker.number


def _polish_name(item: Item, above: str) -> str:
    style = item.style
    if style in ("art", "§"):
        return "art." if style == "art" else "§"
    if _is_chapter(item):
        word = item.marker.word.lower()
        return f"{word} nr" if word in ANNEXES else {"rozdział": "rozdz.", "": "rozdz."}.get(word, word)
    if style in ("n.", "n)", "(n)"):
        if not above:
            return "motyw" if style == "(n)" else "pkt"
        if above == "ust.":
            return "pkt"
        return "ppkt" if above in ("pkt", "ppkt", "lit.") else ("ust." if style == "n." else "pkt")
    names = {"section": "sekcja", "n.n": "pkt", "a)": "lit.", "(a)": "lit.", "a.": "lit.", "–": "tiret"}
    return names.get(style, "ppkt")


def _english_name(item: Item, above: str) -> str:
    style = item.style
    if _is_chapter(item):
        return item.marker.word.capitalize() or "Chapter"
    if style == "n.n":
        return "Section" if above in ("", "Section") else "point"
    if style in ("n.", "n)", "(n)") and not above:
        return "Recital" if style == "(n)" else "Section"
    return {"art": "Article", "§": "§", "section": "Section", "–": "indent"}.get(style, "")
