"""Names with their values in elements of no meaning: the parameters of products in shops."""

from __future__ import annotations

import re

from kbassist.sources.html.tree import HEADINGS, Element, detach, has_text, names_of, opening, xml_text

_LONGEST_NAME = 80  # characters
_LONGEST_VALUE = 300
_MOST_PARTS = 4  # an icon, a hint
_BOXES = frozenset({"div", "li", "p", "section"})
_PARTS = frozenset({"div", "span", "p", "strong", "b"})
_NAME = re.compile(r"(?:.*[-_])?(?:name|label|key|term|nazwa|etykieta)", re.IGNORECASE)
_VALUE = re.compile(r"(?:.*[-_])?(?:values?|val|data|warto[sś][cć]i?)", re.IGNORECASE)


def spell_out_pairs(root: Element) -> None:
    """Turn `<div><div class="name">Marka</div><div class="value">Perla</div></div>` into a list of terms, and
    give such an item of a list a colon. Changes the tree.
    """
    for box in list(root.iter(*_BOXES)):
        parts = _pair(box)
        if not parts:
            continue
        name, value = parts
        if box.tag == "li":
            colon = "" if opening(name).endswith(":") else ":"
            name.tail = xml_text(f"{colon} ")
            name.tag = value.tag = "span"
            continue
        name.tag, value.tag, box.tag = "dt", "dd", "dl"
        before = box.getprevious()
        if before is not None and before.tag == "dl" and not (before.tail or "").strip():
            before.extend(list(box))
            detach(box)


def _pair(box: Element) -> tuple[Element, Element] | None:
    if not 2 <= len(box) <= _MOST_PARTS or (box.text or "").strip():
        return None
    names = [part for part in box if any(map(_NAME.fullmatch, names_of(part)))]
    values = [part for part in box if any(map(_VALUE.fullmatch, names_of(part)))]
    if len(names) != 1 or len(values) != 1 or names == values:
        return None
    name, value = names[0], values[0]
    between = any((part.tail or "").strip(" :\n\t") for part in box)
    if between or [part for part in box if has_text(part)] != [name, value]:
        return None
    if name.tag not in _PARTS or value.tag not in _PARTS:
        return None
    if next(box.iterdescendants("table", "ul", "ol", "dl", "details", "form", *HEADINGS), None) is not None:
        return None
    said = opening(name)
    short = len(said) <= _LONGEST_NAME and len(opening(value)) <= _LONGEST_VALUE
    return (name, value) if short and not said.endswith("?") else None
