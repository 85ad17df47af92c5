"""Ticks and crosses that are pictures: what they mean is in a name for those who do not see them."""

from __future__ import annotations

import re
from collections.abc import Iterator

from lxml import etree

from kbassist.sources.html.tree import Element, is_for_screen_readers, names_of, text_of, within, xml_text

_LONGEST_NAME = 60  # characters; longer is not the name of a tick
_MOST_WORDS = 2  # in the name of an image: more describe what it shows
_PICTURE = re.compile(r"ikon[ak]\w*|icon|image|img|obraz\w*|photo|zdjęcie|logo|.*\.\w{3,4}", re.IGNORECASE)
_MOST_ELEMENTS = 60  # in the cell of a tick
_SILENT = frozenset({"svg", "script", "style", "template", "noscript", "button"})
_CELLS = etree.XPath(".//td | .//th | .//*[@role='cell' or @role='gridcell']")
_ICON_FONT = re.compile(
    r"(?:fa[srlbd]?|fas|far|icons?|glyphicons?|bi|mdi|ti|dashicons|material-icons)(?:-.+)?"
)
_TICK = re.compile(r".*[-_](?:check(?:mark)?(?:[-_].+)?|tick|ok(?:[-_].+)?|yes)")
_CROSS = re.compile(r".*[-_](?:times(?:[-_].+)?|cross|xmark|x|remove(?:[-_].+)?|no|ban)")


def spell_out_symbols(root: Element) -> None:
    """Put words, or ✓ and ✗, into the cells of tables that show only a picture, and ✗ before list items
    that are crossed out. Changes the tree.
    """
    for cell in _CELLS(root):
        if not _shows_words(cell):
            said = " ".join(dict.fromkeys(filter(None, _names(cell))))
            if said and len(said) <= _LONGEST_NAME:
                del cell[:]
                cell.text = xml_text(said)
    for item in root.iter("li"):
        icon = next(iter(item), None)
        if icon is not None and not (item.text or "").strip() and _sign(icon) == "✗":
            icon.tail = xml_text(f"✗ {(icon.tail or '').lstrip()}")


def _shows_words(cell: Element) -> bool:
    """Whether those who see the cell read a word or a figure, or it is too large for a mere picture."""
    unseen: set[Element] = set()
    for at, element in enumerate(cell.iter()):
        if at == _MOST_ELEMENTS:
            return True
        if element is not cell and element.getparent() not in unseen and _has_word(element.tail):
            return True
        if element.getparent() in unseen or _is_unseen(element):
            unseen.add(element)
        elif _has_word(element.text):
            return True
    return False


def _is_unseen(element: Element) -> bool:
    return element.tag in _SILENT or element.get("aria-hidden") == "true" or is_for_screen_readers(element)


def _has_word(text: str | None) -> bool:
    return any(map(str.isalnum, text or ""))


def _names(cell: Element) -> Iterator[str]:
    """What the pictures in a cell are called; one that leads somewhere is a button and says nothing."""
    for element in cell.iter():
        if element is not cell and within(element, "a", "button"):
            continue
        if is_for_screen_readers(element):
            yield text_of(element)
        elif element.tag == "svg" or element.get("role") == "img" or element.tag == "i":
            yield _name(element) or _sign(element)
        elif element.tag == "img":
            said = (element.get("alt") or "").strip()
            yield said if len(said.split()) <= _MOST_WORDS and not _PICTURE.fullmatch(said) else ""
        elif not len(element) and not (element.text or "").strip():
            yield _sign(element)


def _name(element: Element) -> str:
    title = element.find("title")
    stated = (
        element.get("aria-label") or (text_of(title) if title is not None else "") or element.get("title")
    )
    return (stated or "").strip()


def _sign(element: Element) -> str:
    """What the class of an empty element means: `fa fa-check`, `icon-times`."""
    names = names_of(element)
    if len(element) or (element.text or "").strip() or not any(map(_ICON_FONT.fullmatch, names)):
        return ""
    if any(map(_TICK.fullmatch, names)):
        return "✓"
    return "✗" if any(map(_CROSS.fullmatch, names)) else ""
