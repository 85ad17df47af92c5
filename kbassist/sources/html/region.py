"""The element of a page that holds its text, with the page's title in it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import islice

from kbassist.sources.html.boilerplate import Sizes
from kbassist.sources.html.tree import HEADINGS, Element, detach, opening, within, xml_text

_ENOUGH = 0.3  # of a page's text: an element with less is not where the text is
_SEPARATOR = re.compile(r"\s+[|–—»·:-]+\s+|\s*\|\s*")
_SHORTEST_TITLE = 5  # characters
_BESIDE_TITLE = 200  # characters that may stand beside a title


def title_heading(root: Element, title: str) -> Element | None:
    """The heading that says what `title`, the one in the head, says before a separator.

    On a page without headings another element that says just that becomes one.
    """
    own = _SEPARATOR.split(title, maxsplit=1)[0].strip().lower()
    if len(own) < _SHORTEST_TITLE:
        return None
    for heading in root.iter("h1", "h2"):
        if opening(heading).lower().startswith(own):
            return heading
    return next(_titles(root, own), None) if next(root.iter("h1", "h2"), None) is None else None


def _titles(root: Element, own: str) -> Iterator[Element]:
    """Other elements that say just that, made headings."""
    for element in root.iter("div", "header", "p", "td", "font", "strong", "b", "span"):
        if opening(element, 8).lower() == own and not within(element, "nav", "a", "li", "button", *HEADINGS):
            element.tag = "h1"
            yield element


def main_region(root: Element, heading: Element | None) -> Element:
    """The element that holds the page's text: its `main` or only `article`, or else all of it.

    The page's heading moves into it where it stands outside, as on the pages of help desks. Changes the tree.
    """
    region = _region(root)
    if region is root or next(region.iterdescendants("h1", "h2"), None) is not None:
        return region
    if heading is None:
        return _with_heading(region, root)
    if root in heading.iterancestors() and heading not in region.iterancestors():
        detach(heading)
        heading.tail, region.text = xml_text(region.text or ""), None
        region.insert(0, heading)
    return region


def _region(root: Element) -> Element:
    candidates = [root.xpath(path) for path in (".//main | .//*[@role='main']", ".//article")]
    if not any(candidates):
        return root
    sizes = Sizes(root)
    least = max(_ENOUGH * sizes.text(root), 1)
    for elements in candidates:
        found = [element for element in elements if not _nested(element, root)]
        if len(found) == 1 and sizes.text(found[0]) >= least:
            return found[0]
    return root


def _nested(element: Element, root: Element) -> bool:
    return any(ancestor.tag == element.tag for ancestor in element.iterancestors() if ancestor is not root)


def _with_heading(region: Element, root: Element) -> Element:
    """The region, or what is around it as far as that adds little but a heading."""
    sizes = Sizes(root)
    most = 1.3 * sizes.text(region) + _BESIDE_TITLE
    for element in islice(region.iterancestors(), 3):
        if element is root or sizes.text(element) > most:
            break
        if next(element.iterdescendants("h1", "h2"), None) is not None:
            return element
    return region
